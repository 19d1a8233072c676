import { expect, test } from 'vitest'
import { scanQueue } from '../../src/db/scan-queue.ts'

/** Scans that note when they start and end when they are told to. */
function scans(atATime: number) {
  const inTurn = scanQueue(atATime)
  const started: string[] = []
  const ends = new Map<string, PromiseWithResolvers<string>>()
  return {
    started,
    ask: (organisation: string, name: string) =>
      inTurn(organisation, () => {
        started.push(name)
        const end = Promise.withResolvers<string>()
        ends.set(name, end)
        return end.promise
      }),
    /** Ends a scan, and waits until whoever is next has started. */
    async end(name: string, failure?: Error) {
      if (failure) ends.get(name)?.reject(failure)
      else ends.get(name)?.resolve(name)
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

test('scans run in the order in which they came, so many at a time', async () => {
  const { ask, end, started } = scans(2)
  const asked = ['1', '2', '3', '4'].map((name) => ask('a', name))
  await end('none')
  expect(started).toStrictEqual(['1', '2'])
  await end('2')
  expect(started).toStrictEqual(['1', '2', '3'])
  for (const name of ['1', '3', '4']) await end(name)
  expect(await Promise.all(asked)).toStrictEqual(['1', '2', '3', '4'])
})

test('organisations take turns, however many scans one of them has asked for', async () => {
  const { ask, end, started } = scans(1)
  for (const name of ['a1', 'a2', 'a3', 'a4']) void ask('a', name)
  for (const name of ['b1', 'b2']) void ask('b', name)
  void ask('c', 'c1')
  for (const name of ['none', 'a1', 'a2', 'b1', 'c1', 'a3', 'b2']) await end(name)
  expect(started).toStrictEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4'])
})

test('of one organisation eight wait, a ninth is told to come back, and another organisation is not', async () => {
  const { ask, end, started } = scans(1)
  for (let count = 0; count <= 8; count += 1) void ask('a', `a${count}`)
  const refused = {
    code: 'unavailable',
    message: 'Too many searches that no index answers are waiting; retry shortly.',
  }
  await expect(ask('a', 'a9')).rejects.toMatchObject(refused)
  void ask('b', 'b0')
  await end('a0')
  await end('a1')
  expect(started).toStrictEqual(['a0', 'a1', 'b0'])
  void ask('a', 'a10')
  await expect(ask('a', 'a11')).rejects.toMatchObject(refused)
})

test('a scan that fails lets the next one start', async () => {
  const { ask, end, started } = scans(1)
  const failure = new Error('broken')
  const failing = ask('a', '1').catch((error: unknown) => error)
  void ask('a', '2')
  await end('none')
  await end('1', failure)
  expect(await failing).toBe(failure)
  expect(started).toStrictEqual(['1', '2'])
})
