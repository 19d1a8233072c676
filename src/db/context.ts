import { eq, sql } from 'drizzle-orm'
import type { Action, Cause, Change } from '../directory/event.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { Expected, Scope } from '../directory/store.ts'
import type { Db, Engine } from './engine.ts'
import { statement } from './statements.ts'

/** What the parts of the store share: the engine, whose rows, and where time and ids come from. */
export interface Context {
  readonly engine: Engine
  readonly scope: Scope
  readonly now: () => Date
  readonly newId: () => string
}

/** A write in progress: its transaction, its one time, and its cause. */
export interface Write extends Context {
  readonly db: Db
  readonly at: string
  readonly cause: Cause
  /** Whether it is the only one in its organisation that counts, as `countAlone` has it. */
  readonly alone: boolean
}

/** Thrown by a write that has to be alone and is not. */
class NotAlone extends Error {}

/** Runs a write transaction with one time for everything in it; `subject` is the id of what it changes. */
export async function write<T>(
  context: Context,
  cause: Cause,
  work: (write: Write) => Promise<T>,
  subject?: string,
): Promise<T> {
  const { engine, scope, now } = context
  const run = (alone: boolean, line: string | undefined) =>
    engine.transaction(
      (db) => work({ ...context, db, cause, at: now().toISOString(), alone }),
      line,
    )
  try {
    return await run(engine.serial, subject)
  } catch (error) {
    if (!(error instanceof NotAlone)) throw error
    return run(true, `counting ${scope.organisation}`)
  }
}

/**
 * From here on nothing that a write counts changes before it ends, as far as all that change it ask for this too. A write
 * that turns out to need it begins again in line behind the others; ordinary ones are never in that line.
 */
export async function countAlone({ engine, db, scope, alone }: Write): Promise<void> {
  if (engine.serial) return
  if (!alone) throw new NotAlone()
  // The row of the organisation is written, so that of two servers one has to look again.
  const { organisations } = engine.tables
  await db
    .update(organisations)
    .set({ id: scope.organisation })
    .where(eq(organisations.id, scope.organisation))
}

/** SQLite binds at most 32,766 values a statement, PostgreSQL 65,535. */
const CHUNK = 1_000

export function chunks<T>(items: readonly T[]): T[][] {
  const result: T[][] = []
  for (let start = 0; start < items.length; start += CHUNK) {
    result.push(items.slice(start, start + CHUNK))
  }
  return result
}

export async function record(
  write: Write,
  action: Action,
  resourceId: string,
  changes: readonly Change[],
): Promise<void> {
  const { events } = write.engine.tables
  const insert = statement(write.engine, write.db, 'insert event', () =>
    write.db.insert(events).values({
      organisation: sql.placeholder('organisation'),
      at: sql.placeholder('at'),
      actor: sql.placeholder('actor'),
      door: sql.placeholder('door'),
      requestId: sql.placeholder('requestId'),
      action: sql.placeholder('action'),
      resourceId: sql.placeholder('resourceId'),
      changes: sql.placeholder('changes'),
    }),
  )
  await insert({
    organisation: write.scope.organisation,
    at: write.at,
    ...write.cause,
    action,
    resourceId,
    changes: JSON.stringify(changes),
  })
}

export function requireVersion(current: number, expected: Expected): void {
  if (expected === undefined || expected.includes(current)) return
  throw new DirectoryError('versionMismatch', 'The resource has changed; read it again and retry.')
}
