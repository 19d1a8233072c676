import { describe, expect, test } from 'vitest'
import type { Directory } from '../../src/directory/store.ts'
import { newAdmin, problem, type AdminApi } from '../support/admin.ts'
import { newMapping, newOwnGroup, newPushedGroup, newRule } from '../support/assignments.ts'
import { cause, testApp } from '../support/app.ts'
import { newScene } from '../support/imports.ts'
import { manyMembers } from '../support/many.ts'
import { ada, idOf, sceneOf, TEAM } from '../support/mappings.ts'
import { newPerson } from '../support/programs.ts'
import { otherDirectory, outcomes, recorded } from '../support/store.ts'
import { synced } from '../support/syncs.ts'

/** A server with an administrator, who has the user group Sales. */
async function newSales() {
  const app = await testApp()
  const api = await newAdmin(app)
  const actor = `user:${String((await app.directory.users.named('admin'))?.id)}`
  const group = await newOwnGroup(app.directory, 'Sales')
  return { app, api, actor, group, path: `/groups/${group}` }
}

async function newPeople(directory: Directory, ...names: readonly string[]): Promise<string[]> {
  const ids: string[] = []
  for (const name of names) ids.push((await newPerson(directory, name, { displayName: name })).id)
  return ids
}

/** No test has so many pages. */
const ENOUGH = 10

/** Who is in a group, page by page. */
async function pagesOf(api: AdminApi, path: string, limit: number): Promise<string[][]> {
  const pages: string[][] = []
  let after: unknown = ''
  while (after !== undefined && pages.length < ENOUGH) {
    const { body } = await api.get(`${path}/members?limit=${limit}&after=${String(after)}`)
    pages.push((body['items'] as { id: string }[]).map(({ id }) => id))
    after = body['next']
  }
  return pages
}

