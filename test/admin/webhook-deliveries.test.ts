import { expect, onTestFinished, test } from 'vitest'
import { waitAfter } from '../../src/webhooks/backoff.ts'
import { problem } from '../support/admin.ts'
import { cause } from '../support/app.ts'
import { newPerson } from '../support/programs.ts'
import { newUser } from '../support/resources.ts'
import { anotherStore, otherDirectory, recorded } from '../support/store.ts'
import { makeWebhook, newWebhookOffice, signedBy } from '../support/webhook-office.ts'
import { newReceiver, webhooksOf, WEBHOOK_KEY } from '../support/webhooks.ts'

const SECOND = 1_000
const HOUR = 3_600 * SECOND
const DAY = 24 * HOUR

test('a webhook is told of everything that happens from now on, in order, signed', async () => {
  const office = await newWebhookOffice()
  const { app, receiver } = office
  const before = await newPerson(app.directory, 'before')
  const { id, secret } = await makeWebhook(office)
  const { id: mia } = await newPerson(app.directory, 'mia')
  await app.directory.users.remove(mia, undefined, cause)
  await app.webhooks.tick()

  expect(receiver.types()).toStrictEqual(['user.created', 'user.deleted'])
  const [first, second] = receiver.received
  if (!first || !second) throw new Error('Nothing came.')
  const [event] = await app.directory.events.latest({ limit: 1 })
  expect(second.json).toStrictEqual({
    type: 'user.deleted',
    timestamp: event?.at,
    data: {
      sequence: event?.sequence,
      actor: 'test',
      door: 'cli',
      requestId: 'test-request',
      resourceId: mia,
      changes: event?.changes,
    },
  })
  expect(second.headers).toMatchObject({
    'content-type': 'application/json',
    'webhook-id': `evt_${event?.sequence}`,
    'webhook-timestamp': String(app.clock.now().getTime() / SECOND),
  })
  for (const each of receiver.received) expect(signedBy(secret, each)).toBe(true)
  expect(signedBy(secret, { ...first, body: second.body })).toBe(false)
  expect(receiver.received.map(({ body }) => body).join()).not.toContain(before.id)

  const known = await app.directory.webhooks.read(id)
  expect(known).toMatchObject({ state: 'on', attempts: 0, last: { status: 204 } })
  expect(known?.last).not.toHaveProperty('problem')
  await app.webhooks.tick()
  expect(receiver.received).toHaveLength(2)
})

