import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { and, asc, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { getTableConfig } from 'drizzle-orm/sqlite-core'
import type { Db, Engine, JsonDialect } from './engine.ts'
import { driverError } from './failures.ts'
import { groupCommit } from './group-commit.ts'
import { SCAN_MILLISECONDS, tooMany } from './scan-limit.ts'
import { scanQueue } from './scan-queue.ts'
import { scanThread } from './scan-thread.ts'
import * as tables from './tables.sqlite.ts'

/** How long a write waits for another process before it is tried again: the wait stops the event loop. */
const BUSY_MILLISECONDS = 200
const BUSY_TRIES = 25

const migrationsFolder = join(import.meta.dirname, '../../drizzle/sqlite')

/** Another program has locked the file for long, the disk is full, or it fails. */
const UNAVAILABLE = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN)/

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')
}

/** Paths are bound, never spliced, so that no name can become SQL. */
function jsonPath(path: readonly string[]): string {
  return path.reduce((text, key) => `${text}."${key.replaceAll('"', '')}"`, '$')
}

/** The names that json_type has for a kind. */
const jsonTypes = {
  text: sql`('text')`,
  number: sql`('integer', 'real')`,
  boolean: sql`('true', 'false')`,
}

const json: JsonDialect = {
  value: (document, path) => sql`json_extract(${document}, ${jsonPath(path)})`,
  valueIf: (document, path, kind) => {
    if (kind === 'any') return json.value(document, path, kind)
    const at = jsonPath(path)
    return sql`CASE WHEN json_type(${document}, ${at}) IN ${jsonTypes[kind]} THEN json_extract(${document}, ${at}) END`
  },
  each: (document, path, alias) =>
    sql`json_each(${document}, ${jsonPath(path)}) AS ${sql.identifier(alias)}`,
  eachOrOne: (document, path, alias) => {
    const at = jsonPath(path)
    const one = sql`CASE WHEN json_type(${document}, ${at}) IS NULL THEN '[]' ELSE json_array(json(${document} -> ${at})) END`
    const array = sql`CASE json_type(${document}, ${at}) WHEN 'array' THEN ${document} -> ${at} ELSE ${one} END`
    return sql`json_each(${array}) AS ${sql.identifier(alias)}`
  },
  scalar: (alias, kind) => {
    const element = sql.identifier(alias)
    if (kind === 'any') return sql`${element}.value`
    return sql`CASE WHEN ${element}.type IN ${jsonTypes[kind]} THEN ${element}.atom END`
  },
  object: (alias) => {
    const element = sql.identifier(alias)
    return sql`CASE ${element}.type WHEN 'object' THEN ${element}.value END`
  },
  literal: (value) => {
    if (typeof value === 'boolean') return value ? sql`1` : sql`0`
    return sql`${value}`
  },
  contains: (text, part) => sql`instr(${text}, ${part}) > 0`,
  collect: (fields, from) => {
    const pairs = Object.entries(fields).map(([name, value]) => sql`${name}, ${value}`)
    return sql<string>`(SELECT json_group_array(json_object(${sql.join(pairs, sql`, `)})) ${from})`
  },
}

function configure(client: Database.Database): void {
  // Before anything that may meet a lock: switching to WAL does.
  client.pragma(`busy_timeout = ${BUSY_MILLISECONDS}`)
  client.pragma('journal_mode = WAL')
  client.pragma('synchronous = FULL')
  client.pragma('foreign_keys = ON')
  client.pragma('cache_size = -16000')
}

const REMEMBERED_STATEMENTS = 500

/** Keeps prepared statements by their text: preparing costs more than most of them take to run. */
function rememberStatements(client: Database.Database): void {
  const prepare = client.prepare.bind(client)
  const known = new Map<string, Database.Statement>()
  client.prepare = ((text: string) => {
    const found = known.get(text)
    if (found && !found.busy) return found
    const statement = prepare(text)
    const [oldest] = known.keys()
    if (known.size >= REMEMBERED_STATEMENTS && oldest !== undefined) known.delete(oldest)
    known.set(text, statement)
    return statement
  }) as typeof client.prepare
}

/** Opens a write transaction; another process that writes is waited for without stopping the event loop for long. */
async function begin(client: Database.Database): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      client.exec('BEGIN IMMEDIATE')
      return
    } catch (error) {
      if (!isBusy(error) || attempt === BUSY_TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, 5 * attempt))
    }
  }
}

/** SQLite names the columns of a violated index, where the contract wants the index. */
const indexNames = new Map(
  Object.values(tables).flatMap((table) => {
    const { name, indexes } = getTableConfig(table)
    return indexes.map(({ config }) => {
      const columns = config.columns.map(
        (column) => `${name}.${'name' in column ? column.name : ''}`,
      )
      return [columns.join(', '), config.name] as const
    })
  }),
)

/** Opens an SQLite file, makes it when it is missing, and brings its tables up to date. */
export function openSqlite(file: string, scanMilliseconds = SCAN_MILLISECONDS): Engine {
  mkdirSync(dirname(file), { recursive: true })
  const writer = new Database(file)
  configure(writer)
  migrate(drizzle(writer), { migrationsFolder })
  const reader = new Database(file, { readonly: true })
  reader.pragma(`busy_timeout = ${BUSY_MILLISECONDS}`)
  reader.pragma('cache_size = -16000')
  rememberStatements(writer)
  rememberStatements(reader)
  const db = drizzle(writer) as unknown as Db
  const read = drizzle(reader) as unknown as Db
  const queue = groupCommit(writer, () => begin(writer))
  const thread = scanThread(file)
  const inTurn = scanQueue(1)

  return {
    tables,
    json,
    serial: true,
    part: sql`0`,
    read,
    prepare(on, text) {
      const found = (on === read ? reader : writer).prepare(text)
      if (found.reader) return async (values) => found.all(values)
      return async (values) => {
        found.run(values)
        return []
      }
    },
    transaction: (work) => queue.transaction(() => work(db)),
    // Numbers are given in the order in which writes end.
    settled: async () => true,
    async scan({ organisation, kind, where, startIndex, count }) {
      const table = kind === 'User' ? tables.users : tables.groups
      const ids = read
        .select({ id: table.id })
        .from(table)
        .where(and(sql`within_time()`, where))
        .orderBy(asc(table.id))
        .toSQL()
      const limits = { startIndex, count, milliseconds: scanMilliseconds }
      const scanned = await inTurn(organisation, () => thread.run({ ...ids, ...limits }))
      if (!scanned) throw tooMany(kind)
      return scanned
    },
    violatedIndex(error) {
      const cause = driverError(error)
      if (!(cause instanceof Database.SqliteError)) return undefined
      if (!cause.code.startsWith('SQLITE_CONSTRAINT_')) return undefined
      const columns = /UNIQUE constraint failed: (.+)$/.exec(cause.message)?.[1]
      return columns === undefined ? undefined : indexNames.get(columns)
    },
    isUnavailable(error) {
      const cause = driverError(error)
      return cause instanceof Database.SqliteError && UNAVAILABLE.test(cause.code)
    },
    async check() {
      reader.prepare('SELECT 1').get()
    },
    async backup(target) {
      // One read transaction, unlike the backup API, which starts over whenever another process writes.
      reader.prepare('VACUUM INTO ?').run(target)
    },
    async close() {
      await thread.close()
      await queue.idle()
      reader.close()
      writer.close()
    },
  }
}
