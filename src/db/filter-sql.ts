import { sql, type Placeholder, type SQL } from 'drizzle-orm'
import { ScimError } from '../scim/protocol/error.ts'
import type { CompareOp, CompareValue } from '../scim/protocol/filter.ts'
import type { Field, ResolvedFilter } from '../scim/protocol/resolve.ts'
import type { Engine, JsonDialect, JsonKind, Kind } from './engine.ts'

export type Compare = Extract<ResolvedFilter, { kind: 'compare' }>
/** What stands in the statement for the value of a comparison: itself, or a placeholder for it. */
export type Bind = (compare: Compare, value: string | number) => string | number | Placeholder
type Element = Extract<ResolvedFilter, { kind: 'element' }>

/** Where names are looked up: the row of a resource, or an element of an array inside its document. */
interface Source {
  readonly json: JsonDialect
  readonly document: SQL
  /** Undefined inside an element. */
  readonly row?: Row
  /** Makes a new alias for each nested FROM. */
  readonly alias: () => string
  readonly bind: Bind
}

/** What is kept outside the document: columns, and the rows of other tables. */
interface Row {
  column(field: Field): Read | undefined
  /** A condition that an index answers, for an equality on values that have rows of their own. */
  narrow(at: string, wanted: Compare): SQL | undefined
  /** Attributes that are rows only, such as members; undefined when `at` is none of them. */
  related(at: string, filter: ResolvedFilter): SQL | undefined
}

/** An absent value makes a comparison NULL, which counts as false everywhere; so this is no plain NOT. */
function not(condition: SQL): SQL {
  return sql`((${condition}) IS NOT TRUE)`
}

function join(terms: readonly SQL[], word: 'AND' | 'OR'): SQL {
  return sql`(${sql.join([...terms], sql.raw(` ${word} `))})`
}

function kindOf(value: CompareValue): JsonKind {
  if (typeof value === 'boolean') return 'boolean'
  return typeof value === 'number' ? 'number' : 'text'
}

/** A comparison of one value, bare so that an index can answer it; NULL when the value is absent. Substrings are found without LIKE, so that `%` and `_` are plain. */
function test(json: JsonDialect, actual: SQL, op: CompareOp, wanted: SQL): SQL {
  const tests: Record<CompareOp, SQL> = {
    eq: sql`${actual} = ${wanted}`,
    ne: sql`${actual} <> ${wanted}`,
    co: json.contains(actual, wanted),
    sw: sql`substr(${actual}, 1, length(${wanted})) = ${wanted}`,
    ew: sql`length(${actual}) >= length(${wanted}) AND substr(${actual}, length(${actual}) - length(${wanted}) + 1) = ${wanted}`,
    gt: sql`${actual} > ${wanted}`,
    ge: sql`${actual} >= ${wanted}`,
    lt: sql`${actual} < ${wanted}`,
    le: sql`${actual} <= ${wanted}`,
  }
  return sql`(${tests[op]})`
}

function elementsOf(source: Source, at: readonly string[], isArray: boolean, alias: string): SQL {
  const { each, eachOrOne } = source.json
  return (isArray ? each : eachOrOne)(source.document, at, alias)
}

/** Reads a value when it is of a kind, and as NULL when it is not; `any` reads it whatever it is. */
type Read = (kind: JsonKind) => SQL

/** Runs `check` over the value at a field, or over each value when the field holds several: is there one that passes? */
function anyValue(source: Source, field: Field, check: (read: Read) => SQL): SQL {
  const column = source.row?.column(field)
  if (column) return check(column)
  const { json, document } = source
  const { at, each, leaf, sub } = field
  // A schema says what type a value has; without one, a text is not to be compared with a number.
  const value = leaf.open ? json.valueIf : json.value
  if (!each) return check((kind) => value(document, at, kind))
  const alias = source.alias()
  const from = elementsOf(source, at, leaf.open !== true, alias)
  const passes = check((kind) =>
    sub === undefined ? json.scalar(alias, kind) : value(json.object(alias), [sub], kind),
  )
  return sql`EXISTS (SELECT 1 FROM ${from} WHERE ${passes})`
}

