import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { cause } from '../support/app.ts'
import { newBrowser } from '../support/browser.ts'
import { endOfTests } from '../support/database.ts'
import { ada, CLIENT, grace, newOffice, TENANT, type Office } from '../support/microsoft.ts'

/** A tenant that nobody here belongs to. */
const STRANGER = '99999999-0000-4000-8000-000000000000'
/** A tenant that belongs to an organisation whose provisioning has a secret token. */
const NEIGHBOUR = '22222222-0000-4000-8000-000000000000'
const SCIM_AUDIENCE = '8adf8e6e-67b2-4cf2-a259-e3dc5476c621'
const GRAPH = '00000003-0000-0000-c000-000000000000'

let office: Office
let issuer: string
let seconds: number
let clientId: string

const finished = endOfTests()

beforeAll(async () => {
  office = await newOffice({ entraTokensFrom: [TENANT], finished })
  const { app, authority, provision } = office
  issuer = `${authority.origin}/${TENANT}/v2.0`
  await provision(ada)
  await app.store.organisations.create({ name: 'Neighbour', entraTenantId: NEIGHBOUR }, cause)
  const client = await app.directory.clients.create({ kind: 'provisioning', name: 'Entra' }, cause)
  await app.directory.clients.federate(
    client.id,
    { subject: ada.objectId, audience: CLIENT },
    cause,
  )
  clientId = client.id
})

beforeEach(() => {
  // An address that fails too often in a minute has to wait.
  seconds = Math.floor(office.app.clock.pass(61_000).getTime() / 1_000)
})

type Claims = Readonly<Record<string, unknown>>
interface Hostile {
  readonly claims?: () => Claims
  readonly header?: Claims
  /** Spoils the token itself. */
  readonly spoil?: (token: string) => string
}

const other = (part: string) =>
  `${part.slice(0, -6)}${part.endsWith('AAAAAA') ? 'BBBBBB' : 'AAAAAA'}`

/** Ways to spoil any token, whatever it is for. */
const spoiled: readonly (readonly [string, string, Hostile])[] = [
  ['of no algorithm', 'algorithm', { header: { alg: 'none' } }],
  ['signed with the public key as a secret', 'algorithm', { header: { alg: 'HS256' } }],
  ['of a key nobody knows', 'unknown key', { header: { kid: 'unknown' } }],
  ['without a signature', 'signature', { spoil: (token) => token.replace(/[^.]*$/, '') }],
  ['with another signature', 'signature', { spoil: other }],
  [
    'with another payload',
    'signature',
    {
      spoil: (token) => {
        const [header, payload = '', signature] = token.split('.')
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims
        const forged = Buffer.from(JSON.stringify({ ...claims, oid: grace.objectId }))
        return [header, forged.toString('base64url'), signature].join('.')
      },
    },
  ],
  ['cut off', 'signature', { spoil: (token) => token.slice(0, -40) }],
  ['that expired', 'expired', { claims: () => ({ exp: seconds - 301 }) }],
  ['that never expires', 'claim missing', { claims: () => ({ exp: undefined }) }],
  ['that is not valid yet', 'not yet valid', { claims: () => ({ nbf: seconds + 301 }) }],
  ['without the time it was made', 'claim missing', { claims: () => ({ iat: undefined }) }],
  ['of no issuer', 'claim missing', { claims: () => ({ iss: undefined }) }],
  ['of a stranger', 'issuer', { claims: () => ({ iss: 'https://evil.example/v2.0' }) }],
  ['of the same issuer with a slash', 'issuer', { claims: () => ({ iss: `${issuer}/` }) }],
  ['for nobody', 'claim missing', { claims: () => ({ aud: undefined }) }],
  ['for Microsoft Graph', 'audience', { claims: () => ({ aud: GRAPH }) }],
  ['for us and others', 'audience', { claims: () => ({ aud: [CLIENT, SCIM_AUDIENCE, GRAPH] }) }],
  ['of no subject', 'claim missing', { claims: () => ({ sub: undefined }) }],
]

/** Why the log says that the last request to a path failed. */
const lastReason = (path: string) =>
  /A token of Entra is refused: ([^.]*)\./.exec(
    JSON.stringify(office.app.logged.findLast((line) => line['path'] === path)),
  )?.[1]

/** Nothing that was sent stands in the log or in the database. */
async function expectNoTrace(token: string): Promise<void> {
  const signature = token.split('.').at(-1) ?? ''
  const traces = [token, signature].filter(({ length }) => length > 10)
  const kept = `${JSON.stringify(office.app.logged)}${(await office.app.database.raw()).toString()}`
  expect(traces.filter((trace) => kept.includes(trace))).toEqual([])
}

