import { beforeAll, describe, expect, test } from 'vitest'
import { manyIds, newAdmin, problem, type AdminApi } from '../support/admin.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { endOfTests } from '../support/database.ts'
import { entraPerson, testEntraDirectory } from '../support/entra-directory.ts'
import { TENANT } from '../support/microsoft.ts'
import { newPerson } from '../support/programs.ts'
import { otherDirectory } from '../support/store.ts'

const people = ['ada', 'alan', 'anita', 'grace'].map((name, index) => entraPerson(index + 1, name))
const [ada, alan] = people.map(({ id }) => id)
const TEAM = 'f0000000-0000-4000-8000-000000000001'
const entra = testEntraDirectory(people, [
  { id: TEAM, displayName: 'Team', members: people.map(({ id }) => id) },
  { id: 'f0000000-0000-4000-8000-000000000002', displayName: 'Trainees', members: [] },
  { id: 'f0000000-0000-4000-8000-000000000003', displayName: 'Tutors', members: [] },
])

let app: TestApp
let api: AdminApi

const finished = endOfTests()

beforeAll(async () => {
  app = await testApp({ entraDirectory: entra, finished })
  api = await newAdmin(app)
})

const options = { groups: [], invite: { when: 'never' }, links: {} }
const chosen = { people: { ids: [ada] }, options }

async function newPlan(ids: readonly unknown[] = [ada, alan]): Promise<string> {
  const { body, text } = await api.post('/imports', { people: { ids }, options })
  const { id } = Object(body['plan']) as { id?: unknown }
  if (typeof id !== 'string') throw new Error(text)
  return id
}

describe('the connection', () => {
  test('says what works', async () => {
    expect((await api.get('/connection')).body).toStrictEqual({
      configured: true,
      storable: false,
      from: 'environment',
      tenantId: TENANT,
      clientId: expect.any(String),
      cloud: 'global',
      credential: 'secret',
      checks: [{ what: 'User.Read.All', purpose: 'Importing', ok: true }],
    })
  })

  test('gives people page by page, with how they stand to those here', async () => {
    const { body } = await api.get('/entra/users?search=a')
    expect(body).toMatchObject({
      items: [{ person: { id: ada }, standing: 'new' }, { person: { id: alan } }],
      next: '2',
    })
    const { body: rest } = await api.get(`/entra/users?search=a&next=${String(body['next'])}`)
    expect(rest['items']).toHaveLength(1)
    expect(rest).not.toHaveProperty('next')
    const { body: members } = await api.get(`/entra/groups/${TEAM}/members`)
    expect(members).toMatchObject({ items: [{ person: { id: ada } }, {}], next: '2' })
    const { body: groups } = await api.get('/entra/groups?search=T&next=2')
    expect(groups['items']).toMatchObject([{ displayName: 'Tutors' }])
  })

  test('refuses a next part that Entra does not know', async () => {
    expect(problem(await api.get('/entra/users?next=x')).status).toBe(400)
  })

  test.each([
    ['unavailable', 503, 'entraUnavailable'],
    ['forbidden', 502, 'entraForbidden'],
  ] as const)('that is %s is told', async (failure, status, code) => {
    entra.failure = failure
    try {
      for (const answer of [await api.get('/entra/users'), await api.post('/imports', chosen)]) {
        expect(problem(answer)).toStrictEqual({ status, code })
        expect(answer.body['detail']).toBe(`Entra says: ${failure}.`)
        expect(answer.headers.get('retry-after')).toBe(status === 503 ? '5' : null)
      }
      const { body } = await api.get('/connection')
      expect(body['checks']).toMatchObject([{ ok: false, problem: `Entra says: ${failure}.` }])
    } finally {
      entra.failure = undefined
    }
  })

  test('that there is none of is 409, and says what to do', async () => {
    const alone = await testApp()
    const admin = await newAdmin(alone)
    expect((await admin.get('/connection')).body).toStrictEqual({
      configured: false,
      storable: false,
    })
    for (const answer of [await admin.get('/entra/users'), await admin.post('/imports', chosen)]) {
      expect(problem(answer)).toStrictEqual({ status: 409, code: 'notConnected' })
      expect(answer.body['detail']).toContain('Register an app for it at Entra')
    }
  })
})

describe('an organisation', () => {
  test('finds nothing of another one, and does not read its tenant', async () => {
    const other = await newAdmin(app, await otherDirectory(app), 'stranger')
    const id = await newPlan()
    expect((await other.get('/imports')).body).toStrictEqual({ items: [] })
    for (const path of [`/imports/${id}`, `/imports/${id}/items`]) {
      expect((await other.get(path)).status).toBe(404)
    }
    for (const path of [`/imports/${id}/start`, `/imports/${id}/cancel`]) {
      expect((await other.post(path)).status).toBe(404)
    }
    expect((await api.get(`/imports/${id}`)).body['state']).toBe('preview')
    expect((await other.get('/connection')).body).toStrictEqual({
      configured: false,
      storable: false,
    })
    for (const path of ['/entra/users', '/entra/groups', `/entra/groups/${TEAM}/members`]) {
      expect(problem(await other.get(path)).code).toBe('notConnected')
    }
    expect(problem(await other.post('/imports', chosen)).code).toBe('notConnected')
    const user = await newPerson(app.directory, 'ours@contoso.example')
    expect((await other.post(`/users/${user.id}/invitation`)).status).toBe(404)
    const { body: mail } = await api.post(`/users/${user.id}/invitation`)
    expect((await other.post(`/mails/${String(mail['id'])}/cancel`)).status).toBe(404)
    expect((await other.get('/mails')).body).toStrictEqual({ items: [] })
    expect((await other.get('/groups')).body).toStrictEqual({ items: [], total: 0 })
    expect((await other.get('/link-requests')).body).toStrictEqual({ items: [] })
  })
})

