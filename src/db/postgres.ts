import { join } from 'node:path'
import { sql, type SQL } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { Client, DatabaseError, type ClientBase, type Pool, type PoolClient } from 'pg'
import type { Db, Engine, JsonDialect } from './engine.ts'
import { driverError } from './failures.ts'
import { postgresScans } from './postgres-scan.ts'
import { SCAN_MILLISECONDS } from './scan-limit.ts'
import { connectionOf, isAway, isLost, openPool } from './postgres-connection.ts'
import { writesEnded } from './postgres-settled.ts'
import type { SameTables } from './tables.check.ts'
import * as tables from './tables.pg.ts'

const CHECK_MILLISECONDS = 2_000

/** Attempts at a write that others get in the way of; all but these first ones keep the others out. */
const TRIES = 8
const TRIES_AMONG_OTHERS = 4
const LONGEST_PAUSE_MILLISECONDS = 20

/** The key of an advisory lock, which is the database's own. */
const MIGRATIONS_LOCK = 7_236_401

/** Parts of a tally: far more than connections that write at the same time. */
const PARTS = 64

/*
 * LOCK takes no snapshot, unlike a statement that reads: what the transaction sees begins after the wait. Those who
 * share the lock do not wait for each other. Who holds it alone waited until the last of them had ended.
 */
const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ; LOCK TABLE organisations IN'
const BEGIN_AMONG_OTHERS = `${BEGIN} ROW SHARE MODE`
const BEGIN_ALONE = `${BEGIN} EXCLUSIVE MODE`

/*
 * PostgreSQL plans for tables of next to no size until it has counted them, by itself after a minute at the earliest,
 * and keeps such a plan: one that reads a whole organisation to find a user. So they are counted after so many writes.
 */
const COUNTED_AFTER = new Set([100, 1_000, 10_000, 100_000])
const COUNT = `DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT relname FROM pg_class
    WHERE oid IN ('users'::regclass, 'user_values'::regclass, 'roster'::regclass, 'groups'::regclass, 'members'::regclass)
      AND pg_relation_size(oid) > 10 * 8192
  LOOP EXECUTE format('ANALYZE (SKIP_LOCKED) %I', name); END LOOP;
END $$`

const migrationsFolder = join(import.meta.dirname, '../../drizzle/postgres')

/** The value at a path as JSON. Paths are bound, never spliced, so that no name can become SQL. */
function at(document: SQL, path: readonly string[]): SQL {
  return sql`(${document} #> ${sql.param(path)}::text[])`
}

/** A JSON scalar as SQL; NULL when it is of another kind, and before the cast, which would fail. */
function scalarOf(value: SQL, kind: 'text' | 'number' | 'boolean'): SQL {
  const text = sql`${value} #>> '{}'`
  switch (kind) {
    case 'text':
      return sql`CASE jsonb_typeof(${value}) WHEN 'string' THEN ${text} END`
    case 'number':
      return sql`CASE jsonb_typeof(${value}) WHEN 'number' THEN (${text})::numeric END`
    case 'boolean':
      return sql`CASE jsonb_typeof(${value}) WHEN 'boolean' THEN (${text})::boolean END`
  }
}

const json: JsonDialect = {
  value: (document, path, kind) =>
    kind === 'number' || kind === 'boolean'
      ? json.valueIf(document, path, kind)
      : sql`(${document} #>> ${sql.param(path)}::text[])`,
  valueIf: (document, path, kind) =>
    kind === 'any' ? json.value(document, path, kind) : scalarOf(at(document, path), kind),
  each: (document, path, alias) => {
    const value = at(document, path)
    const array = sql`CASE jsonb_typeof(${value}) WHEN 'array' THEN ${value} END`
    return sql`jsonb_array_elements(${array}) AS ${sql.identifier(alias)}(value)`
  },
  eachOrOne: (document, path, alias) => {
    const value = at(document, path)
    const array = sql`CASE jsonb_typeof(${value}) WHEN 'array' THEN ${value} ELSE jsonb_build_array(${value}) END`
    return sql`jsonb_array_elements(${array}) AS ${sql.identifier(alias)}(value)`
  },
  scalar: (alias, kind) => {
    const value = sql`${sql.identifier(alias)}.value`
    return kind === 'any' ? sql`(${value} #>> '{}')` : scalarOf(value, kind)
  },
  // A path into what is no object leads to NULL.
  object: (alias) => sql`${sql.identifier(alias)}.value`,
  literal: (value, kind) => {
    if (typeof value === 'boolean') return value ? sql`true` : sql`false`
    return kind === 'number' ? sql`${value}::numeric` : sql`${value}::text COLLATE "C"`
  },
  contains: (text, part) => sql`strpos(${text}, ${part}) > 0`,
  collect: (fields, from) => {
    const [first = sql`NULL`] = Object.values(fields)
    const pairs = Object.entries(fields).map(([name, value]) => sql`${name}::text, ${value}`)
    const object = sql`json_build_object(${sql.join(pairs, sql`, `)})`
    return sql<string>`(SELECT coalesce(json_agg(${object} ORDER BY ${first}), '[]')::text ${from})`
  },
}

/** Others wrote what this transaction read, or each waits for the other. */
function isConflict(error: unknown): boolean {
  const cause = driverError(error)
  return cause instanceof DatabaseError && (cause.code === '40001' || cause.code === '40P01')
}

