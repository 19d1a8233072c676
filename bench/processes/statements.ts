/** What PostgreSQL does at best: one prepared statement over and over, through as many connections as Entrance has. */
import { Pool, type QueryConfig } from 'pg'
import { CONNECTIONS } from '../../src/db/postgres-connection.ts'
import { answerWith } from '../children.ts'
import { fillIn, idOf, VARIANTS } from '../people.ts'
import type { Measured } from '../results.ts'
import { summarise } from '../summary.ts'
import type { Row } from '../template.ts'
import { peakMemory, processorClock } from '../usage.ts'

export interface StatementsMessage {
  readonly name: 'select' | 'insert'
  readonly url: string
  /** Of the database server. */
  readonly databasePid: number
  /** Statements that are under way or wait for a connection. */
  readonly concurrency: number
  readonly warmUpSeconds: number
  readonly seconds: number
  /** How many people are loaded. */
  readonly users: number
  /** The row of a user of the first template. */
  readonly row: Row
}

/** By primary key, what an answer to GET by id is made of. */
function selects({ row, users }: StatementsMessage): () => QueryConfig {
  const text = `SELECT id, version, created, last_modified, resource FROM users WHERE organisation = $1 AND id = $2`
  const organisation = row['organisation']
  return () => ({
    name: 'select',
    text,
    values: [organisation, idOf(Math.floor(Math.random() * users))],
  })
}

/** How many rows have been inserted, by whichever cell. */
let inserted = 0

function inserts({ row }: StatementsMessage): () => QueryConfig {
  const names = Object.keys(row)
  const text = `INSERT INTO users (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`
  return () => {
    inserted += 1
    // The row is that of the first template, so the serial numbers are its.
    const serial = inserted * VARIANTS
    const values = Object.values(row).map((value) =>
      typeof value === 'string' ? fillIn(value, serial) : value,
    )
    return { name: 'insert', text, values }
  }
}

async function run(message: StatementsMessage): Promise<Measured> {
  const { url, databasePid, concurrency, warmUpSeconds, seconds } = message
  const next = message.name === 'select' ? selects(message) : inserts(message)
  const pool = new Pool({ connectionString: url, max: CONNECTIONS })
  const start = performance.now() + warmUpSeconds * 1_000
  const end = start + seconds * 1_000
  const times: number[] = []
  let processors: ReturnType<typeof processorClock> | undefined

  async function work(): Promise<void> {
    for (;;) {
      const query = next()
      const before = performance.now()
      if (before >= end) return
      if (before >= start) processors ??= processorClock(process.pid, databasePid)
      const { rowCount } = await pool.query(query)
      if (rowCount !== 1) throw new Error(`${query.text} was about ${rowCount} rows.`)
      if (before >= start) times.push(performance.now() - before)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  const elapsed = performance.now() - start
  const used = processors?.(times.length)
  await pool.end()
  const peak = peakMemory(process.pid)
  return {
    ...summarise(Float64Array.from(times), times.length, elapsed),
    errors: 0,
    problems: '',
    checked: times.length,
    ...used,
    ...(peak === undefined ? {} : { peak }),
    memory: '',
  }
}

answerWith(run)
