import { describe, expect, test } from 'vitest'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { newBrowser } from '../support/browser.ts'
import { HOUR } from '../support/clients.ts'
import {
  endings,
  refresh,
  send,
  signedIn,
  signedInClient,
  statusOf,
  tokensOf,
} from '../support/desktop.ts'
import type { Fields } from '../support/programs.ts'

const DAY = 24 * HOUR
const invalidGrant = { status: 400, body: { error: 'invalid_grant' } }

describe('a refresh token', () => {
  test('is exchanged for new tokens, and the old ones are worth nothing', async () => {
    const app = await testApp()
    const first = await signedInClient(app)
    app.clock.pass(HOUR / 2)
    const second = tokensOf(await refresh(app, first.refresh))
    expect(second.access).not.toBe(first.access)
    expect(second.refresh).not.toBe(first.refresh)
    expect(await statusOf(app, first.access)).toBe(401)
    expect(await statusOf(app, second.access)).toBe(200)
    expect(tokensOf(await refresh(app, second.refresh)).refresh).not.toBe(second.refresh)
    expect(await endings(app)).toStrictEqual([])
  })

  test('goes on when the access token has expired, after an hour', async () => {
    const app = await testApp()
    const first = await signedInClient(app)
    app.clock.pass(HOUR - 1)
    expect(await statusOf(app, first.access)).toBe(200)
    app.clock.pass(1)
    expect(await statusOf(app, first.access)).toBe(401)
    const second = tokensOf(await refresh(app, first.refresh))
    expect(await statusOf(app, second.access)).toBe(200)
  })

  test('that comes twice ends the session for both who have it', async () => {
    const app = await testApp()
    const first = await signedInClient(app)
    const second = tokensOf(await refresh(app, first.refresh))
    expect(await refresh(app, first.refresh)).toMatchObject(invalidGrant)
    expect(await statusOf(app, second.access)).toBe(401)
    expect(await refresh(app, second.refresh)).toMatchObject(invalidGrant)
    expect(await endings(app)).toStrictEqual(['a refresh token came twice'])
    expect((await first.browser.get('/auth/account')).status).toBe(200)
  })

  test('that comes many times at once is exchanged once, and ends the session', async () => {
    const app = await testApp()
    const { refresh: token, user } = await signedInClient(app)
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(app, token)))
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
    expect(await endings(app)).toStrictEqual(['a refresh token came twice'])
    expect(await app.directory.sessions.list(user.id)).toHaveLength(1)
  })

  test.each([
    ['made up', () => 'entrance_refresh_'.padEnd(60, 'A'), 'invalid_grant'],
    ['an access token', ({ access }) => access, 'invalid_grant'],
    ['one character changed', ({ refresh }) => `${refresh.slice(0, -1)}!`, 'invalid_grant'],
    ['SQL', () => "' OR ''='", 'invalid_grant'],
    ['nothing', () => '', 'invalid_request'],
  ] satisfies [string, (of: { access: string; refresh: string }) => string, string][])(
    'is refused that is %s',
    async (_, change, error) => {
      const app = await testApp()
      const tokens = await signedInClient(app)
      const refused = await refresh(app, change(tokens))
      expect(refused).toMatchObject({ status: 400, body: { error } })
      expect(await statusOf(app, tokens.access)).toBe(200)
    },
  )

  test.each(['other', ''])('is refused to the client %j', async (client_id) => {
    const app = await testApp()
    const tokens = await signedInClient(app)
    const form = { grant_type: 'refresh_token', client_id, refresh_token: tokens.refresh }
    const refused = await send(app, '/auth/token', form)
    expect(refused).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    tokensOf(await refresh(app, tokens.refresh))
  })
})

