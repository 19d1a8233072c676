import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'

const TABLES = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`

/** A second look at the database of a test, past the server: read-only, and only at what is committed. */
export interface DatabaseView {
  /** Every row of every table as text; two equal texts mean that nothing changed. */
  dump(): string
  /** The first column of the first row. */
  value(sql: string): unknown
  close(): void
}

export function viewDatabase(file: string): DatabaseView {
  const database = new Database(file, { readonly: true, fileMustExist: true })
  const tables = database.prepare(TABLES).pluck().all().map(String)
  const all = tables.map((name) =>
    database.prepare(`SELECT rowid, * FROM "${name}" ORDER BY rowid`),
  )
  return {
    dump: () =>
      all.map((rows, index) => `${tables[index]}\n${JSON.stringify(rows.all())}`).join('\n'),
    value: (sql) => database.prepare(sql).pluck().get(),
    close: () => database.close(),
  }
}

/** Counts, in the database itself, every row of a table that is inserted, updated or deleted from now on. */
export function countRowChanges(file: string, table: string): () => number {
  const database = new Database(file)
  onTestFinished(() => {
    database.close()
  })
  database.exec('CREATE TABLE row_changes (n)')
  for (const change of ['INSERT', 'UPDATE', 'DELETE']) {
    database.exec(
      `CREATE TRIGGER count_${change} AFTER ${change} ON "${table}" BEGIN INSERT INTO row_changes VALUES (1); END`,
    )
  }
  return () => Number(database.prepare('SELECT count(*) FROM row_changes').pluck().get())
}
