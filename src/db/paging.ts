import { and, asc, count, eq, gt, gte, inArray, sql, type Placeholder, type SQL } from 'drizzle-orm'
import type { Query } from '../directory/store.ts'
import type { ResolvedFilter } from '../scim/protocol/resolve.ts'
import type { Context } from './context.ts'
import type { Kind } from './engine.ts'
import { amongFew, equalitiesOf } from './filter-reach.ts'
import { comparisonsOf, shapeOf } from './filter-shape.ts'
import { filterCondition, type Bind } from './filter-sql.ts'
import { Positions } from './positions.ts'
import { statement, type Built } from './statements.ts'
import { tallied, type Tallied } from './tallies.ts'

/** A kind of resource as it is listed. */
export interface Listed {
  readonly kind: Kind
  /** Who looks, as the scope has it. */
  readonly view?: 'client' | undefined
  /** What a list without a filter holds. */
  readonly tallied: readonly Tallied[]
  /** Which rows may be shown, besides that they belong to the organisation; undefined for all of them. */
  readonly shown: SQL | undefined
  /** The rows of a condition in the order of their ids; so many of them, if that is given. */
  select(where: SQL | undefined, size?: Placeholder): Built
}

interface Found<Row> {
  readonly total: number
  readonly rows: readonly Row[]
}

const positions = new WeakMap<object, Positions>()

function positionsOf({ engine }: Context): Positions {
  const known = positions.get(engine) ?? new Positions()
  positions.set(engine, known)
  return known
}

const organisation = sql.placeholder('organisation')

function tableOf({ engine }: Context, { kind }: Listed) {
  return kind === 'User' ? engine.tables.users : engine.tables.groups
}

function where(context: Context, listed: Listed, condition?: SQL): SQL | undefined {
  return and(eq(tableOf(context, listed).organisation, organisation), listed.shown, condition)
}

/** What tells the statements and the places of one list from those of others. */
function nameOf({ kind, view, tallied }: Listed): string {
  return [kind, view, ...tallied].join(' ')
}

function run<Row>(
  context: Context,
  listed: Listed,
  name: string,
  values: object,
  build: () => Built,
) {
  const { engine, scope } = context
  const prepared = statement<Row>(engine, engine.read, `${nameOf(listed)} ${name}`, build)
  return prepared({ organisation: scope.organisation, ...values })
}

/** The rows of a page, whose ids are found first: in an index where there is one, before any wide row is read. */
function rowsOf<Row>(
  context: Context,
  listed: Listed,
  { startIndex, count: size }: Query,
  found: { readonly name: string; readonly values: object; condition(): SQL | undefined },
): Promise<Row[]> {
  const table = tableOf(context, listed)
  const values = { ...found.values, size, offset: startIndex - 1 }
  return run<Row>(context, listed, `page ${found.name}`, values, () => {
    const ids = context.engine.read
      .select({ id: table.id })
      .from(table)
      .where(where(context, listed, found.condition()))
      .orderBy(asc(table.id))
      .limit(sql.placeholder('size'))
      .offset(sql.placeholder('offset'))
    return listed.select(and(eq(table.organisation, organisation), inArray(table.id, ids)))
  })
}

/** A page of all rows, oldest first. A place that is known is gone to; any other is counted to in a narrow index. */
export async function pageOfAll<Row extends { readonly id: string }>(
  context: Context,
  listed: Listed,
  query: Query,
): Promise<Found<Row>> {
  const { startIndex, count: size } = query
  const tally = await tallied(context, listed.tallied)
  const { total } = tally
  if (size === 0 || startIndex > total) return { total, rows: [] }
  const list = `${nameOf(listed)} ${context.scope.organisation}`
  const known = positionsOf(context)
  const place = known.find(list, startIndex, tally)
  const { id } = tableOf(context, listed)
  const reach = place?.after ? gt : gte
  const rows = place
    ? await run<Row>(context, listed, reach.name, { id: place.id, size }, () =>
        listed.select(
          where(context, listed, reach(id, sql.placeholder('id'))),
          sql.placeholder('size'),
        ),
      )
    : await rowsOf<Row>(context, listed, query, {
        name: 'of all',
        values: {},
        condition: () => undefined,
      })
  known.note(
    list,
    startIndex,
    rows.map((row) => row.id),
    tally,
  )
  return { total, rows }
}

/** A page of what a filter finds that no index answers: all are looked at beside whatever else is asked. */
async function pageOfScan<Row>(
  context: Context,
  listed: Listed,
  { startIndex, count: size }: Query,
  filter: ResolvedFilter,
): Promise<Found<Row>> {
  const { engine, scope } = context
  const { kind, shown, view } = listed
  const table = tableOf(context, listed)
  const mine = eq(table.organisation, scope.organisation)
  const { total, ids } = await engine.scan({
    organisation: scope.organisation,
    kind,
    where: and(mine, shown, filterCondition(engine, kind, scope.organisation, filter, { view })),
    startIndex,
    count: size,
  })
  if (ids.length === 0) return { total, rows: [] }
  // As many as fit on the page, some of them twice, so that one statement serves every page of this size.
  const names = Array.from({ length: size }, (_, index) => `id${index}`)
  const values = Object.fromEntries(names.map((name, index) => [name, ids[index] ?? ids[0]]))
  const rows = await run<Row>(context, listed, `page of ${size} known`, values, () => {
    const known = names.map((name) => sql.placeholder(name))
    return listed.select(where(context, listed, inArray(table.id, known)))
  })
  return { total, rows }
}

/** A page of what a filter finds, oldest first; one statement serves all filters of a shape. */
export async function pageOfFilter<Row>(
  context: Context,
  listed: Listed,
  query: Query,
  filter: ResolvedFilter,
): Promise<Found<Row>> {
  const { engine } = context
  const { kind, view } = listed
  const equalities = equalitiesOf(kind, filter)
  if (!equalities) return pageOfScan(context, listed, query, filter)
  const comparisons = comparisonsOf(filter)
  const bind: Bind = (compare) => sql.placeholder(`value${comparisons.indexOf(compare)}`)
  const found = {
    name: shapeOf(filter),
    values: Object.fromEntries(comparisons.map(({ value }, index) => [`value${index}`, value])),
    condition: () =>
      and(
        amongFew(engine, kind, organisation, equalities, bind),
        filterCondition(engine, kind, organisation, filter, { bind, view }),
      ),
  }
  const rows = query.count === 0 ? [] : await rowsOf<Row>(context, listed, query, found)
  // All there is, as with Entra's matching.
  if (query.startIndex === 1 && rows.length < query.count) return { total: rows.length, rows }
  const [counted] = await run<{ total: number }>(
    context,
    listed,
    `count ${found.name}`,
    found.values,
    () =>
      engine.read
        .select({ total: sql<number>`CAST(${count()} AS integer)`.as('total') })
        .from(tableOf(context, listed))
        .where(where(context, listed, found.condition())),
  )
  return { total: counted?.total ?? 0, rows }
}
