import { sql } from 'drizzle-orm'
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
}

/** Runs a write transaction with one time for everything in it; `subject` is the id of what it changes. */
export function write<T>(
  context: Context,
  cause: Cause,
  work: (write: Write) => Promise<T>,
  subject?: string,
): Promise<T> {
  return context.engine.transaction(
    (db) => work({ ...context, db, cause, at: context.now().toISOString() }),
    subject,
  )
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
