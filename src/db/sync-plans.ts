import { and, count, eq, inArray, isNotNull, lt, type SQL } from 'drizzle-orm'
import { DirectoryError } from '../directory/errors.ts'
import type { Cause } from '../directory/event.ts'
import { adviceOnGone } from '../directory/mapped.ts'
import type { Mapping } from '../directory/mapping.ts'
import type { Chosen, SyncOptions, SyncSubject } from '../directory/plan.ts'
import { attemptOf, type SyncRun } from '../directory/sync-state.ts'
import { chunks, record, write, type Context, type Write } from './context.ts'
import type { Tables } from './engine.ts'
import { mappingsIn } from './mapping-rows.ts'
import { goneFrom, type ItemRow } from './plan-rows.ts'
import { proposeSyncOf } from './sync.ts'
import { changeSyncState, SYNC_STATE } from './sync-state.ts'
import { inTurns } from './turns.ts'

/** So many may always be switched off at once, and such a part of those whom a sync is about; more is held. */
const BRAKE = { users: 10, part: 0.1 } as const

/** Of up to so many, those are listed too to whom nothing happens. */
const LISTED_WHOLE = 1_000

/** So long a run is worked out at most; what is older was left by a server that was killed. */
const ABANDONED_MILLISECONDS = 24 * 60 * 60_000

type NewItem = Omit<ItemRow, 'organisation' | 'planId' | 'position'>

/** What sync does with somebody as things are; undefined for a user who is not there, or not linked, any more. */
export async function proposeFor(
  context: Context,
  subject: SyncSubject,
  options: SyncOptions,
  mappings: readonly Mapping[],
) {
  try {
    return await proposeSyncOf(context, context.engine.read, subject, options, mappings)
  } catch (error) {
    const left = error instanceof DirectoryError && ['notFound', 'conflict'].includes(error.code)
    if (left) return undefined
    throw error
  }
}

/** How many users are linked to a tenant. */
async function countLinked({ engine, scope }: Context, tenantId: string): Promise<number> {
  const { users } = engine.tables
  const [row] = await engine.read
    .select({ total: count() })
    .from(users)
    .where(
      and(
        eq(users.organisation, scope.organisation),
        eq(users.linkTenant, tenantId),
        isNotNull(users.linkObject),
      ),
    )
  return row?.total ?? 0
}

/** A plan that is written down while it is worked out, a part at a time, and is nobody else's until it is whole. */
function draftOf(context: Context, { options, mode, why, began }: SyncRun, cause: Cause) {
  const { plans, planItems } = context.engine.tables
  const { organisation } = context.scope
  const id = context.newId()
  const mine = and(eq(plans.organisation, organisation), eq(plans.id, id))
  let listed = 0

  /** Removes drafts, if they still are. */
  async function remove({ db }: Write, which: SQL | undefined): Promise<void> {
    const removed = await db
      .delete(plans)
      .where(and(eq(plans.organisation, organisation), eq(plans.state, 'draft'), which))
      .returning({ id: plans.id })
    const ids = removed.map((row) => row.id)
    if (ids.length === 0) return
    await db
      .delete(planItems)
      .where(and(eq(planItems.organisation, organisation), inArray(planItems.planId, ids)))
  }

  async function begin(tx: Write): Promise<void> {
    const oldest = new Date(Date.parse(tx.at) - ABANDONED_MILLISECONDS).toISOString()
    await remove(tx, lt(plans.created, oldest))
    const row: Tables['plans']['$inferInsert'] = {
      organisation,
      id,
      kind: 'sync',
      state: 'draft',
      created: began,
      actor: cause.actor,
      held: false,
      options: JSON.stringify({ ...options, mode, ...(why === undefined ? {} : { why }) }),
      advice: '[]',
    }
    await tx.db.insert(plans).values(row)
  }

  return {
    id,
    listed: () => listed,
    /** Makes it, where that has not been done. */
    async append(items: readonly NewItem[]): Promise<void> {
      const rows = items.map((item, index) => {
        return { organisation, planId: id, position: listed + index, ...item }
      })
      const first = listed === 0
      await write(context, cause, async (tx) => {
        if (first) await begin(tx)
        for (const chunk of chunks(rows)) await tx.db.insert(planItems).values(chunk)
      })
      listed += items.length
    },
    begin,
    /** Makes a plan of it, which starts at once where that is said. */
    async finish(
      tx: Write,
      { held, advice, starts }: { held: boolean; advice: readonly string[]; starts: boolean },
    ): Promise<void> {
      await tx.db
        .update(plans)
        .set({ held, advice: JSON.stringify(advice), state: starts ? 'running' : 'preview' })
        .where(mine)
      await record(tx, 'plan.created', id, [
        { path: 'kind', to: 'sync' },
        { path: 'mode', to: mode },
        { path: 'people', to: listed },
      ])
      if (starts) await record(tx, 'plan.started', id, [])
    },
    discard: () => write(context, cause, (tx) => remove(tx, eq(plans.id, id))),
  }
}

