/** How long pages of the console take, and what they weigh, with so many users. */
import { join } from 'node:path'
import { openStore } from '../src/db/open.ts'
import { newId } from '../src/directory/id.ts'
import { DEFAULT_ORGANISATION } from '../src/directory/organisation.ts'
import { hashSecret, newTokenSecret } from '../src/directory/token.ts'
import { type Entrance, startEntrance } from './entrance.ts'
import { loadFile, sqliteTemplate } from './load-sqlite.ts'
import { describeMachine } from './machine.ts'
import { addLargeGroups, type Large } from './large-groups.ts'
import { factOf, groupIdOf, idOf } from './people.ts'
import { type Machine, RESULTS_FOLDER } from './results.ts'
import { say, whole } from './screen.ts'
import { keepResult, scratchFolder } from './timing.ts'

interface MeasuredPage {
  readonly name: string
  readonly medianMilliseconds: number
  readonly worstMilliseconds: number
  /** The page alone, and with all that it asks for, as a browser that has nothing yet gets it. */
  readonly htmlBytes: number
  readonly totalBytes: number
}

export interface ConsoleResult {
  readonly date: string
  readonly machine: Machine
  readonly users: number
  readonly pages: readonly MeasuredPage[]
}

const CONSOLE_FOLDER = join(RESULTS_FOLDER, 'console')
const TIMES = 30
const DAY = 86_400_000
const cause = { actor: 'bench', door: 'cli', requestId: 'bench' } as const

/** Adds large groups; which they are. */
async function withLargeGroups(file: string): Promise<Large> {
  const store = await openStore(`file:${file}`, { now: () => new Date(), newId })
  const directory = store.for({ organisation: DEFAULT_ORGANISATION, localUsers: 'visible' })
  const large = await addLargeGroups(directory, file, cause)
  await store.close()
  return large
}

/** Makes an administrator of a new user; the cookie of a browser that is signed in. */
async function newAdministrator(file: string): Promise<string> {
  const store = await openStore(`file:${file}`, { now: () => new Date(), newId })
  const { users, administrators, sessions } = store.for({
    organisation: DEFAULT_ORGANISATION,
    localUsers: 'visible',
  })
  const attributes = { userName: 'admin', displayName: 'Ada Administrator', active: true }
  const { user } = await users.create({ attributes, origin: 'local' }, cause)
  await administrators.appoint(user.id, cause)
  const secret = newTokenSecret()
  const expires = new Date(Date.now() + DAY).toISOString()
  await sessions.open(
    { userId: user.id, hash: hashSecret(secret), kind: 'browser', method: 'password', expires },
    cause,
  )
  await store.close()
  return `__Host-entrance=${secret}`
}

function pagesOf({ group, mapping }: Large): readonly (readonly [name: string, path: string])[] {
  // Somebody of whom there are others with the same names.
  const address = factOf(777, 'email')
  const [given = ''] = address.split('.')
  return [
    ['overview', '/admin'],
    ['users', '/admin/users'],
    ['users, oldest first', '/admin/users?sort=created'],
    ['users, one letter', `/admin/users?search=${given.slice(0, 1)}`],
    ['users, a given name', `/admin/users?search=${given}`],
    ['users, never signed in', '/admin/users?signedIn=never'],
    ['users of a group', `/admin/users?group=${groupIdOf(0)}`],
    ['users of a large group', `/admin/users?group=${group}`],
    ['a user', `/admin/users/${idOf(777)}`],
    ['why', `/admin/users/${idOf(777)}/why`],
    ['user groups', '/admin/groups'],
    ['a user group', `/admin/groups/${groupIdOf(0)}`],
    ['a large user group', `/admin/groups/${group}`],
    ['roles', '/admin/roles'],
    ['assignment rules', '/admin/rules'],
    ['a new rule', '/admin/rules/new'],
    ['group mapping', '/admin/mappings'],
    ['a mapping', `/admin/mappings/${mapping}`],
    ['import', '/admin/import'],
    ['link', '/admin/link'],
    ['sync', '/admin/sync'],
    ['provisioning log', '/admin/log'],
    ['held back', '/admin/held'],
    ['connect Entra', '/admin/connect'],
    ['administrators', '/admin/administrators'],
    ['mails', '/admin/mails'],
    ['settings', '/admin/settings'],
    ['record', '/admin/record'],
  ]
}

async function measure(
  { port, during }: Entrance,
  cookie: string,
  [name, path]: readonly [string, string],
): Promise<MeasuredPage> {
  const ask = async (address: string) => {
    const answer = await during(
      fetch(`http://127.0.0.1:${port}${address}`, { headers: { Cookie: cookie } }),
    )
    const text = await answer.text()
    if (answer.status !== 200) throw new Error(`${address} answered ${answer.status}: ${text}`)
    return text
  }
  const times: number[] = []
  let html = ''
  for (let time = 0; time < TIMES; time += 1) {
    const start = performance.now()
    html = await ask(path)
    times.push(performance.now() - start)
  }
  times.sort((one, other) => one - other)
  const assets = new Set([...html.matchAll(/"(\/assets\/[^"#]+)/g)].map(([, it]) => String(it)))
  const bodies = await Promise.all([...assets].map(ask))
  const htmlBytes = Buffer.byteLength(html)
  return {
    name,
    medianMilliseconds: times[TIMES / 2] ?? 0,
    worstMilliseconds: times.at(-1) ?? 0,
    htmlBytes,
    totalBytes: bodies.reduce((sum, body) => sum + Buffer.byteLength(body), htmlBytes),
  }
}

/** Measures every page over so many users and writes down what came of it. */
export async function runConsole(people: number, now: Date): Promise<void> {
  const folder = scratchFolder()
  const file = join(folder, 'console.db')
  say(`Loading ${whole(people)} users …`)
  await loadFile(await sqliteTemplate(join(folder, 'template.db')), file, people, people / 100)
  const large = await withLargeGroups(file)
  const cookie = await newAdministrator(file)
  const entrance = await startEntrance(`file:${file}`)
  const pages: MeasuredPage[] = []
  say(`${''.padEnd(26)}  median     worst (ms)      HTML     total (kB)`)
  for (const each of pagesOf(large)) {
    const page = await measure(entrance, cookie, each)
    pages.push(page)
    const told = (value: number) => value.toFixed(1).padStart(9)
    const { medianMilliseconds, worstMilliseconds, htmlBytes, totalBytes } = page
    say(
      `${page.name.padEnd(26)}${told(medianMilliseconds)} ${told(worstMilliseconds)}     ${told(htmlBytes / 1_000)} ${told(totalBytes / 1_000)}`,
    )
  }
  await entrance.stop()
  const machine = { ...describeMachine(folder), pinning: 'not pinned' } as const
  const result: ConsoleResult = { date: now.toISOString(), machine, users: people, pages }
  say(`\nWrote ${keepResult(CONSOLE_FOLDER, result)}`)
}
