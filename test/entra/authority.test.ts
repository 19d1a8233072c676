import { ConfidentialClientApplication, CryptoProvider } from '@azure/msal-node'
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Authority, Person } from './authority/authority.ts'
import {
  ada,
  APP,
  CALLBACK,
  codeIn,
  contoso,
  exchange,
  grace,
  request,
  SCOPES,
  startContoso,
  type Values,
} from './authority/contoso.ts'
import { visit } from './authority/visitor.ts'

async function idTokenOf(authority: Authority, who: Person): Promise<string> {
  const landed = await visit(request(authority), who.userPrincipalName)
  const { body } = await exchange(authority, codeIn(landed))
  return String(body['id_token'])
}

async function verify(authority: Authority, token: string) {
  const { origin, tenantId, clientId } = authority
  const keys = createRemoteJWKSet(new URL(`${origin}/${tenantId}/discovery/v2.0/keys`))
  const issuer = `${origin}/${tenantId}/v2.0`
  return jwtVerify(token, keys, { algorithms: ['RS256'], issuer, audience: clientId })
}

async function msal(authority: Authority): Promise<ConfidentialClientApplication> {
  const { origin, tenantId, clientId, clientSecret } = authority
  const metadata = await fetch(`${origin}/${tenantId}/v2.0/.well-known/openid-configuration`)
  const auth = {
    clientId,
    clientSecret,
    authority: `https://login.microsoftonline.com/${tenantId}`,
    authorityMetadata: await metadata.text(),
  }
  return new ConfidentialClientApplication({ auth })
}

describe('MSAL for Node signs somebody in', () => {
  test.each(['query', 'form_post'] as const)('with the response mode %s', async (responseMode) => {
    const authority = await contoso()
    const client = await msal(authority)
    const crypto = new CryptoProvider()
    const { verifier, challenge } = await crypto.generatePkceCodes()
    const attempt = { scopes: SCOPES, redirectUri: CALLBACK, state: 'a state', nonce: 'a nonce' }
    const url = await client.getAuthCodeUrl({
      ...attempt,
      responseMode,
      codeChallenge: challenge,
      codeChallengeMethod: 'S256',
      prompt: 'select_account',
    })
    expect(url.startsWith(`${authority.origin}/${authority.tenantId}/oauth2/`)).toBe(true)
    const { url: landed, form } = await visit(url, ada.userPrincipalName)
    expect(landed.origin + landed.pathname).toBe(CALLBACK)
    const answer = form ?? landed.searchParams
    expect([...answer.keys()].sort()).toEqual(['code', 'session_state', 'state'])
    const payload = { code: answer.get('code') ?? '', state: answer.get('state') ?? '' }
    const result = await client.acquireTokenByCode(
      { ...attempt, ...payload, codeVerifier: verifier },
      payload,
    )
    const { tenantId } = authority
    expect(result).toMatchObject({ tenantId, uniqueId: ada.objectId, tokenType: 'Bearer' })
    expect(result.account?.homeAccountId).toBe(`${ada.objectId}.${tenantId}`)
    const { payload: claims } = await verify(authority, result.idToken)
    expect(claims).toMatchObject({ oid: ada.objectId, nonce: 'a nonce' })
  })

  test('and tells what the token endpoint says of a wrong secret', async () => {
    const authority = await contoso()
    const client = await msal(authority)
    const code = codeIn(await visit(request(authority), ada.userPrincipalName))
    authority.failNextExchange(7000215)
    const redeemed = client.acquireTokenByCode({ code, scopes: SCOPES, redirectUri: CALLBACK })
    await expect(redeemed).rejects.toMatchObject({
      errorCode: 'invalid_client',
      errorNo: 7000215,
    })
  })
})

