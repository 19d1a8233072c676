import { describe, expect, test } from 'vitest'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { HOUR } from '../support/clients.ts'
import {
  ask,
  basic,
  bearer,
  newBrowserSession,
  newClientSession,
  newPerson,
  newProgram,
  newTeam,
  type Fields,
} from '../support/programs.ts'

const PATH = '/auth/session'
const session = (app: TestApp, headers: Fields = {}) => ask(app, 'GET', PATH, { headers })

async function newCase(userName = 'adele@contoso.example') {
  const app = await testApp()
  const user = await newPerson(app.directory, userName)
  return { app, user }
}

test('a program learns who is signed in, and what they may do', async () => {
  const app = await testApp()
  const user = await newPerson(app.directory, 'adele@contoso.example', {
    displayName: 'Adele Vance',
    externalId: 'e-17',
    emails: [{ value: 'adele.vance@contoso.example', primary: true }],
    roles: [{ value: 'Sales' }],
  })
  const allowed = ['projects.read', 'drawings.edit']
  const group = await newTeam(app.directory, 'Sales Berlin', user, allowed)
  await app.directory.administrators.appoint(user.id, cause)
  const { id, headers } = await newClientSession(app.directory, user.id)
  const answer = await session(app, headers)
  expect(answer.status).toBe(200)
  expect(answer.body).toStrictEqual({
    user: {
      id: user.id,
      userName: 'adele@contoso.example',
      displayName: 'Adele Vance',
      email: 'adele.vance@contoso.example',
      externalId: 'e-17',
    },
    organisation: 'default',
    groups: [{ id: group.id, displayName: 'Sales Berlin' }],
    roles: ['Sales'],
    permissions: ['drawings.edit', 'projects.read'],
    administrator: true,
    session: {
      id,
      kind: 'client',
      method: 'entra',
      created: '2026-03-02T08:00:00.000Z',
      expires: '2026-03-03T08:00:00.000Z',
    },
  })
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.get('x-entrance-user')).toBe('adele@contoso.example')
  expect(answer.headers.get('x-entrance-user-id')).toBe(user.id)
  expect(answer.headers.get('x-entrance-permissions')).toBe('drawings.edit projects.read')
})

test('what a user does not have is left out', async () => {
  const { app, user } = await newCase()
  const { id, headers } = await newBrowserSession(app.directory, user.id)
  const answer = await session(app, headers)
  expect(answer.body).toStrictEqual({
    user: { id: user.id, userName: 'adele@contoso.example' },
    organisation: 'default',
    groups: [],
    roles: [],
    permissions: [],
    administrator: false,
    session: expect.objectContaining({ id, kind: 'browser', method: 'password' }),
  })
  expect(answer.headers.get('x-entrance-permissions')).toBe('')
})

test.each([
  ['adele@contoso.example', 'adele@contoso.example'],
  ['Jürgen Groß', 'J%C3%BCrgen%20Gro%C3%9F'],
  ['J%C3%BCrgen', 'J%25C3%25BCrgen'],
  ['two words', 'two%20words'],
  ['line\r\nX-Entrance-Permissions: all', 'line%0D%0AX-Entrance-Permissions%3A%20all'],
  ['日本', '%E6%97%A5%E6%9C%AC'],
])('the header of %j is %j', async (userName, header) => {
  const { app, user } = await newCase(userName)
  const { headers } = await newBrowserSession(app.directory, user.id)
  expect((await session(app, headers)).headers.get('x-entrance-user')).toBe(header)
  expect(decodeURIComponent(header)).toBe(userName)
})

test('the header of permissions has one blank between two, whatever they are', async () => {
  const { app, user } = await newCase()
  await newTeam(app.directory, 'all', user, ['pläne.lesen', 'a%20b', 'a b'])
  const { headers } = await newBrowserSession(app.directory, user.id)
  expect((await session(app, headers)).headers.get('x-entrance-permissions')).toBe(
    'a%20b a%2520b pl%C3%A4ne.lesen',
  )
})

