import { and, asc, count, desc, eq, gt, inArray } from 'drizzle-orm'
import { DirectoryError } from '../directory/errors.ts'
import type { Cause } from '../directory/event.ts'
import type { EntraUser } from '../directory/entra-directory.ts'
import { MOST_PEOPLE } from '../directory/import.ts'
import type {
  Chosen,
  ImportOptions,
  ItemState,
  Plan,
  PlanAction,
  PlanKind,
  Plans,
  SyncOptions,
} from '../directory/plan.ts'
import type { Proposal } from '../directory/proposal.ts'
import { quote } from '../scim/protocol/error.ts'
import { chunks, record, write, type Context, type Write } from './context.ts'
import type { Db } from './engine.ts'
import { groupById } from './groups.ts'
import { carryOut, judgePerson, proposeFor } from './import.ts'
import { tenantIdOf } from './organisations.ts'
import { goneFrom, optionsOf, toItem, type ItemRow, type PlanRow } from './plan-rows.ts'
import { carryOutSync, proposeSyncOf } from './sync.ts'
import { inTurns } from './turns.ts'
import { userConflict } from './users.ts'

/** What came of a person at whom the server itself failed. */
const FAULT = 'The server failed at this person; its log says why.'
const actions = {
  create: 0,
  link: 0,
  update: 0,
  deactivate: 0,
  reactivate: 0,
  skip: 0,
  conflict: 0,
} as const
const states = { planned: 0, done: 0, changed: 0, failed: 0 } as const

/** So many may always be switched off at once, and such a part of those whom a sync is about; more is held. */
const BRAKE = { users: 10, part: 0.1 } as const

/** Up to so many are listed even if nothing happens to them. */
const LISTED_WHOLE = 1_000

