import { describe, expect, test, vi } from 'vitest'
import { provisioningAuth } from '../../src/auth/provisioning.ts'
import type { Store } from '../../src/directory/store.ts'
import { newTokenSecret } from '../../src/directory/token.ts'
import { cause, signInDeps, testApp, testClock, type TestApp } from '../support/app.ts'
import { issueToken } from '../support/clients.ts'
import { newOffice, TENANT } from '../support/microsoft.ts'
import { newAccessToken, newProgram } from '../support/programs.ts'
import { USER } from '../support/resources.ts'

const status = async (app: TestApp, authorization: string) =>
  (await app.clientWith(authorization).get('/Users')).status

describe('the token that a client got', () => {
  test('names the client as the actor of what it did', async () => {
    const app = await testApp()
    const client = await newProgram(app.directory, 'provisioning', 'Entra with OAuth')
    const scim = app.clientWith(`Bearer ${await newAccessToken(app, client)}`)
    await scim.post('/Users', { schemas: [USER], userName: 'a' })
    expect((await app.directory.events.list(0, 99)).at(-1)).toMatchObject({
      actor: 'client:Entra with OAuth',
      door: 'scim',
    })
  })

  test('lets nobody in but a client for provisioning, and says so', async () => {
    const app = await testApp()
    const { id } = await newProgram(app.directory, 'application', 'SI server')
    const secret = newTokenSecret('scim')
    await issueToken(app, id, secret)
    const { status: code, headers, body } = await app.clientWith(`Bearer ${secret}`).get('/Users')
    expect(code).toBe(403)
    expect(headers.get('www-authenticate')).toBe('Bearer realm="scim", error="insufficient_scope"')
    expect(body).toMatchObject({ status: '403', detail: 'This is not permitted.' })
    expect(app.logged.at(-1)).toMatchObject({ status: 403, actor: 'client:SI server' })
  })

  test('is not believed for longer than it is valid', async () => {
    const app = await testApp()
    const { id } = await newProgram(app.directory, 'provisioning')
    const secret = newTokenSecret('scim')
    await issueToken(app, id, secret, 0.5 / 3_600)
    expect(await status(app, `Bearer ${secret}`)).toBe(200)
    app.clock.pass(499)
    expect(await status(app, `Bearer ${secret}`)).toBe(200)
    app.clock.pass(1)
    expect(await status(app, `Bearer ${secret}`)).toBe(401)
  })
})