describe('the people of an import', () => {
  test('come in parts, and of one state or action', async () => {
    const id = await newPlan(people.map((person) => person.id))
    const { body } = await api.get(`/imports/${id}/items?limit=3`)
    expect(body).toMatchObject({ items: [{ position: 0 }, {}, { position: 2 }], next: 2 })
    const { body: rest } = await api.get(`/imports/${id}/items?limit=3&after=2`)
    expect(rest).toMatchObject({ items: [{ position: 3 }] })
    expect(rest).not.toHaveProperty('next')
    const count = async (query: string) =>
      ((await api.get(`/imports/${id}/items?${query}`)).body['items'] as unknown[]).length
    expect(await count('state=planned&action=create')).toBe(4)
    expect(await count('state=done')).toBe(0)
    expect(await count('action=skip')).toBe(0)
  })

  test('are where the answer to a new import says', async () => {
    const { headers } = await api.post('/imports', chosen)
    const location = headers.get('location') ?? ''
    expect(location).toMatch(/^https:\/\/entrance\.example\/admin\/api\/imports\/[\w-]+$/)
    const path = location.slice('https://entrance.example/admin/api'.length)
    expect((await api.get(path)).body['state']).toBe('preview')
  })

  test('are not worked on twice at once', async () => {
    const id = await newPlan()
    expect((await api.post(`/imports/${id}/start`)).body['state']).toBe('running')
    expect(problem(await api.post(`/imports/${id}/start`)).status).toBe(409)
    expect((await api.post(`/imports/${id}/cancel`)).body['state']).toBe('cancelled')
    expect((await api.post(`/imports/${id}/cancel`)).status).toBe(200)
  })
})

describe('link requests', () => {
  test('are accepted for a user, or dismissed', async () => {
    const { directory } = app
    const objectIds = manyIds(2).map((id) => id.replace('e', 'a'))
    for (const [index, objectId] of objectIds.entries()) {
      const request = { objectId, userName: `asking-${index}@contoso.example` }
      await directory.linkRequests.ask(request, cause)
    }
    const user = await newPerson(directory, 'asked')
    const { body } = await api.get('/link-requests')
    const [first, second] = body['items'] as { id: string }[]
    expect(problem(await api.post(`/link-requests/${first?.id}/accept`)).status).toBe(404)
    const accepted = await api.post(`/link-requests/${first?.id}/accept`, { userId: user.id })
    expect([accepted.status, accepted.text]).toStrictEqual([204, ''])
    expect((await directory.users.read(user.id))?.link?.objectId).toBe(objectIds[0])
    // Nothing has to be said, and so nothing need be sent.
    const dismissed = await api.send('POST', `/link-requests/${second?.id}/dismiss`, '', {
      'Content-Type': 'application/json',
    })
    expect(dismissed.status).toBe(204)
    expect((await api.get('/link-requests')).body['items']).toStrictEqual([])
  })
})

test('groups are found by a part of their name, by name', async () => {
  for (const displayName of ['Zebra "1"', 'Ant 10', 'Ant 9', 'ZEBRA 2']) {
    await app.directory.groups.create(
      { attributes: { displayName }, members: { kind: 'set', members: [] }, origin: 'local' },
      cause,
    )
  }
  const names = async (search: string) => {
    const { body } = await api.get(`/groups?search=${encodeURIComponent(search)}`)
    return (body['items'] as { displayName: string }[]).map(({ displayName }) => displayName)
  }
  expect(await names('ant')).toStrictEqual(['Ant 9', 'Ant 10'])
  expect(await names('zebra')).toStrictEqual(['Zebra "1"', 'ZEBRA 2'])
  expect(await names('"1"')).toStrictEqual(['Zebra "1"'])
  expect(await names('" or displayName pr')).toStrictEqual([])
  expect((await names('')).slice(0, 2)).toStrictEqual(['Ant 9', 'Ant 10'])
})

test('mails are queued, listed and stopped', async () => {
  const { id } = await newPerson(app.directory, 'mailed@contoso.example')
  const { id: mute } = await newPerson(app.directory, 'mute')
  expect(problem(await api.post(`/users/${mute}/invitation`)).status).toBe(409)
  const first = await api.post(`/users/${id}/invitation`)
  const second = await api.post(`/users/${id}/invitation`)
  expect(first).toMatchObject({ status: 201, body: { to: 'mailed@contoso.example' } })
  const { body } = await api.get('/mails?limit=1')
  expect(body).toMatchObject({ items: [{ id: second.body['id'] }], next: second.body['id'] })
  const { body: older } = await api.get(`/mails?limit=1&before=${String(body['next'])}`)
  expect(older['items']).toMatchObject([{ id: first.body['id'] }])
  const cancelled = await api.post(`/mails/${String(second.body['id'])}/cancel`)
  expect(cancelled.body['state']).toBe('cancelled')
  expect((await api.get('/mails?state=cancelled')).body['items']).toHaveLength(1)
})
