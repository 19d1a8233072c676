import { expect, test } from 'vitest'
import type { Event } from '../../src/directory/event.ts'
import { newAdmin, problem, type AdminApi } from '../support/admin.ts'
import { testApp } from '../support/app.ts'
import { newOwnGroup } from '../support/assignments.ts'
import { manyEvents } from '../support/many.ts'
import { newPerson } from '../support/programs.ts'
import { newUser } from '../support/resources.ts'
import { otherDirectory } from '../support/store.ts'

/** No test has so many pages. */
const ENOUGH = 10

/** The record, page by page. */
async function pagesOf(api: AdminApi, query: string): Promise<Event[][]> {
  const pages: Event[][] = []
  let next: unknown
  do {
    const before = next === undefined ? '' : `&before=${String(next)}`
    const { body } = await api.get(`/events?${query}${before}`)
    pages.push(body['items'] as Event[])
    next = body['next']
  } while (next !== undefined && pages.length < ENOUGH)
  return pages
}

test('the record is told newest first, page by page, each event once', async () => {
  const app = await testApp()
  const api = await newAdmin(app)
  await newPerson(app.directory, 'ada')
  const all = (await app.directory.events.list(0, 1_000)).toReversed()
  const size = all.length - 1
  const pages = await pagesOf(api, `limit=${size}`)
  expect(pages.map((page) => page.length)).toStrictEqual([size, 1])
  expect(pages.flat()).toStrictEqual(all)
  expect(await pagesOf(api, `limit=${all.length}`)).toStrictEqual([all])
})

test('the record of one thing is told alone', async () => {
  const app = await testApp()
  const api = await newAdmin(app)
  const group = await newOwnGroup(app.directory, 'Sales')
  const { id } = await newPerson(app.directory, 'ada')
  await api.post(`/groups/${group}`, { displayName: 'Sellers' })
  await manyEvents(app.database, id, 3)
  const pages = await pagesOf(api, `resource=${group}&limit=1`)
  expect(pages).toMatchObject([
    [
      {
        action: 'group.updated',
        door: 'admin',
        resourceId: group,
        changes: [{ path: 'displayName', from: 'Sales', to: 'Sellers' }],
      },
    ],
    [{ action: 'group.created', door: 'cli' }],
  ])
  const [one] = await pagesOf(api, `resource=${id}`)
  expect(one?.map(({ action }) => action)).toStrictEqual([
    'user.updated',
    'user.updated',
    'user.updated',
    'user.created',
  ])
})

test('the record of a role is found by its name', async () => {
  const app = await testApp()
  const api = await newAdmin(app)
  const holder = { kind: 'role', value: 'Project manager' }
  await api.post('/permissions/grant', { holder, permission: 'p' })
  const { body } = await api.get(`/events?resource=${encodeURIComponent('role:project manager')}`)
  expect(body['items']).toMatchObject([{ action: 'permission.granted' }])
})

test.each([
  ['action=token', ['token.created']],
  ['action=user.created&door=scim', ['user.created']],
  ['action=token&action=administrator', ['administrator.appointed', 'token.created']],
  ['actor=token:default', ['user.created']],
  ['door=auth', []],
  ['from=2026-03-02T08:30:00Z', ['user.created']],
  ['to=2026-03-02T08:30:00Z&action=token', ['token.created']],
])('the record is told for %s alone', async (query, wanted) => {
  const app = await testApp()
  const api = await newAdmin(app)
  app.clock.pass(3_600_000)
  await newUser(app.scim, 'eve')
  const told = (await pagesOf(api, `${query}&limit=200`)).flat()
  expect(told.map(({ action }) => action)).toStrictEqual(wanted)
})

test('what is looked for is told page by page too, each event once', async () => {
  const app = await testApp()
  const api = await newAdmin(app)
  for (const name of ['eve', 'bob', 'tim']) await newPerson(app.directory, name)
  const all = (await pagesOf(api, 'action=user&limit=200')).flat()
  const pages = await pagesOf(api, 'action=user&limit=1')
  expect(all).toHaveLength(4)
  expect(pages.flat()).toStrictEqual(all)
})

test('what is looked for among many is found, some at a time', async () => {
  const app = await testApp()
  const api = await newAdmin(app)
  const { id } = await newPerson(app.directory, 'ada')
  await manyEvents(app.database, id, 21_000)
  const pages = await pagesOf(api, 'action=administrator')
  expect(pages).toMatchObject([[], [{ action: 'administrator.appointed' }]])
})

test.each([
  'action=%25',
  'action=User',
  'door=window',
  'from=today',
  'before=0',
  'before=x',
  'before=1e3',
  'limit=0',
  'limit=201',
  'resource=',
  'who=x',
])('the record is not told for %s', async (query) => {
  const app = await testApp()
  const api = await newAdmin(app)
  const answer = await api.get(`/events?${query}`)
  expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
  expect(answer.body['errors']).toMatchObject([{ parameter: query.split('=')[0] }])
})

test('the record before the largest number there can be is the whole of it', async () => {
  const app = await testApp()
  const api = await newAdmin(app)
  const { status, body } = await api.get(`/events?before=${'9'.repeat(15)}&limit=1`)
  expect(status).toBe(200)
  expect(body['items']).toHaveLength(1)
})

test('the record is nobody else’s', async () => {
  const app = await testApp()
  await newAdmin(app)
  const { id } = await newPerson(app.directory, 'ada')
  const other = await newAdmin(app, await otherDirectory(app), 'stranger')
  const told = (await pagesOf(other, 'limit=200')).flat()
  const theirs = told.filter(({ action }) => action === 'user.created')
  expect(theirs).toMatchObject([
    { changes: expect.arrayContaining([{ path: 'userName', to: 'stranger' }]) },
  ])
  expect((await other.get(`/events?resource=${id}`)).body).toStrictEqual({ items: [] })
})
