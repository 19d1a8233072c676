import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Client } from 'pg'
import { inject, onTestFinished } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Which engine the tests of this run are on. */
    engine: 'sqlite' | 'postgres'
    /** The administrator's URL of the PostgreSQL server. */
    postgres: string
  }
}

/** Where to say what is to happen at the end: `onTestFinished`, or `afterAll` for what the tests of a file share. */
export type Finished = (cleanUp: () => void | Promise<void>) => void

/** A folder that is gone when the test has finished. */
export function temporaryFolder(finished: Finished = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'entrance-test-'))
  finished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A database of a test's own, and a look at it past the server that sees only what is committed. */
export interface TestDatabase {
  readonly url: string
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

function newFile(finished: Finished): TestDatabase {
  const folder = temporaryFolder(finished)
  const file = join(folder, 'entrance.db')
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
    url: `file:${file}`,
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
  readonly client: Client
  /** What empties it. */
  readonly clearing: string
}

const idle: Reused[] = []

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, statement_timeout: 10_000 })
  client.on('error', () => {})
  await client.connect()
  return client
}

async function copyTemplate(): Promise<Reused> {
  const url = new URL(inject('postgres'))
  const admin = await connect(url.href)
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`
  await admin.query(`CREATE DATABASE ${name} TEMPLATE template_entrance`)
  await admin.end()
  url.pathname = name
  const client = await connect(url.href)
  const { rows } = await client.query<{ clear: string }>(`
    SELECT format('DELETE FROM %I', tablename) AS clear FROM pg_tables WHERE schemaname = 'public'
    UNION ALL
    SELECT format('ALTER SEQUENCE %I RESTART', sequencename) FROM pg_sequences
      WHERE schemaname = 'public'`)
  return { url: url.href, client, clearing: rows.map(({ clear }) => clear).join(';') }
}

async function newPostgresDatabase(finished: Finished): Promise<TestDatabase> {
  const reused = idle.pop() ?? (await copyTemplate())
  const { url, client, clearing } = reused
  let spoiled = false
  finished(async () => {
    if (spoiled) return client.end()
    await client.query(clearing)
    idle.push(reused)
  })
  const rows = async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows
  const value = async (sql: string) => Object.values((await rows(sql))[0] ?? {})[0]
  const dump = async () => {
    const tables = await rows(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)
    const texts: string[] = []
    for (const table of tables.map(({ tablename }) => String(tablename)).sort()) {
      const all = await rows(`SELECT * FROM "${table}" AS t ORDER BY t::text COLLATE "C"`)
      texts.push(`${table}\n${JSON.stringify(all)}`)
    }
    return texts.join('\n')
  }
  return {
    url,
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
