import { isDeepStrictEqual } from 'node:util'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../test/entra/entrance-process.ts'
import { isRecord, MANAGER, type Resource } from '../test/entra/mapping.ts'
import { equals, withQuery } from '../test/entra/scim-client.ts'
import { buildOnce, SERVER } from '../tools/build.ts'
import { type Child, SERVER_CORE, startChild } from './children.ts'
import { expectedResource, factOf, groupIdOf, idOf } from './people.ts'
import { SIZED_GROUPS } from './workloads.ts'

const TOKEN = 'bench-token-of-no-worth-outside-this-run-0123456789'
const START_MILLISECONDS = 60_000
const SAMPLES = 20

export interface Entrance extends Pick<Child, 'pid' | 'during' | 'stop'> {
  readonly port: number
  readonly token: string
}

/** Starts Entrance as `npm start` does on a database and waits until it is ready. */
export async function startEntrance(url: string, profile?: string): Promise<Entrance> {
  await buildOnce()
  const port = await freePort()
  const profiling = profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile]
  const child = startChild(SERVER_CORE, [...profiling, ...SERVER], {
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: 'https://entrance.contoso.example',
    DATABASE_URL: url,
    SCIM_TOKEN: TOKEN,
    LOG_LEVEL: 'warn',
  })
  const deadline = Date.now() + START_MILLISECONDS
  for (;;) {
    const ready = fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (await child.during(ready)) break
    if (Date.now() > deadline) throw new Error('Entrance was not ready in 60 s.')
    await delay(50)
  }
  return { port, token: TOKEN, pid: child.pid, during: child.during, stop: child.stop }
}

function requireSame(what: string, actual: unknown, wanted: unknown): void {
  if (isDeepStrictEqual(actual, wanted)) return
  throw new Error(
    `The loaded database is not what it should be: ${what} is ${JSON.stringify(actual)} instead of ${JSON.stringify(wanted)}.`,
  )
}

/** A user's resource as far as it was loaded: without what the server adds. */
function loadedPart(resource: Resource): Resource {
  const { id: _, meta: __, groups: ___, ...rest } = resource
  const urn = MANAGER.slice(0, MANAGER.lastIndexOf(':'))
  const enterprise = rest[urn]
  const manager = isRecord(enterprise) ? enterprise['manager'] : undefined
  if (!isRecord(enterprise) || !isRecord(manager)) return rest
  return { ...rest, [urn]: { ...enterprise, manager: { value: manager['value'] } } }
}

/**
 * Asks the server for a sample of what was loaded and compares every attribute. Throws at the first difference; returns
 * the text of a GET by id.
 */
export async function verifyLoaded(
  { port, token }: Entrance,
  users: number,
  groups: number,
): Promise<string> {
  const ask = async (path: string): Promise<{ text: string; body: Resource }> => {
    const answer = await fetch(`http://127.0.0.1:${port}/scim/v2${path}`, {
      headers: { Authorization: `Bearer ${token}`, Connection: 'close' },
    })
    const text = await answer.text()
    requireSame(`the status of ${path}`, answer.status, 200)
    return { text, body: JSON.parse(text) as Resource }
  }
  const totalOf = async (path: string) => (await ask(path)).body['totalResults']

  let shown = ''
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const serial = Math.floor(((users - 1) * sample) / (SAMPLES - 1))
    const { text, body } = await ask(`/Users/${idOf(serial)}`)
    const { meta: _, ...expected } = expectedResource(serial)
    requireSame(`user ${serial}`, loadedPart(body), expected)
    const joined = Array.isArray(body['groups']) ? (body['groups'] as Resource[]) : []
    const group = joined.map(({ value }) => value)
    requireSame(`the group of user ${serial}`, group, [groupIdOf(serial % groups)])
    for (const [target, fact] of [
      ['userName', 'userName'],
      ['externalId', 'externalId'],
      ['emails[type eq "work"].value', 'email'],
    ] as const) {
      const filter = equals(target, factOf(serial, fact))
      requireSame(`the number of ${filter}`, await totalOf(withQuery('/Users', { filter })), 1)
    }
    shown = text
  }
  const sized = SIZED_GROUPS.filter(({ fromUsers }) => users >= fromUsers)
  const allGroups = sized.reduce((sum, each) => sum + each.groups, groups)
  requireSame('the number of users', await totalOf('/Users?count=0'), users)
  requireSame('the number of groups', await totalOf('/Groups?count=0'), allGroups)
  return shown
}
