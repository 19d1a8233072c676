import { and, asc, eq, gt, ne } from 'drizzle-orm'
import { DirectoryError } from '../directory/errors.ts'
import type { Change } from '../directory/event.ts'
import { attemptOf, type Syncs } from '../directory/sync-state.ts'
import { quote } from '../scim/protocol/error.ts'
import { astray } from './astray.ts'
import type { Context } from './context.ts'
import { mappingsIn } from './mapping-rows.ts'
import { plansOf } from './plans.ts'
import { settingOf } from './settings.ts'
import { planSync, proposeFor } from './sync-plans.ts'
import { changeSyncState, minutesAfter, SYNC_STATE, syncStateOf } from './sync-state.ts'

export function syncsOf(context: Context): Syncs {
  const { engine, scope, now } = context
  const { organisation } = scope
  const { plans, planItems, syncStates, users } = engine.tables
  const all = plansOf(context)

  /** Moves the time of the next run, if it is still this one. */
  function move(due: string, to: string | null): Promise<boolean> {
    return engine.transaction(async (db) => {
      const moved = await db
        .update(syncStates)
        .set({ due: to })
        .where(and(eq(syncStates.organisation, organisation), eq(syncStates.due, due)))
        .returning({ organisation: syncStates.organisation })
      return moved.length > 0
    }, SYNC_STATE)
  }

  return {
    state: () => syncStateOf(context, engine.read),

    async propose(subject, options) {
      const mappings = await mappingsIn(context, engine.read)
      const found = await proposeFor(context, subject, options, mappings)
      if (found) return found
      throw new DirectoryError('notFound', `There is no user ${quote(subject.userId)}.`)
    },

    async plan(run, cause) {
      const id = await planSync(context, run, cause)
      return id === undefined ? undefined : all.read(id)
    },

    async unsettled({ planId, tenantId }, after, limit) {
      const rows = await engine.read
        .select({
          position: planItems.position,
          userId: users.id,
          objectId: users.linkObject,
          state: planItems.state,
          action: planItems.action,
          changes: planItems.changes,
        })
        .from(planItems)
        .innerJoin(
          users,
          and(eq(users.organisation, planItems.organisation), eq(users.id, planItems.userId)),
        )
        .where(
          and(
            eq(planItems.organisation, organisation),
            eq(planItems.planId, planId),
            gt(planItems.position, after),
            ne(planItems.state, 'done'),
            ne(planItems.action, 'skip'),
            eq(users.linkTenant, tenantId),
          ),
        )
        .orderBy(asc(planItems.position))
        .limit(limit)
      return rows.flatMap(({ position, userId, objectId, state, action, changes }) => {
        if (objectId === null) return []
        if (state !== 'failed') return [{ position, userId, objectId }]
        // Written by the store, from this very type.
        const attempt = { action, changes: JSON.parse(changes) as Change[] }
        return [{ position, userId, objectId, failed: attemptOf(attempt) }]
      })
    },

    astray: (which) => astray(context, which),

    async isBusy() {
      const [running] = await engine.read
        .select({ id: plans.id })
        .from(plans)
        .where(
          and(
            eq(plans.organisation, organisation),
            eq(plans.kind, 'sync'),
            eq(plans.state, 'running'),
          ),
        )
        .limit(1)
      if (running) return true
      const { lastPlan } = await syncStateOf(context, engine.read)
      const last = lastPlan === undefined ? undefined : await all.read(lastPlan)
      return last?.held === true && last.state === 'preview'
    },

    async claim(due) {
      const sync = await settingOf(context, engine.read, 'sync')
      const every = sync?.every
      const next = every === undefined ? undefined : minutesAfter(now().toISOString(), every)
      return (await move(due, next ?? null)) ? next : undefined
    },

    postpone: async (due, to) => ((await move(due, to)) ? to : undefined),

    fail: (began, problem) =>
      engine.transaction(
        (db) => changeSyncState({ engine, scope, db }, { lastRun: began, problem }),
        SYNC_STATE,
      ),
  }
}