describe('nobody is signed in', () => {
  type Case = Awaited<ReturnType<typeof newCase>>
  const withoutToken: readonly (readonly [string, (of: Case) => Fields | Promise<Fields>])[] = [
    ['without credentials', () => ({})],
    ['with a cookie that nobody has', () => ({ Cookie: '__Host-entrance=garbage' })],
    [
      'with the cookie of a session that is over',
      async ({ app, user }) => {
        const { headers } = await newBrowserSession(app.directory, user.id)
        app.clock.pass(12 * HOUR)
        return headers
      },
    ],
    [
      'with the access token of a client as a cookie',
      async ({ app, user }) => {
        const { access } = await newClientSession(app.directory, user.id)
        return { Cookie: `__Host-entrance=${access}` }
      },
    ],
    [
      'with the credentials of a server',
      async ({ app }) => (await newProgram(app.directory, 'application')).header,
    ],
  ]

  test.each(withoutToken)('%s', async (_, headersOf) => {
    const made = await newCase()
    const { status, headers, body } = await session(made.app, await headersOf(made))
    expect(status).toBe(401)
    expect(body).toStrictEqual({
      error: 'login_required',
      error_description: 'Nobody is signed in.',
    })
    expect(headers.get('www-authenticate')).toBe('Bearer realm="entrance"')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-entrance-user')).toBeNull()
  })

  const withToken: readonly (readonly [string, (of: Case) => Fields | Promise<Fields>])[] = [
    ['nobody has', () => bearer('garbage')],
    ['is none', () => ({ Authorization: 'Bearer' })],
    ['is two', () => ({ Authorization: 'Bearer a b' })],
    [
      'has expired',
      async ({ app, user }) => {
        const { headers } = await newClientSession(app.directory, user.id)
        app.clock.pass(HOUR)
        return headers
      },
    ],
    [
      'is for refreshing',
      async ({ app, user }) => bearer((await newClientSession(app.directory, user.id)).refresh),
    ],
    [
      'is the cookie of a browser',
      async ({ app, user }) => bearer((await newBrowserSession(app.directory, user.id)).secret),
    ],
    [
      'is not valid, beside a cookie that is',
      async ({ app, user }) => ({
        ...(await newBrowserSession(app.directory, user.id)).headers,
        ...bearer('garbage'),
      }),
    ],
  ]

  test.each(withToken)('with a token that %s', async (_, headersOf) => {
    const made = await newCase()
    const { status, headers, body } = await session(made.app, await headersOf(made))
    expect([status, body['error']]).toStrictEqual([401, 'invalid_token'])
    expect(headers.get('www-authenticate')).toBe('Bearer realm="entrance", error="invalid_token"')
  })
})

describe('a reverse proxy', () => {
  test('may ask with the credentials of what stands behind it, beside the cookie', async () => {
    const { app, user } = await newCase()
    const { headers } = await newBrowserSession(app.directory, user.id)
    const both = { ...headers, ...basic('somebody', 'else') }
    expect((await session(app, both)).status).toBe(200)
  })

  test('is never slowed down for those who are not signed in', async () => {
    const { app } = await newCase()
    for (let index = 0; index < 25; index += 1) {
      expect((await session(app, bearer('garbage'))).status).toBe(401)
    }
  })

  test('asks anew each time: who is deactivated is out at once', async () => {
    const { app, user } = await newCase()
    const { headers } = await newClientSession(app.directory, user.id)
    expect((await session(app, headers)).status).toBe(200)
    const off = (current: object) => ({ ...current, active: false })
    await app.directory.users.update(user.id, undefined, off, cause)
    expect((await session(app, headers)).status).toBe(401)
  })

  test('may ask with HEAD, and with nothing else', async () => {
    const { app, user } = await newCase()
    const { headers } = await newBrowserSession(app.directory, user.id)
    const head = await ask(app, 'HEAD', PATH, { headers })
    expect([head.status, head.text]).toStrictEqual([200, ''])
    expect(head.headers.get('x-entrance-user-id')).toBe(user.id)
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, headers: sent } = await ask(app, method, PATH, { headers })
      expect([status, sent.get('allow')]).toStrictEqual([405, 'GET, HEAD'])
    }
  })
})

test('no script of another site may read the answer', async () => {
  const { app, user } = await newCase()
  const { headers } = await newBrowserSession(app.directory, user.id)
  const answer = await session(app, { ...headers, Origin: 'https://elsewhere.example' })
  const names = [...answer.headers.keys()]
  expect(names.filter((name) => name.startsWith('access-control-'))).toStrictEqual([])
  expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin')
})
