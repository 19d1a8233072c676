import { and, asc, eq, exists, gt, isNull, lt, lte, max, or } from 'drizzle-orm'
import type { Cause } from '../directory/event.ts'
import {
  wantsAction,
  type NewDelivery,
  type TakenWebhook,
  type WebhookQueue,
} from '../directory/webhook.ts'
import { record, write, type Context } from './context.ts'
import type { Db } from './engine.ts'
import { toEvent } from './event-rows.ts'
import { keepDelivery, lastColumns, toWebhook, type WebhookRow } from './webhook-rows.ts'

/** A webhook is another's when whoever has it has not been heard of for so long: far more than a delivery takes. */
const HELD_MILLISECONDS = 60_000

/** So many events are looked at at a time. */
const PART = 200

export function webhookQueueOf(base: Pick<Context, 'engine' | 'now' | 'newId'>): WebhookQueue {
  const { engine, now, newId } = base
  const { webhooks, events } = engine.tables

  const heldUntil = () => new Date(now().getTime() + HELD_MILLISECONDS).toISOString()
  const byId = (organisation: string, id: string) =>
    and(eq(webhooks.organisation, organisation), eq(webhooks.id, id))

  /** Those that are on, are due, and are nobody's. */
  function free(at: string) {
    return and(
      eq(webhooks.state, 'on'),
      lte(webhooks.due, at),
      or(isNull(webhooks.holder), lt(webhooks.heldUntil, at)),
    )
  }

  async function rowOf(
    db: Db,
    { organisation, id }: Pick<TakenWebhook, 'organisation' | 'id'>,
  ): Promise<WebhookRow | undefined> {
    const [row] = await db.select().from(webhooks).where(byId(organisation, id))
    return row
  }

  return {
    async due() {
      const newer = engine.read
        .select({ sequence: events.sequence })
        .from(events)
        .where(
          and(
            eq(events.organisation, webhooks.organisation),
            gt(events.sequence, webhooks.position),
          ),
        )
      return engine.read
        .select({ organisation: webhooks.organisation, id: webhooks.id })
        .from(webhooks)
        .where(and(free(now().toISOString()), exists(newer)))
    },

    take: (organisation, id) =>
      engine.transaction(async (db) => {
        const at = now().toISOString()
        const holder = newId()
        const [row] = await db
          .update(webhooks)
          .set({ holder, heldUntil: heldUntil() })
          .where(and(byId(organisation, id), free(at)))
          .returning()
        return row && { ...toWebhook(row, at), organisation, holder, position: row.position }
      }, id),

    async next({ organisation, actions }, position) {
      const ours = and(eq(events.organisation, organisation), gt(events.sequence, position))
      const [newest] = await engine.read
        .select({ sequence: max(events.sequence) })
        .from(events)
        .where(ours)
      const top = newest?.sequence ?? undefined
      if (top === undefined) return { events: [], upTo: position, all: true }
      // Events get their numbers before they are committed: those up to this one are here once all writes have ended.
      if (!(await engine.settled())) return undefined
      const rows = await engine.read
        .select()
        .from(events)
        .where(and(ours, lte(events.sequence, top)))
        .orderBy(asc(events.sequence))
        .limit(PART)
      const full = rows.length === PART
      return {
        events: rows.map(toEvent).filter(({ action }) => wantsAction({ actions }, action)),
        upTo: full ? (rows.at(-1)?.sequence ?? position) : top,
        all: !full,
      }
    },

    delivered: (taken, sequence, delivery) =>
      engine.transaction(async (db) => {
        const row = await rowOf(db, taken)
        if (!row) return false
        const mine = row.holder === taken.holder
        await db
          .update(webhooks)
          .set({
            ...lastColumns(delivery),
            ...(mine
              ? {
                  position: sequence,
                  heldUntil: heldUntil(),
                  due: '',
                  attempts: 0,
                  failingSince: null,
                }
              : {}),
          })
          .where(byId(row.organisation, row.id))
        await keepDelivery(base, db, { ...row, webhookId: row.id }, delivery)
        return mine
      }, taken.id),

    failed: async (taken, due, delivery) => {
      const { organisation, id } = taken
      const context: Context = { ...base, scope: { organisation, localUsers: 'visible' } }
      const cause: Cause = { actor: 'server', door: 'cli', requestId: taken.holder }
      await write(
        context,
        cause,
        async (tx) => {
          const row = await rowOf(tx.db, taken)
          if (!row) return
          await keepDelivery(base, tx.db, { organisation, webhookId: id }, delivery)
          await tx.db
            .update(webhooks)
            .set({ ...lastColumns(delivery), ...failure(taken, row, due, delivery) })
            .where(byId(organisation, id))
          if (row.holder !== taken.holder || due !== undefined) return
          await record(tx, 'webhook.given-up', id, [{ path: 'reason', to: delivery.problem ?? '' }])
        },
        id,
      )
    },

    release: (taken, position) =>
      engine.transaction(async (db) => {
        await db
          .update(webhooks)
          .set({ holder: null, heldUntil: null, position })
          .where(and(byId(taken.organisation, taken.id), eq(webhooks.holder, taken.holder)))
      }, taken.id),
  }
}

/** What becomes of a webhook whose delivery has failed; nothing where it is somebody else's by now. */
function failure(
  taken: TakenWebhook,
  row: WebhookRow,
  due: string | undefined,
  { at, attempt, sequence }: NewDelivery,
): Partial<WebhookRow> {
  if (row.holder !== taken.holder) return {}
  return {
    holder: null,
    heldUntil: null,
    attempts: attempt,
    failingSince: row.failingSince ?? at,
    // What it does not want need not be looked at again.
    ...(sequence === undefined ? {} : { position: sequence - 1 }),
    ...(due === undefined ? { state: 'given-up', due: '' } : { due }),
  }
}
