import { describe, expect, test } from 'vitest'
import { hashSecret, newTokenSecret } from '../../src/directory/token.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { listen } from '../support/listen.ts'

/** Makes a token as the command line does; the secret is known here alone. */
async function newToken({ directory }: TestApp, name: string, expires?: string) {
  const secret = newTokenSecret()
  const { id } = await directory.tokens.create({ name, hash: hashSecret(secret), expires }, cause)
  return { id, secret, bearer: `Bearer ${secret}` }
}

const status = async (app: TestApp, authorization: string | undefined) =>
  (await app.clientWith(authorization).get('/Users')).status

describe('a token', () => {
  test('BT-01 is accepted, whatever the case of the word Bearer and however many blanks follow', async () => {
    const app = await testApp()
    const { secret } = await newToken(app, 'Entra')
    for (const scheme of ['Bearer ', 'bearer ', 'BEARER ', 'Bearer   ']) {
      expect(await status(app, `${scheme}${secret}`)).toBe(200)
    }
  })

  test('is one of several that are valid at once, and revoking one leaves the others', async () => {
    const app = await testApp()
    const old = await newToken(app, 'old')
    const fresh = await newToken(app, 'new')
    expect([await status(app, old.bearer), await status(app, fresh.bearer)]).toStrictEqual([
      200, 200,
    ])
    await app.directory.tokens.revoke(old.id, cause)
    // A server may believe a token for a second, so that it need not ask the store each time.
    app.clock.pass(1_000)
    expect([await status(app, old.bearer), await status(app, fresh.bearer)]).toStrictEqual([
      401, 200,
    ])
  })

  test('expires at the exact instant', async () => {
    const app = await testApp()
    const { bearer } = await newToken(app, 'short', '2026-03-02T08:00:10.000Z')
    app.clock.pass(9_999)
    expect(await status(app, bearer)).toBe(200)
    app.clock.pass(1)
    expect(await status(app, bearer)).toBe(401)
  })

  test('names the actor of what it did', async () => {
    const app = await testApp()
    const { bearer } = await newToken(app, 'Entra production')
    await app.clientWith(bearer).post('/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'a',
    })
    expect((await app.directory.events.list(0, 99)).at(-1)).toMatchObject({
      actor: 'token:Entra production',
      door: 'scim',
    })
  })

  test('of another organisation leads there', async () => {
    const app = await testApp()
    await app.store.organisations.create({ name: 'other', entraTenantId: undefined }, cause)
    const other = await app.clientOf('other')
    await other.post('/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'a',
    })
    expect((await other.get('/Users')).body['totalResults']).toBe(1)
    expect((await app.scim.get('/Users')).body['totalResults']).toBe(0)
  })

  test('of the configuration belongs to the default organisation and stands beside the others', async () => {
    const staticToken = 's'.repeat(32)
    const app = await testApp({ staticToken })
    const { bearer } = await newToken(app, 'Entra')
    expect(await status(app, `Bearer ${staticToken}`)).toBe(200)
    expect(await status(app, bearer)).toBe(200)
    for (const wrong of [staticToken.slice(1), `${staticToken}s`, staticToken.toUpperCase()]) {
      expect(await status(app, `Bearer ${wrong}`)).toBe(401)
    }
  })

  test('says no more when it is wrong in one way than in another (BT-05)', async () => {
    const app = await testApp()
    const revoked = await newToken(app, 'revoked')
    await app.directory.tokens.revoke(revoked.id, cause)
    const expired = await newToken(app, 'expired', '2026-03-02T08:00:00.000Z')
    const answers = await Promise.all(
      [
        revoked.bearer,
        expired.bearer,
        `Bearer ${newTokenSecret()}`,
        `Bearer ${newTokenSecret('scim')}`,
        `Bearer ${newTokenSecret('access')}`,
        'Bearer x',
        'Bearer a.b.c',
        'Bearer',
        'Bearer a b',
        'Basic eDp5',
      ].map(async (authorization) => {
        const { status: code, text, headers } = await app.clientWith(authorization).get('/Users')
        return [code, text, headers.get('www-authenticate')]
      }),
    )
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]?.[0]).toBe(401)
  })
})

