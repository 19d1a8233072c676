import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { onTestFinished } from 'vitest'
import { startAuthority, type Authority, type Person } from '../entra/authority/authority.ts'
import { testApp, testClock, type TestApp } from '../support/app.ts'
import { CLIENT, TENANT } from '../support/microsoft.ts'
import { newUser } from '../support/resources.ts'

/** Entrance and a stand-in for Entra, both on sockets of this machine. */
export interface Office {
  readonly app: TestApp
  readonly authority: Authority
  /** Of Entrance: `http://localhost:PORT`, which to a browser is another site than the stand-in at 127.0.0.1. */
  readonly origin: string
  /** Creates the user who is linked to a person, as Entra's provisioning does; gives the id. */
  provision(person: Person): Promise<string>
}

/** A port of this machine until the test has finished, and a way to say what answers there. */
export async function newSocket() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('No port was given.')
  return {
    port: address.port,
    answer: (listener: RequestListener) => void server.on('request', listener),
  }
}

/** Both until the test has finished, with these people at Entra. */
export function openOffice(...people: Person[]): Promise<Office> {
  return openOfficeWith({}, people)
}

/** The same, with a mail server where its URL is given. */
export async function openOfficeWith(
  options: { readonly smtpUrl?: string },
  people: Person[] = [],
): Promise<Office> {
  const clock = testClock(new Date().toISOString())
  const { port, answer } = await newSocket()
  const origin = `http://localhost:${port}`
  const authority = await startAuthority({
    tenantId: TENANT,
    clientId: CLIENT,
    clientSecret: 'the secret of the app registration',
    redirectUris: [`${origin}/auth/entra/callback`],
    postLogoutRedirectUris: [`${origin}/auth/signed-out`],
    frontChannelLogoutUri: `${origin}/auth/entra/sign-out`,
    people,
    now: clock.now,
  })
  onTestFinished(() => authority.close())
  const { tenantId, clientId, clientSecret, origin: loginUrl } = authority
  const app = await testApp({
    ...options,
    clock,
    publicUrl: origin,
    entra: { tenantId, clientId, credential: { kind: 'secret', secret: clientSecret }, loginUrl },
  })
  const listener = getRequestListener(app.fetch)
  answer((incoming, outgoing) => void listener(incoming, outgoing))

  return {
    app,
    authority,
    origin,
    async provision({ objectId, userPrincipalName, displayName }) {
      const more = { externalId: objectId, displayName, active: true }
      return (await newUser(app.scim, userPrincipalName, more)).id
    },
  }
}
