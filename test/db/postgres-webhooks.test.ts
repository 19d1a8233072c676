import { expect, onTestFinished, test } from 'vitest'
import { openPostgres } from '../../src/db/postgres.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { newPerson } from '../support/programs.ts'
import { newReceiver, WEBHOOK_KEY } from '../support/webhooks.ts'

/** A write of another server that has written its event, and ends when it is told to. */
async function slowWrite({ database }: TestApp, resourceId: string) {
  const engine = await openPostgres(database.url)
  onTestFinished(() => engine.close())
  const { events } = engine.tables
  const wrote = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  const ended = engine.transaction(async (db) => {
    await db.insert(events).values({
      organisation: 'default',
      at: '2026-03-02T08:00:00.000Z',
      ...cause,
      action: 'user.updated',
      resourceId,
      changes: '[]',
    })
    wrote.resolve()
    await end.promise
  })
  await wrote.promise
  return {
    end() {
      end.resolve()
      return ended
    },
  }
}

async function newOffice() {
  const app = await testApp({ encryptionKeys: [WEBHOOK_KEY] })
  const receiver = await newReceiver()
  const wish = { name: 'Help desk', url: receiver.url, actions: ['user'] }
  await app.directory.webhooks.create({ ...wish, ...app.webhooks.newWebhook('default') }, cause)
  return { app, receiver }
}

test('an event that is committed after one of a higher number is not left out, nor overtaken', async () => {
  const { app, receiver } = await newOffice()
  const slow = await slowWrite(app, 'slow')
  const { id } = await newPerson(app.directory, 'quick')
  const [seen] = await app.directory.events.latest({ limit: 1 })
  expect(seen?.resourceId).toBe(id)

  const told = app.webhooks.tick()
  // As long as the write goes on, the event that can be read already waits for it.
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(receiver.received).toHaveLength(0)
  await slow.end()
  await told
  expect(receiver.received.map(({ json }) => json.data.resourceId)).toStrictEqual(['slow', id])
  const numbers = receiver.received.map(({ json }) => json.data.sequence ?? 0)
  expect(numbers[0]).toBeLessThan(numbers[1] ?? 0)
})

test('a write that begins while others are waited for is not waited for', async () => {
  const { app, receiver } = await newOffice()
  const first = await slowWrite(app, 'first')
  const { id } = await newPerson(app.directory, 'quick')
  const told = app.webhooks.tick()
  await new Promise((resolve) => setTimeout(resolve, 100))
  const second = await slowWrite(app, 'second')
  await first.end()
  await told
  expect(receiver.received.map(({ json }) => json.data.resourceId)).toStrictEqual(['first', id])
  await second.end()
  await app.webhooks.tick()
  expect(receiver.received.map(({ json }) => json.data.resourceId)).toStrictEqual([
    'first',
    id,
    'second',
  ])
})
