import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { newAdmin, problem } from '../support/admin.ts'
import { cause } from '../support/app.ts'
import {
  ADA,
  newLogScene as newScene,
  newWatched,
  NOBODY,
  off,
  unknown,
  type LogScene as Scene,
} from '../support/provisioning.ts'
import { otherDirectory } from '../support/store.ts'
import { GROUP, USER } from '../support/resources.ts'

describe('one request', () => {
  test('is told with both messages, the rules it needed and a command that sends it again', async () => {
    const { app, scim, ada, newest } = await newScene()
    await scim.send(
      'PATCH',
      `/Users/${ada}?attributes=title`,
      {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'Replace', path: 'title', value: `Ada's $HOME` }],
      },
      { 'User-Agent': 'a client', Cookie: 'a=secret', 'If-Match': 'W/"1"' },
    )
    const told = await newest()
    const events = await app.directory.events.latest({ resourceId: ada, limit: 1 })
    const body = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'Replace', path: 'title', value: `Ada's $HOME` }],
    }
    expect(told).toMatchObject({
      requestId: events[0]?.requestId,
      actor: 'token:default',
      method: 'PATCH',
      path: `/Users/${ada}?attributes=title`,
      status: 200,
      milliseconds: expect.any(Number),
      subject: { type: 'User', id: ada, name: 'Ada Lovelace' },
      request: {
        headers: {
          'content-type': 'application/scim+json; charset=utf-8',
          'user-agent': 'a client',
          'if-match': 'W/"1"',
        },
        body: { text: JSON.stringify(body, undefined, 2), kept: 'whole' },
      },
      response: { headers: { etag: 'W/"2"' }, body: { kept: 'whole' } },
      rules: [{ id: 'op-case', about: expect.any(String), source: expect.any(String) }],
      curl: {
        complete: true,
        command: [
          'curl --globoff',
          `--request 'PATCH'`,
          '--header "Authorization: Bearer $ENTRANCE_TOKEN"',
          `--header 'content-type: application/scim+json; charset=utf-8'`,
          `--header 'if-match: W/"1"'`,
          `--data-raw '${JSON.stringify(body).replace("'", `'\\''`)}'`,
          `'https://entrance.example/scim/v2/Users/${ada}?attributes=title'`,
        ].join(' \\\n  '),
      },
    })
    expect(told['explanation']).toBeUndefined()
    expect(JSON.stringify(told)).not.toMatch(/bearer entrance|a=secret/i)
  })

  test.each<[string, JsonObject, (scene: Scene) => Promise<unknown>]>([
    [
      'with who has the name',
      {
        title: 'The name is taken',
        what: expect.stringMatching(/ Ada Lovelace has it: [\w-]+\.$/),
        holder: { id: expect.any(String), name: 'Ada Lovelace' },
      },
      ({ scim }) => scim.post('/Users', { schemas: [USER], userName: ADA, externalId: 'x' }),
    ],
    [
      'with nobody who has the name any more',
      { what: expect.stringContaining('Nobody has it any more.'), holder: null },
      async ({ scim, finance }) => {
        await scim.post('/Groups', { schemas: [GROUP], displayName: 'FINANCE' })
        await scim.delete(`/Groups/${finance}`)
      },
    ],
    [
      'with who took the name before it was changed',
      { what: expect.stringContaining('Ada Lovelace has it') },
      async ({ scim, newUser }) => {
        const bob = await newUser('bob')
        await scim.operate(`/Users/${bob}`, { op: 'replace', path: 'userName', value: ADA })
      },
    ],
    [
      'with the link request that was left',
      {
        title: 'The name is that of a local account',
        fix: expect.stringContaining('under Link.'),
      },
      async ({ app, scim }) => {
        const attributes = { userName: 'carla', active: true }
        await app.directory.users.create({ attributes, origin: 'local' }, cause)
        await scim.post('/Users', { schemas: [USER], userName: 'carla' })
      },
    ],
    [
      'with when a group was deleted',
      {
        what: expect.stringContaining('The group was deleted here on 2026-03-02 by token:default.'),
        deleted: { at: '2026-03-02T08:00:00.000Z', actor: 'token:default' },
        fix: expect.stringContaining('restart provisioning'),
      },
      async ({ scim, finance, ada }) => {
        await scim.delete(`/Groups/${finance}`)
        await scim.operate(`/Groups/${finance}`, {
          op: 'add',
          path: 'members',
          value: [{ value: ada }],
        })
      },
    ],
    [
      'for a filter',
      { title: 'The filter cannot be read' },
      ({ scim }) => scim.filter('/Users', 'nothing eq'),
    ],
    [
      'for a body that is too large',
      { title: 'The request is too large' },
      ({ scim }) => scim.post('/Users', { schemas: [USER], userName: 'x'.repeat(1_100_000) }),
    ],
  ])('that was refused is explained %s', async (_, explanation, ask) => {
    const scene = await newScene()
    await ask(scene)
    const [refused] = await scene.list('errors=true')
    const { body } = await scene.api.get(`/provisioning-log/${refused?.sequence}`)
    expect(body['explanation']).toMatchObject(explanation)
  })

  test.each(['0', 'x', '1e3', '999999999999999'])(
    'that is not there is not found: %s',
    async (id) => {
      const { api } = await newWatched()
      expect(problem(await api.get(`/provisioning-log/${id}`))).toMatchObject({ code: 'notFound' })
    },
  )
})

describe('the log', () => {
  test('is told newest first, page by page, each request once', async () => {
    const { api, scim, list } = await newWatched()
    for (let time = 0; time < 5; time += 1) await scim.get(`/Users?count=${time}`)
    const all = await list()
    expect(all.map(({ path }) => path)).toStrictEqual(
      [4, 3, 2, 1, 0].map((time) => `/Users?count=${time}`),
    )
    const first = await api.get('/provisioning-log?limit=3')
    expect(first.body['items']).toStrictEqual(all.slice(0, 3))
    const { body } = await api.get(`/provisioning-log?limit=3&before=${String(first.body['next'])}`)
    expect(body).toStrictEqual({ items: all.slice(3) })
  })

  test.each<[string, (scene: Scene & { bob: string }) => string, readonly string[]]>([
    ['those that failed', () => 'errors=true', ['read-user']],
    [
      'those of one user, memberships included',
      ({ bob }) => `resource=${bob}`,
      ['switch-off-user', 'add-members', 'create-user'],
    ],
    ['those of one group', ({ finance }) => `resource=${finance}`, ['add-members', 'create-group']],
    ['those that failed of one user', ({ bob }) => `resource=${bob}&errors=true`, []],
    ['those with words', () => 'words=FINANCE%20lovelace', ['add-members']],
    [
      'those with an id',
      ({ bob }) => `words=${bob}`,
      ['switch-off-user', 'add-members', 'create-user'],
    ],
    ['those of a kind', () => 'kind=create-user', ['create-user', 'create-user']],
    [
      'those of one of several kinds',
      () => 'kind=read-user&kind=create-group',
      ['read-user', 'create-group'],
    ],
    ['those newer than one', () => 'after=5', ['read-user']],
    ['those newer than one, of a time', () => 'after=3&to=2026-03-02T09:00:00Z', ['add-members']],
    ['those of nobody', () => 'actor=token:other', []],
    [
      'those from a time on',
      () => 'from=2026-03-02T08:00:00.001Z',
      ['read-user', 'switch-off-user'],
    ],
    [
      'those before a time',
      () => 'to=2026-03-02T09:00:00Z',
      ['add-members', 'create-user', 'create-group', 'create-user'],
    ],
    ['those of a time that is over', () => 'to=2026-03-01T08:30:00Z', []],
    ['those of a time to come', () => 'from=2027-03-01T08:30:00Z', []],
  ])('is told in part: %s', async (_, query, kinds) => {
    const scene = await newScene()
    const { app, scim, ada, finance, newUser } = scene
    const bob = await newUser('bob', { displayName: 'Bob' })
    const value = [{ value: ada }, { value: bob }]
    await scim.operate(`/Groups/${finance}`, { op: 'add', path: 'members', value })
    await app.recorder.flush()
    app.clock.pass(3_600_000)
    await scim.operate(`/Users/${bob}`, off)
    await scim.get(`/Users/${unknown}`)
    const told = await scene.list(query({ ...scene, bob }))
    expect(told.map(({ kind }) => kind)).toStrictEqual(kinds)
  })

  test('has for each the one before and after it about the same user or group', async () => {
    const { app, ada, finance, scim, newUser, list } = await newScene()
    const { beside } = app.directory.provisioningLog
    const value = [{ value: ada }]
    await scim.operate(`/Groups/${finance}`, { op: 'add', path: 'members', value })
    await newUser('bob')
    await scim.get(`/Users/${ada}`)
    const [read, bob, added, made, created] = (await list()).map(({ sequence }) => sequence)
    if (!read || !bob || !added || !made || !created) throw new Error('There are too few.')
    expect(await beside(created, ada)).toStrictEqual({ later: added })
    expect(await beside(added, ada)).toStrictEqual({ earlier: created, later: read })
    expect(await beside(bob, ada)).toStrictEqual({ earlier: added, later: read })
    expect(await beside(read, ada)).toStrictEqual({ earlier: added })
    expect(await beside(added, finance)).toStrictEqual({ earlier: made })
    expect(await beside(added, unknown)).toStrictEqual({})
    const other = await otherDirectory(app)
    expect(await other.provisioningLog.beside(added, ada)).toStrictEqual({})
  })

  test('finds words however far back they are, a part at a time', async () => {
    const { app, api, newUser, list } = await newWatched()
    await newUser('needle')
    const [needle] = await list()
    const hay = {
      organisation: 'default',
      memberIds: [],
      at: '2026-03-02T08:00:00.000Z',
      actor: 'token:default',
      requestId: 'r',
      method: 'GET',
      path: '/Users',
      status: 200,
      milliseconds: 1,
      kind: 'list-users',
      tolerances: [],
      facts: {},
      request: { headers: {} },
      response: { headers: {} },
    } as const
    const many = Array.from({ length: 1_000 }, () => hay)
    for (let part = 0; part < 21; part += 1) await app.store.provisioningLogs.append(many, [])
    const first = await api.get('/provisioning-log?words=needle&limit=5')
    expect(first.body['items']).toStrictEqual([])
    const { body } = await api.get(
      `/provisioning-log?words=needle&limit=5&before=${String(first.body['next'])}`,
    )
    expect(body).toStrictEqual({ items: [needle] })
  })

  test.each([
    'before=0',
    'limit=0',
    'after=x',
    'kind=test&kind=x',
    'limit=201',
    'words=',
    'errors=no',
    'kind=x',
    'from=today',
    'who=x',
  ])('is not told for %s', async (query) => {
    const { api } = await newWatched()
    const answer = await api.get(`/provisioning-log?${query}`)
    expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
  })

  test('is nobody else’s', async () => {
    const { app, newUser, list } = await newWatched()
    const ada = await newUser(ADA)
    const [told] = await list()
    const other = await newAdmin(app, await otherDirectory(app), 'stranger')
    expect((await other.get('/provisioning-log')).body).toStrictEqual({ items: [] })
    expect((await other.get(`/provisioning-log?resource=${ada}`)).body).toStrictEqual({ items: [] })
    expect((await other.get(`/provisioning-log/${told?.sequence}`)).status).toBe(404)
    expect((await other.get('/provisioning-status')).body).not.toHaveProperty('lastContact')
  })
})

test('the status tells when provisioning came, how it went and which rules it needs', async () => {
  const { app, api, scim, newUser, newGroup } = await newWatched()
  const status = async (): Promise<JsonObject> => {
    await app.recorder.flush()
    return (await api.get('/provisioning-status')).body as JsonObject
  }
  const nothing = await status()
  expect(nothing).toMatchObject({ days: 30, tolerances: [] })
  expect(nothing).not.toHaveProperty('lastContact')
  expect(nothing['hours']).toHaveLength(24)
  await scim.filter('/Users', `userName eq "${NOBODY}"`)
  app.clock.pass(3_600_000)
  const ada = await newUser(ADA)
  app.clock.pass(60_000)
  await newGroup('Finance')
  app.clock.pass(60_000)
  await scim.operate(`/Users/${ada}`, { op: 'Replace', path: 'title', value: 'Countess' })
  await scim.operate(`/Users/${unknown}`, off)
  const told = await status()
  const contact = { actor: 'token:default' }
  expect(told).toMatchObject({
    lastContact: {
      ...contact,
      at: '2026-03-02T09:02:00.000Z',
      kind: 'switch-off-user',
      status: 404,
    },
    lastTest: { ...contact, at: '2026-03-02T08:00:00.000Z', kind: 'test', status: 200 },
    lastUserWrite: { ...contact, at: '2026-03-02T09:02:00.000Z', kind: 'update-user', status: 200 },
    lastGroupWrite: { ...contact, at: '2026-03-02T09:01:00.000Z', kind: 'create-group' },
    tolerances: [{ id: 'op-case', requests: 2, about: expect.any(String) }],
  })
  expect((told['hours'] as JsonObject[]).slice(-3)).toStrictEqual([
    { hour: '2026-03-02T07:00:00.000Z', requests: 0, errors: 0, dropped: 0 },
    { hour: '2026-03-02T08:00:00.000Z', requests: 1, errors: 0, dropped: 0 },
    { hour: '2026-03-02T09:00:00.000Z', requests: 4, errors: 1, dropped: 0 },
  ])
  app.clock.pass(24 * 3_600_000)
  const later = await app.directory.provisioningLog.status()
  expect(later).toMatchObject({ tolerances: [], lastTest: { at: '2026-03-02T08:00:00.000Z' } })
  expect(later.hours.every(({ requests }) => requests === 0)).toBe(true)
})
