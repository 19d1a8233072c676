import { and, eq } from 'drizzle-orm'
import { DirectoryError } from '../directory/errors.ts'
import type { Cause } from '../directory/event.ts'
import type { ImportOptions, PersonChoice, Plan } from '../directory/plan.ts'
import { quote } from '../scim/protocol/error.ts'
import { record, write, type Context, type Write } from './context.ts'
import { giversOf, proposeFor } from './import.ts'
import { tenantIdOf } from './organisations.ts'
import { requireOwnGroups } from './own-groups.ts'
import { kept, optionsOf, partOf, toItem, toPlan, type PlanRow } from './plan-rows.ts'

/** An import that nobody has started. Throws `notFound`, `conflict`. */
async function requirePreview({ db, engine, scope }: Write, id: string): Promise<PlanRow> {
  const { plans } = engine.tables
  const [row] = kept(
    await db
      .select()
      .from(plans)
      .where(and(eq(plans.organisation, scope.organisation), eq(plans.id, id))),
  )
  if (row?.kind !== 'import') {
    throw new DirectoryError('notFound', `There is no import ${quote(id)}.`)
  }
  if (row.state === 'preview') return row
  throw new DirectoryError(
    'conflict',
    'This import was started: what it does cannot be changed any more. Import those who are left again.',
  )
}

/** Removes a preview for another to take its place. Throws `notFound`, `conflict`. */
export async function dropPreview(tx: Write, id: string): Promise<void> {
  const { plans, planItems } = tx.engine.tables
  const { organisation } = tx.scope
  await requirePreview(tx, id)
  await tx.db
    .delete(planItems)
    .where(and(eq(planItems.organisation, organisation), eq(planItems.planId, id)))
  await tx.db.delete(plans).where(and(eq(plans.organisation, organisation), eq(plans.id, id)))
}

/** Says what single people of a preview get, by their position, and works those out anew; with undefined they are left out. */
export async function changeImport(
  context: Context,
  id: string,
  people: ReadonlyMap<number, PersonChoice | undefined>,
  cause: Cause,
): Promise<Plan> {
  const groups = [...people.values()].flatMap((choice) => choice?.groups ?? [])
  await requireOwnGroups(context, [...new Set(groups)])

  async function change(tx: Write): Promise<Plan> {
    const { planItems } = tx.engine.tables
    const row = await requirePreview(tx, id)
    const tenantId = await tenantIdOf(tx, tx.db)
    if (tenantId === undefined) {
      throw new DirectoryError('conflict', 'This organisation has no Entra tenant.')
    }
    // Written for an import, as its kind says.
    const options = optionsOf(row) as ImportOptions
    const givers = await giversOf(tx, tx.db, options)
    for (const [position, choice] of people) {
      const mine = and(
        eq(planItems.organisation, tx.scope.organisation),
        eq(planItems.planId, id),
        eq(planItems.position, position),
      )
      if (!choice) {
        await tx.db.delete(planItems).where(mine)
        continue
      }
      const [found] = await tx.db.select().from(planItems).where(mine)
      if (!found) throw new DirectoryError('notFound', 'There is nobody at this place.')
      const { person, chosen: before } = toItem(found)
      const chosen = { ...choice, ...partOf(before) }
      const subject = { person, chosen }
      const proposal = await proposeFor(tx, tx.db, subject, tenantId, options, givers)
      await tx.db
        .update(planItems)
        .set({
          action: proposal.action,
          userId: proposal.userId ?? null,
          chosen: JSON.stringify(chosen),
          changes: JSON.stringify(proposal.changes),
          notes: JSON.stringify(proposal.notes),
        })
        .where(mine)
    }
    await record(tx, 'plan.changed', id, [
      { path: 'kind', to: row.kind },
      { path: 'people', to: people.size },
    ])
    return toPlan(tx, tx.db, row)
  }
  return write(context, cause, change, id)
}
