import { describe, expect, test } from 'vitest'
import { newAdmin, problem } from '../support/admin.ts'
import { inForce, newStaff, switchOff } from '../support/brake.ts'
import { recorded } from '../support/store.ts'

describe('the brake', () => {
  test('is set, and off at a hundred percent', async () => {
    const { app, scim, ids } = await newStaff(30)
    const api = await newAdmin(app)
    expect((await api.get('/brake')).body).toMatchObject({
      users: 10,
      percent: 10,
      minutes: 60,
      on: true,
      limit: 10,
      departed: 0,
    })
    const set = { users: 1, percent: 50, minutes: 5 }
    const events = await recorded(app.directory, async () => {
      expect(await api.post('/brake', set)).toMatchObject({
        status: 200,
        body: { ...set, on: true, limit: 15 },
      })
    })
    expect(events).toMatchObject([{ action: 'setting.changed', resourceId: 'setting:brake' }])
    await switchOff(scim, ids.slice(0, 16))
    expect((await api.get('/brake')).body).toMatchObject({
      departed: 15,
      limit: 15,
      waiting: { deactivate: 1 },
    })
    expect((await api.post('/brake', { ...set, percent: 100 })).body).toMatchObject({ on: false })
    await switchOff(scim, ids.slice(16))
    expect(await inForce(app, ids)).toMatchObject({ active: 1, held: 1 })
  })
})

describe('refused is', () => {
  test.each<[string, string, unknown]>([
    ['a release of nobody', '/held/release', { users: [] }],
    ['an id that is none', '/held/release', { users: ['a b'] }],
    [
      'more than a thousand',
      '/held/release',
      { users: Array.from({ length: 1_001 }, (_, n) => `${n}`) },
    ],
    ['a time that is none', '/held/discard', { until: 'yesterday' }],
    ['what nobody knows', '/held/discard', { all: true }],
    ['a brake without a window', '/brake', { users: 1, percent: 1 }],
    ['a window of no length', '/brake', { users: 1, percent: 1, minutes: 0 }],
    ['a window of more than a month', '/brake', { users: 1, percent: 1, minutes: 44_641 }],
    ['more than everybody', '/brake', { users: 1, percent: 101, minutes: 1 }],
    ['a part of a user', '/brake', { users: 1.5, percent: 1, minutes: 1 }],
    ['less than nobody', '/brake', { users: -1, percent: 1, minutes: 1 }],
  ])('%s', async (_, path, body) => {
    const { app } = await newStaff(0)
    const api = await newAdmin(app)
    const before = await app.database.dump()
    expect(problem(await api.post(path, body))).toStrictEqual({ status: 400, code: 'badRequest' })
    expect(await app.database.dump()).toBe(before)
  })

  test.each(['?limit=0', '?limit=201', '?limit=x', '?after=a%20b', '?state=waiting'])(
    'GET /held%s',
    async (query) => {
      const { app } = await newStaff(0)
      const api = await newAdmin(app)
      expect(problem(await api.get(`/held${query}`))).toMatchObject({ status: 400 })
    },
  )
})
