import { and, asc, desc, eq, inArray, lt, lte, or } from 'drizzle-orm'
import { DirectoryError } from '../directory/errors.ts'
import { mailAddress } from '../directory/mail-address.ts'
import type { MailQueue, Outbox, QueuedMail } from '../directory/outbox.ts'
import { quote } from '../scim/protocol/error.ts'
import { record, write, type Context, type Write } from './context.ts'
import type { Tables } from './engine.ts'
import { usersBy } from './user-rows.ts'

type Row = Tables['outbox']['$inferSelect']

/** So long a mail is handed over at most. Whoever still had it then was stopped in the middle. */
const HANDING_OVER_MILLISECONDS = 10 * 60_000

const UNKNOWN =
  'The server stopped while it was handed over; whether it arrived is not known. Send it again if it did not.'

/** What those who take mails in one process would get in each other's way with. */
const QUEUE = 'outbox'

function toMail({ organisation, id, kind, userId, address, ...row }: Row): QueuedMail {
  const { state, created, due, attempts, planId, sent, problem } = row
  return {
    id,
    organisation,
    kind,
    userId,
    to: address,
    state,
    created,
    due,
    attempts,
    ...(planId === null ? {} : { planId }),
    ...(sent === null ? {} : { sent }),
    ...(problem === null ? {} : { problem }),
  }
}

/** A mail to be queued, or to be kept. */
type NewMail = Pick<QueuedMail, 'userId' | 'kind' | 'to' | 'due' | 'planId'> & {
  readonly state: 'kept' | 'waiting'
}

async function insertMail(
  context: Write,
  { userId, kind, to, due, state, planId }: NewMail,
): Promise<Row> {
  const row: Row = {
    organisation: context.scope.organisation,
    id: context.newId(),
    kind,
    userId,
    address: to,
    state,
    planId: planId ?? null,
    created: context.at,
    due,
    attempts: 0,
    sent: null,
    problem: null,
  }
  await context.db.insert(context.engine.tables.outbox).values(row)
  await record(context, 'mail.queued', userId, [{ path: 'mail', to: kind }])
  return row
}

/** Queues a mail with whatever else the transaction does; its id. */
export async function queueMail(context: Write, mail: NewMail): Promise<string> {
  return (await insertMail(context, mail)).id
}

export function outboxOf(context: Context): Outbox {
  const { outbox } = context.engine.tables
  const mine = eq(outbox.organisation, context.scope.organisation)
  return {
    async list({ state, before, limit }) {
      const rows = await context.engine.read
        .select()
        .from(outbox)
        .where(
          and(
            mine,
            state === undefined ? undefined : eq(outbox.state, state),
            before === undefined ? undefined : lt(outbox.id, before),
          ),
        )
        // Ids are in the order of creation.
        .orderBy(desc(outbox.id))
        .limit(limit)
      return rows.map(toMail)
    },

    send: (userId, kind, due, cause) =>
      write(context, cause, async (tx) => {
        const [user] = await usersBy(tx, tx.db, 'id', userId)
        if (!user) throw new DirectoryError('notFound', `There is no user ${quote(userId)}.`)
        const to = mailAddress(user.attributes)
        if (to === undefined) {
          throw new DirectoryError('conflict', 'This user has no e-mail address.')
        }
        return toMail(await insertMail(tx, { userId, kind, to, due, state: 'waiting' }))
      }),

    cancel: (id, cause) =>
      write(context, cause, async (tx) => {
        const where = and(mine, eq(outbox.id, id))
        const [stopped] = await tx.db
          .update(outbox)
          .set({ state: 'cancelled' })
          .where(and(where, inArray(outbox.state, ['waiting', 'failed'])))
          .returning()
        if (stopped) {
          await record(tx, 'mail.cancelled', stopped.userId, [{ path: 'mail', from: stopped.kind }])
          return toMail(stopped)
        }
        const [row] = await tx.db.select().from(outbox).where(where)
        if (!row) throw new DirectoryError('notFound', `There is no mail ${quote(id)}.`)
        return toMail(row)
      }),
  }
}

export function mailQueueOf({ engine, now }: Pick<Context, 'engine' | 'now' | 'newId'>): MailQueue {
  const { outbox } = engine.tables

  return {
    async take(count) {
      const time = now()
      const at = time.toISOString()
      const stopped = and(
        eq(outbox.state, 'sending'),
        lt(outbox.due, new Date(time.getTime() - HANDING_OVER_MILLISECONDS).toISOString()),
      )
      const due = and(eq(outbox.state, 'waiting'), lte(outbox.due, at))
      // Most of the time there is nothing, and nobody has to wait for a write that changes nothing.
      const [any] = await engine.read
        .select({ id: outbox.id })
        .from(outbox)
        .where(or(stopped, due))
        .limit(1)
      if (!any) return []
      return engine.transaction(async (db) => {
        await db.update(outbox).set({ state: 'failed', problem: UNKNOWN }).where(stopped)
        const found = await db
          .select({ organisation: outbox.organisation, id: outbox.id, attempts: outbox.attempts })
          .from(outbox)
          .where(due)
          .orderBy(asc(outbox.due), asc(outbox.id))
          .limit(count)
        const taken: QueuedMail[] = []
        for (const { organisation, id, attempts } of found) {
          const rows = await db
            .update(outbox)
            // From now on it tells since when it is handed over.
            .set({ state: 'sending', attempts: attempts + 1, due: at })
            .where(and(eq(outbox.organisation, organisation), eq(outbox.id, id)))
            .returning()
          taken.push(...rows.map(toMail))
        }
        return taken
      }, QUEUE)
    },

    sent: (id) =>
      engine.transaction(async (db) => {
        await db
          .update(outbox)
          .set({ state: 'sent', sent: now().toISOString(), problem: null })
          // Also one that was given up because it took so long: it did arrive.
          .where(and(eq(outbox.id, id), inArray(outbox.state, ['sending', 'failed'])))
      }, QUEUE),

    failed: (id, problem, due) =>
      engine.transaction(async (db) => {
        await db
          .update(outbox)
          .set(
            due === undefined ? { state: 'failed', problem } : { state: 'waiting', problem, due },
          )
          .where(and(eq(outbox.id, id), eq(outbox.state, 'sending')))
      }, QUEUE),
  }
}
