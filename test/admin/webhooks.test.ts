import { expect, onTestFinished, test } from 'vitest'
import { sealing } from '../../src/directory/sealing.ts'
import { newAdmin, problem } from '../support/admin.ts'
import { testApp } from '../support/app.ts'
import { newPerson } from '../support/programs.ts'
import { recorded } from '../support/store.ts'
import { makeWebhook, newWebhookOffice, signedBy } from '../support/webhook-office.ts'
import { webhooksOf, WEBHOOK_KEY } from '../support/webhooks.ts'

const DAY = 24 * 3_600_000

test('a new secret signs beside the old one for a day, and then alone', async () => {
  const office = await newWebhookOffice()
  const { app, api, receiver } = office
  const { id, secret: old } = await makeWebhook(office)
  const renewed = await api.post(`/webhooks/${id}/secret`)
  const secret = String(renewed.body['secret'])
  expect(secret).toMatch(/^whsec_[\w+/]{43}=$/)
  expect(secret).not.toBe(old)
  const until = new Date(app.clock.now().getTime() + DAY).toISOString()
  expect(renewed.body['webhook']).toMatchObject({ bothUntil: until })

  await api.post(`/webhooks/${id}/test`)
  app.clock.pass(DAY)
  const webhook = await app.directory.webhooks.read(id)
  if (webhook) await app.webhooks.test('default', webhook)
  const [both, alone] = receiver.received
  if (!both || !alone) throw new Error('Nothing came.')
  expect([signedBy(old, both), signedBy(secret, both)]).toStrictEqual([true, true])
  expect([signedBy(old, alone), signedBy(secret, alone)]).toStrictEqual([false, true])
})

test('secrets are kept sealed, shown once, and in no event', async () => {
  const office = await newWebhookOffice()
  const { app, api } = office
  const { id, secret } = await makeWebhook(office)
  const renewed = String((await api.post(`/webhooks/${id}/secret`)).body['secret'])
  const raw = (await app.database.raw()).toString('latin1')
  const events = JSON.stringify(await app.directory.events.list(0, 1_000))
  const shown = [(await api.get('/webhooks')).text, (await api.get(`/webhooks/${id}`)).text].join()
  for (const each of [secret, renewed]) {
    const value = each.replace('whsec_', '')
    for (const place of [raw, events, shown]) expect(place).not.toContain(value)
  }
})

test('what follows the host in an address is in no event, and changing it is one', async () => {
  const { app, api } = await newWebhookOffice()
  const wish = { name: 'Chat', url: 'https://hooks.example/T0/first-key?token=second-key' }
  const made = await api.post('/webhooks', wish)
  const { id } = made.body['webhook'] as { id: string }
  const url = 'https://hooks.example/T0/third-key'
  const events = await recorded(app.directory, () => api.post(`/webhooks/${id}`, { ...wish, url }))
  expect(events).toMatchObject([
    { action: 'webhook.updated', changes: [{ path: 'address', to: 'replaced' }] },
  ])
  const moved = await recorded(app.directory, () =>
    api.post(`/webhooks/${id}`, { ...wish, url: 'https://other.example/T0/third-key' }),
  )
  const places = { from: 'https://hooks.example', to: 'https://other.example' }
  expect(moved).toMatchObject([{ changes: [{ path: 'address', ...places }] }])
  expect(JSON.stringify(await app.directory.events.list(0, 1_000))).not.toContain('-key')
})

test('a secret that another key has sealed is sealed with the newest one at the start', async () => {
  const office = await newWebhookOffice()
  const { app, receiver } = office
  const { id, secret } = await makeWebhook(office)
  const newest = Buffer.alloc(32, 8)
  const events = await recorded(app.directory, async () => {
    const after = webhooksOf(app.store, {
      encryptionKeys: [newest, WEBHOOK_KEY],
      now: app.clock.now,
    })
    await after.stop()
  })
  expect(events).toMatchObject([{ action: 'webhook.updated', resourceId: id }])
  const [sealed = ''] = await app.directory.webhooks.secrets(id)
  expect(sealing([newest]).open(sealed, ['default', 'webhook', id])).toBe(secret)

  const without = webhooksOf(app.store, { encryptionKeys: [newest], now: app.clock.now })
  onTestFinished(() => without.stop())
  await newPerson(app.directory, 'mia')
  await without.tick()
  const [message] = receiver.received
  expect(message && signedBy(secret, message)).toBe(true)
})

test('without a key there can be no webhook, and it says so', async () => {
  const app = await testApp()
  const api = await newAdmin(app)
  expect((await api.get('/webhooks')).body).toStrictEqual({ items: [], ready: false })
  const refused = await api.post('/webhooks', { name: 'x', url: 'https://example.com/' })
  expect(problem(refused)).toStrictEqual({ status: 409, code: 'conflict' })
  expect(refused.body['detail']).toContain('ENCRYPTION_KEY')
})

