import { and, asc, desc, eq, gt, inArray, lt, ne, or, type SQL } from 'drizzle-orm'
import { DirectoryError } from '../directory/errors.ts'
import type { ImportOptions, ItemState, Plans, SyncOptions } from '../directory/plan.ts'
import { quote } from '../scim/protocol/error.ts'
import { record, write, type Context, type Write } from './context.ts'
import type { Db } from './engine.ts'
import { carryOut, giversOf, proposeFor } from './import.ts'
import { changeImport } from './import-changes.ts'
import { judgePeople, planImport, requireTenant } from './import-plans.ts'
import { mappingsIn } from './mapping-rows.ts'
import {
  kept,
  optionsOf,
  partOf,
  toItem,
  toPlan,
  toPlans,
  type ItemRow,
  type PlanRow,
} from './plan-rows.ts'
import { carryOutSync, proposeSyncOf } from './sync.ts'
import { noteStart } from './sync-state.ts'
import { userConflict } from './users.ts'

/** What came of a person at whom the server itself failed. */
const FAULT = 'The server failed at this person; its log says why.'

export function plansOf(context: Context): Plans {
  const { engine } = context
  const { plans, planItems } = engine.tables
  const { organisation } = context.scope
  const mine = eq(plans.organisation, organisation)
  const itemsOf = (id: string) =>
    and(eq(planItems.organisation, organisation), eq(planItems.planId, id))

  async function requirePlan(db: Db, id: string): Promise<PlanRow> {
    const [row] = kept(
      await db
        .select()
        .from(plans)
        .where(and(mine, eq(plans.id, id))),
    )
    if (row) return row
    throw new DirectoryError('notFound', `There is no plan ${quote(id)}.`)
  }

  /** Of plans: those that come after this one where the newest is first. */
  async function olderThan(id: string): Promise<SQL | undefined> {
    const { created } = await requirePlan(engine.read, id)
    return or(lt(plans.created, created), and(eq(plans.created, created), lt(plans.id, id)))
  }

  async function setState(tx: Write, id: string, state: PlanRow['state']): Promise<void> {
    await tx.db
      .update(plans)
      .set({ state })
      .where(and(mine, eq(plans.id, id)))
  }

  /** The next person of a running plan; finishes the plan when there is none. */
  async function nextOf(
    tx: Write,
    id: string,
  ): Promise<{ row: PlanRow; item: ItemRow } | undefined> {
    const row = await requirePlan(tx.db, id)
    if (row.state !== 'running') return undefined
    const [item] = await tx.db
      .select()
      .from(planItems)
      .where(and(itemsOf(id), eq(planItems.state, 'planned')))
      .orderBy(asc(planItems.position))
      .limit(1)
    if (item) return { row, item }
    await setState(tx, id, 'finished')
    const { states: done } = await toPlan(tx, tx.db, row)
    await record(tx, 'plan.finished', id, [{ path: 'states', to: { ...done } }])
    return undefined
  }

  /** Writes down what came of a person; false when somebody else has meanwhile. */
  async function settle(
    db: Db,
    { planId, position }: ItemRow,
    result: { readonly state: ItemState; readonly userId?: string; readonly outcome?: string },
  ): Promise<boolean> {
    const { state, userId, outcome } = result
    const settled = await db
      .update(planItems)
      .set({ state, outcome: outcome ?? null, ...(userId === undefined ? {} : { userId }) })
      .where(and(itemsOf(planId), eq(planItems.position, position), eq(planItems.state, 'planned')))
      .returning({ position: planItems.position })
    return settled.length > 0
  }

  /** What a plan would do with a person now, and how. */
  async function proposeNow(tx: Write, row: PlanRow, item: ItemRow) {
    const { person, chosen } = toItem(item)
    if (row.kind === 'import') {
      const tenantId = await requireTenant(tx, tx.db)
      const options = optionsOf(row) as ImportOptions
      const givers = await giversOf(tx, tx.db, options)
      const proposal = await proposeFor(tx, tx.db, { person, chosen }, tenantId, options, givers)
      return { proposal, doIt: () => carryOut(tx, person, proposal, tenantId, row.id) }
    }
    const options = optionsOf(row) as SyncOptions
    const subject = { userId: item.userId ?? '', person, ...partOf(chosen) }
    const mappings = chosen.mappings ? await mappingsIn(tx, tx.db) : []
    const proposal = await proposeSyncOf(tx, tx.db, subject, options, mappings)
    return { proposal, doIt: () => carryOutSync(tx, proposal, row.id) }
  }

  /** Does with a person what the plan says, if that is still what would be proposed. */
  async function apply(tx: Write, row: PlanRow, item: ItemRow): Promise<void> {
    const { proposal, doIt } = await proposeNow(tx, row, item)
    const same =
      proposal.action === item.action &&
      (proposal.userId ?? null) === item.userId &&
      JSON.stringify(proposal.changes) === item.changes
    if (!same) {
      const outcome = `What is here has changed since: it would be ${proposal.action} now.`
      await settle(tx.db, item, { state: 'changed', outcome })
      return
    }
    if (proposal.action === 'conflict') {
      const outcome = 'An administrator has to decide who this is; then import the person again.'
      await settle(tx.db, item, { state: 'failed', outcome })
      return
    }
    const user = await doIt()
    await settle(tx.db, item, { state: 'done', ...(user ? { userId: user.id } : {}) })
  }

  return {
    judge: (people) => judgePeople(context, people),

    planImport: (subjects, options, cause, instead) =>
      planImport(context, subjects, options, cause, instead),

    changeImport: (id, people, cause) => changeImport(context, id, people, cause),

    async propose(subject, options) {
      const tenantId = await requireTenant(context, engine.read)
      const givers = await giversOf(context, engine.read, options)
      const { found: _, ...proposal } = await proposeFor(
        context,
        engine.read,
        subject,
        tenantId,
        options,
        givers,
      )
      return proposal
    },

    async read(id) {
      const [row] = kept(
        await engine.read
          .select()
          .from(plans)
          .where(and(mine, eq(plans.id, id))),
      )
      return row && toPlan(context, engine.read, row)
    },

    async list(kind, limit = 100, before) {
      const earlier = before === undefined ? undefined : await olderThan(before)
      const rows = await engine.read
        .select()
        .from(plans)
        .where(and(mine, eq(plans.kind, kind), earlier))
        .orderBy(desc(plans.created), desc(plans.id))
        .limit(limit)
      return toPlans(context, engine.read, kept(rows))
    },

    async items(id, { after, limit, state, action, but }) {
      const rows = await engine.read
        .select()
        .from(planItems)
        .where(
          and(
            itemsOf(id),
            gt(planItems.position, after),
            state === undefined ? undefined : eq(planItems.state, state),
            action === undefined ? undefined : eq(planItems.action, action),
            but === undefined ? undefined : ne(planItems.action, but),
          ),
        )
        .orderBy(asc(planItems.position))
        .limit(limit)
      return rows.map(toItem)
    },

    start: (id, cause) =>
      write(
        context,
        cause,
        async (tx) => {
          const row = await requirePlan(tx.db, id)
          if (row.state === 'running') {
            throw new DirectoryError('conflict', 'This plan is being carried out already.')
          }
          if (row.held) {
            throw new DirectoryError(
              'conflict',
              'This plan would switch off so many users that it is held: look at it, and release it if it is right.',
            )
          }
          await tx.db
            .update(planItems)
            .set({ state: 'planned', outcome: null })
            .where(and(itemsOf(id), inArray(planItems.state, ['failed'])))
          if (row.kind === 'sync') await noteStart(tx, row)
          await setState(tx, id, 'running')
          await record(tx, 'plan.started', id, [])
          return toPlan(tx, tx.db, { ...row, state: 'running' })
        },
        id,
      ),

    release: (id, cause) =>
      write(
        context,
        cause,
        async (tx) => {
          const row = await requirePlan(tx.db, id)
          if (!row.held) return toPlan(tx, tx.db, row)
          await tx.db
            .update(plans)
            .set({ held: false })
            .where(and(mine, eq(plans.id, id)))
          await record(tx, 'plan.released', id, [])
          return toPlan(tx, tx.db, { ...row, held: false })
        },
        id,
      ),

    cancel: (id, cause) =>
      write(
        context,
        cause,
        async (tx) => {
          const row = await requirePlan(tx.db, id)
          // A preview is there to be started or given up; a sync that nobody holds back says nothing of itself.
          const waits = (row.held || row.kind === 'import') && row.state === 'preview'
          if (row.state !== 'running' && !waits) return toPlan(tx, tx.db, row)
          await setState(tx, id, 'cancelled')
          await record(tx, 'plan.cancelled', id, [])
          return toPlan(tx, tx.db, { ...row, state: 'cancelled' })
        },
        id,
      ),

    async applyNext(id, cause) {
      let current: ItemRow | undefined
      try {
        return await write(
          context,
          cause,
          async (tx) => {
            current = undefined
            const next = await nextOf(tx, id)
            current = next?.item
            if (!next) return false
            await apply(tx, next.row, next.item)
            return true
          },
          id,
        )
      } catch (error) {
        const item = current
        if (!item || engine.isUnavailable(error)) throw error
        const known = userConflict(context, error)
        const told = known instanceof DirectoryError
        if (told && known.code === 'unavailable') throw error
        const outcome = told ? known.message : FAULT
        const settled = await engine.transaction(
          (db) => settle(db, item, { state: 'failed', outcome }),
          id,
        )
        // A fault is told once, to whoever carries the plan out; then the next person has a turn.
        if (told || !settled) return true
        throw error
      }
    },
  }
}