test('nothing secret is in what leaves', async () => {
  const office = await newWebhookOffice()
  const { app, api, receiver } = office
  const { id, secret } = await makeWebhook(office)
  const pushed = await newUser(app.scim, 'mia@contoso.example', { password: 'Secret-of-Mia-1' })
  const token = await api.post('/tokens', { name: 'Another' })
  const local = await api.post('/users', { userName: 'joan', role: 'PM', invite: 'shown' })
  const renewed = await api.post(`/webhooks/${id}/secret`)
  expect([token, local, renewed].map(({ status }) => status)).toStrictEqual([201, 201, 200])
  await app.webhooks.tick()
  const all = receiver.received.map(({ body }) => body).join()
  expect(all).toContain(pushed.id)
  const { url: link } = local.body['passwordLink'] as { url: string }
  expect(link).toMatch(/\/auth\/link\//)
  const secrets = [
    'Secret-of-Mia-1',
    String(token.body['secret']),
    link.slice(link.lastIndexOf('/') + 1),
    secret.slice('whsec_'.length),
    String(renewed.body['secret']).slice('whsec_'.length),
  ]
  for (const each of secrets) expect(all).not.toContain(each)
})

test('a webhook is told only of what it asks for', async () => {
  const office = await newWebhookOffice()
  const { app, receiver } = office
  await makeWebhook(office, { actions: ['user.deleted', 'group'] })
  const { id } = await newPerson(app.directory, 'mia')
  await app.directory.groups.create(
    {
      attributes: { displayName: 'Sales' },
      members: { kind: 'set', members: [] },
      origin: 'local',
    },
    cause,
  )
  await app.directory.users.remove(id, undefined, cause)
  await app.webhooks.tick()
  expect(receiver.types()).toStrictEqual(['group.created', 'user.deleted'])
})

test('a webhook learns nothing of another organisation', async () => {
  const office = await newWebhookOffice()
  const { app, receiver } = office
  await makeWebhook(office)
  await newPerson(await otherDirectory(app), 'stranger')
  await newPerson(app.directory, 'mia')
  await app.webhooks.tick()
  expect(receiver.types()).toStrictEqual(['user.created'])
  expect(receiver.received[0]?.body).toContain('mia')
})

test('what a receiver does not take is tried again later and later, and nothing overtakes it', async () => {
  const office = await newWebhookOffice()
  const { app, receiver, api } = office
  const { id } = await makeWebhook(office)
  receiver.answer(() => 500)
  await newPerson(app.directory, 'first')
  await newPerson(app.directory, 'second')

  const waits: number[] = []
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    await app.webhooks.tick()
    expect(receiver.received).toHaveLength(attempt)
    const { body } = await api.get(`/webhooks/${id}`)
    expect(body).toMatchObject({ attempts: attempt, state: 'on', last: { status: 500 } })
    waits.push(Date.parse(String(body['due'])) - app.clock.now().getTime())
    app.clock.pass((waits.at(-1) ?? 0) - 1)
    await app.webhooks.tick()
    expect(receiver.received).toHaveLength(attempt)
    app.clock.pass(1)
  }
  for (const [index, wait] of waits.entries()) {
    expect(wait).toBeGreaterThanOrEqual(4 * SECOND * 3 ** index)
    expect(wait).toBeLessThanOrEqual(6 * SECOND * 3 ** index)
  }
  receiver.answer(() => 200)
  await app.webhooks.tick()
  const names = receiver.received.map(({ body }) => (body.includes('"first"') ? 1 : 2))
  expect(names).toStrictEqual([1, 1, 1, 1, 1, 2])
  expect(
    new Set(receiver.received.slice(0, 5).map(({ headers }) => headers['webhook-id'])).size,
  ).toBe(1)
  const { body } = await api.get(`/webhooks/${id}`)
  expect(body).toMatchObject({ attempts: 0, state: 'on' })
  expect(body).not.toHaveProperty('failingSince')
})

test.each([
  [1, 0, 4 * SECOND],
  [1, 1, 6 * SECOND],
  [7, 0.5, 3_645 * SECOND],
  [9, 0.5, 6 * HOUR],
  [400, 1, 7.2 * HOUR],
])('after try %i, with the chance %d, it waits %d ms', (attempt, chance, wait) => {
  expect(waitAfter(attempt, chance)).toBe(wait)
})

test('after three days of failing a webhook is given up, with an event, and goes on where it stopped', async () => {
  const office = await newWebhookOffice()
  const { app, receiver } = office
  const { webhooks } = app.directory
  const { id } = await makeWebhook(office, { actions: ['user'] })
  receiver.answer(() => 503)
  await newPerson(app.directory, 'mia')
  await app.webhooks.tick()
  app.clock.pass(3 * DAY - 1)
  await app.webhooks.tick()
  expect(await webhooks.read(id)).toMatchObject({ state: 'on', attempts: 2 })
  app.clock.pass(DAY)
  const events = await recorded(app.directory, () => app.webhooks.tick())
  expect(events).toMatchObject([
    {
      action: 'webhook.given-up',
      actor: 'server',
      resourceId: id,
      changes: [{ path: 'reason', to: 'It answered 503.' }],
    },
  ])
  expect(await webhooks.read(id)).toMatchObject({ state: 'given-up' })
  app.clock.pass(DAY)
  await app.webhooks.tick()
  expect(receiver.received).toHaveLength(3)

  receiver.answer(() => 200)
  await webhooks.resume(id, 'stopped', cause)
  await app.webhooks.tick()
  expect(receiver.received).toHaveLength(4)
  expect(await webhooks.read(id)).toMatchObject({ state: 'on', attempts: 0 })
})

test('a receiver that is gone for good is given up at once', async () => {
  const office = await newWebhookOffice()
  const { id } = await makeWebhook(office)
  office.receiver.answer(() => 410)
  await newPerson(office.app.directory, 'mia')
  await office.app.webhooks.tick()
  expect((await office.api.get(`/webhooks/${id}`)).body).toMatchObject({ state: 'given-up' })
})

