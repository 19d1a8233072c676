import { PUBLIC_URL, testApp, testClock, type TestApp } from './app.ts'
import { newCallers, type Caller } from './callers.ts'
import type { Finished } from './database.ts'
import { TENANT, type Office } from './microsoft.ts'
import { newLocalUser } from './people.ts'

/** What a route does with somebody: 401, 403, the way to the sign-in, or whatever it is there for. */
export type Verdict = 'unknown' | 'refused' | 'sign-in' | 'in'

export type Everybody =
  | Caller
  | 'Entra by its own token'
  | 'Entra of a stranger'
  | 'the configured token'

const STATIC_TOKEN = 's'.repeat(32)

export interface Scene {
  readonly app: TestApp
  readonly callers: Readonly<Record<Everybody, Readonly<Record<string, string>>>>
}

/** A server with everybody who may call it. */
export async function newScene({ authority }: Office, finished?: Finished): Promise<Scene> {
  const { origin: loginUrl, tenantId, clientId, clientSecret, sign } = authority
  const clock = testClock()
  const seconds = clock.now().getTime() / 1_000
  const app = await testApp({
    clock,
    staticToken: STATIC_TOKEN,
    entra: { tenantId, clientId, credential: { kind: 'secret', secret: clientSecret }, loginUrl },
    entraTokensFrom: [TENANT],
    ...(finished ? { finished } : {}),
  })
  await newLocalUser(app, 'local')
  const ofEntra = async (tid: string) => ({
    Authorization: `Bearer ${await sign({
      iss: `https://sts.windows.net/${tid}/`,
      aud: '8adf8e6e-67b2-4cf2-a259-e3dc5476c621',
      sub: 'provisioning',
      tid,
      iat: seconds,
      exp: seconds + 60,
    })}`,
  })
  const callers = {
    ...(await newCallers(app)),
    'the configured token': { Authorization: `Bearer ${STATIC_TOKEN}` },
    'Entra by its own token': await ofEntra(TENANT),
    'Entra of a stranger': await ofEntra('99999999-0000-4000-8000-000000000000'),
  }
  return { app, callers }
}

function verdictOn({ status, headers }: Response): Verdict {
  if (status === 401) return 'unknown'
  if (status === 403) return 'refused'
  return headers.get('location')?.startsWith('/auth/sign-in?') ? 'sign-in' : 'in'
}

let asked = 0

/** A socket from an address that nobody else comes from, so that nobody waits because others have failed. */
function newSocket() {
  asked += 1
  return { incoming: { socket: { remoteAddress: `2001:db8::${asked.toString(16)}` } } }
}

/** What is sent to a route. */
export interface Sent {
  /** Where the route has parameters. */
  readonly path?: string
  readonly body?: Readonly<Record<string, unknown>> | URLSearchParams
}

/** What a route, such as `GET /scim/v2/Users/:id`, does with each of them. */
export async function verdictsOn(
  route: string,
  { path, body }: Sent,
  { app, callers }: Scene,
): Promise<Readonly<Record<string, Verdict>>> {
  const [method = '', template = ''] = route.split(' ')
  const json = body !== undefined && !(body instanceof URLSearchParams)
  const found: Record<string, Verdict> = {}
  for (const [caller, headers] of Object.entries(callers)) {
    const request = new Request(`${PUBLIC_URL}${path ?? template}`, {
      method,
      headers: {
        ...headers,
        // As from a page of the server, so that forms are taken.
        Origin: PUBLIC_URL,
        ...(json ? { 'Content-Type': 'application/json' } : {}),
      },
      ...(body === undefined ? {} : { body: json ? JSON.stringify(body) : body }),
    })
    found[caller] = verdictOn(await app.fetch(request, newSocket()))
  }
  return found
}
