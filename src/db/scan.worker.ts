/** The program of the thread in which SQLite scans: one statement after the other, each up to its limit. */
import { platform, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import type { ScanAnswer, ScanHome, ScanOrder } from './scan-thread.ts'

const { file, halt } = workerData as ScanHome
const late = new Error('The time is up.')
let deadline = 0

function open(): Database.Database {
  const opened = new Database(file, { readonly: true })
  // A scan comes by every page once, so that keeping them gains nothing.
  opened.pragma('cache_size = -2000')
  // SQLite asks for every row it looks at: there is no other way to end a statement.
  opened.function('within_time', { deterministic: false }, () => {
    if (performance.now() > deadline || Atomics.load(halt, 0) !== 0) throw late
    return 1
  })
  return opened
}

let database: Database.Database | undefined

function scan({ sql, params, startIndex, count, milliseconds }: ScanOrder): ScanAnswer {
  deadline = performance.now() + milliseconds
  const ids: string[] = []
  let total = 0
  try {
    database ??= open()
    for (const id of database
      .prepare(sql)
      .pluck()
      .iterate(...params)) {
      total += 1
      if (total >= startIndex && ids.length < count) ids.push(String(id))
    }
  } catch (error) {
    if (error === late) return { kind: 'late' }
    if (!(error instanceof Database.SqliteError)) throw error
    return { kind: 'failed', message: error.message, code: error.code }
  }
  return { kind: 'found', total, ids }
}

/** Where threads have priorities of their own: of a core that all share, the others get three quarters. */
function yieldToOthers(): void {
  try {
    if (platform() === 'linux') setPriority(5)
  } catch {
    // Then the shares are equal.
  }
}

yieldToOthers()
parentPort?.on('message', (order: ScanOrder) => parentPort?.postMessage(scan(order)))
