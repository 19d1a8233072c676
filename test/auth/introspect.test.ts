import { describe, expect, test } from 'vitest'
import { newTokenSecret } from '../../src/directory/token.ts'
import { cause, PUBLIC_URL, testApp, type TestApp } from '../support/app.ts'
import { HOUR } from '../support/clients.ts'
import {
  ask,
  bearer,
  newAccessToken,
  newBrowserSession,
  newClientSession,
  newPerson,
  newProgram,
  newTeam,
  type Fields,
  type Program,
} from '../support/programs.ts'
import { otherDirectory, recorded } from '../support/store.ts'

const PATH = '/auth/introspect'
const seconds = (time: string) => Date.parse(time) / 1_000

const introspect = (app: TestApp, form: Fields | string, headers: Fields = {}) =>
  ask(app, 'POST', PATH, { form, headers })

/** The server of the application, and a person at a desktop client. */
async function newCase() {
  const app = await testApp()
  const server = await newProgram(app.directory, 'application', 'SI server')
  const user = await newPerson(app.directory, 'adele@contoso.example', {
    displayName: 'Adele Vance',
    emails: [
      { value: 'old@contoso.example' },
      { value: 'adele.vance@contoso.example', primary: true },
    ],
    roles: [{ value: 'Sales' }, { value: 'Designer', primary: true }],
  })
  const session = await newClientSession(app.directory, user.id)
  return { app, server, user, session }
}

test('the server of the application learns who holds an access token', async () => {
  const { app, server, user, session } = await newCase()
  await newTeam(app.directory, 'Sales Berlin', user, ['projects.read'])
  await app.directory.permissions.grant(
    { holder: { kind: 'role', value: 'designer' }, permission: 'drawings.edit' },
    cause,
  )
  const { status, headers, body } = await introspect(app, { token: session.access }, server.header)
  expect(status).toBe(200)
  expect(body).toStrictEqual({
    active: true,
    scope: 'session',
    client_id: 'desktop',
    token_type: 'Bearer',
    iss: PUBLIC_URL,
    sub: user.id,
    username: 'adele@contoso.example',
    name: 'Adele Vance',
    email: 'adele.vance@contoso.example',
    groups: ['Sales Berlin'],
    roles: ['Sales', 'Designer'],
    permissions: ['drawings.edit', 'projects.read'],
    administrator: false,
    iat: seconds('2026-03-02T08:00:00.000Z'),
    exp: seconds('2026-03-02T09:00:00.000Z'),
  })
  expect(headers.get('content-type')).toBe('application/json')
  expect(headers.get('cache-control')).toBe('no-store')
})

test('what a user does not have is left out', async () => {
  const { app, server } = await newCase()
  const { id } = await newPerson(app.directory, 'bare@contoso.example')
  await app.directory.administrators.appoint(id, cause)
  const { access } = await newClientSession(app.directory, id, {
    expires: '2026-03-02T08:30:00.000Z',
  })
  const { body } = await introspect(app, { token: access }, server.header)
  expect(body).toMatchObject({
    groups: [],
    roles: [],
    permissions: [],
    administrator: true,
    // A session that is over has no token either.
    exp: seconds('2026-03-02T08:30:00.000Z'),
  })
  expect(Object.keys(body)).not.toContain('name')
  expect(Object.keys(body)).not.toContain('email')
})

test.each([
  ['no address', [], undefined],
  ['one', [{ value: 'a@x.example' }], 'a@x.example'],
  ['none that is primary', [{ value: 'a@x.example' }, { value: 'b@x.example' }], 'a@x.example'],
  ['a primary one without a value', [{ primary: true }, { value: 'b@x.example' }], 'b@x.example'],
])('the e-mail address of somebody with %s', async (_, emails, expected) => {
  const { app, server } = await newCase()
  const { id } = await newPerson(app.directory, 'mail@contoso.example', { emails })
  const { access } = await newClientSession(app.directory, id)
  const { body } = await introspect(app, { token: access }, server.header)
  expect(body['email']).toBe(expected)
})

test.each([
  ['in the form', ({ form }: Program) => [form, {}] as const],
  ['in the header', ({ header }: Program) => [{}, header] as const],
])('the server shows its credentials %s', async (_, shown) => {
  const { app, server, session } = await newCase()
  const [form, headers] = shown(server)
  const hinted = { ...form, token: session.access, token_type_hint: 'refresh_token' }
  const { status, body } = await introspect(app, hinted, headers)
  expect([status, body['active']]).toStrictEqual([200, true])
})