export function plansOf(context: Context): Plans {
  const { engine } = context
  const { plans, planItems } = engine.tables
  const { organisation } = context.scope
  const mine = eq(plans.organisation, organisation)
  const itemsOf = (id: string) =>
    and(eq(planItems.organisation, organisation), eq(planItems.planId, id))

  async function requireTenant(db: Db): Promise<string> {
    const tenantId = await tenantIdOf(context, db)
    if (tenantId !== undefined) return tenantId
    throw new DirectoryError('conflict', 'This organisation has no Entra tenant.')
  }

  async function requirePlan(db: Db, id: string): Promise<PlanRow> {
    const [row] = await db
      .select()
      .from(plans)
      .where(and(mine, eq(plans.id, id)))
    if (row) return row
    throw new DirectoryError('notFound', `There is no plan ${quote(id)}.`)
  }

  async function toPlan(db: Db, row: PlanRow): Promise<Plan> {
    const counted = await db
      .select({ action: planItems.action, state: planItems.state, total: count() })
      .from(planItems)
      .where(itemsOf(row.id))
      .groupBy(planItems.action, planItems.state)
    const byAction: Record<PlanAction, number> = { ...actions }
    const byState: Record<ItemState, number> = { ...states }
    for (const { action, state, total } of counted) {
      byAction[action] += total
      byState[state] += total
    }
    return {
      id: row.id,
      kind: row.kind,
      options: optionsOf(row),
      held: row.held,
      state: row.state,
      created: row.created,
      actor: row.actor,
      actions: byAction,
      states: byState,
    }
  }

  async function requireOwnGroups(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const group = await groupById(context, engine.read, id)
      if (!group) throw new DirectoryError('notFound', `There is no group ${quote(id)}.`)
      if (group.origin !== 'scim') continue
      const name = quote(String(group.attributes['displayName']))
      throw new DirectoryError('conflict', `The members of ${name} come from Entra.`)
    }
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
    const { states: done } = await toPlan(tx.db, row)
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
      const tenantId = await requireTenant(tx.db)
      const options = optionsOf(row) as ImportOptions
      const proposal = await proposeFor(tx, tx.db, { person, chosen }, tenantId, options)
      return { proposal, doIt: () => carryOut(tx, person, proposal, tenantId, row.id) }
    }
    const options = optionsOf(row) as SyncOptions
    const proposal = await proposeSyncOf(tx, tx.db, item.userId ?? '', person, options)
    return { proposal, doIt: () => carryOutSync(tx, proposal) }
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

  /** Keeps a plan that was worked out. */
  function keep(
    plan: {
      readonly kind: PlanKind
      readonly options: Plan['options']
      readonly held: boolean
      readonly people: readonly {
        readonly person: EntraUser
        readonly chosen: Chosen
        readonly proposal: Proposal
      }[]
    },
    cause: Cause,
  ): Promise<Plan> {
    const { kind, options, held, people } = plan
    return write(context, cause, async (tx) => {
      const id = tx.newId()
      const made = { id, kind, held, state: 'preview' as const, created: tx.at }
      const row = { ...made, organisation, actor: cause.actor, options: JSON.stringify(options) }
      await tx.db.insert(plans).values(row)
      const items = people.map(({ person, chosen, proposal }, position) => ({
        organisation,
        planId: id,
        position,
        action: proposal.action,
        state: 'planned' as const,
        userId: proposal.userId ?? null,
        person: JSON.stringify(person),
        chosen: JSON.stringify(chosen),
        changes: JSON.stringify(proposal.changes),
        notes: JSON.stringify(proposal.notes),
        outcome: null,
      }))
      for (const chunk of chunks(items)) await tx.db.insert(planItems).values(chunk)
      await record(tx, 'plan.created', id, [
        { path: 'kind', to: kind },
        { path: 'people', to: people.length },
      ])
      return toPlan(tx.db, row)
    })
  }

  return {
    judge: async (people) => {
      const tenantId = await requireTenant(engine.read)
      return inTurns(people, async (person) => {
        const { found: _, ...judgement } = await judgePerson(context, engine.read, person, tenantId)
        return judgement
      })
    },

    async planImport(subjects, options, cause) {
      const people = [...new Map(subjects.map((subject) => [subject.person.id, subject])).values()]
      if (people.length > MOST_PEOPLE) {
        throw new DirectoryError('tooMany', `A plan holds at most ${MOST_PEOPLE} people.`)
      }
      const tenantId = await requireTenant(engine.read)
      const groups = people.flatMap(({ chosen }) => chosen.groups ?? [])
      await requireOwnGroups([...new Set([...options.groups, ...groups])])
      const proposed = await inTurns(people, async (subject) => ({
        ...subject,
        proposal: await proposeFor(context, engine.read, subject, tenantId, options),
      }))
      return keep({ kind: 'import', options, held: false, people: proposed }, cause)
    },

    async planSync(subjects, options, cause) {
      const people = await inTurns(subjects, async ({ userId, person, mappings }) => {
        const { found, ...proposal } = await proposeSyncOf(
          context,
          engine.read,
          userId,
          person,
          options,
        )
        const chosen = mappings === undefined ? {} : { mappings }
        return { person: person ?? goneFrom(found), chosen, proposal }
      })
      const off = people.filter(({ proposal }) => proposal.action === 'deactivate').length
      const held = off > Math.max(BRAKE.users, people.length * BRAKE.part)
      // Of a whole company only those are listed to whom something happens.
      const listed = people.filter(
        ({ proposal }) => people.length <= LISTED_WHOLE || proposal.action !== 'skip',
      )
      return keep({ kind: 'sync', options, held, people: listed }, cause)
    },

    async read(id) {
      const [row] = await engine.read
        .select()
        .from(plans)
        .where(and(mine, eq(plans.id, id)))
      return row && toPlan(engine.read, row)
    },

    async list(kind) {
      const rows = await engine.read
        .select()
        .from(plans)
        .where(and(mine, eq(plans.kind, kind)))
        .orderBy(desc(plans.created), desc(plans.id))
        .limit(100)
      const found: Plan[] = []
      for (const row of rows) found.push(await toPlan(engine.read, row))
      return found
    },

    async items(id, { after, limit, state, action }) {
      const rows = await engine.read
        .select()
        .from(planItems)
        .where(
          and(
            itemsOf(id),
            gt(planItems.position, after),
            state === undefined ? undefined : eq(planItems.state, state),
            action === undefined ? undefined : eq(planItems.action, action),
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
          await setState(tx, id, 'running')
          await record(tx, 'plan.started', id, [])
          return toPlan(tx.db, { ...row, state: 'running' })
        },
        id,
      ),

    release: (id, cause) =>
      write(
        context,
        cause,
        async (tx) => {
          const row = await requirePlan(tx.db, id)
          if (!row.held) return toPlan(tx.db, row)
          await tx.db
            .update(plans)
            .set({ held: false })
            .where(and(mine, eq(plans.id, id)))
          await record(tx, 'plan.released', id, [])
          return toPlan(tx.db, { ...row, held: false })
        },
        id,
      ),

    cancel: (id, cause) =>
      write(
        context,
        cause,
        async (tx) => {
          const row = await requirePlan(tx.db, id)
          if (row.state !== 'running') return toPlan(tx.db, row)
          await setState(tx, id, 'cancelled')
          await record(tx, 'plan.cancelled', id, [])
          return toPlan(tx.db, { ...row, state: 'cancelled' })
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
