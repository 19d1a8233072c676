import type { Pool } from 'pg'

/** So long writes that are under way are waited for, and so often it is looked at them. */
const PATIENCE_MILLISECONDS = 5_000
const PAUSE_MILLISECONDS = 20

/*
 * Every write transaction begins with this lock, shared or alone, and has it to its end: before it can have been given the
 * number of an event. Whoever waits for the lock has done nothing yet.
 */
const UNDER_WAY = `SELECT virtualtransaction AS name FROM pg_locks
  WHERE locktype = 'relation' AND relation = 'organisations'::regclass
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND mode IN ('RowShareLock', 'ExclusiveLock') AND granted`

async function underWay(pool: Pool): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ name: string }>(UNDER_WAY)
  return new Set(rows.map(({ name }) => name))
}

/** Whether all writes of all servers that are under way now have ended, as soon as they have. */
export async function writesEnded(pool: Pool): Promise<boolean> {
  const end = performance.now() + PATIENCE_MILLISECONDS
  let left = await underWay(pool)
  while (left.size > 0 && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS))
    const now = await underWay(pool)
    left = new Set([...left].filter((name) => now.has(name)))
  }
  return left.size === 0
}
