import { sql, type AnyColumn, type Placeholder, type SQL } from 'drizzle-orm'
import type { ResolvedFilter } from '../scim/protocol/resolve.ts'
import type { Engine, Kind } from './engine.ts'
import { wantedValue, type Bind, type Compare } from './filter-sql.ts'

/**
 * What few resources share and an index finds. The roles and groups of users have indexes too, but half of all users may
 * be in one of them.
 */
const keys = {
  User: new Set(['id', 'userName', 'externalId', 'emails.value']),
  Group: new Set(['id', 'displayName', 'externalId', 'members.value']),
} satisfies Record<Kind, ReadonlySet<string>>

/** An equality that an index answers. */
interface Equality {
  readonly key: string
  readonly compare: Compare
}

/**
 * Equalities on keys of which each match has one: the few resources that an index finds for them are all to look at.
 * Undefined for a scan, which may have to look at everybody.
 */
export function equalitiesOf(kind: Kind, filter: ResolvedFilter): Equality[] | undefined {
  const onKey = (path: readonly string[], compare: Compare | undefined) => {
    const key = path.join('.')
    const answers = compare?.op === 'eq' && typeof compare.value === 'string' && keys[kind].has(key)
    return answers ? [{ key, compare }] : undefined
  }
  switch (filter.kind) {
    case 'and':
      return filter.terms
        .map((term) => equalitiesOf(kind, term))
        .find((equalities) => equalities !== undefined)
    case 'or': {
      const terms = filter.terms.map((term) => equalitiesOf(kind, term))
      return terms.includes(undefined) ? undefined : terms.flatMap((equalities) => equalities ?? [])
    }
    case 'compare': {
      const { at, sub } = filter.field
      return onKey(sub === undefined ? at : [...at, sub], filter)
    }
    case 'element':
      return onKey([...filter.at, 'value'], wantedValue(filter.filter))
    case 'not':
    case 'present':
      return undefined
  }
}

/**
 * Begins with those that have one of these values. Left to itself, SQLite would rather read all in the order of their
 * ids than look some up and sort them.
 */
export function amongFew(
  { tables }: Engine,
  kind: Kind,
  organisation: string | Placeholder,
  equalities: readonly Equality[],
  bind: Bind,
): SQL {
  const { users, groups, members, userValues } = tables
  const table = kind === 'User' ? users : groups
  const columns: Readonly<Record<string, AnyColumn>> = {
    id: table.id,
    externalId: table.externalId,
    userName: users.userNameKey,
    displayName: groups.displayNameKey,
  }
  const lookups = equalities.map(({ key, compare }) => {
    const value = bind(compare, String(compare.value))
    if (key === 'emails.value') {
      return sql`SELECT ${userValues.userId} FROM ${userValues} WHERE ${userValues.organisation} = ${organisation} AND ${userValues.attribute} = 'emails' AND ${userValues.valueKey} = ${value}`
    }
    if (key === 'members.value') {
      return sql`SELECT ${members.groupId} FROM ${members} WHERE ${members.organisation} = ${organisation} AND ${members.memberId} = ${value}`
    }
    return sql`SELECT ${table.id} FROM ${table} WHERE ${table.organisation} = ${organisation} AND ${columns[key]} = ${value}`
  })
  return sql`${table.id} IN (${sql.join(lookups, sql` UNION ALL `)})`
}
