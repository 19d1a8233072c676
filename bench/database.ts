import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { openStore } from '../src/db/open.ts'
import type { Cause } from '../src/directory/event.ts'
import { DEFAULT_ORGANISATION } from '../src/directory/organisation.ts'
import { readResource } from '../src/scim/protocol/resource.ts'
import { isObject, type JsonObject } from '../src/scim/schema/attribute.ts'
import { ENTERPRISE_USER_SCHEMA } from '../src/scim/schema/enterprise-user.ts'
import { groupType, userType } from '../src/scim/schema/registry.ts'
import {
  GHOST_TOKEN,
  ghostId,
  GROUP_TOKEN,
  MANAGER_TOKEN,
  templateGroup,
  templateManager,
  templates,
  templateTokens,
  tokensInSql,
  VARIANTS,
} from './people.ts'
import { firstGroupOf, SIZED_GROUPS } from './workloads.ts'

type Value = string | number | bigint | null
type Row = Readonly<Record<string, Value>>

/** What a row of the template is copied for, each time with other serial numbers. */
type Kind = 'person' | 'group' | 'ghost'

interface TemplateTable {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly { readonly kind: Kind; readonly variant: number; readonly row: Row }[]
}

/** A moment before every run, so that a template is the same each time it is made. */
const MADE = new Date('2026-01-01T00:00:00.000Z')
const CAUSE: Cause = { actor: 'token:SCIM_TOKEN', door: 'scim', requestId: 'load' }
/** Rows that no person and no group brings: every database has its own. */
const OWN_TABLES = new Set(['organisations', '__drizzle_migrations'])
const CHUNK = 20_000

export function removeDatabase(file: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true })
}

function withManager(attributes: JsonObject): JsonObject {
  const enterprise = attributes[ENTERPRISE_USER_SCHEMA]
  return {
    ...attributes,
    [ENTERPRISE_USER_SCHEMA]: {
      ...(isObject(enterprise) ? enterprise : {}),
      manager: { value: templateManager },
    },
  }
}

/** Has the store itself make what is then copied: a person of each variant, with a manager, in a group. */
async function writeTemplate(file: string): Promise<void> {
  let id = ''
  const store = await openStore(`file:${file}`, { now: () => MADE, newId: () => id })
  const { users, groups } = store.for({ organisation: DEFAULT_ORGANISATION, localUsers: 'hidden' })
  id = templateGroup.id
  const { id: _, ...attributes } = templateGroup
  const body = { schemas: [groupType.schema.id], ...attributes }
  const group = readResource(groupType, body, () => undefined)
  await groups.create(
    { attributes: group, members: { kind: 'add', members: [] }, origin: 'scim' },
    CAUSE,
  )
  const join = (value: string) =>
    groups.update(
      templateGroup.id,
      undefined,
      (attributes) => ({ attributes, members: [{ kind: 'add', members: [{ value }] }] }),
      CAUSE,
    )
  for (const person of templates) {
    id = person.id
    const body = JSON.parse(person.body) as JsonObject
    const attributes = readResource(userType, body, () => undefined)
    // As the SCIM door fills it in.
    await users.create({ attributes: { ...attributes, active: true }, origin: 'scim' }, CAUSE)
    await users.update(person.id, undefined, withManager, CAUSE)
    await join(person.id)
  }
  await join(ghostId(GHOST_TOKEN))
  await store.close()
}

function classify(table: string, row: Row): { kind: Kind; variant: number } | undefined {
  const text = JSON.stringify(row)
  const variant = Array.from({ length: VARIANTS }, (_, index) => templateTokens(index)).findIndex(
    ({ serial, scattered }) => text.includes(serial) || text.includes(scattered),
  )
  if (variant >= 0) return { kind: 'person', variant }
  if (text.includes(GHOST_TOKEN)) return { kind: 'ghost', variant: 0 }
  if (text.includes(GROUP_TOKEN)) return { kind: 'group', variant: 0 }
  if (OWN_TABLES.has(table)) return undefined
  throw new Error(`The loader does not know what a row of ${table} is for: ${text}`)
}

function readTable(database: Database.Database, name: string): TemplateTable {
  const rows = (database.prepare(`SELECT * FROM "${name}"`).all() as Row[]).flatMap((row) => {
    const found = classify(name, row)
    return found ? [{ ...found, row }] : []
  })
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
    columns: columns.filter((column) => !alone || column.pk === 0).map((column) => column.name),
    rows,
  }
}

export interface Template {
  readonly tables: readonly TemplateTable[]
  /** Changes with the tables and with what the store writes into them. */
  readonly hash: string
}

export async function makeTemplate(file: string): Promise<Template> {
  removeDatabase(file)
  await writeTemplate(file)
  const database = new Database(file)
  const names = database
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .pluck()
    .all() as string[]
  const tables = names.map((name) => readTable(database, name))
  const schema = database.prepare('SELECT sql FROM sqlite_master ORDER BY name').pluck().all()
  database.close()
  removeDatabase(file)
  const hash = createHash('sha256')
    .update(JSON.stringify([schema, tables]))
    .digest('hex')
  return { tables: tables.filter(({ rows }) => rows.length > 0), hash: hash.slice(0, 12) }
}

