import { eq, lt, sql } from 'drizzle-orm'
import type { Attempts } from '../directory/access.ts'
import type { Context } from './context.ts'

/** After so long without an attempt everything is forgotten. */
const FORGOTTEN_MILLISECONDS = 60 * 60_000

export function attemptsOf({ engine, now }: Pick<Context, 'engine' | 'now'>): Attempts {
  const { attempts } = engine.tables
  return {
    count: (subject, waitAfter) =>
      engine.transaction(async (db) => {
        const time = now().getTime()
        const forgotten = new Date(time - FORGOTTEN_MILLISECONDS).toISOString()
        await db.delete(attempts).where(lt(attempts.until, forgotten))
        const [known] = await db.select().from(attempts).where(eq(attempts.subject, subject))
        const until = known ? Date.parse(known.until) : 0
        if (until > time) return until - time
        const failures = (known?.failures ?? 0) + 1
        const next = new Date(time + waitAfter(failures)).toISOString()
        await db
          .insert(attempts)
          .values({ subject, failures, until: next })
          .onConflictDoUpdate({ target: attempts.subject, set: { failures, until: next } })
        return undefined
      }, subject),
    takeBack: (subject) =>
      engine.transaction(async (db) => {
        await db
          .update(attempts)
          .set({ failures: sql`${attempts.failures} - 1`, until: now().toISOString() })
          .where(eq(attempts.subject, subject))
      }, subject),
    forget: (subject) =>
      engine.transaction(async (db) => {
        await db.delete(attempts).where(eq(attempts.subject, subject))
      }, subject),
  }
}
