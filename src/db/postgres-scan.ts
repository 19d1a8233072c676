import { DrizzleQueryError } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { DatabaseError, type Pool, type PoolClient } from 'pg'
import type { Db, Scan, Scanned } from './engine.ts'
import { stopping, tooMany } from './scan-limit.ts'
import { scanQueue } from './scan-queue.ts'
import type { SameTables } from './tables.check.ts'
import * as tables from './tables.pg.ts'

/** Of the connections of the pool, which other reads need too. */
const AT_A_TIME = 2

/** query_canceled: what a statement ends with when its time is up. */
const CANCELED = '57014'

export interface PostgresScans {
  run(scan: Scan): Promise<Scanned>
  /** Ends those that run. */
  close(): void
}

/** Scans on a few connections of a pool, each with a limit of its own. */
export function postgresScans(pool: Pool, milliseconds: number): PostgresScans {
  const begin = `BEGIN READ ONLY; SET LOCAL statement_timeout = ${milliseconds}`
  const db = drizzle(pool) as unknown as Db
  const { users, groups } = tables as unknown as SameTables
  const inTurn = scanQueue(AT_A_TIME)
  const busy = new Set<PoolClient>()
  let closed = false

  /** One statement, so that it reads everything once and in one state; the matches, if many, wait on the disk. */
  function statementOf({ kind, where, startIndex, count }: Scan) {
    const table = kind === 'User' ? users : groups
    const { sql, params } = db.select({ id: table.id }).from(table).where(where).toSQL()
    const [limit, offset] = [params.length + 1, params.length + 2]
    const text = `select page.* from (
      WITH found AS MATERIALIZED (${sql})
      SELECT (SELECT count(*) FROM found)::int AS total,
        ARRAY(SELECT id FROM found ORDER BY id LIMIT $${limit} OFFSET $${offset}) AS ids
    ) AS page`
    return { text, values: [...params, count, startIndex - 1] }
  }

  async function read(scan: Scan): Promise<Scanned> {
    const { text, values } = statementOf(scan)
    if (closed) throw stopping()
    const client = await pool.connect()
    busy.add(client)
    let failed = true
    try {
      if (closed) throw stopping()
      await client.query(begin)
      const { rows } = await client.query<Scanned>({ text }, values)
      await client.query('COMMIT')
      failed = false
      return rows[0] ?? { total: 0, ids: [] }
    } catch (error) {
      if (closed) throw stopping()
      if (error instanceof DatabaseError && error.code === CANCELED) throw tooMany(scan.kind)
      throw new DrizzleQueryError(text, values, error instanceof Error ? error : undefined)
    } finally {
      busy.delete(client)
      client.release(failed)
    }
  }

  return {
    run: (scan) => inTurn(scan.organisation, () => read(scan)),
    close() {
      closed = true
      // Of a connection that waits for an answer this is an end at once.
      for (const client of busy) void client.end()
    },
  }
}
