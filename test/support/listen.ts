import { once } from 'node:events'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { onTestFinished } from 'vitest'
import { hashSecret, newTokenSecret } from '../../src/directory/token.ts'
import { cause, type TestApp } from './app.ts'
import { scimClient, type ScimClient } from './scim-client.ts'

export interface Listening {
  /** The origin, such as `http://127.0.0.1:41234`. */
  readonly origin: string
  readonly secret: string
  /** A client with a valid token that comes in through a socket. */
  readonly client: ScimClient
}

/** Serves an app on a free port of this machine until the test has finished. */
export async function listen({ fetch: serve, directory }: TestApp): Promise<Listening> {
  const answer = getRequestListener(serve)
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('No port was given.')
  const origin = `http://127.0.0.1:${address.port}`
  const secret = newTokenSecret()
  await directory.tokens.create(
    { name: 'http', hash: hashSecret(secret), expires: undefined },
    cause,
  )
  return {
    origin,
    secret,
    client: scimClient((path, init) => fetch(`${origin}${path}`, init), `Bearer ${secret}`),
  }
}
