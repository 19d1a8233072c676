import { and, eq, gt, inArray, lt, sql, type Placeholder, type SQL } from 'drizzle-orm'
import { isGone } from '../directory/held.ts'
import { isActive, type User } from '../directory/user.ts'
import type { Context, Write } from './context.ts'
import type { Db, Engine } from './engine.ts'
import { columns, statement } from './statements.ts'

/** Users that the provisioning client may see, users that it may not, users that it has deleted and that are held, */
export type Tallied =
  | 'provisioned'
  | 'unprovisioned'
  | 'departing'
  /** those whom provisioning looks after and who are not active, */
  | 'inactive'
  /** groups, */
  | 'groups'
  /** and the users of a facet. */
  | `user ${string}`

/** What an organisation has of a kind. Two tallies with the same `changes` were taken of the same rows. */
export interface Tally {
  readonly total: number
  readonly changes: number
}

/** Writes down that there are more, or fewer, rows of a kind. */
export async function tally(write: Write, kind: Tallied, by: 1 | -1): Promise<void> {
  const { db, engine, scope } = write
  const { tallies } = engine.tables
  const count = statement(engine, db, 'tally', () =>
    db
      .insert(tallies)
      .values({
        organisation: sql.placeholder('organisation'),
        kind: sql.placeholder('kind'),
        part: engine.part,
        total: sql.placeholder('by'),
        changes: 1,
      })
      .onConflictDoUpdate({
        target: [tallies.organisation, tallies.kind, tallies.part],
        set: {
          total: sql`${tallies.total} + excluded.total`,
          changes: sql`${tallies.changes} + 1`,
        },
      }),
  )
  await count({ organisation: scope.organisation, kind, by })
}

type Counted = Pick<User, 'provisioned' | 'held' | 'attributes'>

/** The tallies that a user is part of. */
function talliesOf(user: Counted | undefined): Tallied[] {
  if (!user) return []
  const place = isGone(user) ? 'departing' : user.provisioned ? 'provisioned' : 'unprovisioned'
  return user.provisioned && !isActive(user.attributes) ? [place, 'inactive'] : [place]
}

/** Writes down what a change makes of a user; undefined is before it was there, and after it is gone. */
export async function tallyUser(
  write: Write,
  before: Counted | undefined,
  after: Counted | undefined,
): Promise<void> {
  const [were, are] = [talliesOf(before), talliesOf(after)]
  for (const kind of were) if (!are.includes(kind)) await tally(write, kind, -1)
  for (const kind of are) if (!were.includes(kind)) await tally(write, kind, 1)
}

/** How many rows of these kinds there are; no row is looked at for it. */
export async function tallied(
  { engine, scope }: Context,
  kinds: readonly Tallied[],
): Promise<Tally> {
  const { tallies } = engine.tables
  const sum = statement<Tally>(engine, engine.read, `tallied ${kinds.join()}`, () =>
    engine.read
      .select(
        columns({
          total: sql`CAST(coalesce(sum(${tallies.total}), 0) AS integer)`,
          changes: sql`CAST(coalesce(sum(${tallies.changes}), 0) AS integer)`,
        }),
      )
      .from(tallies)
      .where(
        and(
          eq(tallies.organisation, sql.placeholder('organisation')),
          inArray(tallies.kind, [...kinds]),
        ),
      ),
  )
  const [found] = await sum({ organisation: scope.organisation })
  return found ?? { total: 0, changes: 0 }
}

/** How many users there are of each facet that somebody is, or was, of. */
export async function talliedFacets({
  engine,
  scope,
}: Context): Promise<{ facet: string; total: number }[]> {
  const { tallies } = engine.tables
  const before: Tallied = 'user '
  const sums = statement<{ facet: string; total: number }>(
    engine,
    engine.read,
    'tallied facets',
    () =>
      engine.read
        .select(
          columns({
            facet: sql`substr(${tallies.kind}, ${before.length + 1})`,
            total: sql`CAST(sum(${tallies.total}) AS integer)`,
          }),
        )
        .from(tallies)
        .where(
          and(
            eq(tallies.organisation, sql.placeholder('organisation')),
            gt(tallies.kind, before),
            lt(tallies.kind, `${before}~`),
          ),
        )
        .groupBy(tallies.kind),
  )
  return sums({ organisation: scope.organisation })
}

/** How many users whom provisioning looks after are active, as a part of a statement. */
export function activeUsers({ tables }: Engine, db: Db, organisation: Placeholder): SQL {
  const { tallies } = tables
  const inactive: Tallied = 'inactive'
  const all: Tallied[] = ['provisioned', 'departing', inactive]
  const total = db
    .select({
      total: sql`sum(CASE ${tallies.kind} WHEN ${inactive} THEN -${tallies.total} ELSE ${tallies.total} END)`,
    })
    .from(tallies)
    .where(and(eq(tallies.organisation, organisation), inArray(tallies.kind, all)))
  return sql`CAST(coalesce(${total}, 0) AS integer)`
}
