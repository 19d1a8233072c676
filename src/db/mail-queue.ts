import { and, asc, eq, inArray, lt, lte, or, sql } from 'drizzle-orm'
import type { MailQueue, QueuedMail } from '../directory/outbox.ts'
import type { Context } from './context.ts'
import { toMail } from './outbox.ts'

/** So long a mail is handed over at most. Whoever still had it then was stopped in the middle. */
const HANDING_OVER_MILLISECONDS = 10 * 60_000

const UNKNOWN =
  'The server stopped while it was handed over; whether it arrived is not known. Send it again if it did not.'

/** What those who take mails in one process would get in each other's way with. */
const QUEUE = 'outbox'

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
        await db
          .update(outbox)
          .set({ state: 'failed', problem: UNKNOWN, sent: sql`${outbox.due}` })
          .where(stopped)
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

    lost: (id, problem) =>
      engine.transaction(async (db) => {
        await db
          .update(outbox)
          .set({ state: 'failed', problem, sent: now().toISOString() })
          .where(and(eq(outbox.id, id), eq(outbox.state, 'sending')))
      }, QUEUE),
  }
}
