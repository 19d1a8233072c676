import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Context, Write } from './context.ts'
import { columns, statement } from './statements.ts'

/** Users that the provisioning client may see, users that it may not, and groups. */
export type Tallied = 'provisioned' | 'unprovisioned' | 'groups'

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

/** Writes down that the provisioning client may see a user that it might not see before. */
export async function tallyOpened(write: Write): Promise<void> {
  await tally(write, 'unprovisioned', -1)
  await tally(write, 'provisioned', 1)
}

/** Counts a user whom the provisioning client may see no more. */
export async function tallyClosed(write: Write): Promise<void> {
  await tally(write, 'provisioned', -1)
  await tally(write, 'unprovisioned', 1)
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
