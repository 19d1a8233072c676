import type { Client } from 'pg'
import { VARIANTS } from './people.ts'
import {
  chunksOf,
  copiesFor,
  type Copy,
  filledIn,
  quoted,
  type Row,
  type Template,
  templateOf,
  type TemplateTable,
} from './template.ts'

interface Column {
  readonly name: string
  readonly type: string
  /** Whether the database counts it itself. */
  readonly counted: boolean
}

const COLUMNS = `
  SELECT attname AS name, format_type(atttypid, atttypmod) AS type,
    attidentity <> '' OR pg_get_serial_sequence(attrelid::regclass::text, attname) IS NOT NULL AS counted
  FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
  ORDER BY attnum`

async function readTable(client: Client, name: string) {
  const { rows: all } = await client.query<Column>(COLUMNS, [quoted(name)])
  const columns = all.filter(({ counted }) => !counted)
  // Every value as a text, which is what tokens are filled into.
  const texts = columns.map((column) => `${quoted(column.name)}::text`)
  const { rows } = await client.query<Row>(`SELECT ${texts.join(', ')} FROM ${quoted(name)}`)
  return { name, columns: columns.map(({ name, type }) => ({ name, type })), rows }
}

/** What the store has written into a database. */
export async function postgresTemplate(client: Client): Promise<Template> {
  const { rows: names } = await client.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`,
  )
  const { rows: indexes } = await client.query(
    `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname`,
  )
  const tables: Awaited<ReturnType<typeof readTable>>[] = []
  for (const { name } of names) tables.push(await readTable(client, name))
  return templateOf(indexes, tables)
}

const staging = (name: string): string => `pg_temp.${quoted(`load_${name}`)}`
const digits = (number: string): string => `lpad((${number})::text, 8, '0')`

/** Puts the rows of the template aside. */
async function stage(client: Client, { name, columns, rows }: TemplateTable): Promise<void> {
  const texts = columns.map((column) => `${quoted(column.name)} text`)
  await client.query(
    `CREATE TABLE ${staging(name)} (place serial, kind text, variant integer, ${texts.join(', ')})`,
  )
  const all = ['kind', 'variant', ...columns.map((column) => column.name)]
  for (const { kind, variant, row } of rows) {
    await client.query(
      `INSERT INTO ${staging(name)} (${all.map(quoted).join(', ')})
       VALUES (${all.map((_, index) => `$${index + 1}`).join(', ')})`,
      [kind, variant, ...columns.map((column) => row[column.name])],
    )
  }
}

/** A statement that copies rows for the serial numbers from $1 to before $2, in order. */
function copier(table: TemplateTable, copy: Copy): string {
  const { name, columns } = table
  const values = columns.map(
    (column) => `(${filledIn(table, column.name, copy, digits)})::${column.type}`,
  )
  const variants = copy.kind === 'person' ? VARIANTS : 1
  return `
    INSERT INTO ${quoted(name)} (${columns.map((column) => quoted(column.name)).join(', ')})
    SELECT ${values.join(', ')} FROM (
      SELECT * FROM generate_series($1::bigint, $2::bigint - 1) AS n JOIN ${staging(name)}
      ON kind = '${copy.kind}' AND variant = n % ${variants} ORDER BY n, place
    ) AS copies`
}

/** Fills a database that has its tables with so many people, in the very rows that the store wrote for the template. */
export async function fillDatabase(
  client: Client,
  { tables, finish }: Template,
  users: number,
  groups: number,
): Promise<void> {
  // Nobody misses a database that a crash cut off half-way.
  await client.query(`SET synchronous_commit = off; SET work_mem = '256MB'`)
  for (const table of tables) await stage(client, table)
  for (const copy of copiesFor(users, groups)) {
    const copiers = tables
      .filter(({ rows }) => rows.some(({ kind }) => kind === copy.kind))
      .map((table) => copier(table, copy))
    for (const { from, to } of chunksOf(copy)) {
      for (const text of copiers) await client.query(text, [from, to])
    }
  }
  for (const text of finish) await client.query(text)
  // As a database is that has been in use for a while; else this work would come in the middle of a cell.
  await client.query('VACUUM (FREEZE, ANALYZE)')
  await client.query('CHECKPOINT')
}