/** Works a run out and keeps what comes of it; the id of the plan, or undefined where there is nothing to keep. */
export async function planSync(
  context: Context,
  run: SyncRun,
  cause: Cause,
): Promise<string | undefined> {
  const { options, mode, link, unattended, began, tenantId } = run
  const draft = draftOf(context, run, cause)
  const linked = await countLinked(context, tenantId)
  const mappings = await mappingsIn(context, context.engine.read)
  const missing = new Set<string>()
  const whole = mode === 'chosen' || (mode === 'full' && linked <= LISTED_WHOLE)
  let people = 0
  let off = 0
  let news = 0

  async function workOut(subjects: readonly SyncSubject[]): Promise<NewItem[]> {
    const proposed = await inTurns(subjects, async (subject) => {
      const proposal = await proposeFor(context, subject, options, mappings)
      return proposal && { ...subject, proposal }
    })
    const known = proposed.filter((each) => each !== undefined)
    for (const { gone = [] } of known) for (const id of gone) missing.add(id)
    people += known.length
    const todo = known.filter(({ proposal }) => proposal.action !== 'skip')
    off += todo.filter(({ proposal }) => proposal.action === 'deactivate').length
    news += todo.filter(({ proposal, failed }) => attemptOf(proposal) !== failed).length
    return (whole ? known : todo).map(({ person, mappings, gone, proposal }) => {
      const chosen: Chosen = { ...(mappings && { mappings }), ...(gone && { gone }) }
      return {
        action: proposal.action,
        state: 'planned',
        userId: proposal.userId ?? null,
        person: JSON.stringify(person ?? goneFrom(proposal.found)),
        chosen: JSON.stringify(chosen),
        changes: JSON.stringify(proposal.changes),
        notes: JSON.stringify(proposal.notes),
        outcome: null,
      }
    })
  }

  async function finish(): Promise<string | undefined> {
    const keeps = !unattended || news > 0
    if (!keeps && draft.listed() > 0) await draft.discard()
    const about = mode === 'chosen' ? people : linked
    const held = off > Math.max(BRAKE.users, about * BRAKE.part)
    await write(
      context,
      cause,
      async (tx) => {
        if (keeps) {
          if (draft.listed() === 0) await draft.begin(tx)
          const advice = adviceOnGone(mappings, missing)
          await draft.finish(tx, { held, advice, starts: unattended && !held })
        }
        if (link === undefined) return
        await changeSyncState(tx, {
          deltaLink: link,
          lastRun: began,
          problem: null,
          ...(mode === 'full' ? { compared: began } : {}),
          ...(keeps ? { lastPlan: draft.id } : {}),
        })
      },
      SYNC_STATE,
    )
    return keeps ? draft.id : undefined
  }

  try {
    for await (const subjects of run.parts) {
      const items = await workOut(subjects)
      if (items.length > 0) await draft.append(items)
    }
    return await finish()
  } catch (error) {
    // Whatever failed is what counts; a draft that stays is removed by a later run.
    if (draft.listed() > 0) await draft.discard().catch(() => {})
    throw error
  }
}
