import { loadConfig, shownDatabase, type Config } from '../config.ts'
import { openStore } from '../db/open.ts'
import type { Cause } from '../directory/event.ts'
import type { Organisation } from '../directory/organisation.ts'
import type { Directory, Store } from '../directory/store.ts'
import { Failure, plain, type Terminal } from './terminal.ts'

/** The settings; throws a Failure that lists every problem. */
export function requireConfig(terminal: Terminal): Config {
  const loaded = loadConfig(terminal.env)
  if (loaded.ok) return loaded.config
  throw new Failure(`The configuration cannot be used:\n  ${loaded.problems.join('\n  ')}`)
}

export async function openDatabase(config: Config, terminal: Terminal): Promise<Store> {
  try {
    return await openStore(config.databaseUrl, terminal)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Failure(`The database ${shownDatabase(config)} cannot be opened: ${reason}`, {
      cause: error,
    })
  }
}

/** Opens the store for as long as the work takes. */
export async function withStore(
  terminal: Terminal,
  work: (store: Store, config: Config) => Promise<void>,
): Promise<void> {
  const config = requireConfig(terminal)
  const store = await openDatabase(config, terminal)
  try {
    await work(store, config)
  } finally {
    await store.close()
  }
}

export interface Opened {
  readonly directory: Directory
  readonly organisation: Organisation
  readonly config: Config
}

/** Opens the rows of the organisation of a name for as long as the work takes. */
export function withDirectory(
  terminal: Terminal,
  name: string,
  work: (opened: Opened) => Promise<void>,
): Promise<void> {
  return withStore(terminal, async (store, config) => {
    const organisation = await store.organisations.find(name)
    if (!organisation) {
      const known = (await store.organisations.list()).map((one) => one.name).join(', ')
      throw new Failure(`There is no organisation "${plain(name)}". There is: ${plain(known)}.`)
    }
    const directory = store.for({ organisation: organisation.id, localUsers: 'visible' })
    await work({ directory, organisation, config })
  })
}

export function causeOf(terminal: Terminal): Cause {
  return { actor: 'cli', door: 'cli', requestId: terminal.newId() }
}

/** The one entry whose id begins so. Throws a Failure when there is none, or more than one. */
export function findByPrefix<T extends { readonly id: string }>(
  entries: readonly T[],
  prefix: string,
  what: string,
): T {
  const found = entries.filter(({ id }) => id.startsWith(prefix.toLowerCase()))
  const [first] = found
  if (first && found.length === 1) return first
  if (!first) throw new Failure(`There is no ${what} whose id begins with "${plain(prefix)}".`)
  throw new Failure(
    `The ids of ${found.length} ${what}s begin with "${plain(prefix)}"; write more of the id.`,
  )
}