function present(source: Source, field: Field): SQL {
  return anyValue(
    source,
    field,
    (read) => sql`(${read('any')} IS NOT NULL AND ${read('any')} <> '')`,
  )
}

function compare(source: Source, filter: Compare): SQL {
  const { field, op, value } = filter
  const any = present(source, field)
  if (value === null) return op === 'eq' ? not(any) : any
  const { row } = source
  const [at, ...rest] = field.at
  if (row && op === 'eq' && field.sub === 'value' && rest.length === 0 && at !== undefined) {
    const indexed = row.narrow(at, filter)
    if (indexed) return indexed
  }
  const kind = kindOf(value)
  const bound = typeof value === 'boolean' ? value : source.bind(filter, value)
  const wanted = source.json.literal(bound, kind)
  const passes = anyValue(source, field, (read) =>
    // A value of another kind differs too.
    field.leaf.open && op === 'ne'
      ? sql`(${read('any')} IS NOT NULL AND ${read(kind)} IS DISTINCT FROM ${wanted})`
      : test(source.json, read(kind), op, wanted),
  )
  return op === 'ne' ? join([passes, not(any)], 'OR') : passes
}

/** What an element must have as its `value` for the filter to hold. */
export function wantedValue(filter: ResolvedFilter): Compare | undefined {
  if (filter.kind === 'and') {
    return filter.terms.map(wantedValue).find((value) => value !== undefined)
  }
  const named = filter.kind === 'compare' && filter.op === 'eq' && filter.field.at[0] === 'value'
  return named && typeof filter.value === 'string' ? filter : undefined
}

function element(source: Source, filter: Element): SQL {
  const alias = source.alias()
  const from = elementsOf(source, filter.at, filter.attribute.multiValued, alias)
  const inner: Source = {
    json: source.json,
    document: source.json.object(alias),
    alias: source.alias,
    bind: source.bind,
  }
  const exact = sql`EXISTS (SELECT 1 FROM ${from} WHERE ${compile(inner, filter.filter)})`
  const wanted = wantedValue(filter.filter)
  const [at] = filter.at
  const indexed =
    wanted === undefined || at === undefined ? undefined : source.row?.narrow(at, wanted)
  return indexed ? join([indexed, exact], 'AND') : exact
}

function relatedOf(source: Source, filter: ResolvedFilter): SQL | undefined {
  const at = filter.kind === 'element' ? filter.at : 'field' in filter ? filter.field.at : []
  return at[0] === undefined ? undefined : source.row?.related(at[0], filter)
}

function compile(source: Source, filter: ResolvedFilter): SQL {
  const related = relatedOf(source, filter)
  if (related) return related
  switch (filter.kind) {
    case 'and':
    case 'or':
      return join(
        filter.terms.map((term) => compile(source, term)),
        filter.kind === 'and' ? 'AND' : 'OR',
      )
    case 'not':
      return not(compile(source, filter.term))
    case 'present':
      return present(source, filter.field)
    case 'compare':
      return compare(source, filter)
    case 'element':
      return element(source, filter)
  }
}

function unsupported(what: string): never {
  throw new ScimError('invalidFilter', `Filter ${what} with eq on its value, or with pr.`)
}

/** What a filter on members or groups asks for as an id; undefined for "any". */
function relatedId(what: string, filter: ResolvedFilter): Compare | undefined {
  if (filter.kind === 'present') return undefined
  const inner = filter.kind === 'element' ? filter.filter : filter
  if (inner.kind !== 'compare' || inner.op !== 'eq' || typeof inner.value !== 'string') {
    return unsupported(what)
  }
  const name = filter.kind === 'element' ? inner.field.at[0] : inner.field.sub
  return name === 'value' ? inner : unsupported(what)
}