/** The row of `users` that the store writes for the first template. */
export function userRowOf({ tables }: Template): Row {
  const row = tables.find(({ name }) => name === 'users')?.rows[0]?.row
  if (!row) throw new Error('The template has no user.')
  return row
}

const quoted = (name: string): string => `"${name}"`
const staging = (name: string): string => `temp.${quoted(`load_${name}`)}`

/** Puts the rows of the template aside, with one token for each thing that a copy fills in. */
function stage(database: Database.Database, { name, columns, rows }: TemplateTable): void {
  const all = ['kind', 'variant', ...columns]
  database.exec(`CREATE TABLE ${staging(name)} (${all.map(quoted).join(', ')})`)
  const insert = database.prepare(
    `INSERT INTO ${staging(name)} VALUES (${all.map(() => '?').join(', ')})`,
  )
  for (const { kind, variant, row } of rows) {
    const [from, to] = [templateTokens(variant), templateTokens(0)]
    const values = columns.map((column) => {
      const value = row[column] ?? null
      if (typeof value !== 'string') return value
      return value.replaceAll(from.serial, to.serial).replaceAll(from.scattered, to.scattered)
    })
    insert.run(kind, variant, ...values)
  }
}

/** A statement that copies the rows of a kind for the serial numbers from @from to before @to, in order. */
function copier(
  database: Database.Database,
  { name, columns }: TemplateTable,
  kind: Kind,
  fillings: Readonly<Record<string, string>>,
): (range: Record<string, number>) => void {
  const filled = columns.map((column) =>
    Object.entries(fillings).reduce(
      (text, [token, sql]) => `replace(${text}, '${token}', ${sql})`,
      quoted(column),
    ),
  )
  // What is no text stays what it was; replace() would make a text of it.
  const values = columns.map(
    (column, index) =>
      `CASE typeof(${quoted(column)}) WHEN 'text' THEN ${filled[index]} ELSE ${quoted(column)} END`,
  )
  const variants = kind === 'person' ? VARIANTS : 1
  const statement = database.prepare(
    `WITH RECURSIVE serials(n) AS (SELECT @from UNION ALL SELECT n + 1 FROM serials WHERE n + 1 < @to)
     INSERT INTO main.${quoted(name)} (${columns.map(quoted).join(', ')})
     SELECT ${values.join(', ')} FROM serials CROSS JOIN ${staging(name)}
     WHERE kind = '${kind}' AND variant = n % ${variants}`,
  )
  return (range) => void statement.run(range)
}

/** Copies all rows of a kind, table by table in chunks, so that each has the order it would have grown in. */
function copyAll(
  database: Database.Database,
  tables: readonly TemplateTable[],
  kind: Kind,
  count: number,
  fillings: Readonly<Record<string, string>>,
  done: (copied: number) => void = () => undefined,
): void {
  const copiers = tables
    .filter(({ rows }) => rows.some((row) => row.kind === kind))
    .map((table) => copier(database, table, kind, fillings))
  for (let from = 0; from < count; from += CHUNK) {
    const to = Math.min(count, from + CHUNK)
    database.transaction(() => copiers.forEach((copy) => copy({ from, to })))()
    done(to)
  }
}

export interface Load {
  readonly file: string
  readonly users: number
  /** Ordinary groups; everybody is in one of them. */
  readonly groups: number
}

/** Makes a database of so many people, in the very rows that the store wrote for the template. */
export async function loadDatabase(
  template: Template,
  { file, users, groups }: Load,
  done: (copied: number) => void,
): Promise<void> {
  removeDatabase(file)
  const store = await openStore(`file:${file}`, { now: () => MADE, newId: () => 'unused' })
  await store.close()
  const database = new Database(file)
  // Nobody misses a database that a crash cut off half-way.
  database.pragma('journal_mode = OFF')
  database.pragma('synchronous = OFF')
  database.pragma('cache_size = -1500000')
  const { tables } = template
  for (const table of tables) stage(database, table)

  const sized = SIZED_GROUPS.filter(({ fromUsers }) => users >= fromUsers)
  const allGroups = groups + sized.reduce((sum, each) => sum + each.groups, 0)
  copyAll(database, tables, 'group', allGroups, { [GROUP_TOKEN]: tokensInSql.serial })
  for (const { members, groups: count } of sized) {
    const first = firstGroupOf(members, groups)
    copyAll(database, tables, 'ghost', members * count, {
      [GROUP_TOKEN]: `printf('%08d', ${first} + n % ${count})`,
      [GHOST_TOKEN]: tokensInSql.serial,
    })
  }
  const { serial, scattered } = templateTokens(0)
  const fillings = {
    [serial]: tokensInSql.serial,
    [scattered]: tokensInSql.scattered,
    [MANAGER_TOKEN]: tokensInSql.manager,
    [GROUP_TOKEN]: `printf('%08d', n % ${groups})`,
  }
  copyAll(database, tables, 'person', users, fillings, done)
  database.pragma('journal_mode = WAL')
  database.close()
}