describe('an ID token', () => {
  test('has the claims of Entra', async () => {
    const authority = await contoso()
    const { tenantId, clientId, origin } = authority
    const token = await idTokenOf(authority, ada)
    const text: unknown = expect.any(String)
    const number: unknown = expect.any(Number)
    expect(decodeProtectedHeader(token)).toEqual({ typ: 'JWT', alg: 'RS256', kid: text })
    const claims = decodeJwt(token)
    expect(claims).toEqual({
      aud: clientId,
      iss: `${origin}/${tenantId}/v2.0`,
      iat: number,
      nbf: claims.iat,
      exp: Number(claims.iat) + 3_900,
      email: 'ada.lovelace@contoso.example',
      login_hint: text,
      name: 'Ada Lovelace',
      nonce: 'the nonce',
      oid: ada.objectId,
      preferred_username: 'ada.lovelace@contoso.example',
      roles: ['Designer', 'Sales'],
      sid: text,
      sub: text,
      tid: tenantId,
      uti: text,
      ver: '2.0',
    })
    expect(decodeJwt(await idTokenOf(authority, ada))['sub']).toBe(claims.sub)
    expect(decodeJwt(await idTokenOf(authority, grace))).not.toHaveProperty('roles')
  })

  test('is altered once as a test wants it', async () => {
    const authority = await contoso()
    authority.alterNextIdToken({ tid: 'another', nonce: undefined }, { kid: 'another' })
    const altered = await idTokenOf(authority, ada)
    expect(decodeJwt(altered)).toMatchObject({ tid: 'another', oid: ada.objectId })
    expect(decodeJwt(altered)).not.toHaveProperty('nonce')
    expect(decodeProtectedHeader(altered).kid).toBe('another')
    const next = await idTokenOf(authority, ada)
    expect(decodeJwt(next)).toMatchObject({ tid: authority.tenantId, nonce: 'the nonce' })
    await expect(verify(authority, next)).resolves.toBeDefined()
  })

  test.each([
    ['stays good while the old key is published', true],
    ['is not believed any more when the old key is gone', false],
  ])('from before new keys %s', async (_, keepOld) => {
    const authority = await contoso()
    const before = await idTokenOf(authority, ada)
    const code = codeIn(await visit(request(authority), ada.userPrincipalName))
    await authority.rollKeys({ keepOld })
    expect(authority.publishedKeys()).toHaveLength(keepOld ? 2 : 1)
    const outcome = await verify(authority, before).then(
      () => true,
      (error: unknown) => !(error instanceof errors.JWKSNoMatchingKey),
    )
    expect(outcome).toBe(keepOld)
    const { body } = await exchange(authority, code)
    await expect(verify(authority, String(body['id_token']))).resolves.toBeDefined()
    expect(decodeProtectedHeader(String(body['id_token'])).kid).toBe(
      authority.publishedKeys().at(-1)?.kid,
    )
  })

  test.each([
    ['without a signature', { alg: 'none' }, /^[\w-]+\.[\w-]+\.$/u],
    ['signed with the public key as a secret', { alg: 'HS256' }, /^[\w-]+\.[\w-]+\.[\w-]{43}$/u],
  ])('of an attacker: %s', async (_, header, form) => {
    const authority = await contoso()
    const token = await authority.sign({ oid: ada.objectId }, header)
    expect(token).toMatch(form)
    await expect(verify(authority, token)).rejects.toThrow(errors.JOSEAlgNotAllowed)
    const { iss, aud } = decodeJwt(await idTokenOf(authority, ada))
    const right = await authority.sign({ iss, aud, exp: 4_000_000_000 })
    await expect(verify(authority, right)).resolves.toBeDefined()
  })
})

test('keys are published with their issuer, without the algorithm, and counted', async () => {
  const authority = await contoso()
  const { origin, tenantId } = authority
  const address = `${origin}/${tenantId}/discovery`
  const answer = (await (await fetch(`${address}/v2.0/keys`)).json()) as { keys: object[] }
  expect(answer).toEqual({ keys: authority.publishedKeys() })
  expect(Object.keys(answer.keys[0] ?? {}).sort()).toEqual(
    ['e', 'issuer', 'kid', 'kty', 'n', 'use'], // no alg
  )
  authority.keysAvailable = false
  expect((await fetch(`${address}/keys`)).status).toBe(503)
  authority.keysAvailable = true
  expect((await fetch(`${address}/keys`)).status).toBe(200)
  expect(authority.keyRequests).toBe(3)
})