describe('a user group', () => {
  test('is made, renamed and removed, with one event each', async () => {
    const { app, api, actor } = await newSales()
    const events = await recorded(app.directory, async () => {
      const { status, headers, body } = await api.post('/groups', { displayName: 'Designers' })
      expect(status).toBe(201)
      expect(body).toStrictEqual({
        id: expect.any(String),
        displayName: 'Designers',
        origin: 'local',
        created: '2026-03-02T08:00:00.000Z',
        lastModified: '2026-03-02T08:00:00.000Z',
        permissions: [],
        memberCount: 0,
        members: { items: [] },
      })
      const path = `/groups/${String(body['id'])}`
      expect(headers.get('location')).toBe(`https://entrance.example/admin/api${path}`)
      const renamed = await api.post(path, { displayName: 'Draughtsmen' })
      expect(renamed).toMatchObject({ status: 200, body: { ...body, displayName: 'Draughtsmen' } })
      expect((await api.get(path)).body).toStrictEqual(renamed.body)
      // The same name again is no change.
      await api.post(path, { displayName: 'Draughtsmen' })
      expect((await api.post(`${path}/remove`)).status).toBe(204)
      expect(problem(await api.get(path))).toStrictEqual({ status: 404, code: 'notFound' })
    })
    expect(events.map(({ action, changes }) => [action, changes])).toStrictEqual([
      ['group.created', [{ path: 'displayName', to: 'Designers' }]],
      ['group.updated', [{ path: 'displayName', from: 'Designers', to: 'Draughtsmen' }]],
      ['group.deleted', [{ path: 'displayName', from: 'Draughtsmen' }]],
    ])
    expect(new Set(events.map((event) => `${event.actor} ${event.door}`))).toStrictEqual(
      new Set([`${actor} admin`]),
    )
  })

  test('keeps what else it has when it is renamed', async () => {
    const { app, api } = await newSales()
    const attributes = { displayName: 'Old', externalId: 'kept' }
    const members = { kind: 'set', members: [] } as const
    const made = await app.directory.groups.create({ attributes, members, origin: 'import' }, cause)
    await api.post(`/groups/${made.id}`, { displayName: 'New' })
    const after = await app.directory.groups.read(made.id, false)
    expect(after?.attributes).toStrictEqual({ displayName: 'New', externalId: 'kept' })
  })

  test.each([
    ['made', () => '/groups'],
    ['renamed', (path: string) => path],
  ])('cannot be %s to the name of another', async (_, pathOf) => {
    const { app, api, path } = await newSales()
    await newOwnGroup(app.directory, 'Designers')
    const answer = await api.post(pathOf(path), { displayName: 'DESIGNERS' })
    expect(problem(answer)).toStrictEqual({ status: 409, code: 'conflict' })
    const detail = 'Another group has this name.'
    expect(answer.body).toMatchObject({ detail, errors: [{ detail, pointer: '#/displayName' }] })
    expect((await api.get(path)).body['displayName']).toBe('Sales')
  })

  test('is made once of two who make it at the same time', async () => {
    const { api } = await newSales()
    const made = await Promise.all(
      ['Twins', 'twins'].map((displayName) => api.post('/groups', { displayName })),
    )
    expect(new Set(made.map(({ status }) => status))).toStrictEqual(new Set([201, 409]))
  })

  test.each([
    ['no name', '', {}, '#/displayName'],
    ['blanks for a name', '', { displayName: '  ' }, '#/displayName'],
    ['a name that is too long', '', { displayName: 'x'.repeat(201) }, '#/displayName'],
    ['a line break in a name', '', { displayName: 'a\nb' }, '#/displayName'],
    ['what nobody knows', '', { displayName: 'x', origin: 'scim' }, '#/origin'],
    ['a member who is no id', '/members', { add: ['/'] }, '#/add/0'],
    ['a user who is not there', '/members', { add: ['nobody'] }, '#/add/0'],
    [
      'more than fit',
      '/members',
      { add: Array.from({ length: 1_001 }, (_, at) => `u${at}`) },
      '#/add',
    ],
    ['somebody who comes and goes', '/members', { add: ['x'], remove: ['x'] }, '#/remove'],
  ])('is not changed by a body with %s', async (_, below, body, pointer) => {
    const { app, api, path } = await newSales()
    const before = await app.database.dump()
    const answer = await api.post(`${path}${below}`, body)
    expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
    expect(answer.body['errors']).toMatchObject([{ pointer }])
    expect(await app.database.dump()).toBe(before)
  })

  test('leaves the rules and mappings that gave it, when it is removed', async () => {
    const { api, group } = await sceneOf(ada)
    const rule = await newRule(api, 'title pr', { groups: [group], role: 'PM' })
    const mapping = await newMapping(api, TEAM, { group, role: 'PM' })
    expect((await api.post(`/groups/${group}/remove`)).status).toBe(204)
    expect((await api.get('/rules')).body['items']).toMatchObject([{ id: rule.id, groups: [] }])
    const [left] = (await api.get('/mappings')).body['items'] as object[]
    expect(left).toMatchObject({ id: mapping.id, role: 'PM' })
    expect(left).not.toHaveProperty('group')
  })

  test.each([
    ['renamed', '', { displayName: 'Mine' }, 'rename it there.'],
    [
      'given members',
      '/members',
      { add: ['x'] },
      'add and remove its members there, in the group that is assigned.',
    ],
    ['removed', '/remove', {}, 'take it out of what is provisioned, or delete it there.'],
  ])('that is Entra’s is not %s here', async (_, below, body, where) => {
    const { app, api } = await newSales()
    const pushed = await newPushedGroup(app.directory, 'Pushed')
    const before = await app.database.dump()
    const answer = await api.post(`/groups/${pushed}${below}`, body)
    expect(problem(answer)).toStrictEqual({ status: 409, code: 'conflict' })
    expect(answer.body['detail']).toBe(`"Pushed" comes from Entra: ${where}`)
    expect(await app.database.dump()).toBe(before)
    expect((await api.get(`/groups/${pushed}`)).body).toMatchObject({ origin: 'scim' })
  })

  test('is nobody else’s', async () => {
    const { app, path } = await newSales()
    const other = await newAdmin(app, await otherDirectory(app), 'stranger')
    const answers = [
      await other.get(path),
      await other.get(`${path}/members`),
      await other.post(path, { displayName: 'Mine' }),
      await other.post(`${path}/members`, { remove: ['x'] }),
      await other.post(`${path}/remove`),
    ]
    expect(answers.map(({ status }) => status)).toStrictEqual([404, 404, 404, 404, 404])
    expect((await other.post('/groups', { displayName: 'Sales' })).status).toBe(201)
  })
})

