import { createHash } from 'node:crypto'
import { openStore } from '../src/db/open.ts'
import type { Cause } from '../src/directory/event.ts'
import { DEFAULT_ORGANISATION } from '../src/directory/organisation.ts'
import { DEFAULT_BRAKE } from '../src/directory/settings.ts'
import { readResource } from '../src/scim/protocol/resource.ts'
import { isObject, type JsonObject } from '../src/scim/schema/attribute.ts'
import { ENTERPRISE_USER_SCHEMA } from '../src/scim/schema/enterprise-user.ts'
import { groupType, userType } from '../src/scim/schema/registry.ts'
import {
  GHOST_TOKEN,
  ghostId,
  GROUP_TOKEN,
  MANAGER_TOKEN,
  numbersInSql,
  templateGroup,
  templateManager,
  templates,
  templateTokens,
  VARIANTS,
} from './people.ts'
import { firstGroupOf, SIZED_GROUPS } from './workloads.ts'

/*
 * How a database of any size is made: the store writes a few people, and the rows it wrote are copied in SQL, each time
 * with other serial numbers. What it wrote and what is copied is the same on every engine.
 */

export type Value = string | number | bigint | null
export type Row = Readonly<Record<string, Value>>

/** What a row of the template is copied for. */
type Kind = 'person' | 'group' | 'ghost'

export interface TemplateRow {
  readonly kind: Kind
  readonly variant: number
  readonly row: Row
}

export interface TemplateTable {
  readonly name: string
  /** Those whose values are copied, with their types. */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly TemplateRow[]
}

export interface Template {
  readonly tables: readonly TemplateTable[]
  /** What is run when all rows have been copied. */
  readonly finish: readonly string[]
  /** Changes with the tables and with what the store writes into them. */
  readonly hash: string
}

/** A moment before every run, so that a template is the same each time it is made. */
const MADE = new Date('2026-01-01T00:00:00.000Z')
const CAUSE: Cause = { actor: 'token:SCIM_TOKEN', door: 'scim', requestId: 'load' }
/** Rows that no person and no group brings: every database has its own. */
const OWN_TABLES = new Set(['organisations', '__drizzle_migrations', 'tallies'])

/** Counts what was copied, as the store does with each write. */
const TALLY = `
  INSERT INTO tallies (organisation, kind, part, total, changes)
  SELECT organisation, CASE WHEN provisioned THEN 'provisioned' ELSE 'unprovisioned' END AS kind, 0, count(*), count(*)
  FROM users GROUP BY organisation, provisioned
  UNION ALL SELECT organisation, 'user ' || facet, 0, count(*), count(*) FROM roster GROUP BY organisation, facet
  UNION ALL SELECT organisation, 'groups', 0, count(*), count(*) FROM groups GROUP BY organisation`

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
export async function writeTemplate(url: string): Promise<void> {
  let id = ''
  const store = await openStore(url, { now: () => MADE, newId: () => id })
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

/** Makes the tables of an empty database, in which everybody may be switched off at once. */
export async function makeTables(url: string): Promise<void> {
  const store = await openStore(url, { now: () => MADE, newId: () => 'unused' })
  const { settings } = store.for({ organisation: DEFAULT_ORGANISATION, localUsers: 'hidden' })
  await settings.change('brake', { ...DEFAULT_BRAKE, percent: 100 }, CAUSE)
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

/** A row with the tokens of the first variant, whichever it is of. */
function alike(variant: number, row: Row): Row {
  const [from, to] = [templateTokens(variant), templateTokens(0)]
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      typeof value === 'string'
        ? value.replaceAll(from.serial, to.serial).replaceAll(from.scattered, to.scattered)
        : value,
    ]),
  )
}

/** What the store wrote, sorted by what it is copied for. */
export function templateOf(
  schema: unknown,
  tables: readonly (Omit<TemplateTable, 'rows'> & { readonly rows: readonly Row[] })[],
): Template {
  const sorted = tables.map(({ name, columns, rows }) => ({
    name,
    columns,
    rows: rows.flatMap((row) => {
      const found = classify(name, row)
      return found ? [{ ...found, row: alike(found.variant, row) }] : []
    }),
  }))
  const hash = createHash('sha256')
    .update(JSON.stringify([schema, sorted]))
    .digest('hex')
  return {
    tables: sorted.filter(({ rows }) => rows.length > 0),
    finish: tables.some(({ name }) => name === 'tallies') ? [TALLY] : [],
    hash: hash.slice(0, 12),
  }
}

/** The row of `users` that the store writes for the first template. */
export function userRowOf({ tables }: Template): Row {
  const row = tables.find(({ name }) => name === 'users')?.rows[0]?.row
  if (!row) throw new Error('The template has no user.')
  return row
}

/** How often the rows of a kind are copied. */
export interface Copy {
  readonly kind: Kind
  readonly count: number
  /** The number whose eight digits take the place of a token, as SQL over a serial number `n`. */
  readonly fillings: Readonly<Record<string, string>>
}

/** What makes a database of so many people; everybody is in one of the ordinary groups. */
export function copiesFor(users: number, groups: number): Copy[] {
  const sized = SIZED_GROUPS.filter(({ fromUsers }) => users >= fromUsers)
  const allGroups = groups + sized.reduce((sum, each) => sum + each.groups, 0)
  const { serial, scattered } = templateTokens(0)
  return [
    { kind: 'group', count: allGroups, fillings: { [GROUP_TOKEN]: numbersInSql.serial } },
    ...sized.map(
      ({ members, groups: count }): Copy => ({
        kind: 'ghost',
        count: members * count,
        fillings: {
          [GROUP_TOKEN]: `${firstGroupOf(members, groups)} + n % ${count}`,
          [GHOST_TOKEN]: numbersInSql.serial,
        },
      }),
    ),
    {
      kind: 'person',
      count: users,
      fillings: {
        [serial]: numbersInSql.serial,
        [scattered]: numbersInSql.scattered,
        [MANAGER_TOKEN]: numbersInSql.manager,
        [GROUP_TOKEN]: `n % ${groups}`,
      },
    },
  ]
}

export const quoted = (name: string): string => `"${name}"`

/** The value of a column in a copy, as SQL: what stands in the template with the tokens that are in it filled in. */
export function filledIn(
  { rows }: TemplateTable,
  column: string,
  { kind, fillings }: Copy,
  digits: (number: string) => string,
): string {
  const texts = rows.flatMap(({ kind: of, row }) => (of === kind ? [String(row[column])] : []))
  return Object.entries(fillings)
    .filter(([token]) => texts.some((text) => text.includes(token)))
    .reduce(
      (text, [token, number]) => `replace(${text}, '${token}', ${digits(number)})`,
      quoted(column),
    )
}

/** Serial numbers that are copied at a time, table by table, so that each has the order it would have grown in. */
const CHUNK = 20_000

export function* chunksOf({ count }: Copy): Generator<{ from: number; to: number }, void> {
  for (let from = 0; from < count; from += CHUNK) yield { from, to: Math.min(count, from + CHUNK) }
}