test('a redirect is not followed', async () => {
  const office = await newWebhookOffice()
  const { id } = await makeWebhook(office)
  const elsewhere = await newReceiver()
  office.receiver.answer(() => ({ status: 307, headers: { Location: elsewhere.url } }))
  await newPerson(office.app.directory, 'mia')
  await office.app.webhooks.tick()
  expect(elsewhere.received).toHaveLength(0)
  const { body } = await office.api.get(`/webhooks/${id}`)
  expect(body['last']).toMatchObject({
    status: 307,
    problem: expect.stringContaining('not followed'),
  })
})

test('an address at which nothing answers is a failure in words', async () => {
  const office = await newWebhookOffice()
  const { api, app } = office
  const url = 'http://127.0.0.1:9/'
  const { body } = await api.post('/webhooks', { name: 'Nobody', url })
  const { id } = body['webhook'] as { id: string }
  const tried = await api.post(`/webhooks/${id}/test`)
  expect(tried.status).toBe(200)
  expect(tried.body).toMatchObject({
    problem: expect.stringMatching(/^(Nothing answers|It could not)/),
  })
  expect(tried.body).not.toHaveProperty('status')
  expect(await app.directory.webhooks.read(id)).toMatchObject({ state: 'on', attempts: 0 })
})

test('a test is delivered whatever the state, signed, and stands among the deliveries', async () => {
  const office = await newWebhookOffice()
  const { app, api, receiver } = office
  const { id, secret } = await makeWebhook(office)
  await api.post(`/webhooks/${id}/pause`)
  receiver.answer(() => ({ status: 200, headers: { 'Set-Cookie': 'a=b' }, body: 'thanks\0' }))
  const events = await recorded(app.directory, () => api.post(`/webhooks/${id}/test`))
  expect(events).toStrictEqual([])
  const [message] = receiver.received
  if (!message) throw new Error('Nothing came.')
  expect(message.json.type).toBe('webhook.test')
  expect(signedBy(secret, message)).toBe(true)

  const { body } = await api.get(`/webhooks/${id}/deliveries`)
  const [delivery] = body['items'] as readonly { readonly id: string }[]
  expect(delivery).toMatchObject({ action: 'webhook.test', status: 200, attempt: 1 })
  expect(delivery).not.toHaveProperty('problem')
  const whole = await api.get(`/webhook-deliveries/${delivery?.id}`)
  const { request, response } = whole.body as { request: string; response: string }
  expect(request).toContain(`POST ${receiver.url}\n`)
  expect(request).toContain('webhook-signature: v1,…')
  expect(request).toContain(message.body)
  expect(response).toMatch(/^200 OK\n/)
  expect(response).toContain('thanks')
  expect(response).not.toMatch(/set-cookie/i)
})

test('a webhook whose secret cannot be opened waits, says why, and goes on with a new one', async () => {
  const office = await newWebhookOffice()
  const { app } = office
  const { id } = await makeWebhook(office)
  const lost = webhooksOf(app.store, {
    encryptionKeys: [Buffer.alloc(32, 9)],
    now: app.clock.now,
  })
  onTestFinished(() => lost.stop())
  await newPerson(app.directory, 'mia')
  await lost.tick()
  const known = await app.directory.webhooks.read(id)
  expect(known).toMatchObject({
    attempts: 1,
    last: { problem: expect.stringContaining('ENCRYPTION_KEY') },
  })

  const { sealed } = lost.newSecret('default', id)
  const until = new Date(app.clock.now().getTime() + DAY).toISOString()
  await app.directory.webhooks.rotate(id, sealed, until, cause)
  app.clock.pass(HOUR)
  await lost.tick()
  expect(office.receiver.types()).toStrictEqual(['user.created', 'webhook.secret-renewed'])
})

test('what happened while it was paused is told afterwards, or left out', async () => {
  const office = await newWebhookOffice()
  const { app, api, receiver } = office
  const { id } = await makeWebhook(office, { actions: ['user'] })
  const whilePaused = async (userName: string, from: string) => {
    await api.post(`/webhooks/${id}/pause`)
    await newPerson(app.directory, userName)
    await app.webhooks.tick()
    await api.post(`/webhooks/${id}/resume`, { from })
    await app.webhooks.tick()
  }
  await whilePaused('told', 'stopped')
  expect(receiver.received).toHaveLength(1)
  await whilePaused('left', 'now')
  expect(receiver.received).toHaveLength(1)
  await newPerson(app.directory, 'after')
  await app.webhooks.tick()
  expect(receiver.received.map(({ body }) => body.includes('"after"'))).toStrictEqual([false, true])
})