describe('an ID token', () => {
  test.each([
    ...spoiled.filter(([, , { spoil }]) => spoil === undefined),
    ['of another tenant', 'tenant', { claims: () => ({ tid: STRANGER }) }],
    ['of no tenant', 'claim missing', { claims: () => ({ tid: undefined }) }],
    ['of version 1', 'version', { claims: () => ({ ver: '1.0' }) }],
    ['of no version', 'version', { claims: () => ({ ver: undefined }) }],
    ['of no account', 'claim missing', { claims: () => ({ oid: undefined }) }],
    ['of an account that is no GUID', 'claim missing', { claims: () => ({ oid: "' OR 1=1" }) }],
    ['that was made long ago', 'expired', { claims: () => ({ iat: seconds - 1_500 }) }],
    ['that will be made', 'not yet valid', { claims: () => ({ iat: seconds + 900 }) }],
    [
      'of another issuer’s version',
      'issuer',
      { claims: () => ({ iss: `https://sts.windows.net/${TENANT}/` }) },
    ],
  ] as readonly (readonly [string, string, Hostile])[])(
    '%s lets nobody in',
    async (_, reason, { claims, header }) => {
      const { app, authority, signIn } = office
      authority.alterNextIdToken(claims?.() ?? {}, header)
      const browser = newBrowser(app)
      const page = await signIn(browser, ada)
      expect(page.status).toBe(502)
      expect(page.html).toContain('Microsoft’s answer could not be checked')
      expect(browser.cookie).toBeUndefined()
      expect(lastReason('/auth/entra/callback')).toBe(reason)
    },
  )

  test.each([
    ['another nonce', 'stolen'],
    ['no nonce', undefined],
  ])('of %s lets nobody in', async (_, nonce) => {
    const { app, authority, signIn } = office
    authority.alterNextIdToken({ nonce })
    const browser = newBrowser(app)
    expect((await signIn(browser, ada)).status).toBe(502)
    expect(browser.cookie).toBeUndefined()
  })

  test('of an account in another letter case is that account', async () => {
    const { app, authority, signIn } = office
    authority.alterNextIdToken({ oid: ada.objectId.toUpperCase(), tid: TENANT.toUpperCase() })
    expect((await signIn(newBrowser(app), ada)).status).toBe(303)
  })

  test('is refused when the key it was signed with has been rolled away, and the next is taken', async () => {
    const { app, authority, signIn, toEntra } = office
    const browser = newBrowser(app)
    const back = await toEntra(browser, ada)
    await authority.rollKeys({ keepOld: false })
    app.clock.pass(31_000)
    expect((await browser.get(back)).status).toBe(303)
    authority.keysAvailable = false
    app.clock.pass(2 * 60 * 60_000)
    expect((await signIn(newBrowser(app), ada)).status).toBe(303)
    authority.keysAvailable = true
  })
})

describe('a token for the API of the application', () => {
  const claimsOf = () => ({
    iss: issuer,
    aud: CLIENT,
    tid: TENANT,
    oid: ada.objectId,
    sub: 'pairwise',
    ver: '2.0',
    scp: 'access_as_user',
    iat: seconds,
    nbf: seconds,
    exp: seconds + 3_600,
  })

  async function exchange(token: string) {
    const answer = await newBrowser(office.app).post(
      '/auth/token',
      {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        client_id: 'desktop',
        subject_token: token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      },
      {},
    )
    return { status: answer.status, body: JSON.parse(answer.html) as Record<string, unknown> }
  }

  test.each([
    ['of version 2', {}],
    [
      'of version 1',
      { iss: `https://sts.windows.net/${TENANT}/`, ver: '1.0', aud: `api://${CLIENT}` },
    ],
    ['with more scopes', { scp: 'openid access_as_user' }],
  ])('%s is exchanged', async (_, claims) => {
    const token = await office.authority.sign({ ...claimsOf(), ...claims })
    expect(await exchange(token)).toMatchObject({
      status: 200,
      body: { access_token: expect.stringMatching(/^entrance_access_/) },
    })
  })

  test.each([
    ...spoiled,
    ['of another tenant', 'tenant', { claims: () => ({ tid: STRANGER }) }],
    ['that is an ID token', 'nonce', { claims: () => ({ nonce: 'n' }) }],
    ['without a scope', 'scope', { claims: () => ({ scp: undefined }) }],
    ['of another scope', 'scope', { claims: () => ({ scp: 'User.Read access_as_users' }) }],
    [
      'of a program without a person',
      'scope',
      { claims: () => ({ scp: undefined, roles: ['All'] }) },
    ],
    ['of version 1 by the issuer of 2', 'version', { claims: () => ({ ver: '1.0' }) }],
    [
      'of version 2 by the issuer of 1',
      'version',
      { claims: () => ({ iss: `https://sts.windows.net/${TENANT}/` }) },
    ],
    ['that is long', 'malformed', { spoil: () => 'x'.repeat(15_000) }],
    ['that is none', 'malformed', { spoil: () => 'no.token.' }],
    ['that has five parts', 'malformed', { spoil: (token) => `${token}.a.b` }],
    ['that is no text', 'malformed', { spoil: () => '\u0000\u0001' }],
  ] as readonly (readonly [string, string, Hostile])[])(
    '%s is refused',
    async (_, reason, { claims, header, spoil }) => {
      const signed = await office.authority.sign({ ...claimsOf(), ...claims?.() }, header)
      const token = spoil ? spoil(signed) : signed
      expect(await exchange(token)).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      })
      expect(lastReason('/auth/token')).toBe(reason)
      await expectNoTrace(token)
    },
  )

  test('that is huge is refused before anybody looks at it', async () => {
    const token = await office.authority.sign({ ...claimsOf(), pad: 'x'.repeat(16_000) })
    expect((await exchange(token)).status).toBe(413)
  })

  test('of somebody unknown is refused', async () => {
    const token = await office.authority.sign({ ...claimsOf(), oid: grace.objectId })
    expect(await exchange(token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })
})