describe('nothing but that it is not active is told of', () => {
  type Case = Awaited<ReturnType<typeof newCase>>
  const rows: readonly (readonly [string, (of: Case) => string | Promise<string>])[] = [
    ['garbage', () => 'garbage'],
    ['a text that no database takes', () => '\u0000'],
    ['a token that nobody has', () => newTokenSecret('access')],
    ['a refresh token', ({ session }) => session.refresh],
    [
      'the cookie of a browser',
      async ({ app, user }) => (await newBrowserSession(app.directory, user.id)).secret,
    ],
    [
      'the token of a provisioning client',
      async ({ app }) => newAccessToken(app, await newProgram(app.directory, 'provisioning')),
    ],
    ['the secret of the server itself', ({ server }) => server.secret],
    [
      'the token of somebody in another organisation',
      async ({ app }) => {
        const other = await otherDirectory(app)
        const { id } = await newPerson(other, 'adele@contoso.example')
        return (await newClientSession(other, id)).access
      },
    ],
    [
      'a token that has expired',
      ({ app, session }) => {
        app.clock.pass(HOUR)
        return session.access
      },
    ],
    [
      'the token of a session that is over',
      async ({ app, user }) =>
        (await newClientSession(app.directory, user.id, { expires: '2026-03-02T08:00:00.000Z' }))
          .access,
    ],
    [
      'the token of a session that was ended',
      async ({ app, session }) => {
        await app.directory.sessions.end(session.id, cause)
        return session.access
      },
    ],
    [
      'the token of somebody who was deactivated',
      async ({ app, user, session }) => {
        const off = (current: object) => ({ ...current, active: false })
        await app.directory.users.update(user.id, undefined, off, cause)
        return session.access
      },
    ],
    [
      'the token of somebody who was deleted',
      async ({ app, user, session }) => {
        await app.directory.users.remove(user.id, undefined, cause)
        return session.access
      },
    ],
  ]

  test.each(rows)('%s', async (_, tokenOf) => {
    const made = await newCase()
    const token = await tokenOf(made)
    const { status, text } = await introspect(made.app, { token }, made.server.header)
    expect([status, text]).toStrictEqual([200, '{"active":false}'])
  })
})

describe('whoever asks is told why not:', () => {
  test('nobody', async () => {
    const { app, session } = await newCase()
    const { status, headers, body } = await introspect(app, { token: session.access })
    expect([status, body['error']]).toStrictEqual([401, 'invalid_client'])
    expect(headers.get('www-authenticate')).toBe('Basic realm="entrance"')
  })

  test('a client with a wrong secret, which is slowed down after 20 failures', async () => {
    const { app, server, session } = await newCase()
    const wrong = { client_id: server.id, client_secret: 'wrong', token: session.access }
    for (let index = 0; index < 20; index += 1) {
      expect((await introspect(app, wrong)).status).toBe(401)
    }
    expect((await introspect(app, wrong)).status).toBe(429)
    expect((await introspect(app, { token: 'x' }, server.header)).status).toBe(200)
  })

  test('a client for provisioning', async () => {
    const { app, session } = await newCase()
    const { header } = await newProgram(app.directory, 'provisioning')
    const { status, headers, body } = await introspect(app, { token: session.access }, header)
    expect([status, body['error']]).toStrictEqual([403, 'insufficient_scope'])
    expect(headers.get('www-authenticate')).toBe(
      'Bearer realm="entrance", error="insufficient_scope"',
    )
    expect(app.logged.at(-1)).toMatchObject({ status: 403, actor: 'client:Entra' })
  })

  test('a person, about their own token', async () => {
    const { app, user, session } = await newCase()
    const form = { token: session.access }
    const browser = await newBrowserSession(app.directory, user.id)
    for (const headers of [session.headers, browser.headers]) {
      expect((await introspect(app, form, headers)).status).toBe(403)
    }
  })

  test('a token that is not valid', async () => {
    const { app } = await newCase()
    const { status, headers, body } = await introspect(app, { token: 'x' }, bearer('wrong'))
    expect([status, body['error']]).toStrictEqual([401, 'invalid_token'])
    expect(headers.get('www-authenticate')).toBe('Bearer realm="entrance", error="invalid_token"')
  })

  test.each([
    ['without a token', {}, 400],
    ['with an empty token', { token: '' }, 400],
    ['with two tokens', 'token=a&token=b', 400],
    ['with more than there can be', { token: 'x'.repeat(20_000) }, 413],
  ])('a server %s', async (_, form, expected) => {
    const { app, server } = await newCase()
    const { status, body } = await introspect(app, form, server.header)
    expect([status, body['error']]).toStrictEqual([expected, 'invalid_request'])
  })

  test('a server that sends JSON, or with another method', async () => {
    const { app, server, session } = await newCase()
    const headers = { ...server.header, 'Content-Type': 'application/json' }
    const body = JSON.stringify({ token: session.access })
    expect((await ask(app, 'POST', PATH, { headers, body })).status).toBe(400)
    const got = await ask(app, 'GET', `${PATH}?token=${session.access}`, { headers })
    expect([got.status, got.headers.get('allow')]).toStrictEqual([405, 'POST'])
  })
})

test('asking leaves no event, and no token in the log', async () => {
  const { app, server, session } = await newCase()
  const events = await recorded(app.directory, () =>
    introspect(app, { token: session.access }, server.header),
  )
  expect(events).toStrictEqual([])
  expect(app.logged.at(-1)).toMatchObject({ path: PATH, actor: 'client:SI server' })
  expect(JSON.stringify(app.logged)).not.toContain(session.access)
})
