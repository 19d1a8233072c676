import { and, desc, eq, lte } from 'drizzle-orm'
import {
  DELIVERIES_KEPT,
  type Delivery,
  type DeliveryResult,
  type Exchange,
  type NewDelivery,
  type Webhook,
} from '../directory/webhook.ts'
import type { Context } from './context.ts'
import type { Db, Tables } from './engine.ts'

export type WebhookRow = Tables['webhooks']['$inferSelect']
type DeliveryRow = Tables['webhookDeliveries']['$inferSelect']

function lastOf(row: WebhookRow): DeliveryResult | undefined {
  if (row.lastAt === null) return undefined
  return {
    at: row.lastAt,
    milliseconds: row.lastMilliseconds ?? 0,
    ...(row.lastStatus === null ? {} : { status: row.lastStatus }),
    ...(row.lastProblem === null ? {} : { problem: row.lastProblem }),
  }
}

/** A webhook as others have it; `now` decides whether its old secret still signs. */
export function toWebhook(row: WebhookRow, now: string): Webhook {
  const { id, name, url, created, state, attempts, failingSince, due, bothUntil } = row
  const last = lastOf(row)
  return {
    id,
    name,
    url,
    // Written by webhooks.ts alone, from this very type.
    actions: JSON.parse(row.actions) as string[],
    created,
    state,
    attempts,
    ...(failingSince === null ? {} : { failingSince }),
    ...(due === '' || state !== 'on' ? {} : { due }),
    ...(last === undefined ? {} : { last }),
    ...(bothUntil === null || bothUntil <= now ? {} : { bothUntil }),
  }
}

export function toDelivery(row: Omit<DeliveryRow, 'request' | 'response'>): Delivery {
  const { id, webhookId, at, action, sequence, attempt, milliseconds, status, problem } = row
  return {
    id,
    webhookId,
    at,
    action,
    attempt,
    milliseconds,
    ...(sequence === null ? {} : { sequence }),
    ...(status === null ? {} : { status }),
    ...(problem === null ? {} : { problem }),
  }
}

export function toExchange({ request, response }: DeliveryRow): Exchange {
  return { request, ...(response === null ? {} : { response }) }
}

/** What the row of a webhook says of its last try. */
export function lastColumns({ at, status, milliseconds, problem }: DeliveryResult) {
  return {
    lastAt: at,
    lastStatus: status ?? null,
    lastMilliseconds: milliseconds,
    lastProblem: problem ?? null,
  }
}

/** Keeps a delivery, and forgets those that are too many. */
export async function keepDelivery(
  { engine, newId }: Pick<Context, 'engine' | 'newId'>,
  db: Db,
  { organisation, webhookId }: { readonly organisation: string; readonly webhookId: string },
  given: NewDelivery,
): Promise<Delivery> {
  const { webhookDeliveries: deliveries } = engine.tables
  const row: DeliveryRow = {
    organisation,
    id: newId(),
    webhookId,
    at: given.at,
    action: given.action,
    sequence: given.sequence ?? null,
    attempt: given.attempt,
    milliseconds: given.milliseconds,
    status: given.status ?? null,
    problem: given.problem ?? null,
    request: given.request,
    response: given.response ?? null,
  }
  await db.insert(deliveries).values(row)
  const its = and(eq(deliveries.organisation, organisation), eq(deliveries.webhookId, webhookId))
  const [old] = await db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(its)
    .orderBy(desc(deliveries.id))
    .limit(1)
    .offset(DELIVERIES_KEPT)
  if (old) await db.delete(deliveries).where(and(its, lte(deliveries.id, old.id)))
  return toDelivery(row)
}