describe('the session of a client ends', () => {
  test.each([
    ['after 30 days of nothing', [30 * DAY]],
    ['after 90 days of use', Array(4).fill(25 * DAY)],
  ])('%s', async (_, pauses: number[]) => {
    const app = await testApp()
    let { refresh: token } = await signedInClient(app)
    const errors: unknown[] = []
    for (const pause of pauses) {
      app.clock.pass(pause)
      const { body } = await refresh(app, token)
      errors.push(body['error'])
      token = String(body['refresh_token'] ?? '')
    }
    expect(errors).toStrictEqual([...Array(pauses.length - 1).fill(undefined), 'invalid_grant'])
    expect(await endings(app)).toStrictEqual(['it was over'])
  })

  const ways: readonly [string, (app: TestApp, id: string) => Promise<unknown>][] = [
    [
      'with the deactivation of the user by SCIM',
      ({ scim }, id) =>
        scim.operate(`/Users/${id}`, { op: 'replace', path: 'active', value: false }),
    ],
    ['with the user', ({ directory }, id) => directory.users.remove(id, undefined, cause)],
    [
      'when the user signs out everywhere else in a browser',
      async (app) => (await signedIn(app)).post('/auth/account/end-others', {}),
    ],
    [
      'when the user signs out there from a browser',
      async (app, id) => {
        const sessions = await app.directory.sessions.list(id)
        const session = sessions.find(({ kind }) => kind === 'client')?.id ?? ''
        return (await signedIn(app)).post('/auth/account/end', { session })
      },
    ],
  ]

  test.each(ways)('%s, at once', async (_, end) => {
    const app = await testApp({ localUsers: 'visible' })
    const { access, refresh: token, user } = await signedInClient(app)
    expect(await statusOf(app, access)).toBe(200)
    await end(app, user.id)
    expect(await statusOf(app, access)).toBe(401)
    expect(await refresh(app, token)).toMatchObject(invalidGrant)
    expect(Number(await app.database.value('SELECT count(*) FROM refresh_tokens'))).toBe(0)
  })

  test('not when the browser signs out in which it began', async () => {
    const app = await testApp()
    const { access, browser } = await signedInClient(app)
    await browser.post('/auth/sign-out', {})
    expect(await statusOf(app, access)).toBe(200)
  })
})

describe('a client that signs out', () => {
  const revoke = (app: TestApp, form: Fields) => send(app, '/auth/revoke', form)

  test.each(['access', 'refresh'] as const)('with its %s token is out', async (kind) => {
    const app = await testApp()
    const tokens = await signedInClient(app)
    const form = { token: tokens[kind], token_type_hint: 'nonsense', client_id: 'desktop' }
    expect((await revoke(app, form)).status).toBe(200)
    expect(await statusOf(app, tokens.access)).toBe(401)
    expect(await refresh(app, tokens.refresh)).toMatchObject(invalidGrant)
    expect(await endings(app)).toStrictEqual([undefined])
    expect((await revoke(app, form)).status).toBe(200)
    expect(await endings(app)).toHaveLength(1)
  })

  test('with the refresh token it had before is out too', async () => {
    const app = await testApp()
    const first = await signedInClient(app)
    const second = tokensOf(await refresh(app, first.refresh))
    expect((await revoke(app, { token: first.refresh })).status).toBe(200)
    expect(await statusOf(app, second.access)).toBe(401)
  })

  test('ends nobody else’s session, nor that of a browser', async () => {
    const app = await testApp()
    const { access, browser } = await signedInClient(app)
    for (const token of [String(browser.cookie), 'entrance_access_'.padEnd(59, 'A'), "'"]) {
      expect((await revoke(app, { token })).status).toBe(200)
    }
    expect(await statusOf(app, access)).toBe(200)
    expect((await browser.get('/auth/account')).status).toBe(200)
  })

  test('has to say with which token', async () => {
    const refused = await revoke(await testApp(), { client_id: 'desktop' })
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })
})

test('an access token opens no page, and sends no form', async () => {
  const app = await testApp()
  const { access } = await signedInClient(app)
  const browser = newBrowser(app)
  const headers = { Authorization: `Bearer ${access}` }
  expect((await browser.get('/auth/account', headers)).status).toBe(303)
})
