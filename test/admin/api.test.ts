import { beforeAll, describe, expect, test } from 'vitest'
import { DirectoryError } from '../../src/directory/errors.ts'
import { manyIds, newAdmin, problem, type AdminApi } from '../support/admin.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { endOfTests } from '../support/database.ts'
import { entraPerson, testEntraDirectory } from '../support/entra-directory.ts'
import { newBrowserSession, newClientSession, newPerson } from '../support/programs.ts'

const people = ['ada', 'alan', 'anita', 'grace'].map((name, index) => entraPerson(index + 1, name))
const [ada] = people.map(({ id }) => id)
const TEAM = 'f0000000-0000-4000-8000-000000000001'
const entra = testEntraDirectory(people, [
  { id: TEAM, displayName: 'Team', members: people.map(({ id }) => id) },
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

describe('a body that is not as it should be is refused, with the place:', () => {
  const imports = '/imports'
  const accept = '/link-requests/x/accept'
  const rows: Readonly<Record<string, readonly [string, unknown, readonly string[]]>> = {
    'nothing at all': [imports, {}, ['#/people', '#/options']],
    'nobody chosen': [imports, { people: {}, options }, ['#/people']],
    'nobody in a list': [imports, { people: { ids: [] }, options }, ['#/people']],
    'an unknown member': [imports, { ...chosen, more: 1 }, ['#/more']],
    'an unknown member inside': [
      imports,
      { people: { ids: [ada], name: 'x' }, options },
      ['#/people/name'],
    ],
    'a prototype': [imports, `{"people":{"ids":["${ada}"],"__proto__":1}}`, ['#/people/__proto__']],
    'an id that is none': [imports, { people: { ids: [ada, 'x'] }, options }, ['#/people/ids/1']],
    'an id that is a number': [imports, { people: { ids: [1] }, options }, ['#/people/ids/0']],
    'ids that are no list': [imports, { people: { ids: ada }, options }, ['#/people/ids']],
    'too many ids': [imports, { people: { ids: manyIds(20_001) }, options }, ['#/people/ids']],
    'an empty address': [
      imports,
      { people: { addresses: [''] }, options },
      ['#/people/addresses/0'],
    ],
    'an address of two lines': [
      imports,
      { people: { addresses: ['a\nb'] }, options },
      ['#/people/addresses/0'],
    ],
    'a group that Entra does not have': [
      imports,
      { people: { groups: [TEAM, ada] }, options },
      ['#/people/groups/1'],
    ],
    'a group that is not here': [
      imports,
      { ...chosen, options: { ...options, groups: ['x'] } },
      ['#/options/groups/0'],
    ],
    'an invitation that is no yes or no': [
      imports,
      { ...chosen, options: { ...options, invite: 'yes' } },
      ['#/options/invite'],
    ],
    'an empty role': [
      imports,
      { ...chosen, options: { ...options, role: '' } },
      ['#/options/role'],
    ],
    'a role that is null': [
      imports,
      { ...chosen, options: { ...options, role: null } },
      ['#/options/role'],
    ],
    'a link of no object id': [
      imports,
      { ...chosen, options: { ...options, links: { 'a/b~ä': 'x' } } },
      ['#/options/links/a~1b~0%C3%A4'],
    ],
    'a link to no id': [
      imports,
      { ...chosen, options: { ...options, links: { [String(ada)]: 'a b' } } },
      [`#/options/links/${ada}`],
    ],
    'an unknown member of an acceptance': [accept, { user: 'x' }, ['#/user']],
    'a user who is no text': [accept, { userId: 7 }, ['#/userId']],
    'a member where there is none': ['/imports/x/start', { force: true }, ['#/force']],
  }
  test.each(Object.entries(rows))('%s', async (_, [path, body, pointers]) => {
    const answer =
      typeof body === 'string'
        ? await api.send('POST', path, body, { 'Content-Type': 'application/json' })
        : await api.post(path, body)
    expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
    const errors = answer.body['errors'] as { pointer: string; detail: string }[]
    expect(errors.map(({ pointer }) => pointer)).toEqual(expect.arrayContaining([...pointers]))
  })
})

test('of many mistakes only some are told', async () => {
  const { body } = await api.post('/imports', {
    people: { ids: Array.from({ length: 1_000 }, () => 'x') },
    options,
  })
  expect(body['errors']).toHaveLength(20)
})

describe('a body that is no JSON object is refused:', () => {
  test.each([
    ['a broken one', '{"people":'],
    ['an array', '[]'],
    ['null', 'null'],
    ['a name twice', '{"people":{},"People":{}}'],
    ['deep nesting', '['.repeat(100_000)],
    ['U+0000', '{"people":{"addresses":["\\u0000"]}}'],
    ['half of a surrogate pair', '{"people":{"addresses":["\\ud800"]}}'],
  ])('%s', async (_, body) => {
    const answer = await api.send('POST', '/imports', body, { 'Content-Type': 'application/json' })
    expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
  })
})

describe('a parameter that is not as it should be is refused:', () => {
  const items = '/imports/x/items'
  test.each([
    ['/entra/users?searching=a', 'searching'],
    ['/entra/users?search=a&search=b', 'search'],
    ['/entra/users?search=%00', 'search'],
    ['/entra/users?__proto__=1', '__proto__'],
    [`/entra/users?search=${'a'.repeat(201)}`, 'search'],
    ['/entra/groups/x/members?search=a', 'search'],
    [`${items}?limit=0`, 'limit'],
    [`${items}?limit=201`, 'limit'],
    [`${items}?limit=1e1`, 'limit'],
    [`${items}?limit=`, 'limit'],
    [`${items}?after=-2`, 'after'],
    [`${items}?after=99999999999999999999`, 'after'],
    [`${items}?state=ready`, 'state'],
    [`${items}?action=`, 'action'],
    ['/groups?q=a', 'q'],
    ['/mails?limit=x', 'limit'],
    ['/mails?before=a%20b', 'before'],
    ['/mails?state=lost', 'state'],
    ['/connection?x=1', 'x'],
  ])('%s', async (path, parameter) => {
    const answer = await api.get(path)
    expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
    expect(answer.body['errors']).toMatchObject([{ parameter, detail: expect.any(String) }])
  })
})

describe('what is not there is 404:', () => {
  const id = '00000000-0000-7000-8000-999999999999'
  test.each([
    ['GET', '/'],
    ['GET', '/nothing'],
    ['GET', '/imports/a/b'],
    ['GET', `/imports/${id}`],
    ['GET', '/imports/%00'],
    ['GET', '/imports/%E0%A4%A'],
    ['GET', `/imports/${'a'.repeat(65)}`],
    ['GET', `/imports/${id}/items`],
    ['GET', `/entra/groups/${ada}/members`],
    ['POST', `/imports/${id}/start`],
    ['POST', `/imports/${id}/cancel`],
    ['POST', `/link-requests/${id}/accept`],
    ['POST', `/link-requests/${id}/dismiss`],
    ['POST', `/users/${id}/invitation`],
    ['POST', `/mails/${id}/cancel`],
  ])('%s %s', async (method, path) => {
    const answer = method === 'GET' ? await api.get(path) : await api.post(path)
    expect(problem(answer)).toStrictEqual({ status: 404, code: 'notFound' })
  })
})

describe('a method that a path does not take is 405:', () => {
  test.each([
    ['DELETE', '/imports', 'POST, GET, HEAD'],
    ['PUT', '/imports/x', 'GET, HEAD'],
    ['GET', '/imports/x/start', 'POST'],
    ['POST', '/entra/users', 'GET, HEAD'],
    ['GET', '/connection/test', 'POST'],
    ['PATCH', '/openapi.json/', 'GET, HEAD'],
    ['DELETE', '/imports/x/items', 'GET, HEAD'],
    ['GET', '/users/x/invitation', 'POST'],
  ])('%s %s', async (method, path, allowed) => {
    const answer = await api.send(method, path)
    expect(problem(answer)).toStrictEqual({ status: 405, code: 'methodNotAllowed' })
    expect(answer.headers.get('allow')).toBe(allowed)
  })
})

describe('a body of another kind is 415:', () => {
  test.each([
    ['none', undefined],
    ['a form', 'application/x-www-form-urlencoded'],
    ['text', 'text/plain'],
    ['another charset', 'application/json; charset=utf-16'],
    ['a patch', 'application/merge-patch+json'],
  ])('%s', async (_, type) => {
    const headers = type === undefined ? {} : { 'Content-Type': type }
    const body = type === undefined ? undefined : '{}'
    const answer = await api.send('POST', '/imports', body, headers)
    expect(problem(answer)).toStrictEqual({ status: 415, code: 'unsupportedMediaType' })
  })

  test('but JSON that says it is UTF-8 is not', async () => {
    const headers = { 'Content-Type': 'Application/JSON; charset="UTF-8"' }
    const { status } = await api.send('POST', '/imports', JSON.stringify(chosen), headers)
    expect(status).toBe(201)
  })
})

test('20,000 people fit into a body, and more than 1 MiB is 413', async () => {
  const { status, body } = await api.post('/imports', { people: { ids: manyIds(20_000) }, options })
  expect([status, (body['notFound'] as string[]).length]).toStrictEqual([201, 20_000 - 4])
  const large = ' '.repeat(1_048_577)
  const answer = await api.send('POST', '/imports', large, { 'Content-Type': 'application/json' })
  expect(problem(answer)).toStrictEqual({ status: 413, code: 'tooLarge' })
})

describe('what another site makes a browser ask changes nothing:', () => {
  test.each([
    ['cross-site', 403],
    ['same-site', 403],
    ['same-origin', 201],
    ['none', 201],
  ])('%s', async (site, status) => {
    const answer = await api.post('/imports', chosen, { 'Sec-Fetch-Site': site })
    expect(answer.status).toBe(status)
    expect(answer.body['type']).toBe(status === 403 ? 'urn:entrance:problem:crossSite' : undefined)
  })
})

describe('only an administrator in a browser comes in:', () => {
  test('nobody, 401', async () => {
    const answer = await api.send('GET', '/imports', undefined, { Cookie: '' })
    expect(problem(answer)).toStrictEqual({ status: 401, code: 'unauthenticated' })
  })

  test('somebody else, 403', async () => {
    const { id } = await newPerson(app.directory, 'somebody')
    const { headers } = await newBrowserSession(app.directory, id)
    const answer = await api.send('GET', '/nothing', undefined, headers)
    expect(problem(answer)).toStrictEqual({ status: 403, code: 'forbidden' })
  })

  test('an administrator in a client, 401', async () => {
    const { id } = await newPerson(app.directory, 'remote')
    await app.directory.administrators.appoint(id, cause)
    const { headers } = await newClientSession(app.directory, id)
    const answer = await api.send('GET', '/imports', undefined, { ...headers, Cookie: '' })
    expect(problem(answer)).toStrictEqual({ status: 401, code: 'unauthenticated' })
  })
})

describe('when the server fails', () => {
  test.each([
    ['for a reason that nobody knows', new Error('secret words'), 500, 'internal'],
    [
      'because the database is away',
      new DirectoryError('unavailable', 'Retry shortly.'),
      503,
      'unavailable',
    ],
  ])('%s, it tells the request id, and the log has the cause', async (_, error, status, code) => {
    const failing = await testApp({
      entraDirectory: {
        ...testEntraDirectory(),
        searchUsers: () => Promise.reject(error),
      },
    })
    const admin = await newAdmin(failing)
    const answer = await admin.get('/entra/users')
    expect(problem(answer)).toStrictEqual({ status, code })
    expect(answer.text).not.toContain('secret')
    const line = failing.logged.find(({ requestId }) => requestId === answer.body['requestId'])
    expect(line).toMatchObject({ level: 'error', failure: { message: error.message } })
  })
})
