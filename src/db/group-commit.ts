import type { Database } from 'better-sqlite3'

/** Writes that share a commit, at most: a batch ends early rather than keep the first of them waiting. */
const LARGEST_BATCH = 128
const LONGEST_BATCH_MILLISECONDS = 15

interface Job {
  run(): Promise<() => void>
  fail(error: unknown): void
}

export interface GroupCommit {
  /** Runs `work` in a transaction and resolves when it is durable. `work` awaits nothing but the database. */
  transaction<T>(work: () => Promise<T>): Promise<T>
  /** Resolves when everything asked for so far has ended. */
  idle(): Promise<void>
}

/**
 * Runs writes one after the other on one connection, and lets those that wait together share a COMMIT: its fsync costs
 * more than they do. Each has a savepoint, so one that fails takes back only what it did. Nobody is answered before the
 * COMMIT returned. `begin` opens the transaction and may take its time; the rest is synchronous.
 */
export function groupCommit(client: Database, begin: () => Promise<void>): GroupCommit {
  // Compiled once: exec would do it for each write.
  const save = client.prepare('SAVEPOINT job')
  const release = client.prepare('RELEASE job')
  const waiting: Job[] = []
  let working: Promise<void> | undefined
  // Calls of this driver settle in microtasks; whatever takes a turn of the event loop is not the database.
  let strayed = false

  function undo(): void {
    if (!client.inTransaction) throw new Error('The database ended the transaction.')
    client.exec('ROLLBACK TO job; RELEASE job')
  }

  async function commitBatch(): Promise<void> {
    const batch: Job[] = []
    const answers: (() => void)[] = []
    try {
      await begin()
      const end = performance.now() + LONGEST_BATCH_MILLISECONDS
      do {
        const job = waiting.shift()
        if (!job) break
        batch.push(job)
        answers.push(await job.run())
      } while (batch.length < LARGEST_BATCH && performance.now() < end)
      client.exec('COMMIT')
    } catch (error) {
      if (client.inTransaction) client.exec('ROLLBACK')
      const refused = batch.length > 0 ? batch : waiting.splice(0)
      for (const job of refused) job.fail(error)
      return
    }
    for (const answer of answers) answer()
  }

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      // Requests that have arrived by now get to ask before the batch begins.
      await new Promise((resolve) => setImmediate(resolve))
      await commitBatch()
    }
    working = undefined
  }

  return {
    transaction<T>(change: () => Promise<T>): Promise<T> {
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      waiting.push({
        fail: reject,
        async run() {
          save.run()
          const guard = setImmediate(() => {
            strayed = true
          })
          try {
            const result = await change()
            if (strayed) throw new Error('A transaction awaited something other than the database.')
            release.run()
            return () => resolve(result)
          } catch (error) {
            undo()
            return () => reject(error)
          } finally {
            clearImmediate(guard)
            strayed = false
          }
        },
      })
      working ??= work()
      return promise
    },
    async idle() {
      while (working) await working
    },
  }
}