test.each([
  ['plain http', 'http://example.com/', 400],
  ['plain http on this machine', 'http://localhost:8080/x', 201],
  ['https', 'https://example.com/hook?key=1', 201],
  ['https at an address', 'https://10.0.0.1:8443/', 201],
  ['a name and a password', 'https://me:secret@example.com/', 400],
  ['a fragment', 'https://example.com/#x', 400],
  ['another scheme', 'ftp://example.com/', 400],
  ['script', 'javascript:alert(1)', 400],
  ['no address', 'example.com', 400],
  ['nothing', '', 400],
  ['http that only looks local', 'http://localhost.example.com/', 400],
])('%s: the address “%s” is answered with %i', async (_, url, status) => {
  const app = await testApp({ encryptionKeys: [WEBHOOK_KEY] })
  const made = await (await newAdmin(app)).post('/webhooks', { name: 'x', url })
  expect(made.status).toBe(status)
  const places = status === 400 ? [{ pointer: '#/url' }] : undefined
  expect(made.body['errors']).toEqual(places?.map((each) => expect.objectContaining(each)))
  expect(made.text).not.toContain('secret@')
})

test.each([
  ['an action there is not', { actions: ['user.nothing'] }, '#/actions/0'],
  ['a kind there is not', { actions: ['users'] }, '#/actions/0'],
  ['no name', { name: ' ' }, '#/name'],
])('%s is refused at its place', async (_, given, pointer) => {
  const { api } = await newWebhookOffice()
  const body = { name: 'x', url: 'https://example.com/', ...given }
  const refused = await api.post('/webhooks', body)
  expect(problem(refused)).toStrictEqual({ status: 400, code: 'badRequest' })
  expect(refused.body['errors']).toMatchObject([{ pointer }])
})

test('a name is one webhook’s, in whatever letter case', async () => {
  const office = await newWebhookOffice()
  await makeWebhook(office)
  const url = 'https://example.com/'
  const refused = await office.api.post('/webhooks', { name: 'HELP DESK', url })
  expect(problem(refused)).toStrictEqual({ status: 409, code: 'conflict' })
  const { id } = await makeWebhook(office, { name: 'Other' })
  const renamed = await office.api.post(`/webhooks/${id}`, { name: 'help desk', url })
  expect(problem(renamed)).toStrictEqual({ status: 409, code: 'conflict' })
})

test('there are at most 20 webhooks', async () => {
  const office = await newWebhookOffice()
  for (let number = 1; number <= 20; number += 1) {
    await makeWebhook(office, { name: `Number ${number}` })
  }
  const refused = await office.api.post('/webhooks', { name: '21', url: 'https://example.com/' })
  expect(problem(refused)).toStrictEqual({ status: 400, code: 'tooMany' })
})

test('every change of a webhook is one event, and what changes nothing is none', async () => {
  const office = await newWebhookOffice()
  const { app, api, receiver } = office
  const { id } = await makeWebhook(office)
  const same = { name: 'Help desk', url: receiver.url }
  const steps: [string, () => Promise<unknown>, object[]][] = [
    ['nothing', () => api.post(`/webhooks/${id}`, same), []],
    [
      'changed',
      () => api.post(`/webhooks/${id}`, { ...same, actions: ['user'] }),
      [{ action: 'webhook.updated', changes: [{ path: 'events', to: ['user'] }] }],
    ],
    ['pause', () => api.post(`/webhooks/${id}/pause`), [{ action: 'webhook.paused' }]],
    ['pause again', () => api.post(`/webhooks/${id}/pause`), []],
    ['resume', () => api.post(`/webhooks/${id}/resume`), [{ action: 'webhook.resumed' }]],
    ['resume again', () => api.post(`/webhooks/${id}/resume`), []],
    ['secret', () => api.post(`/webhooks/${id}/secret`), [{ action: 'webhook.secret-renewed' }]],
    [
      'replay',
      () => api.post(`/webhooks/${id}/replay`, { event: 1 }),
      [{ action: 'webhook.replayed' }],
    ],
    ['remove', () => api.post(`/webhooks/${id}/remove`), [{ action: 'webhook.deleted' }]],
  ]
  for (const [name, work, expected] of steps) {
    const events = await recorded(app.directory, work)
    expect(events, name).toMatchObject(expected.map((each) => ({ resourceId: id, ...each })))
    expect(events, name).toHaveLength(expected.length)
  }
  expect(problem(await api.get(`/webhooks/${id}`)).status).toBe(404)
  expect(problem(await api.get(`/webhooks/${id}/deliveries`)).status).toBe(404)
})

test('the last hundred deliveries are kept, and read a part at a time', async () => {
  const office = await newWebhookOffice()
  const { app, api } = office
  const { id } = await makeWebhook(office)
  for (let number = 1; number <= 103; number += 1) {
    await app.directory.webhooks.note(id, {
      at: app.clock.now().toISOString(),
      milliseconds: number,
      action: 'webhook.test',
      attempt: 1,
      request: '',
    })
  }
  const first = await api.get(`/webhooks/${id}/deliveries?limit=60`)
  const second = await api.get(
    `/webhooks/${id}/deliveries?limit=60&before=${String(first.body['next'])}`,
  )
  const milliseconds = [first, second].flatMap(({ body }) =>
    (body['items'] as { milliseconds: number }[]).map((each) => each.milliseconds),
  )
  expect(milliseconds).toStrictEqual(Array.from({ length: 100 }, (_, index) => 103 - index))
  expect(second.body).not.toHaveProperty('next')
})