/** Whether users are active, where one who is held is not. */
function believedActive({ tables, json }: Engine): Read {
  const { held, search } = tables.users
  return (kind) => {
    const never = kind === 'any' ? sql`'false'` : json.literal(false, 'boolean')
    return sql`CASE WHEN ${held} IS NULL THEN ${json.value(sql`${search}`, ['active'], kind)} ELSE ${never} END`
  }
}

function rowOf(
  engine: Engine,
  kind: Kind,
  organisation: string | Placeholder,
  { bind, view }: How,
): Row {
  const { users, groups, members, userValues } = engine.tables
  const table = kind === 'User' ? users : groups
  const columns: Record<string, SQL> = {
    id: sql`${table.id}`,
    externalId: sql`${table.externalId}`,
    meta: sql`'${sql.raw(kind)}'`,
    'meta.created': sql`${table.created}`,
    'meta.lastModified': sql`${table.lastModified}`,
    'meta.resourceType': sql`'${sql.raw(kind)}'`,
    'meta.version': sql`('W/"' || ${table.version} || '"')`,
    ...(kind === 'User'
      ? { userName: sql`${users.userNameKey}` }
      : { displayName: sql`${groups.displayNameKey}` }),
  }
  const text = (compare: Compare) => bind(compare, String(compare.value))
  return {
    column(field) {
      const name = field.at.join('.')
      if (name === 'meta.location') {
        throw new ScimError('invalidFilter', 'meta.location cannot be filtered on; use id.')
      }
      if (name === 'active' && kind === 'User' && view === 'client') return believedActive(engine)
      const column = columns[name]
      return column && (() => column)
    },
    narrow(at, wanted) {
      if (kind !== 'User' || (at !== 'emails' && at !== 'roles')) return undefined
      return sql`${users.id} IN (SELECT ${userValues.userId} FROM ${userValues} WHERE ${userValues.organisation} = ${organisation} AND ${userValues.attribute} = ${at} AND ${userValues.valueKey} = ${text(wanted)})`
    },
    related(at, filter) {
      if (kind === 'Group' && at === 'members') {
        const id = relatedId('members', filter)
        return id === undefined
          ? sql`EXISTS (SELECT 1 FROM ${members} WHERE ${members.organisation} = ${organisation} AND ${members.groupId} = ${groups.id})`
          : sql`${groups.id} IN (SELECT ${members.groupId} FROM ${members} WHERE ${members.organisation} = ${organisation} AND ${members.memberId} = ${text(id)})`
      }
      if (kind === 'User' && at === 'groups') {
        const id = relatedId('groups', filter)
        return id === undefined
          ? sql`EXISTS (SELECT 1 FROM ${members} WHERE ${members.organisation} = ${organisation} AND ${members.memberId} = ${users.id})`
          : sql`${users.id} IN (SELECT ${members.memberId} FROM ${members} WHERE ${members.organisation} = ${organisation} AND ${members.groupId} = ${text(id)})`
      }
      return undefined
    },
  }
}

/** How a filter is translated: what stands for its values, and who looks, as the scope has it. */
interface How {
  readonly bind: Bind
  readonly view?: 'client' | undefined
}

/**
 * Translates a filter to a condition over the rows of `users` or `groups`. Every filter of RFC 7644 §3.4.2.2 is answered
 * in SQL; all that comes from outside is bound, as it is or through what `bind` puts in its place. Throws `invalidFilter`
 * for the few combinations no table can answer.
 */
export function filterCondition(
  engine: Engine,
  kind: Kind,
  organisation: string | Placeholder,
  filter: ResolvedFilter,
  { bind = (_, value) => value, view }: Partial<How>,
): SQL {
  const table = kind === 'User' ? engine.tables.users : engine.tables.groups
  let aliases = 0
  const source: Source = {
    json: engine.json,
    document: sql`${table.search}`,
    row: rowOf(engine, kind, organisation, { bind, view }),
    alias: () => {
      aliases += 1
      return `e${aliases}`
    },
    bind,
  }
  return compile(source, filter)
}
