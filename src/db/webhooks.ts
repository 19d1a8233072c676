import { and, asc, desc, eq, lt, max } from 'drizzle-orm'
import { diff } from '../directory/diff.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { Action, Change } from '../directory/event.ts'
import {
  MOST_WEBHOOKS,
  type Webhook,
  type Webhooks,
  type WebhookWish,
} from '../directory/webhook.ts'
import { fold } from '../scim/protocol/compare.ts'
import { quote } from '../scim/protocol/error.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { record, write, type Context, type Write } from './context.ts'
import {
  keepDelivery,
  lastColumns,
  toDelivery,
  toExchange,
  toWebhook,
  type WebhookRow,
} from './webhook-rows.ts'

/** What would get in each other's way: how many there are, and their names. */
const WEBHOOKS = 'webhooks'

/** A webhook that begins anew: nothing has failed, and nobody tells it of anything. */
const fresh = { due: '', attempts: 0, failingSince: null, holder: null, heldUntil: null } as const

function columnsOf({ name, url, actions }: WebhookWish) {
  return { name, nameKey: fold(name), url, actions: JSON.stringify([...new Set(actions)]) }
}

/** What an event says of a webhook: of its address where it is, as what follows is often known to nobody else. */
function told({ name, url, actions }: WebhookWish): JsonObject {
  return {
    name,
    address: new URL(url).origin,
    ...(actions.length === 0 ? {} : { events: [...actions] }),
  }
}

/** Tells that an address is another at the same place. */
function elsewhere(before: string, after: string): Change[] {
  const same = new URL(before).origin === new URL(after).origin
  return same && before !== after ? [{ path: 'address', to: 'replaced' }] : []
}

/** The number of the newest event, those of the transaction included. */
async function newestIn({ db, engine, scope }: Write): Promise<number> {
  const { events } = engine.tables
  const [row] = await db
    .select({ newest: max(events.sequence) })
    .from(events)
    .where(eq(events.organisation, scope.organisation))
  return row?.newest ?? 0
}

