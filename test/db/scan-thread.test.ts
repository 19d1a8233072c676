import { once } from 'node:events'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { scanThread } from '../../src/db/scan-thread.ts'
import { databaseFolder } from '../support/database.ts'

const COUNTING = 'WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers'
const order = { params: [], startIndex: 1, count: 2, milliseconds: 60_000 }
const quick = { ...order, sql: `${COUNTING} LIMIT 5) SELECT n FROM numbers WHERE within_time()` }
const long = { ...order, sql: quick.sql.replace('LIMIT 5', 'LIMIT 1000000') }
const endless = {
  ...order,
  sql: `${COUNTING}) SELECT 1 FROM numbers WHERE within_time() AND n < 0`,
}
const FIVE = { total: 5, ids: ['1', '2'] }

const failureOf = (scan: Promise<unknown>) => scan.then(() => undefined).catch((error) => error)

/** A thread for an empty database, and the threads that it has been so far. */
function newThread() {
  const file = join(databaseFolder(), 'entrance.db')
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.exec('CREATE TABLE empty (n)')
  database.close()
  const workers: Worker[] = []
  const note = (worker: Worker) => workers.push(worker)
  process.on('worker', note)
  const thread = scanThread(file)
  onTestFinished(async () => {
    process.off('worker', note)
    await thread.close()
  })
  return { file, thread, workers }
}

test('starts with the first scan, and is used again', async () => {
  const { thread, workers } = newThread()
  expect(workers).toHaveLength(0)
  expect(await thread.run(quick)).toMatchObject(FIVE)
  expect(await thread.run(quick)).toMatchObject(FIVE)
  expect(workers).toHaveLength(1)
})

test('ends a statement whose time is up, however little it finds, and is used again', async () => {
  const { thread, workers } = newThread()
  expect(await thread.run({ ...endless, milliseconds: 1 })).toBeUndefined()
  expect(await thread.run(quick)).toMatchObject(FIVE)
  expect(workers).toHaveLength(1)
})

test('ends when nobody has asked for a minute, and starts again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const { thread, workers } = newThread()
  await thread.run(quick)
  vi.advanceTimersByTime(59_000)
  await thread.run(quick)
  vi.advanceTimersByTime(59_000)
  expect(workers[0]?.threadId).not.toBe(-1)
  const [worker] = workers
  if (!worker) throw new Error('There is no thread.')
  const exit = once(worker, 'exit')
  vi.advanceTimersByTime(1_000)
  await exit
  expect(await thread.run(quick)).toMatchObject(FIVE)
  expect(workers).toHaveLength(2)
})

test('fails the scan with which it dies, and starts again', async () => {
  const { thread, workers } = newThread()
  await thread.run(quick)
  const failing = failureOf(thread.run(long))
  await workers[0]?.terminate()
  expect(await failing).toMatchObject({ message: 'The thread for scans has ended.' })
  expect(await thread.run(quick)).toMatchObject(FIVE)
  expect(workers).toHaveLength(2)
})

test('ends in the midst of a statement when it is closed, and then answers no more', async () => {
  const { thread, workers } = newThread()
  await thread.run(quick)
  const stopped = { code: 'unavailable', message: 'The server is stopping; retry shortly.' }
  const running = failureOf(thread.run(endless))
  await thread.close()
  expect(await running).toMatchObject(stopped)
  expect(workers[0]?.threadId).toBe(-1)
  await expect(thread.run(quick)).rejects.toMatchObject(stopped)
})

test('tells what SQLite says as the driver does', async () => {
  const { thread } = newThread()
  const failure = await failureOf(thread.run({ ...quick, sql: 'SELECT absent' }))
  expect(failure).toBeInstanceOf(Database.SqliteError)
  expect(failure).toMatchObject({ code: 'SQLITE_ERROR', message: 'no such column: absent' })
})

test('writes nothing', async () => {
  const { thread } = newThread()
  const insert = { ...quick, sql: 'INSERT INTO empty VALUES (1) RETURNING n' }
  await expect(thread.run(insert)).rejects.toThrow('attempt to write a readonly database')
})
