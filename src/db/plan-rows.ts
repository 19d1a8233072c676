import { and, count, eq, inArray } from 'drizzle-orm'
import type { EntraUser } from '../directory/entra-directory.ts'
import type { Change } from '../directory/event.ts'
import type { MappedPart } from '../directory/mapped.ts'
import type { Chosen, ItemState, Plan, PlanAction, PlanItem, PlanState } from '../directory/plan.ts'
import type { RunningPlan } from '../directory/store.ts'
import { displayName, userName, type User } from '../directory/user.ts'
import type { Context } from './context.ts'
import type { Db, Engine, Tables } from './engine.ts'

type AnyRow = Tables['plans']['$inferSelect']

export type PlanRow = AnyRow & { readonly state: PlanState }
export type ItemRow = Tables['planItems']['$inferSelect']

/** The plans among these; a draft is only for whoever works it out. */
export function kept(rows: readonly AnyRow[]): PlanRow[] {
  return rows.flatMap(({ state, ...row }) => (state === 'draft' ? [] : [{ ...row, state }]))
}

/** What was chosen for a plan. */
export function optionsOf(row: PlanRow): Plan['options'] {
  // Written by the store, from these very types.
  return JSON.parse(row.options) as Plan['options']
}

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

/** Plans, each with how many people are in it. */
export async function toPlans(
  { engine }: Context,
  db: Db,
  rows: readonly PlanRow[],
): Promise<Plan[]> {
  const { planItems } = engine.tables
  const [first] = rows
  if (!first) return []
  const ids = rows.map(({ id }) => id)
  const { planId, action, state } = planItems
  const counted = await db
    .select({ planId, action, state, total: count() })
    .from(planItems)
    .where(and(eq(planItems.organisation, first.organisation), inArray(planId, ids)))
    .groupBy(planId, action, state)
  return rows.map((row) => {
    const byAction: Record<PlanAction, number> = { ...actions }
    const byState: Record<ItemState, number> = { ...states }
    for (const counts of counted) {
      if (counts.planId !== row.id) continue
      byAction[counts.action] += counts.total
      byState[counts.state] += counts.total
    }
    return {
      id: row.id,
      kind: row.kind,
      options: optionsOf(row),
      // Written by the store, from this very type.
      advice: JSON.parse(row.advice) as string[],
      held: row.held,
      state: row.state,
      created: row.created,
      actor: row.actor,
      actions: byAction,
      states: byState,
    }
  })
}

/** A plan with how many people are in it. */
export async function toPlan(context: Context, db: Db, row: PlanRow): Promise<Plan> {
  const [plan] = await toPlans(context, db, [row])
  if (plan) return plan
  throw new Error('A plan was not counted.')
}

/** What was known of a person's part in the mapped groups of Entra. */
export function partOf({ mappings, gone }: Chosen): MappedPart {
  return { ...(mappings && { mappings }), ...(gone && { gone }) }
}

/** A person of a plan. */
export function toItem(row: ItemRow): PlanItem {
  const { position, action, state, userId, outcome } = row
  return {
    position,
    // Written by the store, from these very types.
    person: JSON.parse(row.person) as EntraUser,
    chosen: JSON.parse(row.chosen) as Chosen,
    action,
    changes: JSON.parse(row.changes) as Change[],
    notes: JSON.parse(row.notes) as string[],
    state,
    ...(userId === null ? {} : { userId }),
    ...(outcome === null ? {} : { outcome }),
  }
}

/** The plans of all organisations that are being carried out. */
export async function runningPlans(engine: Engine): Promise<RunningPlan[]> {
  const { plans } = engine.tables
  return engine.read
    .select({ organisation: plans.organisation, id: plans.id, actor: plans.actor })
    .from(plans)
    .where(eq(plans.state, 'running'))
}

/** What is left of a person who is not in the tenant any more. */
export function goneFrom({ link, attributes }: User): EntraUser {
  const name = userName(attributes)
  return {
    id: link?.objectId ?? '',
    userPrincipalName: name,
    displayName: displayName(attributes) || name,
    proxyAddresses: [],
    guest: false,
    enabled: false,
  }
}