describe('the secret of a token', () => {
  test('BT-10 is in no file of the database, only its hash', async () => {
    const app = await testApp()
    const { secret, bearer } = await newToken(app, 'Entra')
    expect(await status(app, bearer)).toBe(200)
    const raw = await app.database.raw()
    expect(raw.includes(hashSecret(secret))).toBe(true)
    expect(raw.includes(secret)).toBe(false)
    expect(raw.includes(secret.slice('entrance_'.length))).toBe(false)
  })

  test('is in no event and no log line, good or bad', async () => {
    const app = await testApp()
    const { secret, bearer } = await newToken(app, 'Entra')
    await status(app, bearer)
    await status(app, `${bearer}x`)
    await app.clientWith(bearer).get(`/Users?access_token=${secret}`)
    const events = JSON.stringify(await app.directory.events.list(0, 99))
    const lines = JSON.stringify(app.logged)
    expect(lines).toContain('/scim/v2/Users')
    expect(`${events}${lines}`).not.toContain(secret)
    expect(events).not.toContain(hashSecret(secret))
  })

  test('has 256 random bits after its prefix', () => {
    const secrets = Array.from({ length: 100 }, newTokenSecret)
    expect(new Set(secrets).size).toBe(100)
    for (const secret of secrets) expect(secret).toMatch(/^entrance_[A-Za-z0-9_-]{43}$/)
  })
})

describe('the last use of a token', () => {
  async function lastUsed({ directory }: TestApp, id: string) {
    return (await directory.tokens.list()).find((token) => token.id === id)?.lastUsed
  }

  test('is noted at its first use, then at most once a minute', async () => {
    const app = await testApp()
    const { id, bearer } = await newToken(app, 'Entra')
    expect(await lastUsed(app, id)).toBeUndefined()
    await status(app, bearer)
    // No request waits for this write.
    await expect.poll(() => lastUsed(app, id)).toBe('2026-03-02T08:00:00.000Z')
    app.clock.pass(59_999)
    await status(app, bearer)
    expect(await lastUsed(app, id)).toBe('2026-03-02T08:00:00.000Z')
    app.clock.pass(1)
    await status(app, bearer)
    await expect.poll(() => lastUsed(app, id)).toBe('2026-03-02T08:01:00.000Z')
  })

  test('is written when the server stops', async () => {
    const app = await testApp()
    const { id, bearer } = await newToken(app, 'Entra')
    await status(app, bearer)
    app.clock.pass(30_000)
    await status(app, bearer)
    await app.auth.flush()
    expect(await lastUsed(app, id)).toBe('2026-03-02T08:00:30.000Z')
  })

  test('of one that is refused is not noted', async () => {
    const app = await testApp()
    const { id, bearer } = await newToken(app, 'Entra', '2026-03-02T08:00:00.000Z')
    await status(app, bearer)
    await app.auth.flush()
    expect(await lastUsed(app, id)).toBeUndefined()
  })

  test('writes no event', async () => {
    const app = await testApp()
    const { bearer } = await newToken(app, 'Entra')
    const before = await app.directory.events.list(0, 99)
    await status(app, bearer)
    await app.auth.flush()
    expect(await app.directory.events.list(0, 99)).toStrictEqual(before)
  })
})

describe('after 20 failures from one address', () => {
  async function afterTwenty() {
    const app = await testApp()
    const bad = app.clientWith('Bearer wrong')
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => (await bad.get('/Users')).status),
    )
    expect(new Set(statuses)).toStrictEqual(new Set([401]))
    return { ...app, bad }
  }

  test('SE-06 the next is answered with 429 and the seconds to wait, in SCIM form', async () => {
    const { bad, clock } = await afterTwenty()
    clock.pass(10_000)
    const { status: code, headers, body } = await bad.get('/Users')
    expect(code).toBe(429)
    expect(headers.get('retry-after')).toBe('50')
    expect(headers.get('content-type')).toBe('application/scim+json')
    expect(body).toStrictEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '429',
      detail: expect.any(String),
    })
  })

  test('a valid token is never slowed down', async () => {
    const { bad, scim } = await afterTwenty()
    for (let index = 0; index < 5; index += 1) {
      expect((await bad.get('/Users')).status).toBe(429)
      expect((await scim.get('/Users')).status).toBe(200)
    }
  })

  test('a request without credentials is still told how to authenticate', async () => {
    const { clientWith } = await afterTwenty()
    expect((await clientWith(undefined).get('/Users')).status).toBe(401)
  })

  test('the window ends a minute after the first', async () => {
    const { bad, clock } = await afterTwenty()
    clock.pass(59_999)
    expect((await bad.get('/Users')).headers.get('retry-after')).toBe('1')
    clock.pass(1)
    expect((await bad.get('/Users')).status).toBe(401)
  })

  test('the address of a real connection is what counts, not a header', async () => {
    const app = await testApp()
    const { origin, client } = await listen(app)
    const attempt = async (index: number) =>
      (
        await fetch(`${origin}/scim/v2/Users`, {
          headers: { authorization: 'Bearer wrong', 'x-forwarded-for': `10.0.0.${index}` },
        })
      ).status
    const statuses: number[] = []
    for (let index = 0; index < 21; index += 1) statuses.push(await attempt(index))
    expect(statuses).toStrictEqual([...Array.from({ length: 20 }, () => 401), 429])
    expect((await client.get('/Users')).status).toBe(200)
  })
})
