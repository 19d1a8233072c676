import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Client, type QueryResult } from 'pg'
import { afterAll, inject, onTestFinished } from 'vitest'
import type { Engine } from '../../src/db/engine.ts'
import { openStore, storeOn, type StoreDeps } from '../../src/db/open.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { openSqlite } from '../../src/db/sqlite.ts'
import type { Store } from '../../src/directory/store.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Which engine the tests of this run are on. */
    engine: 'sqlite' | 'postgres'
    /** The administrator's URL of the PostgreSQL server. */
    postgres: string
    /** The same by a quicker way. */
    quickPostgres: string
  }
}

/** Where to say what is to happen at the end: `onTestFinished`; for what tests share `afterAll`, in a hook `endOfTests`. */
export type Finished = (cleanUp: () => void | Promise<void>) => void

/** What a hook makes for all tests of a file or a block: said before, since `afterAll` inside a hook is never heard. */
export function endOfTests(): Finished {
  const cleanUps: (() => void | Promise<void>)[] = []
  afterAll(async () => {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp()
  })
  return (cleanUp) => void cleanUps.push(cleanUp)
}

/** A folder that is gone when the test has finished. */
export function temporaryFolder(finished: Finished = onTestFinished, parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'entrance-test-'))
  finished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A database of a test's own, and a look at it past the server that sees only what is committed. */
export interface TestDatabase {
  readonly url: string
  /** Opens the store of a server on it. */
  openStore(deps: StoreDeps & { readonly scanMilliseconds?: number }): Promise<Store>
  /** Every row of every table as text; two equal texts mean that nothing changed. */
  dump(): Promise<string>
  /** The first column of the first row. */
  value(sql: string): Promise<unknown>
  /** Counts, in the database itself, every row of a table that is inserted, updated or deleted from now on. */
  countChanges(table: string): Promise<() => Promise<number>>
  /** All that is kept, byte by byte as far as the database shows it. */
  raw(): Promise<Buffer>
}

const TABLES = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`

/** A second look at an SQLite file. */
export function viewFile(file: string) {
  const database = new Database(file, { readonly: true, fileMustExist: true })
  const tables = database.prepare(TABLES).pluck().all().map(String)
  // In the order of their keys, as SQLite reads a table.
  const all = tables.map((name) => database.prepare(`SELECT * FROM "${name}"`))
  return {
    dump: () =>
      all.map((rows, index) => `${tables[index]}\n${JSON.stringify(rows.all())}`).join('\n'),
    value: (sql: string) => database.prepare(sql).pluck().get(),
    close: () => void database.close(),
  }
}

const MEMORY = '/dev/shm'
const ENOUGH_BYTES = 2 ** 30

/** Where a file costs no wait for the disk, if this machine has such a place. */
function quickFolder(): string {
  if (!existsSync(MEMORY)) return tmpdir()
  const { bavail, bsize } = statfsSync(MEMORY)
  return bavail * bsize > ENOUGH_BYTES ? MEMORY : tmpdir()
}

const quick = quickFolder()

/** A folder for a database of a process that a test starts, which is gone when the test has finished. */
export function databaseFolder(finished: Finished = onTestFinished): string {
  return temporaryFolder(finished, quick)
}

let template: Buffer | undefined

/** A file with all tables and nothing in them: writing it costs less than making them. */
async function emptyFile(): Promise<Buffer> {
  const folder = mkdtempSync(join(quick, 'entrance-test-'))
  const file = join(folder, 'entrance.db')
  try {
    await openSqlite(file).close()
    return readFileSync(file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function newFile(finished: Finished): Promise<TestDatabase> {
  const folder = databaseFolder(finished)
  const file = join(folder, 'entrance.db')
  const url = `file:${file}`
  template ??= await emptyFile()
  writeFileSync(file, template)
  let known: ReturnType<typeof viewFile> | undefined
  const view = () => {
    if (!known) {
      const opened = viewFile(file)
      known = opened
      finished(opened.close)
    }
    return known
  }
  return {
    url,
    openStore: (deps) => openStore(url, deps),
    dump: async () => view().dump(),
    value: async (sql) => view().value(sql),
    async countChanges(table) {
      const database = new Database(file)
      finished(() => void database.close())
      database.exec('CREATE TABLE row_changes (n)')
      for (const change of ['INSERT', 'UPDATE', 'DELETE']) {
        database.exec(
          `CREATE TRIGGER count_${change} AFTER ${change} ON "${table}" BEGIN INSERT INTO row_changes VALUES (1); END`,
        )
      }
      const count = database.prepare('SELECT count(*) FROM row_changes').pluck()
      return async () => Number(count.get())
    },
    raw: async () =>
      Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name)))),
  }
}

/** A database that tests use one after the other, which costs less than making one for each. */
interface Reused {
  readonly url: string
  /** The same by a quicker way. */
  readonly quickUrl: string
  readonly client: Client
  readonly tables: readonly string[]
  /** What empties it. */
  readonly clearing: string
  /** Its connections, which know their way about it: to make new ones costs more than most tests. */
  engine?: Engine
}

const idle: Reused[] = []

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, statement_timeout: 10_000 })
  client.on('error', () => {})
  await client.connect()
  return client
}

async function copyTemplate(): Promise<Reused> {
  const [url, quickUrl] = [new URL(inject('postgres')), new URL(inject('quickPostgres'))]
  const admin = await connect(quickUrl.href)
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`
  await admin.query(`CREATE DATABASE ${name} TEMPLATE template_entrance`)
  await admin.end()
  url.pathname = name
  quickUrl.pathname = name
  const client = await connect(quickUrl.href)
  const named = async (kind: 'table' | 'sequence') => {
    const sql = `SELECT ${kind}name AS name FROM pg_${kind}s WHERE schemaname = 'public' ORDER BY 1`
    return (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name)
  }
  const tables = await named('table')
  const sequences = await named('sequence')
  const clearing = [
    ...tables.map((table) => `DELETE FROM "${table}"`),
    ...sequences.map((sequence) => `SELECT setval('"${sequence}"', 1, false)`),
  ].join(';')
  return { url: url.href, quickUrl: quickUrl.href, client, tables, clearing }
}