test('a refresh token gives another ID token of the same sign-in', async () => {
  const authority = await contoso()
  const code = codeIn(await visit(request(authority), ada.userPrincipalName))
  const scope = [...SCOPES, 'offline_access'].join(' ')
  const { body: first } = await exchange(authority, code, { scope })
  const refreshed = await exchange(authority, '', {
    grant_type: 'refresh_token',
    refresh_token: String(first['refresh_token']),
  })
  const { oid, sid } = decodeJwt(String(first['id_token']))
  expect(decodeJwt(String(refreshed.body['id_token']))).toMatchObject({ oid, sid })
})

describe('the token endpoint refuses', () => {
  let authority: Authority
  beforeAll(async () => {
    authority = await startContoso()
  })
  afterAll(() => authority.close())

  test.each<[string, Values, number, string, number]>([
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
    ['no secret', { client_secret: '' }, 401, 'invalid_client', 7000218],
    ['another application', { client_id: 'other' }, 400, 'unauthorized_client', 700016],
    ['a wrong verifier', { code_verifier: 'w'.repeat(43) }, 400, 'invalid_grant', 501481],
    ['a short verifier', { code_verifier: 'w' }, 400, 'invalid_grant', 501481],
    ['another address', { redirect_uri: `${APP}/other` }, 400, 'invalid_grant', 50011],
    ['a code that it never gave', { code: 'made-up' }, 400, 'invalid_grant', 70000],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
    ['a request without a code', { code: '' }, 400, 'invalid_request', 9002313],
  ])('%s', async (_, more, status, error, code) => {
    const right = codeIn(await visit(request(authority), ada.userPrincipalName))
    const text: unknown = expect.any(String)
    expect(await exchange(authority, right, more)).toEqual({
      status,
      body: {
        error,
        error_description: expect.stringMatching(`^AADSTS${code}: `) as unknown,
        error_codes: [code],
        timestamp: text,
        trace_id: text,
        correlation_id: text,
      },
    })
    expect((await exchange(authority, right)).status).toBe(200)
  })

  test('a code that comes again, also at the same time', async () => {
    const code = codeIn(await visit(request(authority), ada.userPrincipalName))
    const answers = await Promise.all([exchange(authority, code), exchange(authority, code)])
    answers.push(await exchange(authority, code))
    const spoken = answers.map(({ status, body }) => [status, body['error_codes']])
    expect(spoken.filter(([status]) => status === 200)).toHaveLength(1)
    expect(spoken.filter(([status]) => status !== 200)).toEqual([
      [400, [54005]],
      [400, [54005]],
    ])
  })

  test.each([
    [7000222, 401, { error: 'invalid_client' }],
    [65001, 400, { error: 'invalid_grant', suberror: 'consent_required' }],
    [50076, 400, { error: 'invalid_grant', suberror: 'basic_action', claims: expect.any(String) }],
    [53003, 400, { error: 'interaction_required' }],
    [90033, 503, { error: 'temporarily_unavailable' }],
  ])('once what a test wants it to refuse: %i', async (code, status, body) => {
    const right = codeIn(await visit(request(authority), ada.userPrincipalName))
    authority.failNextExchange(code)
    const refused = await exchange(authority, right)
    expect(refused).toMatchObject({ status, body: { ...body, error_codes: [code] } })
    expect((await exchange(authority, right)).status).toBe(200)
  })
})

test('nothing is printed', async () => {
  const written = (['info', 'warn', 'error', 'log'] as const).map((name) => vi.spyOn(console, name))
  const authority = await contoso()
  await idTokenOf(authority, ada)
  for (const spy of written) expect(spy).not.toHaveBeenCalled()
})
