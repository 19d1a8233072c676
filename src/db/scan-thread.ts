import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { stopping } from './scan-limit.ts'

/** How long the thread is kept for the next scan: it takes some ten megabytes. */
const IDLE_MILLISECONDS = 60_000

/** A statement that yields the ids of all matches in order and asks `within_time()` on the way, and the page wanted. */
export interface ScanOrder {
  readonly sql: string
  readonly params: readonly unknown[]
  readonly startIndex: number
  readonly count: number
  readonly milliseconds: number
}

export interface ScanHome {
  readonly file: string
  /** Anything but 0 ends the scan that runs. */
  readonly halt: Int32Array
}

export type ScanAnswer =
  | { readonly kind: 'found'; readonly total: number; readonly ids: readonly string[] }
  | { readonly kind: 'late' }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string }

export interface ScanThread {
  /** Runs a scan; undefined when its time is up. One at a time. */
  run(order: ScanOrder): Promise<Extract<ScanAnswer, { kind: 'found' }> | undefined>
  /** Ends the thread, and with it the scan that runs. */
  close(): Promise<void>
}

/** Beside this file, in the sources as in the bundle. */
const program = new URL(`./scan.worker${extname(import.meta.url)}`, import.meta.url)

/**
 * A thread with a connection of its own, on which SQLite may read a whole organisation while this thread answers. It
 * starts with the first scan, ends when none has come for a while, and is replaced when it dies.
 */
export function scanThread(file: string): ScanThread {
  let thread: Worker | undefined
  let running: PromiseWithResolvers<ScanAnswer> | undefined
  let idle: NodeJS.Timeout | undefined
  let closed = false
  /** What the thread looks at while it scans, deaf to anything else. */
  const halt = new Int32Array(new SharedArrayBuffer(4))

  function start(): Worker {
    const started = new Worker(program, {
      name: 'scan',
      workerData: { file, halt } satisfies ScanHome,
      // What this process was started with, such as a profiler, is not for the thread.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 },
    })
    started.on('message', (answer: ScanAnswer) => running?.resolve(answer))
    started.on('error', (error) => running?.reject(error))
    started.on('exit', () => {
      if (thread !== started) return
      thread = undefined
      running?.reject(new Error('The thread for scans has ended.'))
    })
    return started
  }

  /** Not while it scans: SQLite would then go on to the end of its statement. */
  async function stop(): Promise<void> {
    const stopped = thread
    thread = undefined
    await stopped?.terminate()
  }

  return {
    async run(order) {
      if (closed) throw stopping()
      clearTimeout(idle)
      thread ??= start()
      // Only while somebody waits does it keep the process from ending.
      thread.ref()
      running = Promise.withResolvers()
      thread.postMessage(order)
      try {
        const answer = await running.promise
        if (closed) throw stopping()
        if (answer.kind === 'failed') throw new Database.SqliteError(answer.message, answer.code)
        return answer.kind === 'found' ? answer : undefined
      } finally {
        running = undefined
        thread?.unref()
        idle = setTimeout(() => void stop(), IDLE_MILLISECONDS).unref()
      }
    },
    async close() {
      closed = true
      clearTimeout(idle)
      Atomics.store(halt, 0, 1)
      await running?.promise.catch(() => {})
      await stop()
    },
  }
}