export function webhooksOf(context: Context): Webhooks {
  const { webhooks, webhookDeliveries: deliveries } = context.engine.tables
  const { organisation } = context.scope
  const byId = (id: string) => and(eq(webhooks.organisation, organisation), eq(webhooks.id, id))
  const shown = (row: WebhookRow): Webhook => toWebhook(row, context.now().toISOString())

  async function found({ db }: Pick<Write, 'db'>, id: string): Promise<WebhookRow> {
    const [row] = await db.select().from(webhooks).where(byId(id))
    if (row) return row
    throw new DirectoryError('notFound', `There is no webhook ${quote(id)}.`)
  }

  async function named<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (context.engine.violatedIndex(error) !== 'webhooks_name') throw error
      throw new DirectoryError('conflict', 'Another webhook has this name.')
    }
  }

  /** Changes a row and tells of it. */
  async function set(
    tx: Write,
    row: WebhookRow,
    changed: Partial<WebhookRow>,
    [action, changes]: readonly [Action, readonly Change[]],
  ): Promise<Webhook> {
    await tx.db.update(webhooks).set(changed).where(byId(row.id))
    await record(tx, action, row.id, changes)
    return shown({ ...row, ...changed })
  }

  return {
    async list() {
      const rows = await context.engine.read
        .select()
        .from(webhooks)
        .where(eq(webhooks.organisation, organisation))
        .orderBy(asc(webhooks.nameKey))
      return rows.map(shown)
    },

    async read(id) {
      const [row] = await context.engine.read.select().from(webhooks).where(byId(id))
      return row && shown(row)
    },

    create: ({ id, sealed, ...wish }, cause) =>
      named(() =>
        write(
          context,
          cause,
          async (tx) => {
            const known = await tx.db
              .select({ id: webhooks.id })
              .from(webhooks)
              .where(eq(webhooks.organisation, organisation))
            if (known.length >= MOST_WEBHOOKS) {
              throw new DirectoryError('tooMany', `There are ${MOST_WEBHOOKS} webhooks already.`)
            }
            await record(tx, 'webhook.created', id, diff({}, told(wish)))
            const row: WebhookRow = {
              organisation,
              id,
              ...columnsOf(wish),
              created: tx.at,
              state: 'on',
              sealed,
              sealedBefore: null,
              bothUntil: null,
              // Behind its own event.
              position: await newestIn(tx),
              ...fresh,
              lastAt: null,
              lastStatus: null,
              lastMilliseconds: null,
              lastProblem: null,
            }
            await tx.db.insert(webhooks).values(row)
            return shown(row)
          },
          WEBHOOKS,
        ),
      ),

    change: (id, wish, cause) =>
      named(() =>
        write(
          context,
          cause,
          async (tx) => {
            const row = await found(tx, id)
            const known = shown(row)
            const changes = [...diff(told(known), told(wish)), ...elsewhere(known.url, wish.url)]
            if (changes.length === 0) return shown(row)
            return set(tx, row, columnsOf(wish), ['webhook.updated', changes])
          },
          WEBHOOKS,
        ),
      ),

    rotate: (id, sealed, bothUntil, cause) =>
      write(context, cause, async (tx) => {
        const row = await found(tx, id)
        const changed = { sealed, sealedBefore: row.sealed, bothUntil }
        const change = { path: 'expires', to: bothUntil }
        return set(tx, row, changed, ['webhook.secret-renewed', [change]])
      }),

    pause: (id, cause) =>
      write(context, cause, async (tx) => {
        const row = await found(tx, id)
        if (row.state !== 'on') return shown(row)
        return set(tx, row, { ...fresh, state: 'paused' }, ['webhook.paused', []])
      }),

    resume: (id, from, cause) =>
      write(context, cause, async (tx) => {
        const row = await found(tx, id)
        const stood = row.state !== 'on'
        if (!stood && row.attempts === 0 && from === 'stopped') return shown(row)
        // Whoever tells it of something just now goes on, unless it is to be told of something else.
        const { holder, heldUntil } = stood || from === 'now' ? fresh : row
        const words = from === 'now' ? 'now on' : 'where it stopped'
        await record(tx, 'webhook.resumed', id, [{ path: 'from', to: words }])
        const changed: Partial<WebhookRow> = {
          ...fresh,
          holder,
          heldUntil,
          state: 'on',
          ...(from === 'now' ? { position: await newestIn(tx) } : {}),
        }
        await tx.db.update(webhooks).set(changed).where(byId(id))
        return shown({ ...row, ...changed })
      }),

    replay: (id, sequence, cause) =>
      write(context, cause, async (tx) => {
        const row = await found(tx, id)
        const { events } = context.engine.tables
        const [event] = await tx.db
          .select({ sequence: events.sequence })
          .from(events)
          .where(and(eq(events.organisation, organisation), eq(events.sequence, sequence)))
        if (!event) throw new DirectoryError('notFound', `There is no event ${sequence}.`)
        // What it was not told of yet is not told sooner by this.
        const position = Math.min(row.position, sequence - 1)
        const changed = { ...fresh, state: 'on', position } as const
        return set(tx, row, changed, ['webhook.replayed', [{ path: 'event', to: sequence }]])
      }),

    remove: (id, cause) =>
      write(context, cause, async (tx) => {
        const row = await found(tx, id)
        await tx.db
          .delete(deliveries)
          .where(and(eq(deliveries.organisation, organisation), eq(deliveries.webhookId, id)))
        await tx.db.delete(webhooks).where(byId(id))
        await record(tx, 'webhook.deleted', id, diff(told(shown(row)), {}))
      }),

    async deliveries(id, { before, limit }) {
      const rows = await context.engine.read
        .select({
          organisation: deliveries.organisation,
          id: deliveries.id,
          webhookId: deliveries.webhookId,
          at: deliveries.at,
          action: deliveries.action,
          sequence: deliveries.sequence,
          attempt: deliveries.attempt,
          milliseconds: deliveries.milliseconds,
          status: deliveries.status,
          problem: deliveries.problem,
        })
        .from(deliveries)
        .where(
          and(
            eq(deliveries.organisation, organisation),
            eq(deliveries.webhookId, id),
            before === undefined ? undefined : lt(deliveries.id, before),
          ),
        )
        .orderBy(desc(deliveries.id))
        .limit(limit)
      return rows.map(toDelivery)
    },

    async delivery(id) {
      const [row] = await context.engine.read
        .select()
        .from(deliveries)
        .where(and(eq(deliveries.organisation, organisation), eq(deliveries.id, id)))
      return row && { ...toDelivery(row), ...toExchange(row) }
    },

    async secrets(id) {
      const { sealed, sealedBefore, bothUntil } = await found({ db: context.engine.read }, id)
      const both = bothUntil !== null && bothUntil > context.now().toISOString()
      return both && sealedBefore !== null ? [sealed, sealedBefore] : [sealed]
    },

    reseal: (id, again, cause) =>
      write(context, cause, async (tx) => {
        const row = await found(tx, id)
        const before = row.sealedBefore
        const changed = {
          sealed: again(row.sealed),
          sealedBefore: before === null ? null : again(before),
        }
        if (changed.sealed === row.sealed && changed.sealedBefore === before) return
        const change = { path: 'credential', to: 'sealed with the newest key' }
        await set(tx, row, changed, ['webhook.updated', [change]])
      }),

    note: (id, delivery) =>
      context.engine.transaction(async (db) => {
        await found({ db }, id)
        await db.update(webhooks).set(lastColumns(delivery)).where(byId(id))
        return keepDelivery(context, db, { organisation, webhookId: id }, delivery)
      }, id),
  }
}