describe('a token that Entra’s provisioning sends', () => {
  const claimsOf = () => ({
    iss: `https://sts.windows.net/${TENANT}/`,
    aud: SCIM_AUDIENCE,
    tid: TENANT,
    oid: '00000000-0000-4000-8000-00000000beef',
    sub: '00000000-0000-4000-8000-00000000beef',
    appid: '00000014-0000-0000-c000-000000000000',
    ver: '1.0',
    iat: seconds,
    nbf: seconds,
    exp: seconds + 3_600,
  })
  const users = (token: string) => office.app.clientWith(`Bearer ${token}`).get('/Users?count=1')

  test('is taken from the tenant that was named', async () => {
    const token = await office.authority.sign(claimsOf())
    expect((await users(token)).status).toBe(200)
    const line = office.app.logged.findLast(({ path }) => path === '/scim/v2/Users')
    expect(line).toMatchObject({ actor: `entra:${TENANT}`, organisation: 'default' })
  })

  test.each([
    ...spoiled.filter(([name]) => name !== 'of the same issuer with a slash'),
    [
      'of a stranger’s tenant',
      'tenant',
      { claims: () => ({ tid: STRANGER, iss: `https://sts.windows.net/${STRANGER}/` }) },
    ],
    [
      'of a tenant that was not named',
      'tenant',
      { claims: () => ({ tid: NEIGHBOUR, iss: `https://sts.windows.net/${NEIGHBOUR}/` }) },
    ],
    ['of a tenant only by its issuer', 'tenant', { claims: () => ({ tid: STRANGER }) }],
    ['of no tenant', 'malformed', { claims: () => ({ tid: undefined }) }],
    ['of version 2', 'issuer', { claims: () => ({ iss: issuer }) }],
    ['that is for people', 'audience', { claims: () => ({ aud: CLIENT }) }],
  ] as readonly (readonly [string, string, Hostile])[])(
    '%s is refused',
    async (_, reason, { claims, header, spoil }) => {
      const signed = await office.authority.sign({ ...claimsOf(), ...claims?.() }, header)
      const token = spoil ? spoil(signed) : signed
      const answer = await users(token)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toContain('invalid_token')
      expect(lastReason('/scim/v2/Users')).toBe(reason)
      await expectNoTrace(token)
    },
  )
})

describe('an assertion of a workload identity', () => {
  const claimsOf = () => ({
    iss: issuer,
    aud: CLIENT,
    tid: TENANT,
    sub: ada.objectId,
    oid: ada.objectId,
    ver: '2.0',
    iat: seconds,
    nbf: seconds,
    exp: seconds + 3_600,
  })
  async function assert(assertion: string, id = clientId) {
    const answer = await newBrowser(office.app).post(
      '/auth/token',
      {
        grant_type: 'client_credentials',
        client_id: id,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      },
      {},
    )
    return { status: answer.status, body: JSON.parse(answer.html) as Record<string, unknown> }
  }

  test.each([
    ['once', {}],
    ['again, as Entra does', {}],
    ['for the address of the API', { aud: `api://${CLIENT}` }],
    ['for its default scope', { aud: `api://${CLIENT}/.default` }],
  ])('is taken %s', async (_, claims) => {
    const { status, body } = await assert(await office.authority.sign({ ...claimsOf(), ...claims }))
    expect({ status, body }).toMatchObject({ status: 200, body: { token_type: 'Bearer' } })
    const scim = office.app.clientWith(`Bearer ${String(body['access_token'])}`)
    expect((await scim.get('/Users?count=1')).status).toBe(200)
  })

  test.each([
    ...spoiled,
    ['of another identity', 'subject', { claims: () => ({ sub: grace.objectId }) }],
    ['of another tenant', 'tenant', { claims: () => ({ tid: STRANGER }) }],
  ] as readonly (readonly [string, string, Hostile])[])(
    '%s is refused',
    async (_, reason, { claims, header, spoil }) => {
      const signed = await office.authority.sign({ ...claimsOf(), ...claims?.() }, header)
      const token = spoil ? spoil(signed) : signed
      expect(await assert(token)).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
      expect(lastReason('/auth/token')).toBe(reason)
      await expectNoTrace(token)
    },
  )

  test('is refused for a client that nobody federated', async () => {
    const { directory } = office.app
    const { id } = await directory.clients.create({ kind: 'provisioning', name: 'Other' }, cause)
    expect(await assert(await office.authority.sign(claimsOf()), id)).toMatchObject({ status: 401 })
  })
})
