import Database from 'better-sqlite3'

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