describe('the token that Entra sends when no secret was set', () => {
  async function newTenant(entraTokensFrom = [TENANT]) {
    const office = await newOffice({ entraTokensFrom })
    const { app, authority } = office
    const seconds = app.clock.now().getTime() / 1_000
    const bearerOf = async (claims: Readonly<Record<string, unknown>> = {}) =>
      `Bearer ${await authority.sign({
        iss: `https://sts.windows.net/${TENANT}/`,
        aud: '8adf8e6e-67b2-4cf2-a259-e3dc5476c621',
        sub: '00000000-0000-4000-8000-00000000beef',
        tid: TENANT,
        iat: seconds,
        nbf: seconds,
        exp: seconds + 8 * 3_600,
        ...claims,
      })}`
    return { app, authority, seconds, bearerOf }
  }

  test('leads to the organisation of its tenant, which is the actor', async () => {
    const { app, bearerOf } = await newTenant()
    const scim = app.clientWith(await bearerOf())
    expect((await scim.post('/Users', { schemas: [USER], userName: 'a' })).status).toBe(201)
    expect((await app.directory.events.list(0, 99)).at(-1)).toMatchObject({
      actor: `entra:${TENANT}`,
    })
    expect((await app.scim.get('/Users')).body['totalResults']).toBe(1)
  })

  test('is refused unless its tenant was named, and the log alone has the reason', async () => {
    const { app, bearerOf } = await newTenant([])
    const { status: code, text, headers } = await app.clientWith(await bearerOf()).get('/Users')
    expect(code).toBe(401)
    expect(headers.get('www-authenticate')).toBe('Bearer realm="scim", error="invalid_token"')
    expect(text).not.toContain('tenant')
    expect(app.logged.at(-1)).toMatchObject({
      level: 'info',
      status: 401,
      failure: { message: 'A token of Entra is refused: tenant.' },
    })
  })

  test('is refused when no organisation has its tenant', async () => {
    const other = '22222222-0000-4000-8000-000000000000'
    const { app, bearerOf } = await newTenant()
    const bearer = await bearerOf()
    expect(await status(app, bearer)).toBe(200)
    await app.store.organisations.setTenant('default', other, cause)
    app.clock.pass(1_000)
    expect(await status(app, bearer)).toBe(401)
    expect(app.logged.at(-1)).toMatchObject({
      failure: { message: 'A token of Entra is refused: tenant.' },
    })
  })

  test('ends five minutes after its time, since clocks differ, at the exact second', async () => {
    const { app, seconds, bearerOf } = await newTenant()
    const bearer = await bearerOf({ exp: seconds + 60 })
    app.clock.pass(59_999)
    expect(await status(app, bearer)).toBe(200)
    app.clock.pass(299_500)
    expect(await status(app, bearer)).toBe(200)
    // No longer believed by then for having been valid just before.
    app.clock.pass(501)
    expect(await status(app, bearer)).toBe(401)
  })

  test('has to wait while the keys of Entra cannot be read, which is no failed attempt', async () => {
    const { app, authority, bearerOf } = await newTenant()
    const bearer = await bearerOf()
    authority.keysAvailable = false
    for (let index = 0; index < 21; index += 1) {
      const { status: code, headers, body } = await app.clientWith(bearer).get('/Users')
      expect(code).toBe(503)
      expect(headers.get('retry-after')).toBe('5')
      expect(body).toMatchObject({ status: '503', detail: 'The keys of Entra cannot be read.' })
    }
    expect(app.logged.at(-1)).toMatchObject({
      level: 'error',
      failure: { cause: { name: 'KeysUnavailable' } },
    })
    authority.keysAvailable = true
    expect(await status(app, bearer)).toBe(200)
  })

  test('counts as a failed attempt when it is refused', async () => {
    const { app, bearerOf } = await newTenant([])
    const bearer = await bearerOf()
    for (let index = 0; index < 20; index += 1) expect(await status(app, bearer)).toBe(401)
    expect(await status(app, bearer)).toBe(429)
  })
})

describe('what was verified', () => {
  /** A verifier on a store that knows any secret token and counts how often it is asked. */
  function counting() {
    const clock = testClock()
    const findToken = vi.fn<Store['findToken']>(async (hash) => ({
      id: hash,
      organisation: 'default',
      name: 'Entra',
      created: clock.now().toISOString(),
    }))
    const touchTokens = async () => {}
    const store = { findToken, touchTokens } as Partial<Store> as Store
    const { tokens } = signInDeps(clock.now)
    const auth = provisioningAuth(store, { staticToken: undefined, tokens, now: clock.now })
    return { clock, findToken, verify: (secret: string) => auth.verify(`Bearer ${secret}`) }
  }

  test('is believed for a second, without asking the store', async () => {
    const { clock, findToken, verify } = counting()
    const secret = newTokenSecret()
    const first = await verify(secret)
    clock.pass(999)
    expect(await verify(secret)).toBe(first)
    expect(findToken).toHaveBeenCalledTimes(1)
    clock.pass(1)
    await verify(secret)
    expect(findToken).toHaveBeenCalledTimes(2)
  })

  test('is forgotten when 1,000 others came after it', async () => {
    const { findToken, verify } = counting()
    const [first = '', second = '', ...others] = Array.from({ length: 1_001 }, () =>
      newTokenSecret(),
    )
    for (const secret of [first, second, ...others]) await verify(secret)
    expect(findToken).toHaveBeenCalledTimes(1_001)
    await verify(second)
    expect(findToken).toHaveBeenCalledTimes(1_001)
    await verify(first)
    expect(findToken).toHaveBeenCalledTimes(1_002)
  })

  test.each([
    ['a text without the form of a secret', 'entrance_'],
    ['a secret that is too long', `${newTokenSecret()}x`],
    ['the token of a desktop client', newTokenSecret('access')],
    ['a refresh token', newTokenSecret('refresh')],
  ])('is never %s, for which nobody asks the store', async (_, secret) => {
    const { findToken, verify } = counting()
    expect(await verify(secret)).toBeUndefined()
    expect(findToken).not.toHaveBeenCalled()
  })
})

describe('the token of the configuration', () => {
  test.each([
    ['a secret token', newTokenSecret()],
    ['the token of a client', newTokenSecret('scim')],
    ['a token of Entra', 'eyJ0eXAi.eyJhdWQi.c2lnbmF0dXJl'],
    ['nothing else', 'x'.repeat(32)],
  ])('may look like %s', async (_, staticToken) => {
    const app = await testApp({ staticToken })
    const scim = app.clientWith(`Bearer ${staticToken}`)
    expect((await scim.post('/Users', { schemas: [USER], userName: 'a' })).status).toBe(201)
    expect((await app.directory.events.list(0, 99)).at(-1)).toMatchObject({
      actor: 'token:SCIM_TOKEN',
    })
  })
})
