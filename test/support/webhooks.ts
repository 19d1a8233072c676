import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { newId } from '../../src/directory/id.ts'
import { sealing } from '../../src/directory/sealing.ts'
import type { Store } from '../../src/directory/store.ts'
import { createLog, type Log } from '../../src/log.ts'
import { startWebhooks, type RunningWebhooks } from '../../src/webhooks/desk.ts'
import type { Finished } from './database.ts'

/** What secrets are kept with. */
export const WEBHOOK_KEY = Buffer.alloc(32, 7)

/** Longer than a test takes: tests say when to deliver. */
const NEVER = 3_600_000

/** Webhooks as a server has them. They are to be stopped. */
export function webhooksOf(
  store: Store,
  options: {
    readonly encryptionKeys?: readonly Buffer[]
    readonly now?: () => Date
    readonly log?: Log
  } = {},
): RunningWebhooks {
  const {
    encryptionKeys = [],
    now = () => new Date(),
    log = createLog({ level: 'error' }),
  } = options
  return startWebhooks({
    store,
    sealing: sealing(encryptionKeys),
    now,
    newId,
    log,
    every: NEVER,
  })
}

/** A message as it came. */
export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The body as JSON. */
  readonly json: { readonly type: string; readonly timestamp: string; readonly data: Data }
}

interface Data {
  readonly sequence?: number
  readonly resourceId: string
  readonly [name: string]: unknown
}

type Answer =
  | number
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }

/** A server that webhooks can be pointed at. */
export interface Receiver {
  readonly url: string
  readonly received: readonly Received[]
  /** The types of what came, in order. */
  types(): string[]
  /** How it answers from now on; 204 until it is told. May take its time. */
  answer(how: (received: Received) => Answer | Promise<Answer>): void
}

/** Until the test has finished. */
export async function newReceiver(finished: Finished = onTestFinished): Promise<Receiver> {
  const received: Received[] = []
  let answer: (received: Received) => Answer | Promise<Answer> = () => 204
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8')
      const one: Received = {
        path: request.url ?? '',
        headers: request.headers,
        body,
        json: JSON.parse(body) as Received['json'],
      }
      received.push(one)
      void Promise.resolve(answer(one)).then((given) => {
        const {
          status,
          headers = {},
          body: said,
        } = typeof given === 'number' ? { status: given } : given
        response.writeHead(status, headers).end(said)
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  finished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    types: () => received.map(({ json }) => json.type),
    answer(how) {
      answer = how
    },
  }
}
