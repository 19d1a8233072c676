import { rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { VARIANTS } from './people.ts'
import {
  chunksOf,
  copiesFor,
  type Copy,
  filledIn,
  makeTables,
  quoted,
  type Row,
  type Template,
  templateOf,
  type TemplateTable,
  writeTemplate,
} from './template.ts'

export function removeFile(file: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true })
}

function readTable(database: Database.Database, name: string) {
  const columns = database.pragma(`table_info("${name}")`) as {
    name: string
    type: string
    pk: number
  }[]
  const counted = columns.filter(({ type, pk }) => pk === 1 && /^integer$/i.test(type))
  const alone = counted.length === 1 && columns.filter(({ pk }) => pk > 0).length === 1
  return {
    name,
    // A key that the database counts itself is left to it.
    columns: columns
      .filter(({ pk }) => !alone || pk === 0)
      .map((column) => ({ name: column.name, type: column.type })),
    rows: database.prepare(`SELECT * FROM "${name}"`).all() as Row[],
  }
}

/** What the store writes into a file, which is gone afterwards. */
export async function sqliteTemplate(file: string): Promise<Template> {
  removeFile(file)
  await writeTemplate(`file:${file}`)
  const database = new Database(file)
  const names = database
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .pluck()
    .all() as string[]
  const tables = names.map((name) => readTable(database, name))
  const schema = database.prepare('SELECT sql FROM sqlite_master ORDER BY name').pluck().all()
  database.close()
  removeFile(file)
  return templateOf(schema, tables)
}

const staging = (name: string): string => `temp.${quoted(`load_${name}`)}`
const digits = (number: string): string => `printf('%08d', ${number})`

/** Puts the rows of the template aside. */
function stage(database: Database.Database, { name, columns, rows }: TemplateTable): void {
  const all = ['kind', 'variant', ...columns.map((column) => column.name)]
  database.exec(`CREATE TABLE ${staging(name)} (${all.map(quoted).join(', ')})`)
  const insert = database.prepare(
    `INSERT INTO ${staging(name)} VALUES (${all.map(() => '?').join(', ')})`,
  )
  for (const { kind, variant, row } of rows) {
    insert.run(kind, variant, ...columns.map((column) => row[column.name] ?? null))
  }
}

/** A statement that copies rows for the serial numbers from @from to before @to, in order. */
function copier(database: Database.Database, table: TemplateTable, copy: Copy) {
  const { name, columns } = table
  const values = columns.map((column) => filledIn(table, column.name, copy, digits))
  const variants = copy.kind === 'person' ? VARIANTS : 1
  return database.prepare(
    `WITH RECURSIVE serials(n) AS (SELECT @from UNION ALL SELECT n + 1 FROM serials WHERE n + 1 < @to)
     INSERT INTO main.${quoted(name)} (${columns.map((column) => quoted(column.name)).join(', ')})
     SELECT ${values.join(', ')} FROM serials CROSS JOIN ${staging(name)}
     WHERE kind = '${copy.kind}' AND variant = n % ${variants}`,
  )
}

/** Makes a database of so many people, in the very rows that the store wrote for the template. */
export async function loadFile(
  { tables, finish }: Template,
  file: string,
  users: number,
  groups: number,
): Promise<void> {
  removeFile(file)
  await makeTables(`file:${file}`)
  const database = new Database(file)
  // Nobody misses a database that a crash cut off half-way.
  database.pragma('journal_mode = OFF')
  database.pragma('synchronous = OFF')
  database.pragma('cache_size = -1500000')
  for (const table of tables) stage(database, table)
  for (const copy of copiesFor(users, groups)) {
    const copiers = tables
      .filter(({ rows }) => rows.some(({ kind }) => kind === copy.kind))
      .map((table) => copier(database, table, copy))
    for (const chunk of chunksOf(copy)) {
      database.transaction(() => copiers.forEach((each) => each.run(chunk)))()
    }
  }
  for (const text of finish) database.exec(text)
  database.pragma('journal_mode = WAL')
  database.close()
}
