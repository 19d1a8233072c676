import type { Cause } from '../directory/event.ts'
import type { EntraUser } from '../directory/entra-directory.ts'
import { DirectoryError } from '../directory/errors.ts'
import { adviceOn, MOST_PEOPLE } from '../directory/import.ts'
import { adviceOnGone } from '../directory/mapped.ts'
import type { ImportOptions, ImportSubject, Judgement, Plan } from '../directory/plan.ts'
import type { Proposal } from '../directory/proposal.ts'
import { chunks, record, write, type Context, type Write } from './context.ts'
import type { Db } from './engine.ts'
import { giversOf, judgePerson, proposeFor } from './import.ts'
import { tenantIdOf } from './organisations.ts'
import { dropPreview } from './import-changes.ts'
import { requireOwnGroups } from './own-groups.ts'
import { toPlan } from './plan-rows.ts'
import { inTurns } from './turns.ts'

/** The tenant of Entra that the organisation belongs to. Throws `conflict`. */
export async function requireTenant(context: Context, db: Db): Promise<string> {
  const tenantId = await tenantIdOf(context, db)
  if (tenantId !== undefined) return tenantId
  throw new DirectoryError('conflict', 'This organisation has no Entra tenant.')
}

/** How people of Entra stand to the users here, in their order. */
export async function judgePeople(
  context: Context,
  people: readonly EntraUser[],
): Promise<Judgement[]> {
  const { read } = context.engine
  const tenantId = await requireTenant(context, read)
  return inTurns(people, async (person) => {
    const { found: _, ...judgement } = await judgePerson(context, read, person, tenantId)
    return judgement
  })
}

interface Planned extends ImportSubject {
  readonly proposal: Proposal
}

/** Keeps an import that was worked out, as a plan of its own or in place of a preview. */
function keep(
  context: Context,
  people: readonly Planned[],
  { options, advice }: Pick<Plan, 'advice'> & { readonly options: ImportOptions },
  cause: Cause,
  instead: string | undefined,
): Promise<Plan> {
  const { plans, planItems } = context.engine.tables
  const { organisation } = context.scope
  const keepIn = async (tx: Write) => {
    if (instead !== undefined) await dropPreview(tx, instead)
    const row = {
      organisation,
      id: instead ?? tx.newId(),
      kind: 'import',
      held: false,
      state: 'preview',
      created: tx.at,
      actor: cause.actor,
      options: JSON.stringify(options),
      advice: JSON.stringify(advice),
    } as const
    await tx.db.insert(plans).values(row)
    const items = people.map(({ person, chosen, proposal }, position) => ({
      organisation,
      planId: row.id,
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
    await record(tx, instead === undefined ? 'plan.created' : 'plan.changed', row.id, [
      { path: 'kind', to: row.kind },
      { path: 'people', to: people.length },
    ])
    return toPlan(tx, tx.db, row)
  }
  return write(context, cause, keepIn, instead)
}

/** Works out what an import of these people would do, each once, and keeps it. */
export async function planImport(
  context: Context,
  subjects: readonly ImportSubject[],
  options: ImportOptions,
  cause: Cause,
  instead?: string,
): Promise<Plan> {
  const { read } = context.engine
  const people = [...new Map(subjects.map((subject) => [subject.person.id, subject])).values()]
  if (people.length > MOST_PEOPLE) {
    throw new DirectoryError('tooMany', `A plan holds at most ${MOST_PEOPLE} people.`)
  }
  const tenantId = await requireTenant(context, read)
  const groups = people.flatMap(({ chosen }) => chosen.groups ?? [])
  await requireOwnGroups(context, [...new Set([...options.groups, ...groups])])
  const givers = await giversOf(context, read, options)
  const planned = await inTurns(people, async (subject) => ({
    ...subject,
    proposal: await proposeFor(context, read, subject, tenantId, options, givers),
  }))
  const created = planned.filter(({ proposal }) => proposal.action === 'create')
  const gone = new Set(people.flatMap(({ chosen }) => chosen.gone ?? []))
  const advice = [
    ...adviceOn(
      created.map(({ person }) => person),
      options,
    ),
    ...adviceOnGone(givers.mappings, gone),
  ]
  return keep(context, planned, { options, advice }, cause, instead)
}
