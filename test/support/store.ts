import { inject, onTestFinished } from 'vitest'
import { openStore } from '../../src/db/open.ts'
import type { Event } from '../../src/directory/event.ts'
import { newId } from '../../src/directory/id.ts'
import type { Directory, Store } from '../../src/directory/store.ts'
import { cause, type TestApp } from './app.ts'

/** The rows of a new organisation beside the default one. */
export async function otherDirectory({ store }: TestApp, name = 'fabrikam'): Promise<Directory> {
  const { id } = await store.organisations.create({ name, entraTenantId: undefined }, cause)
  return store.for({ organisation: id, localUsers: 'visible' })
}

/** The same store in another server, where several may use one database; else the same. */
export async function anotherStore({ store, database, clock }: TestApp): Promise<Store> {
  if (inject('engine') === 'sqlite') return store
  const another = await openStore(database.url, { now: clock.now, newId })
  onTestFinished(() => another.close())
  return another
}

/** The same rows through another server, where that can be. */
export async function throughAnotherServer(app: TestApp): Promise<Directory> {
  const store = await anotherStore(app)
  return store.for({ organisation: 'default', localUsers: 'visible' })
}

/** What some work leaves in the record. */
export async function recorded(
  { events }: Directory,
  work: () => Promise<unknown>,
): Promise<Event[]> {
  const before = (await events.list(0, 10_000)).at(-1)?.sequence ?? 0
  await work()
  return events.list(before, 10_000)
}

/** The codes of what was refused, and how many were done. */
export function outcomes(results: readonly PromiseSettledResult<unknown>[]) {
  const codes: Record<string, number> = {}
  for (const result of results) {
    const code = result.status === 'fulfilled' ? 'done' : String(result.reason.code)
    codes[code] = (codes[code] ?? 0) + 1
  }
  return codes
}
