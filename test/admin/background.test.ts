import { expect, test } from 'vitest'
import { background } from '../../src/admin/background.ts'
import { Problem } from '../../src/admin/problems.ts'
import { createLog } from '../../src/log.ts'
import { testClock } from '../support/app.ts'

function newBackground() {
  const clock = testClock()
  const logged: Record<string, unknown>[] = []
  const log = createLog({ level: 'debug', write: (line) => logged.push(JSON.parse(line)) })
  return { clock, logged, work: background<string>({ now: clock.now, log }) }
}

test('work says how far it is, and what came of it', async () => {
  const { work } = newBackground()
  const go = Promise.withResolvers<void>()
  work.begin('one', async (tell) => {
    tell(0, 10)
    tell(4)
    await go.promise
    tell(10)
    return 'made'
  })
  expect(work.find('one')).toMatchObject({ state: 'going', done: 4, total: 10 })
  expect(await work.wait('one', 1)).toMatchObject({ state: 'going' })
  go.resolve()
  expect(await work.wait('one', 1_000)).toMatchObject({ state: 'done', made: 'made', done: 10 })
})

test('work of a key goes on once at a time, and others beside it', async () => {
  const { work } = newBackground()
  const go = Promise.withResolvers<string>()
  let begun = 0
  const begin = (key: string) =>
    work.begin(key, () => {
      begun += 1
      return go.promise
    })
  begin('one')
  begin('one')
  begin('other')
  expect(begun).toBe(2)
  go.resolve('x')
  await work.wait('one', 1_000)
  begin('one')
  expect(begun).toBe(3)
})

test('work that fails says why; what nobody thought of is told to the log alone', async () => {
  const { work, logged } = newBackground()
  work.begin('known', () => Promise.reject(new Problem('conflict', 'Not now.')))
  work.begin('fault', () => Promise.reject(new Error('SQL and all')))
  const known = await work.wait('known', 1_000)
  expect(known?.state === 'failed' && known.problem.message).toBe('Not now.')
  const fault = await work.wait('fault', 1_000)
  expect(fault?.state === 'failed' && fault.problem.message).not.toContain('SQL')
  expect(logged).toMatchObject([{ message: 'background' }])
})

test('what came of work is forgotten after an hour, and when it is asked for; what goes on is not', async () => {
  const { work, clock } = newBackground()
  const forever = Promise.withResolvers<string>()
  work.begin('going', () => forever.promise)
  work.begin('done', async () => 'x')
  work.begin('let go', async () => 'x')
  await Promise.all([work.wait('done', 1_000), work.wait('let go', 1_000)])
  work.forget('let go')
  expect(work.find('let go')).toBeUndefined()
  expect(work.find('done')).toBeDefined()
  clock.pass(3_600_001)
  expect(work.find('done')).toBeUndefined()
  expect(work.find('going')).toBeDefined()
})