async function attempt<T>(client: ClientBase, begin: string, work: () => Promise<T>): Promise<T> {
  await client.query(begin)
  const result = await work()
  const { command } = await client.query('COMMIT')
  // The answer to a COMMIT of a transaction in which a statement has failed.
  if (command !== 'COMMIT') throw new Error('The database took the transaction back.')
  return result
}

/** Runs a transaction, again when others get in its way, and in the end where they cannot. */
async function persist<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      const begin = tries > TRIES_AMONG_OTHERS ? BEGIN_ALONE : BEGIN_AMONG_OTHERS
      return await attempt(client, begin, work)
    } catch (error) {
      if (isLost(driverError(error))) throw error
      await client.query('ROLLBACK')
      if (!isConflict(error) || tries === TRIES) throw error
    }
    const pause = Math.random() * LONGEST_PAUSE_MILLISECONDS
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

/** Lets work with the same key pass one after the other, and all other work at once. */
function lines() {
  const last = new Map<string, Promise<unknown>>()
  return async <T>(key: string | undefined, work: () => Promise<T>): Promise<T> => {
    if (key === undefined) return work()
    const run = (last.get(key) ?? Promise.resolve()).then(work)
    const ended = run.catch(() => {})
    last.set(key, ended)
    try {
      return await run
    } finally {
      if (last.get(key) === ended) last.delete(key)
    }
  }
}

/** What an operator reads; several addresses of one host that all fail come as one error without words. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ')
  return error instanceof Error ? error.message : String(error)
}

/** Brings the tables up to date; of several servers that start at once one does it, and the others wait. */
async function bringUpToDate(url: string): Promise<void> {
  const client = new Client({ ...connectionOf(url), statement_timeout: 0, query_timeout: 0 })
  client.on('error', () => {})
  await client.connect()
  try {
    const encoding = await client.query<{ server_encoding: string }>('SHOW server_encoding')
    if (encoding.rows[0]?.server_encoding !== 'UTF8') {
      throw new Error("The database must have been made with ENCODING 'UTF8'.")
    }
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATIONS_LOCK])
    await migrate(drizzle(client), { migrationsFolder })
  } finally {
    // Which gives the lock back too.
    await client.end()
  }
}

/**
 * Connects to a PostgreSQL database and brings its tables up to date. Connections that break are replaced; until then
 * `isUnavailable` is true of what fails.
 */
export async function openPostgres(
  url: string,
  scanMilliseconds = SCAN_MILLISECONDS,
): Promise<Engine> {
  await bringUpToDate(url).catch((error: unknown) => {
    throw isAway(error) ? new Error(`no connection: ${reasonOf(error)}`, { cause: error }) : error
  })
  // Two pools: a read never waits for the connection of a write.
  const readers = openPool(url)
  const writers = openPool(url)
  const read = drizzle(readers) as unknown as Db
  const scans = postgresScans(readers, scanMilliseconds)
  const dbs = new WeakMap<ClientBase, Db>()
  const clients = new WeakMap<Db, Pick<Pool, 'query'>>([[read, readers]])
  // Those who would lose against each other do not try, as far as they come through this server.
  const lineUp = lines()
  let writes = 0

  /** The same for the same connection, so that what is kept with it is found again. */
  function dbOf(client: PoolClient): Db {
    const known = dbs.get(client)
    if (known) return known
    const db = drizzle(client) as unknown as Db
    dbs.set(client, db)
    clients.set(db, client)
    return db
  }

  async function transact<T>(work: (db: Db) => Promise<T>): Promise<T> {
    const client = await writers.connect()
    const db = dbOf(client)
    let lost = false
    try {
      const result = await persist(client, () => work(db))
      writes += 1
      // Nobody waits for it, and nobody fails with it.
      if (COUNTED_AFTER.has(writes)) readers.query(COUNT).catch(() => {})
      return result
    } catch (error) {
      lost = isLost(driverError(error))
      throw error
    } finally {
      client.release(lost)
    }
  }

  return {
    tables: tables as unknown as SameTables,
    json,
    serial: false,
    part: sql`pg_backend_pid() % ${sql.raw(String(PARTS))}`,
    read,
    prepare(db, text) {
      const client = clients.get(db)
      if (!client) throw new Error('This connection is not of this engine.')
      return async (values) => (await client.query({ text }, values)).rows
    },
    transaction: (work, subject) => lineUp(subject, () => transact(work)),
    settled: () => writesEnded(readers),
    scan: scans.run,
    violatedIndex(error) {
      const cause = driverError(error)
      const violation = cause instanceof DatabaseError && cause.code === '23505'
      return violation ? cause.constraint : undefined
    },
    isUnavailable: (error) => isAway(driverError(error)),
    async check() {
      const { promise: late, reject } = Promise.withResolvers<never>()
      const timer = setTimeout(
        () => reject(new Error('timeout exceeded when asking the database for an answer')),
        CHECK_MILLISECONDS,
      )
      try {
        await Promise.race([readers.query('SELECT 1'), late])
      } finally {
        clearTimeout(timer)
      }
    },
    async backup(file) {
      throw new Error(
        `A PostgreSQL database is copied with its own tool: pg_dump --format=custom --file="${file}" "$DATABASE_URL"`,
      )
    },
    async close() {
      scans.close()
      await Promise.all([readers.end(), writers.end()])
    },
  }
}
