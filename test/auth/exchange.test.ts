import { describe, expect, test } from 'vitest'
import { cause, testApp } from '../support/app.ts'
import { refresh, send, statusOf, tokensOf } from '../support/desktop.ts'
import { ada, CLIENT, grace, newOffice, TENANT, type Office } from '../support/microsoft.ts'
import type { Answer, Fields } from '../support/programs.ts'

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const EXCHANGE: Fields = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  client_id: 'desktop',
  subject_token_type: ACCESS_TOKEN,
}

type Claims = Readonly<Record<string, unknown>>

/** A token that Entra made for the application's API, with other claims. */
function entraToken({ authority, app }: Office, more: Claims = {}, header?: Claims) {
  const now = Math.floor(app.clock.now().getTime() / 1_000)
  return authority.sign(
    {
      aud: CLIENT,
      iss: `${authority.origin}/${TENANT}/v2.0`,
      iat: now - 300,
      nbf: now - 300,
      exp: now + 4_000,
      azp: 'b1946ac9-2492-4d23-9d1e-5f1c1d2a7c33',
      azpacr: '0',
      oid: ada.objectId,
      scp: 'access_as_user openid',
      sub: 'a subject of this application',
      tid: TENANT,
      ver: '2.0',
      ...more,
    },
    header,
  )
}

function exchange({ app }: Office, token: string, more: Fields = {}): Promise<Answer> {
  return send(app, '/auth/token', { ...EXCHANGE, subject_token: token, ...more })
}

const VERSION_1: Claims = {
  aud: `api://${CLIENT}`,
  iss: `https://sts.windows.net/${TENANT}/`,
  ver: '1.0',
}

test.each([
  ['version 2', {}],
  ['version 1', VERSION_1],
])('a client that holds a token of Entra, %s, gets a session', async (_, claims) => {
  const office = await newOffice()
  const { id } = await office.provision(ada)
  const answer = await exchange(office, await entraToken(office, claims))
  expect(answer).toMatchObject({
    status: 200,
    body: {
      issued_token_type: ACCESS_TOKEN,
      token_type: 'Bearer',
      expires_in: 3_600,
      scope: 'session',
    },
  })
  const tokens = tokensOf(answer)
  expect(await statusOf(office.app, tokens.access)).toBe(200)
  expect(await office.app.directory.sessions.list(id)).toMatchObject([
    { kind: 'client', method: 'entra', device: 'SI/4.2 (Windows)' },
  ])
  tokensOf(await refresh(office.app, tokens.refresh))
  const events = await office.app.directory.events.list(0, 1_000)
  expect(events.at(-1)).toMatchObject({ action: 'session.opened', actor: `user:${id}` })
})

describe('a token of Entra is refused', () => {
  const rows: readonly [string, Claims, Claims?][] = [
    ['for another application', { aud: '00000003-0000-0000-c000-000000000000' }],
    ['of another tenant', { tid: '2c5f39cb-3fb2-4e3f-994f-1127e4ddb538' }],
    ['that has expired', { exp: 1_700_000_000 }],
    ['that is an ID token', { nonce: 'x' }],
    ['without the scope', { scp: 'another_scope' }],
    ['of an application instead of a person', { scp: undefined, roles: ['access_as_user'] }],
    ['that nobody signed', {}, { alg: 'none' }],
    ['that is signed with the public key', {}, { alg: 'HS256' }],
  ]

  test.each(rows)('%s, without a word why but in the log', async (_, claims, header) => {
    const office = await newOffice()
    await office.provision(ada)
    const token = await entraToken(office, claims, header)
    expect((await exchange(office, token)).body).toStrictEqual({
      error: 'invalid_grant',
      error_description: 'The token of Entra is not accepted.',
    })
    const [line] = office.app.logged.filter(({ path }) => path === '/auth/token')
    expect(JSON.stringify(line)).toContain('A token of Entra is refused')
    expect(JSON.stringify(office.app.logged)).not.toContain(token)
  })

  const nobody: readonly [string, RegExp, (office: Office) => Promise<unknown>][] = [
    ['of whom nobody knows', /^Nobody here .* Ask the service desk\.$/, async () => {}],
    ['of somebody else', /^Nobody here /, (office) => office.provision(grace)],
    [
      'of a user who is inactive',
      /^The user is not active here\. Ask the service desk\.$/,
      (office) => office.provision(ada, { active: false }),
    ],
    [
      'of a user who is gone',
      /^Nobody here /,
      async (office) => {
        const { id } = await office.provision(ada)
        await office.app.directory.users.remove(id, undefined, cause)
      },
    ],
    [
      'of a tenant that is no organisation’s any more',
      /^Nobody here /,
      async (office) => {
        await office.provision(ada)
        const { organisations } = office.app.store
        await organisations.setTenant('default', '2c5f39cb-3fb2-4e3f-994f-1127e4ddb538', cause)
      },
    ],
  ]

  test.each(nobody)('%s, who is told whom to ask', async (_, text, prepare) => {
    const office = await newOffice()
    await prepare(office)
    const { status, body } = await exchange(office, await entraToken(office))
    expect(status).toBe(400)
    expect(body['error']).toBe('invalid_grant')
    expect(body['error_description']).toMatch(text)
    expect(Number(await office.app.database.value('SELECT count(*) FROM sessions'))).toBe(0)
  })

  const wrong: readonly [string, string, Fields][] = [
    ['when there is none', 'invalid_request', { subject_token: '' }],
    ['of no type', 'invalid_request', { subject_token_type: '' }],
    [
      'of another type',
      'invalid_request',
      { subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' },
    ],
    [
      'for another type',
      'invalid_request',
      { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
    ],
    ['to another client', 'invalid_client', { client_id: CLIENT }],
  ]

  test.each(wrong)('%s', async (_, error, more) => {
    const office = await newOffice()
    await office.provision(ada)
    const { body } = await exchange(office, await entraToken(office), more)
    expect(body['error']).toBe(error)
  })

  test('for now when the keys of Entra cannot be read', async () => {
    const office = await newOffice()
    await office.provision(ada)
    office.authority.keysAvailable = false
    const { status, body, headers } = await exchange(office, await entraToken(office))
    expect({ status, error: body['error'] }).toStrictEqual({
      status: 503,
      error: 'temporarily_unavailable',
    })
    expect(headers.get('retry-after')).toBe('10')
  })

  test('by a server that knows no Entra', async () => {
    const form = { ...EXCHANGE, subject_token: 'x' }
    const { status, body } = await send(await testApp(), '/auth/token', form)
    expect(status).toBe(400)
    expect(body['error']).toBe('unsupported_grant_type')
  })
})

test('who is deactivated gets no new session for the token of Entra that is still valid', async () => {
  const office = await newOffice()
  const { id } = await office.provision(ada)
  const token = await entraToken(office)
  const { access } = tokensOf(await exchange(office, token))
  const off = { op: 'replace', path: 'active', value: false }
  expect((await office.app.scim.operate(`/Users/${id}`, off)).status).toBe(200)
  expect(await statusOf(office.app, access)).toBe(401)
  expect((await exchange(office, token)).body['error']).toBe('invalid_grant')
})
