/** How long it takes to list users in the console, whatever is asked for, and how long the server is deaf meanwhile. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { join } from 'node:path'
import { openStore } from '../src/db/open.ts'
import { newId } from '../src/directory/id.ts'
import { DEFAULT_ORGANISATION } from '../src/directory/organisation.ts'
import type { Place, RosterQuery } from '../src/directory/roster.ts'
import { loadFile, sqliteTemplate } from './load-sqlite.ts'
import { describeMachine } from './machine.ts'
import { factOf, groupIdOf } from './people.ts'
import { type Machine, RESULTS_FOLDER } from './results.ts'
import { say, whole } from './screen.ts'
import { keepResult, scratchFolder, sizeOf } from './timing.ts'

interface Measured {
  readonly name: string
  readonly firstMilliseconds: number
  readonly medianMilliseconds: number
  readonly worstMilliseconds: number
  /** The longest that nothing else was answered. */
  readonly deafMilliseconds: number
}

export interface RosterResult {
  readonly date: string
  readonly machine: Machine
  readonly users: number
  readonly databaseBytes: number
  readonly lists: readonly Measured[]
}

const ROSTER_FOLDER = join(RESULTS_FOLDER, 'roster')
const TIMES = 40
const DEEP = 199

const page = { sort: 'name', count: 50 } as const

async function measure(name: string, work: () => Promise<unknown>): Promise<Measured> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const times: number[] = []
  delay.enable()
  for (let time = 0; time < TIMES; time += 1) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  delay.disable()
  const [first = 0] = times
  times.sort((one, other) => one - other)
  return {
    name,
    firstMilliseconds: first,
    medianMilliseconds: times[TIMES / 2] ?? 0,
    worstMilliseconds: times.at(-1) ?? 0,
    deafMilliseconds: delay.max / 1e6,
  }
}

async function measureAll(file: string): Promise<Measured[]> {
  const store = await openStore(`file:${file}`, { now: () => new Date(), newId })
  const { roster } = store.for({ organisation: DEFAULT_ORGANISATION, localUsers: 'visible' })
  // Somebody of whom there are others with the same names.
  const address = factOf(777, 'email')
  const [given = '', family = ''] = address.split('.')
  let after: Place | undefined
  for (let pages = 0; pages < DEEP; pages += 1) {
    const { next } = await roster.list({ ...page, ...(after ? { after } : {}) })
    after = next
  }
  const [role] = await roster.roles('', 1)
  const queries: readonly [string, Partial<RosterQuery>][] = [
    ['by name', {}],
    ['by name, the other way round', { sort: '-name' }],
    ['oldest first', { sort: 'created' }],
    ['newest first', { sort: '-created' }],
    [`page ${DEEP + 1}`, after ? { after } : {}],
    ['origin', { origin: 'scim' }],
    ['linked', { linked: false }],
    ['active', { status: 'active' }],
    ['inactive', { status: 'inactive' }],
    ['held', { status: 'held' }],
    ['never signed in', { signedIn: 'never' }],
    ['a group', { group: groupIdOf(0) }],
    ['a role', { role: role?.value ?? '' }],
    ['a role, active', { role: role?.value ?? '', status: 'active' }],
    ['one letter', { search: given.slice(0, 1) }],
    ['two letters', { search: given.slice(0, 2) }],
    ['a given name', { search: given }],
    ['two words', { search: `${given} ${family}` }],
    ['two letters of two words', { search: `${given.slice(0, 2)} ${family.slice(0, 2)}` }],
    ['an address', { search: address }],
  ]
  const lists: Measured[] = []
  for (const [name, query] of queries) {
    lists.push(await measure(name, () => roster.list({ ...page, ...query })))
  }
  lists.push(await measure('counts', () => roster.counts()))
  lists.push(await measure('roles', () => roster.roles('', 100)))
  await store.close()
  return lists
}

/** Measures the lists over so many users and writes down what came of it. */
export async function runRoster(people: number, now: Date): Promise<void> {
  const folder = scratchFolder()
  const file = join(folder, 'roster.db')
  say(`Loading ${whole(people)} users …`)
  await loadFile(await sqliteTemplate(join(folder, 'template.db')), file, people, people / 100)
  const result: RosterResult = {
    date: now.toISOString(),
    machine: { ...describeMachine(folder), pinning: 'not pinned' },
    users: people,
    databaseBytes: sizeOf(folder),
    lists: await measureAll(file),
  }
  const told = (milliseconds: number) => milliseconds.toFixed(1).padStart(9)
  say(`${''.padEnd(30)}    first   median    worst     deaf   (ms)`)
  for (const list of result.lists) {
    const { firstMilliseconds, medianMilliseconds, worstMilliseconds, deafMilliseconds } = list
    const times = [firstMilliseconds, medianMilliseconds, worstMilliseconds, deafMilliseconds]
    say(`${list.name.padEnd(30)}${times.map(told).join('')}`)
  }
  say(`\nWrote ${keepResult(ROSTER_FOLDER, result)}`)
}
