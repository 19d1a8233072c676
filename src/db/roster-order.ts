import { and, eq, sql, type SQL } from 'drizzle-orm'
import type { Place, Sort } from '../directory/roster.ts'
import type { Engine } from './engine.ts'

/** Where a user stands on a list. */
export interface Standing {
  readonly id: string
  readonly key: string
}

interface Order {
  readonly byName: boolean
  readonly descending: boolean
}

function orderOf(sort: Sort): Order {
  return { byName: sort.endsWith('name'), descending: sort.startsWith('-') }
}

export function placeOf({ id, key }: Standing, sort: Sort): Place {
  return { id, key: orderOf(sort).byName ? key : '' }
}

/** Compares as the databases do, by code points: units of UTF-16 put what takes two of them before U+E000. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0
  let at = 0
  while (one.charCodeAt(at) === other.charCodeAt(at)) at += 1
  return (one.codePointAt(at) ?? -1) < (other.codePointAt(at) ?? -1) ? -1 : 1
}

/** Those of a list, in its order, who come after a place. */
export function sortedAfter<T extends Standing>(
  found: readonly T[],
  sort: Sort,
  after: Place | undefined,
): T[] {
  const { byName, descending } = orderOf(sort)
  const ascending = (one: Standing, other: Standing) =>
    (byName ? compareText(one.key, other.key) : 0) || compareText(one.id, other.id)
  const order = (one: Standing, other: Standing) =>
    descending ? ascending(other, one) : ascending(one, other)
  const rest = after ? found.filter((each) => order(after, each) < 0) : [...found]
  return rest.sort(order)
}

/**
 * The rows of some facets in the order of a list, from a place or the beginning, as a FROM item named `listed` with
 * `user_id` and `name_key`. Each facet is a range of an index that is in this order already, and the database merges
 * them: it reads as many rows as it is asked for, and one of each facet.
 */
export function inOrder(
  { tables }: Pick<Engine, 'tables'>,
  facets: readonly string[],
  sort: Sort,
  after: boolean,
): SQL {
  const { roster } = tables
  const { byName, descending } = orderOf(sort)
  const [key, id] = [sql.placeholder('afterKey'), sql.placeholder('afterId')]
  const than = descending ? sql`<` : sql`>`
  const place = byName
    ? sql`(${roster.nameKey}, ${roster.userId}) ${than} (${key}, ${id})`
    : sql`${roster.userId} ${than} ${id}`
  const parts = facets.map((facet) => {
    const mine = eq(roster.organisation, sql.placeholder('organisation'))
    const where = and(mine, eq(roster.facet, facet), after ? place : undefined)
    // Only what is in the index: for more SQLite would go through the users of every facet.
    const name = byName ? sql`${roster.nameKey}` : sql`''`
    return sql`SELECT ${roster.userId} AS user_id, ${name} AS name_key FROM ${roster} WHERE ${where}`
  })
  return sql`(${sql.join(parts, sql` UNION ALL `)} ORDER BY ${direction(sort)} LIMIT ${sql.placeholder('limit')}) AS listed`
}

/** The order of what `inOrder` gives. */
export function direction(sort: Sort): SQL {
  const { byName, descending } = orderOf(sort)
  const way = descending ? sql` DESC` : sql``
  return byName ? sql`name_key${way}, user_id${way}` : sql`user_id${way}`
}
