import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { groupCommit } from '../../src/db/group-commit.ts'

const TEN = Array.from({ length: 10 }, (_, index) => index)

/** A database in memory with one table, a queue of writes to it, and the statements it was sent. */
function openQueue(begin?: () => Promise<void>) {
  const client = new Database(':memory:')
  onTestFinished(() => {
    client.close()
  })
  client.exec('CREATE TABLE rows (n)')
  const exec = vi.spyOn(client, 'exec')
  const queue = groupCommit(
    client,
    begin ??
      (async () => {
        client.exec('BEGIN IMMEDIATE')
      }),
  )
  return {
    client,
    queue,
    insert: async (n: number) => {
      client.prepare('INSERT INTO rows VALUES (?)').run(n)
    },
    stored: () => client.prepare('SELECT n FROM rows ORDER BY n').pluck().all(),
    commits: () => exec.mock.calls.filter(([text]) => text === 'COMMIT').length,
  }
}

describe('writes that wait together', () => {
  test('share one commit, in the order of asking', async () => {
    const { queue, insert, stored, commits } = openQueue()
    const order: number[] = []
    await Promise.all(
      TEN.map((n) =>
        queue.transaction(async () => {
          order.push(n)
          await insert(n)
        }),
      ),
    )
    expect(order).toStrictEqual(TEN)
    expect(stored()).toStrictEqual(TEN)
    expect(commits()).toBe(1)
  })

  test('are answered only when the commit has returned', async () => {
    const { client, queue, insert } = openQueue()
    const open: boolean[] = []
    await Promise.all(
      TEN.map((n) =>
        queue.transaction(() => insert(n)).then(() => open.push(client.inTransaction)),
      ),
    )
    expect(open).toStrictEqual(TEN.map(() => false))
  })

  test('fail alone: one that throws takes back what it wrote and nothing else', async () => {
    const { queue, insert, stored, commits } = openQueue()
    const results = await Promise.allSettled(
      TEN.map((n) =>
        queue.transaction(async () => {
          await insert(n)
          if (n % 3 === 0) throw new Error(`not ${n}`)
          return n
        }),
      ),
    )
    expect(
      results.map((one) => (one.status === 'rejected' ? String(one.reason) : one.value)),
    ).toStrictEqual(TEN.map((n) => (n % 3 === 0 ? `Error: not ${n}` : n)))
    expect(stored()).toStrictEqual(TEN.filter((n) => n % 3 !== 0))
    expect(commits()).toBe(1)
  })

  test('fail together when the commit fails, and leave nothing', async () => {
    const { client, queue, insert, stored } = openQueue()
    client.pragma('foreign_keys = ON')
    client.exec('CREATE TABLE parents (id PRIMARY KEY)')
    client.exec('CREATE TABLE children (id REFERENCES parents DEFERRABLE INITIALLY DEFERRED)')
    const writes = [
      queue.transaction(() => insert(1)),
      queue.transaction(async () => {
        client.prepare('INSERT INTO children VALUES (7)').run()
      }),
      queue.transaction(() => insert(2)),
    ]
    const results = await Promise.allSettled(writes)
    expect(results.map(({ status }) => status)).toStrictEqual(['rejected', 'rejected', 'rejected'])
    expect(client.inTransaction).toBe(false)
    expect(stored()).toStrictEqual([])
    await queue.transaction(() => insert(3))
    expect(stored()).toStrictEqual([3])
  })

  test('fail together when the transaction cannot begin, and the next ones run', async () => {
    let tries = 0
    const { client, queue, insert, stored } = openQueue(async () => {
      tries += 1
      if (tries === 1) throw new Error('locked')
      client.exec('BEGIN')
    })
    const results = await Promise.allSettled(TEN.map((n) => queue.transaction(() => insert(n))))
    expect(new Set(results.map(({ status }) => status))).toStrictEqual(new Set(['rejected']))
    await queue.transaction(() => insert(3))
    expect(stored()).toStrictEqual([3])
  })

  test('suffer nothing from one that awaits something other than the database', async () => {
    const { queue, insert, stored } = openQueue()
    const results = await Promise.allSettled([
      queue.transaction(() => insert(1)),
      queue.transaction(async () => {
        await insert(2)
        await new Promise((resolve) => setImmediate(resolve))
        await new Promise((resolve) => setImmediate(resolve))
      }),
      queue.transaction(() => insert(3)),
    ])
    expect(results.map(({ status }) => status)).toStrictEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(stored()).toStrictEqual([1, 3])
  })
})

test('a write that is asked for inside another one’s answer comes after it', async () => {
  const { queue, insert, stored } = openQueue()
  await queue.transaction(() => insert(1)).then(() => queue.transaction(() => insert(2)))
  expect(stored()).toStrictEqual([1, 2])
})

test('idle waits for every write that was asked for', async () => {
  const { queue, insert, stored } = openQueue()
  const writes = TEN.map((n) => queue.transaction(() => insert(n)))
  await queue.idle()
  expect(stored()).toStrictEqual(TEN)
  await Promise.all(writes)
})
