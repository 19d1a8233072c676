import { expect, test } from 'vitest'
import { newAdmin, problem, type AdminApi } from '../support/admin.ts'
import { cause, testApp } from '../support/app.ts'
import { newBrowserSession, newPerson } from '../support/programs.ts'
import { otherDirectory, recorded } from '../support/store.ts'

const SECOND = 1_000
const DAY = 24 * 3_600_000

async function newScene() {
  const app = await testApp()
  const api = await newAdmin(app)
  const actor = `user:${String((await app.directory.users.named('admin'))?.id)}`
  return { app, api, actor }
}

/** The token that the test made, as the list has it. */
async function listed(api: AdminApi, name: string) {
  const items = (await api.get('/tokens')).body['items'] as { id: string; name: string }[]
  return items.find((item) => item.name === name)
}

test('a provisioning token is made, works, is listed and revoked, with one event each', async () => {
  const { app, api, actor } = await newScene()
  const events = await recorded(app.directory, async () => {
    const { status, body } = await api.post('/tokens', { name: 'Entra', expiresInDays: 10 })
    expect(status).toBe(201)
    const token = {
      id: expect.any(String),
      name: 'Entra',
      state: 'active',
      created: '2026-03-02T08:00:00.000Z',
      expires: '2026-03-12T08:00:00.000Z',
    }
    const secret = String(body['secret'])
    expect(body).toStrictEqual({
      token,
      secret: expect.stringMatching(/^entrance_[\w-]{43}$/),
      tenantUrl: 'https://entrance.example/scim/v2',
    })
    expect(await listed(api, 'Entra')).toStrictEqual(token)
    const client = app.clientWith(`Bearer ${secret}`)
    expect((await client.get('/Users')).status).toBe(200)
    const { id } = body['token'] as { id: string }
    for (const _ of ['once', 'twice']) {
      const answer = await api.post(`/tokens/${id}/revoke`)
      expect(answer).toMatchObject({
        status: 200,
        body: { ...token, id, state: 'revoked', revoked: '2026-03-02T08:00:00.000Z' },
      })
    }
    app.clock.pass(SECOND)
    expect((await client.get('/Users')).status).toBe(401)
  })
  expect(events).toMatchObject([
    { action: 'token.created', actor, door: 'admin', changes: [{ path: 'name', to: 'Entra' }] },
    { action: 'token.revoked', actor, door: 'admin' },
  ])
  expect(events).toHaveLength(2)
})

test('a provisioning token is valid for a year where nothing is said, and then it is not', async () => {
  const { app, api } = await newScene()
  const { body } = await api.post('/tokens', { name: 'Entra' })
  const client = app.clientWith(`Bearer ${String(body['secret'])}`)
  app.clock.pass(365 * DAY - SECOND)
  expect((await client.get('/Users')).status).toBe(200)
  app.clock.pass(SECOND)
  expect((await client.get('/Users')).status).toBe(401)
  const { id } = await newPerson(app.directory, 'later')
  await app.directory.administrators.appoint(id, cause)
  const { headers } = await newBrowserSession(app.directory, id, '2027-04-01T00:00:00.000Z')
  const { body: told } = await api.send('GET', '/tokens', undefined, headers)
  expect(told['items']).toContainEqual(
    expect.objectContaining({
      name: 'Entra',
      state: 'expired',
      expires: '2027-03-02T08:00:00.000Z',
      lastUsed: expect.any(String),
    }),
  )
})

test('the secret of a provisioning token is neither in the log nor in the store, nor told again', async () => {
  const { app, api } = await newScene()
  const { body } = await api.post('/tokens', { name: 'Entra' })
  const secret = String(body['secret'])
  await app.clientWith(`Bearer ${secret}`).get('/Users')
  expect(JSON.stringify(app.logged)).toContain('/admin/api/tokens')
  const kept = `${(await app.database.raw()).toString('latin1')}${JSON.stringify(app.logged)}`
  expect(kept).not.toContain(secret)
  const told = `${(await api.get('/tokens')).text}${(await api.get('/events')).text}`
  expect(told).toContain('Entra')
  expect(told).not.toContain(secret)
  expect(told).not.toContain('hash')
})

test.each([
  ['no name', {}, '#/name'],
  ['blanks for a name', { name: ' ' }, '#/name'],
  ['a name too long', { name: 'x'.repeat(101) }, '#/name'],
  ['no days', { name: 'x', expiresInDays: 0 }, '#/expiresInDays'],
  ['too many days', { name: 'x', expiresInDays: 3_651 }, '#/expiresInDays'],
  ['half a day', { name: 'x', expiresInDays: 0.5 }, '#/expiresInDays'],
  ['a secret of its own', { name: 'x', secret: 'mine' }, '#/secret'],
])('a provisioning token with %s is not made', async (_, body, pointer) => {
  const { app, api } = await newScene()
  const before = await app.database.dump()
  const answer = await api.post('/tokens', body)
  expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
  expect(answer.body['errors']).toMatchObject([{ pointer }])
  expect(await app.database.dump()).toBe(before)
})

test('provisioning tokens are nobody else’s', async () => {
  const { app, api } = await newScene()
  const { body } = await api.post('/tokens', { name: 'Entra' })
  const { id } = body['token'] as { id: string }
  const other = await newAdmin(app, await otherDirectory(app), 'stranger')
  expect((await other.get('/tokens')).body).toStrictEqual({ items: [] })
  expect((await other.post(`/tokens/${id}/revoke`)).status).toBe(404)
  expect(await listed(api, 'Entra')).toMatchObject({ state: 'active' })
})