describe('the members of a user group', () => {
  test('come and go by hand, with one event for each change', async () => {
    const { app, api, actor, group, path } = await newSales()
    const [one = '', two = '', three = ''] = await newPeople(app.directory, 'a', 'b', 'c')
    const events = await recorded(app.directory, async () => {
      const { status, body } = await api.post(`${path}/members`, { add: [one, two, one] })
      expect(status).toBe(200)
      expect(body).toMatchObject({ memberCount: 2 })
      app.clock.pass(1_000)
      await api.post(`${path}/members`, { add: [three, two], remove: [one, 'nobody'] })
      // Who is in already, and who is not, is no change.
      await api.post(`${path}/members`, { add: [three], remove: [one] })
      await api.post(`${path}/members`)
    })
    expect(events).toMatchObject([
      { action: 'group.updated', actor, resourceId: group, changes: [{ to: [one, two] }] },
      { action: 'group.updated', actor, changes: [{ from: [one] }, { to: [three] }] },
    ])
    expect(events).toHaveLength(2)
    expect((await api.get(`${path}/members`)).body).toStrictEqual({
      items: [
        {
          id: two,
          type: 'User',
          userName: 'b',
          displayName: 'b',
          via: 'hand',
          since: '2026-03-02T08:00:00.000Z',
        },
        {
          id: three,
          type: 'User',
          userName: 'c',
          displayName: 'c',
          via: 'hand',
          since: '2026-03-02T08:00:01.000Z',
        },
      ],
    })
    expect((await app.directory.users.read(three))?.groups).toStrictEqual([
      { id: group, displayName: 'Sales' },
    ])
  })

  test('are told page by page, each once', async () => {
    const { app, api, path } = await newSales()
    const ids = await newPeople(app.directory, 'a', 'b', 'c', 'd', 'e')
    await api.post(`${path}/members`, { add: ids.toReversed() })
    const [one, two, three, four, five] = ids
    expect(await pagesOf(api, path, 2)).toStrictEqual([[one, two], [three, four], [five]])
    expect(await pagesOf(api, path, 5)).toStrictEqual([ids])
  })

  test('are the first fifty where the group is read, and counted all', async () => {
    const { app, api, group, path } = await newSales()
    const members = Array.from({ length: 60 }, (_, at) => ({ value: `u${String(at + 10)}` }))
    const change = (attributes: object) => ({
      attributes: { ...attributes },
      members: [{ kind: 'add', members } as const],
    })
    await app.directory.groups.update(group, undefined, change, cause)
    const { body } = await api.get(path)
    expect(body).toMatchObject({ memberCount: 60, members: { next: 'u59' } })
    expect((body['members'] as { items: object[] }).items).toHaveLength(50)
  })

  test('are counted no further than takes a moment', async () => {
    const { app, api, group, path } = await newSales()
    await manyMembers(app.database, group, 'scim', 20_001)
    const { body } = await api.get(path)
    expect(body).toMatchObject({ memberCountAtLeast: 20_000 })
    expect(body).not.toHaveProperty('memberCount')
    const sizes = await app.directory.groups.sizes([group])
    expect(sizes.get(group)?.members).toStrictEqual({ atLeast: 1_000 })
  })

  test('are told with what they came of', async () => {
    const { app, api, group } = await newScene()
    const [user = ''] = await newPeople(app.directory, 'a')
    const pushed = await newPushedGroup(app.directory, 'Pushed')
    const add = (id: string, value: string, door: 'scim' | 'cli') => {
      const members = [{ kind: 'add', members: [{ value }] } as const]
      return app.directory.groups.update(id, undefined, (attributes) => ({ attributes, members }), {
        ...cause,
        door,
      })
    }
    await add(pushed, user, 'scim')
    await add(pushed, group, 'scim')
    await add(pushed, 'unknown', 'cli')
    const { body } = await api.get(`/groups/${pushed}/members`)
    const since = expect.any(String)
    const wanted = [
      { id: user, type: 'User', userName: 'a', displayName: 'a', via: 'scim', since },
      { id: group, type: 'Group', displayName: 'Designers', via: 'scim', since },
      { id: 'unknown', via: 'hand', since },
    ]
    const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1)
    expect(body['items']).toStrictEqual(wanted.sort(byId))
  })

  test('tell the mapping that brought them, and keep to it when they are added by hand', async () => {
    const scene = await sceneOf(ada)
    const { api, app, group } = scene
    const { id: source } = await newMapping(api, TEAM, { group })
    await synced(scene)
    const id = await idOf(scene, ada)
    const events = await recorded(app.directory, () =>
      api.post(`/groups/${group}/members`, { add: [id] }),
    )
    expect(events).toStrictEqual([])
    const { body } = await api.get(`/groups/${group}/members`)
    expect(body['items']).toMatchObject([{ id, via: 'mapping', source }])
  })

  test('are never somebody who is deleted at the same time', async () => {
    const { app, api, group, path } = await newSales()
    const ids = await newPeople(app.directory, 'a', 'b', 'c', 'd', 'e', 'f')
    const work = ids.flatMap((id) => [
      app.directory.groups.changeMembers(group, { add: [id], remove: [] }, cause),
      app.directory.users.remove(id, undefined, cause),
    ])
    const { done, notFound = 0 } = outcomes(await Promise.allSettled(work))
    expect((done ?? 0) + notFound).toBe(12)
    expect((await api.get(path)).body).toMatchObject({ memberCount: 0 })
  })

  test('cannot be somebody of another organisation', async () => {
    const { app, api, path } = await newSales()
    const [stranger = ''] = await newPeople(await otherDirectory(app), 'stranger')
    const answer = await api.post(`${path}/members`, { add: [stranger] })
    expect(answer.body['errors']).toStrictEqual([
      { pointer: '#/add/0', detail: 'There is no such user.' },
    ])
  })

  test.each(['limit=0', 'limit=201', 'limit=x', 'x=1'])('are not told for %s', async (query) => {
    const { api, path } = await newSales()
    const answer = await api.get(`${path}/members?${query}`)
    expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
    expect(answer.body['errors']).toMatchObject([{ parameter: query.split('=')[0] }])
  })
})
