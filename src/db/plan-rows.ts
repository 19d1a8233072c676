import { eq } from 'drizzle-orm'
import type { EntraUser } from '../directory/entra-directory.ts'
import type { Change } from '../directory/event.ts'
import type { Chosen, Plan, PlanItem } from '../directory/plan.ts'
import type { RunningPlan } from '../directory/store.ts'
import { displayName, userName, type User } from '../directory/user.ts'
import type { Engine, Tables } from './engine.ts'

export type PlanRow = Tables['plans']['$inferSelect']
export type ItemRow = Tables['planItems']['$inferSelect']

/** What was chosen for a plan. */
export function optionsOf(row: PlanRow): Plan['options'] {
  // Written by the store, from these very types.
  return JSON.parse(row.options) as Plan['options']
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
