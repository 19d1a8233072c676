import { and, eq, gt, isNotNull, lte } from 'drizzle-orm'
import type { DueSync, SyncState } from '../directory/sync-state.ts'
import type { Context, Write } from './context.ts'
import type { Db, Tables } from './engine.ts'
import type { PlanRow } from './plan-rows.ts'

type Row = Tables['syncStates']['$inferSelect']

/** What changes of where a sync stands; what is not named stays. */
type Changed = Partial<Omit<Row, 'organisation'>>

/** What waits for the same row, in one process. */
export const SYNC_STATE = 'sync-state'

const MINUTE = 60_000

/** A time so many minutes after another. */
export function minutesAfter(at: string, minutes: number): string {
  return new Date(Date.parse(at) + minutes * MINUTE).toISOString()
}

/** Where the sync of the organisation stands. */
export async function syncStateOf({ engine, scope }: Context, db: Db): Promise<SyncState> {
  const { syncStates } = engine.tables
  const [row] = await db
    .select()
    .from(syncStates)
    .where(eq(syncStates.organisation, scope.organisation))
  if (!row) return {}
  const { deltaLink, compared, due, lastRun, lastPlan, problem } = row
  return {
    ...(deltaLink === null ? {} : { link: deltaLink }),
    ...(compared === null ? {} : { compared }),
    ...(due === null ? {} : { due }),
    ...(lastRun === null ? {} : { lastRun }),
    ...(lastPlan === null ? {} : { lastPlan }),
    ...(problem === null ? {} : { problem }),
  }
}

/** Changes where the sync of the organisation stands; no event. */
export async function changeSyncState(
  { engine, scope, db }: Pick<Write, 'engine' | 'scope' | 'db'>,
  changed: Changed,
): Promise<void> {
  const { syncStates } = engine.tables
  await db
    .insert(syncStates)
    .values({ organisation: scope.organisation, ...changed })
    .onConflictDoUpdate({ target: syncStates.organisation, set: changed })
}

/** Lets the sync run by itself every so many minutes, at once where it did not, or with undefined no more. */
export async function reschedule(tx: Write, every: number | undefined): Promise<void> {
  if (every === undefined) return changeSyncState(tx, { due: null })
  const { due = tx.at } = await syncStateOf(tx, tx.db)
  const latest = minutesAfter(tx.at, every)
  return changeSyncState(tx, { due: due < latest ? due : latest })
}

/**
 * Notes that a plan begins to be carried out. Where Entra was asked again since the plan was made, the plan may bring back
 * what was so then, and Entra will not name those people again: everybody is compared next time.
 */
export async function noteStart(tx: Write, { created }: PlanRow): Promise<void> {
  const { syncStates } = tx.engine.tables
  await tx.db
    .update(syncStates)
    .set({ deltaLink: null })
    .where(and(eq(syncStates.organisation, tx.scope.organisation), gt(syncStates.lastRun, created)))
}

/** The runs of all organisations that are due. */
export async function dueSyncs({
  engine,
  now,
}: Pick<Context, 'engine' | 'now'>): Promise<DueSync[]> {
  const { syncStates } = engine.tables
  const rows = await engine.read
    .select({ organisation: syncStates.organisation, due: syncStates.due })
    .from(syncStates)
    .where(and(isNotNull(syncStates.due), lte(syncStates.due, now().toISOString())))
  return rows.flatMap(({ organisation, due }) => (due === null ? [] : [{ organisation, due }]))
}
