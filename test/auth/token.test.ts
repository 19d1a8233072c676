import { describe, expect, test } from 'vitest'
import { cause, PUBLIC_URL, testApp, type TestApp } from '../support/app.ts'
import { HOUR } from '../support/clients.ts'
import {
  addProgramSecret,
  ask,
  basic,
  bearer,
  GRANT,
  newAccessToken,
  newProgram,
  type Fields,
  type Program,
} from '../support/programs.ts'
import { otherDirectory, recorded } from '../support/store.ts'

const PATH = '/auth/token'

async function newCase() {
  const app = await testApp()
  return { app, client: await newProgram(app.directory, 'provisioning') }
}

const token = (app: TestApp, form: Fields | string, headers: Fields = {}) =>
  ask(app, 'POST', PATH, { form, headers })

/** A form as text, with something behind it. */
const written = (form: Fields, more = '') => `${new URLSearchParams(form).toString()}${more}`

const users = async (app: TestApp, accessToken: string) =>
  (await app.clientWith(`Bearer ${accessToken}`).get('/Users')).status

/** Each character as its number, which is one way to encode a form. */
const encoded = (text: string) =>
  Array.from(Buffer.from(text), (byte) => `%${byte.toString(16)}`).join('')

describe('a client gets a token for its credentials', () => {
  type Shown = (client: Program) => { readonly form: Fields; readonly headers?: Fields }
  const rows: readonly (readonly [string, Shown])[] = [
    ['in the form', ({ form }) => ({ form })],
    ['in the header', ({ header }) => ({ form: {}, headers: header })],
    [
      'in the header, its id in the form',
      ({ id, header }) => ({
        form: { client_id: id },
        headers: header,
      }),
    ],
    [
      'in the header, encoded like a form',
      ({ id, secret }) => ({
        form: {},
        headers: basic(encoded(id), encoded(secret)),
      }),
    ],
    [
      'in a header of another case',
      ({ id, secret }) => ({
        form: {},
        headers: { authorization: `BASIC  ${btoa(`${id}:${secret}`)}` },
      }),
    ],
  ]

  test.each(rows)('%s', async (_, shown) => {
    const { app, client } = await newCase()
    const { form, headers = {} } = shown(client)
    const { status, headers: sent, body } = await token(app, { ...GRANT, ...form }, headers)
    expect(status).toBe(200)
    expect(body).toStrictEqual({
      access_token: expect.stringMatching(/^entrance_scim_[\w-]{43}$/),
      token_type: 'Bearer',
      expires_in: 3_600,
      scope: 'scim',
    })
    expect(sent.get('content-type')).toBe('application/json')
    expect(sent.get('cache-control')).toBe('no-store')
    expect(sent.get('pragma')).toBe('no-cache')
    expect(await users(app, String(body['access_token']))).toBe(200)
  })

  test('another each time, and the earlier ones stay valid', async () => {
    const { app, client } = await newCase()
    const tokens = [await newAccessToken(app, client), await newAccessToken(app, client)]
    expect(new Set(tokens).size).toBe(2)
    for (const one of tokens) expect(await users(app, one)).toBe(200)
  })

  test('with either of two secrets, and it is noted which was used', async () => {
    const { app, client: first } = await newCase()
    const second = await addProgramSecret(app.directory, first.id)
    expect(await users(app, await newAccessToken(app, first))).toBe(200)
    app.clock.pass(1_000)
    expect(await users(app, await newAccessToken(app, second))).toBe(200)
    const [client] = await app.directory.clients.list()
    expect(client?.secrets.map(({ lastUsed }) => lastUsed)).toStrictEqual([
      '2026-03-02T08:00:00.000Z',
      '2026-03-02T08:00:01.000Z',
    ])
  })

  test.each(['scim', 'scim openid', 'api://anything/.default', 'ü'])(
    'and the one scope there is, when it asks for %s',
    async (scope) => {
      const { app, client } = await newCase()
      const { body } = await token(app, { ...GRANT, ...client.form, scope })
      expect(body['scope']).toBe('scim')
    },
  )

  test('whatever else it sends, and from wherever it comes', async () => {
    const { app, client } = await newCase()
    const more = { baseAddress: 'https://x.example', resource: '', ['__proto__']: '1' }
    const headers = { Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' }
    const { status } = await token(app, { ...GRANT, ...client.form, ...more }, headers)
    expect(status).toBe(200)
    // To the form of a page, that origin is a stranger.
    const page = await app.fetch(
      new Request(`${PUBLIC_URL}/auth/sign-in`, { method: 'POST', headers, body: new FormData() }),
    )
    expect(page.status).toBe(403)
  })

  test('and the record and the log have who it was, but no secret', async () => {
    const { app, client } = await newCase()
    let accessToken = ''
    const events = await recorded(app.directory, async () => {
      accessToken = await newAccessToken(app, client)
    })
    expect(events).toMatchObject([
      { action: 'client.token', actor: 'client:Entra', door: 'auth', resourceId: client.id },
    ])
    expect(app.logged.at(-1)).toMatchObject({
      path: PATH,
      status: 200,
      organisation: 'default',
      actor: 'client:Entra',
    })
    const written = JSON.stringify([events, app.logged])
    for (const secret of [client.secret, accessToken]) expect(written).not.toContain(secret)
  })
})

describe('refused is', () => {
  type Row = readonly [string, number, string, (app: TestApp, client: Program) => Promise<Answer>]
  type Answer = Awaited<ReturnType<typeof ask>>
  const rows: readonly Row[] = [
    ['a request without a grant_type', 400, 'invalid_request', (app, { form }) => token(app, form)],
    [
      'an empty grant_type',
      400,
      'invalid_request',
      (app, { form }) => token(app, { ...form, grant_type: '' }),
    ],
    ...['password', 'implicit', 'constructor', '__proto__', 'Client_Credentials', '\u0000'].map(
      (type): Row => [
        `the grant ${JSON.stringify(type)}`,
        400,
        'unsupported_grant_type',
        (app, { form }) => token(app, { ...form, grant_type: type }),
      ],
    ),
    [
      'a secret in the form and in the header',
      400,
      'invalid_request',
      (app, { form, header }) => token(app, { ...GRANT, ...form }, header),
    ],
    [
      'a secret and an assertion',
      400,
      'invalid_request',
      (app, { form }) => token(app, { ...GRANT, ...form, client_assertion: 'a.b.c' }),
    ],
    [
      'another client in the form than in the header',
      400,
      'invalid_request',
      (app, { header }) => token(app, { ...GRANT, client_id: 'another' }, header),
    ],
    [
      'a grant_type that comes twice',
      400,
      'invalid_request',
      (app, { form }) =>
        token(app, written({ ...form, ...GRANT }, '&grant_type=client_credentials')),
    ],
    [
      'anything that comes twice',
      400,
      'invalid_request',
      (app, { form }) => token(app, written({ ...form, ...GRANT }, '&x=1&x=2')),
    ],
    [
      'JSON',
      400,
      'invalid_request',
      (app, { form }) =>
        ask(app, 'POST', PATH, {
          body: JSON.stringify({ ...GRANT, ...form }),
          headers: { 'Content-Type': 'application/json' },
        }),
    ],
    [
      'a form that calls itself plain text',
      400,
      'invalid_request',
      (app, { form }) => token(app, { ...GRANT, ...form }, { 'Content-Type': 'text/plain' }),
    ],
    [
      'a form in parts',
      400,
      'invalid_request',
      (app) =>
        ask(app, 'POST', PATH, {
          body: '--x--',
          headers: { 'Content-Type': 'multipart/form-data' },
        }),
    ],
    ['nothing', 400, 'invalid_request', (app) => ask(app, 'POST', PATH)],
    [
      'what stands in the address',
      400,
      'invalid_request',
      (app, { form }) =>
        ask(app, 'POST', `${PATH}?${written({ ...GRANT, ...form })}`, { form: {} }),
    ],
    [
      'more than there can be',
      413,
      'invalid_request',
      (app, { form }) => token(app, { ...GRANT, ...form, x: 'x'.repeat(20_000) }),
    ],
    [
      'a client that is the server of the application',
      400,
      'unauthorized_client',
      async (app) => {
        const { form } = await newProgram(app.directory, 'application', 'SI server')
        return token(app, { ...GRANT, ...form })
      },
    ],
    ['another method', 405, 'invalid_request', (app) => ask(app, 'GET', PATH)],
  ]

  test.each(rows)('%s', async (_, status, error, send) => {
    const { app, client } = await newCase()
    const answer = await send(app, client)
    expect(answer.body).toStrictEqual({
      error,
      // RFC 6749 §5.2: ASCII without the quotation mark and the backslash.
      error_description: expect.stringMatching(/^[ !#-[\]-~]+$/),
    })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('allow')).toBe(status === 405 ? 'POST' : null)
  })

  test('not a content type with a charset', async () => {
    const { app, client } = await newCase()
    const headers = { 'Content-Type': 'Application/X-WWW-Form-Urlencoded; charset=UTF-8' }
    expect((await token(app, { ...GRANT, ...client.form }, headers)).status).toBe(200)
  })
})

describe('the token of a client', () => {
  test('ends an hour after it was made, at the exact instant', async () => {
    const { app, client } = await newCase()
    const accessToken = await newAccessToken(app, client)
    app.clock.pass(HOUR - 1)
    expect(await users(app, accessToken)).toBe(200)
    app.clock.pass(1)
    expect(await users(app, accessToken)).toBe(401)
  })

  test.each([
    ['its client is revoked', ({ app, client }) => app.directory.clients.revoke(client.id, cause)],
    [
      'a secret of its client is removed',
      ({ app, client }) => app.directory.clients.removeSecret(client.id, client.secretId, cause),
    ],
  ] satisfies [string, (of: { app: TestApp; client: Program }) => Promise<unknown>][])(
    'ends within a second when %s, and those of others stay',
    async (_, end) => {
      const { app, client } = await newCase()
      const other = await newProgram(app.directory, 'provisioning', 'other')
      const [ended, stays] = [await newAccessToken(app, client), await newAccessToken(app, other)]
      expect([await users(app, ended), await users(app, stays)]).toStrictEqual([200, 200])
      await end({ app, client })
      app.clock.pass(1_000)
      expect([await users(app, ended), await users(app, stays)]).toStrictEqual([401, 200])
    },
  )

  test('leads to the organisation of its client', async () => {
    const { app } = await newCase()
    const theirs = await newProgram(await otherDirectory(app), 'provisioning')
    await app.scim.post('/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'ours',
    })
    const scim = app.clientWith(`Bearer ${await newAccessToken(app, theirs)}`)
    expect((await scim.get('/Users')).body['totalResults']).toBe(0)
  })

  test('opens nothing but the SCIM door', async () => {
    const { app, client } = await newCase()
    const headers = bearer(await newAccessToken(app, client))
    expect((await ask(app, 'GET', '/auth/session', { headers })).status).toBe(401)
    const form = { token: 'x' }
    expect((await ask(app, 'POST', '/auth/introspect', { form, headers })).status).toBe(401)
  })
})
