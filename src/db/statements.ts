import type { Db } from './engine.ts'

const prepared = new WeakMap<Db, Map<string, unknown>>()

/**
 * A prepared statement of a connection: made by `prepare` when it is first asked for under its name, and kept as long
 * as the connection. Building a query costs several times what running it does.
 */
export function statement<T>(db: Db, name: string, prepare: () => T): T {
  let known = prepared.get(db)
  if (!known) {
    known = new Map()
    prepared.set(db, known)
  }
  if (!known.has(name)) known.set(name, prepare())
  // Stored by the line above under this very name, or earlier by the same caller.
  return known.get(name) as T
}
