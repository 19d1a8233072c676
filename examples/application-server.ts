/** How the server of an application learns who calls it and what they may do (RFC 7662). Copy what you need. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

const { ENTRANCE, CLIENT_ID, CLIENT_SECRET, PORT = '4000' } = process.env
if (!ENTRANCE || !CLIENT_ID || !CLIENT_SECRET) {
  console.error(`Set ENTRANCE to the address of Entrance, and CLIENT_ID and CLIENT_SECRET to what this printed:
  npm run cli -- client create --kind application --name SI`)
  process.exit(1)
}
const credentials = Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString('base64')

/** How long an answer is believed: so long at most somebody who was deactivated goes on. */
const MILLISECONDS = 3_000

type Caller =
  | { readonly active: false }
  | { readonly active: true; readonly username: string; readonly permissions: readonly string[] }

async function introspect(token: string): Promise<Caller> {
  const response = await fetch(`${ENTRANCE}/auth/introspect`, {
    method: 'POST',
    headers: { Authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ token }),
    signal: AbortSignal.timeout(5_000),
  })
  if (!response.ok) throw new Error(`Entrance answered ${response.status}.`)
  return (await response.json()) as Caller
}

const known = new Map<string, { readonly caller: Promise<Caller>; readonly until: number }>()

/** Who holds a token. Requests that come together ask together. */
function callerOf(token: string): Promise<Caller> {
  const now = Date.now()
  // The oldest come first.
  for (const [old, { until }] of known) {
    if (until > now) break
    known.delete(old)
  }
  const found = known.get(token)
  if (found) return found.caller
  const caller = introspect(token)
  known.set(token, { caller, until: now + MILLISECONDS })
  caller.catch(() => known.delete(token))
  return caller
}

function answer(response: ServerResponse, status: number, body: object, challenge?: string): void {
  const headers = challenge === undefined ? {} : { 'WWW-Authenticate': challenge }
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

/** Answers only who may do something, and others as RFC 6750 §3 has it. */
async function handle(request: IncomingMessage, response: ServerResponse, permission: string) {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (!token) return answer(response, 401, { error: 'unauthorized' }, 'Bearer realm="si"')
  const caller = await callerOf(token)
  if (!caller.active) {
    const error = 'invalid_token'
    return answer(response, 401, { error }, `Bearer realm="si", error="${error}"`)
  }
  if (!caller.permissions.includes(permission)) {
    const error = 'insufficient_scope'
    return answer(response, 403, { error, permission }, `Bearer realm="si", error="${error}"`)
  }
  answer(response, 200, { message: `These are the projects of ${caller.username}.` })
}

const server = createServer((request, response) => {
  handle(request, response, 'projects.read').catch((error: unknown) => {
    console.error(error)
    answer(response, 503, { error: 'Try again.' })
  })
})
server.listen(Number(PORT), '127.0.0.1', () => console.log('Listening at', server.address()))