/** An engine for one server: when that is closed, nothing more is written through it, and the engine stays open. */
function lend(engine: Engine): Engine {
  const running = new Set<Promise<unknown>>()
  let closed = false
  return {
    ...engine,
    async transaction(work, subject) {
      if (closed) throw new Error('The store has been closed.')
      const run = engine.transaction(work, subject)
      running.add(run)
      return run.finally(() => running.delete(run))
    },
    async close() {
      closed = true
      await Promise.allSettled(running)
    },
  }
}

async function newPostgresDatabase(finished: Finished): Promise<TestDatabase> {
  const reused = idle.pop() ?? (await copyTemplate())
  const { url, client, tables, clearing } = reused
  let spoiled = false
  finished(async () => {
    if (spoiled) return void (await Promise.all([client.end(), reused.engine?.close()]))
    await client.query(clearing)
    idle.push(reused)
  })
  const rows = async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows
  const value = async (sql: string) => Object.values((await rows(sql))[0] ?? {})[0]
  // One question for all of them.
  const selects = tables.map(
    (table) => `SELECT * FROM "${table}" AS t ORDER BY t::text COLLATE "C"`,
  )
  const dump = async () => {
    const results = (await client.query(selects.join(';'))) as unknown as QueryResult[]
    return results
      .map((found, index) => `${tables[index]}\n${JSON.stringify(found.rows)}`)
      .join('\n')
  }
  return {
    url,
    async openStore({ scanMilliseconds, ...deps }) {
      if (scanMilliseconds !== undefined) return openStore(url, { scanMilliseconds, ...deps })
      reused.engine ??= await openPostgres(reused.quickUrl)
      return storeOn(lend(reused.engine), deps)
    },
    dump,
    value,
    async countChanges(table) {
      spoiled = true
      await rows(`
        CREATE TABLE row_changes (n integer);
        CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql
          AS $$ BEGIN INSERT INTO row_changes VALUES (1); RETURN NULL; END $$;
        CREATE TRIGGER count_changes AFTER INSERT OR UPDATE OR DELETE ON "${table}"
          FOR EACH ROW EXECUTE FUNCTION count_change()`)
      return async () => Number(await value('SELECT count(*) FROM row_changes'))
    },
    raw: async () => Buffer.from(await dump()),
  }
}

/** An empty database on the engine of this run, which is gone when the test has finished. */
export async function newDatabase(finished: Finished = onTestFinished): Promise<TestDatabase> {
  return inject('engine') === 'postgres' ? newPostgresDatabase(finished) : newFile(finished)
}