test('it can be told again from an event on, with the same ids', async () => {
  const office = await newWebhookOffice()
  const { app, api, receiver } = office
  const { id } = await makeWebhook(office, { actions: ['user'] })
  for (const userName of ['a', 'b', 'c']) await newPerson(app.directory, userName)
  await app.webhooks.tick()
  const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
  expect(ids).toHaveLength(3)
  const event = receiver.received[1]?.json.data.sequence
  await api.post(`/webhooks/${id}/replay`, { event })
  await app.webhooks.tick()
  expect(receiver.received.slice(3).map(({ headers }) => headers['webhook-id'])).toStrictEqual(
    ids.slice(1),
  )
  const refused = await api.post(`/webhooks/${id}/replay`, { event: 999_999 })
  expect(problem(refused)).toStrictEqual({ status: 404, code: 'notFound' })
})

test('of several servers one delivers at a time, and another goes on when that one is gone', async () => {
  const office = await newWebhookOffice()
  const { app, receiver } = office
  const { id } = await makeWebhook(office)
  const store = await anotherStore(app)
  await newPerson(app.directory, 'mia')
  const dead = await app.store.webhookQueue.take('default', id)
  expect(dead?.id).toBe(id)
  const other = webhooksOf(store, { encryptionKeys: [WEBHOOK_KEY], now: app.clock.now })
  onTestFinished(() => other.stop())
  app.clock.pass(59 * SECOND)
  await Promise.all([other.tick(), app.webhooks.tick()])
  expect(receiver.received).toHaveLength(0)
  app.clock.pass(2 * SECOND)
  await Promise.all([other.tick(), app.webhooks.tick()])
  expect(receiver.received).toHaveLength(1)

  if (!dead) throw new Error('Nothing was taken.')
  const late = {
    at: app.clock.now().toISOString(),
    milliseconds: 1,
    action: 'user.created',
    attempt: 1,
    request: '',
  }
  expect(await app.store.webhookQueue.delivered(dead, 1, late)).toBe(false)
  await app.store.webhookQueue.release(dead, 0)
  await app.webhooks.tick()
  expect(receiver.received).toHaveLength(1)
})

test('two servers that begin together deliver each event once', async () => {
  const office = await newWebhookOffice()
  const { app, receiver } = office
  await makeWebhook(office, { actions: ['user'] })
  const store = await anotherStore(app)
  const other = webhooksOf(store, { encryptionKeys: [WEBHOOK_KEY], now: app.clock.now })
  onTestFinished(() => other.stop())
  for (let number = 1; number <= 10; number += 1) await newPerson(app.directory, `u${number}`)
  await Promise.all([app.webhooks.tick(), other.tick()])
  expect(receiver.received).toHaveLength(10)
})

test('a webhook that is paused or removed while it is told of something is told of nothing more', async () => {
  for (const verb of ['pause', 'remove']) {
    const office = await newWebhookOffice()
    const { app, api, receiver } = office
    const { id } = await makeWebhook(office)
    await newPerson(app.directory, 'one')
    await newPerson(app.directory, 'two')
    receiver.answer(async () => {
      await api.post(`/webhooks/${id}/${verb}`)
      return 200
    })
    await app.webhooks.tick()
    await app.webhooks.tick()
    expect(receiver.received, verb).toHaveLength(1)
  }
})

test('more events than are looked at at once are all told', async () => {
  const office = await newWebhookOffice()
  const { app, receiver } = office
  await makeWebhook(office, { actions: ['group'] })
  for (let number = 1; number <= 230; number += 1) {
    await app.directory.accounts.issueLink(
      { hash: String(number), purpose: 'setup', expires: '2030-01-01T00:00:00.000Z' },
      cause,
    )
  }
  await app.directory.groups.create(
    {
      attributes: { displayName: 'Sales' },
      members: { kind: 'set', members: [] },
      origin: 'local',
    },
    cause,
  )
  await app.webhooks.tick()
  expect(receiver.types()).toStrictEqual(['group.created'])
})
