import { describe, expect, test } from 'vitest'
import { hashSecret } from '../../src/directory/token.ts'
import { cause, PUBLIC_URL, testApp, type TestApp } from '../support/app.ts'
import { newBrowser } from '../support/browser.ts'
import {
  authorizePath,
  endings,
  handedOver,
  hiddenFields,
  NAME,
  parameters,
  plain,
  proceed,
  redeem,
  REDIRECT,
  signedIn,
  signedInClient,
  STATE,
  statusOf,
  tokensOf,
  VERIFIER,
} from '../support/desktop.ts'
import { ada, newOffice } from '../support/microsoft.ts'
import { newLocalUser, PASSWORD } from '../support/people.ts'

const AUTHORIZE = '/auth/native/authorize'
const MINUTE = 60_000

/** A code for the local user `NAME`, who has just pressed Continue. */
async function newCode(): Promise<{ app: TestApp; code: string; userId: string }> {
  const app = await testApp({ localUsers: 'visible' })
  const { id } = await newLocalUser(app, NAME)
  const answer = await proceed(await signedIn(app))
  return { app, code: answer.get('code') ?? '', userId: id }
}

describe('a person signs in to the desktop client', () => {
  test('with the browser, which comes back to what the client asked, and a click', async () => {
    const app = await testApp()
    const { id } = await newLocalUser(app, NAME)
    const browser = newBrowser(app)
    const first = await browser.get(authorizePath())
    expect(first.status).toBe(303)
    const signIn = await browser.get(String(first.location))
    const fields = hiddenFields(signIn.html, '/auth/sign-in')
    const back = await browser.post('/auth/sign-in', {
      ...fields,
      userName: NAME,
      password: PASSWORD,
    })
    expect(back).toMatchObject({ status: 303, location: authorizePath() })

    const asked = await browser.get(String(back.location))
    expect(asked.status).toBe(200)
    expect(asked.html).toContain('<h1>Continue in the application?</h1>')
    expect(asked.html).toContain(NAME)
    const form = hiddenFields(asked.html, AUTHORIZE)
    expect(form).toStrictEqual(parameters())

    const done = await browser.post(AUTHORIZE, form)
    expect(done.status).toBe(200)
    expect(done.html).toContain('<h1>You are signed in</h1>')
    expect(done.headers.get('cache-control')).toBe('no-store')
    const url = handedOver(done.html)
    expect(`${url.origin}${url.pathname}`).toBe(REDIRECT)
    const code = url.searchParams.get('code') ?? ''
    expect(code).toMatch(/^entrance_code_[\w-]{43}$/)
    expect([...url.searchParams]).toStrictEqual([
      ['code', code],
      ['state', STATE],
      ['iss', PUBLIC_URL],
    ])
    expect(plain(done.html)).toContain(`<a href="${url.href}">`)

    const answer = await redeem(app, code)
    expect(answer).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 3_600, scope: 'session' },
    })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.body['access_token']).toMatch(/^entrance_access_[\w-]{43}$/)
    expect(answer.body['refresh_token']).toMatch(/^entrance_refresh_[\w-]{43}$/)
    expect(await statusOf(app, tokensOf(answer).access)).toBe(200)

    const [inBrowser, inClient] = await app.directory.sessions.list(id)
    expect(inBrowser).toMatchObject({ kind: 'browser' })
    expect(inClient).toMatchObject({
      kind: 'client',
      method: 'password',
      device: 'SI/4.2 (Windows)',
      secretExpires: '2026-03-02T09:00:00.000Z',
      expires: '2026-05-31T08:00:00.000Z',
    })
    const events = await app.directory.events.list(0, 1_000)
    expect(events.slice(-2)).toMatchObject([
      { action: 'code.issued', resourceId: id, actor: `user:${id}`, door: 'auth' },
      { action: 'session.opened', resourceId: id, actor: `user:${id}`, door: 'auth' },
    ])
  })

  test('by way of Entra, as the session says', async () => {
    const office = await newOffice()
    const { id } = await office.provision(ada)
    const browser = newBrowser(office.app)
    const { location = '' } = await browser.get(authorizePath())
    const place = hiddenFields((await browser.get(location)).html, '/auth/sign-in')['return']
    const back = await office.signIn(browser, ada, place)
    expect(back).toMatchObject({ status: 303, location: authorizePath() })
    const { html } = await browser.get(authorizePath())
    expect(html).toContain(
      `<strong>${ada.displayName}</strong> (<bdi>${ada.userPrincipalName}</bdi>)`,
    )
    tokensOf(await redeem(office.app, (await proceed(browser)).get('code') ?? ''))
    const sessions = await office.app.directory.sessions.list(id)
    expect(sessions).toMatchObject([
      { kind: 'browser', method: 'entra' },
      { kind: 'client', method: 'entra' },
    ])
  })

  test.each([
    ['the longest state', { state: '\u0020"&<>%+\'~'.padEnd(512, '/?') }],
    ['IPv6', { redirect_uri: 'http://[::1]:1/' }],
    ['localhost without a path', { redirect_uri: 'http://localhost:65535' }],
    ['a path with percent signs', { redirect_uri: 'http://127.0.0.1:8080/a%20b/c_d-e.f~g' }],
  ])('with %s, unchanged', async (_, more) => {
    const app = await testApp()
    await newLocalUser(app, NAME)
    const browser = newBrowser(app)
    const asked = parameters(more)
    const { location = '' } = await browser.get(authorizePath(asked))
    const fields = hiddenFields((await browser.get(location)).html, '/auth/sign-in')
    const form = { ...fields, userName: NAME, password: PASSWORD }
    const back = await browser.post('/auth/sign-in', form)
    const { html } = await browser.get(String(back.location))
    expect(hiddenFields(html, AUTHORIZE)).toStrictEqual(asked)
    const answer = await proceed(browser, asked)
    expect(answer.get('state')).toBe(asked['state'])
    const { redirect_uri = '' } = asked
    tokensOf(await redeem(app, answer.get('code') ?? '', { redirect_uri }))
  })

  test('as somebody else than who is signed in', async () => {
    const app = await testApp()
    const { id } = await newLocalUser(app, NAME)
    await newLocalUser(app, 'bianca@contoso.example')
    const browser = await signedIn(app)
    const { html } = await browser.get(authorizePath())
    const other = await browser.post('/auth/native/other', hiddenFields(html, '/auth/native/other'))
    expect(other.status).toBe(303)
    expect(browser.cookie).toBeUndefined()
    expect(await app.directory.sessions.list(id)).toStrictEqual([])
    const fields = hiddenFields((await browser.get(String(other.location))).html, '/auth/sign-in')
    const form = { ...fields, userName: 'bianca@contoso.example', password: PASSWORD }
    const back = await browser.post('/auth/sign-in', form)
    expect(back.location).toBe(authorizePath())
    expect((await browser.get(authorizePath())).html).toContain('bianca@contoso.example')
  })

  test('or cancels, which the client is told', async () => {
    const app = await testApp()
    await newLocalUser(app, NAME)
    const { html } = await (await signedIn(app)).get(authorizePath())
    const [, href = ''] = /<a class="button quiet" href="([^"]*)">\s*Cancel/.exec(html) ?? []
    const url = new URL(plain(href))
    expect(`${url.origin}${url.pathname}`).toBe(REDIRECT)
    expect(Object.fromEntries(url.searchParams)).toStrictEqual({
      error: 'access_denied',
      error_description: 'The person cancelled.',
      state: STATE,
      iss: PUBLIC_URL,
    })
  })
})

describe('nothing is given away', () => {
  test('without a click', async () => {
    const app = await testApp()
    await newLocalUser(app, NAME)
    const { html } = await (await signedIn(app)).get(authorizePath())
    expect(html).not.toContain('entrance_code_')
    expect(Number(await app.database.value('SELECT count(*) FROM authorization_codes'))).toBe(0)
  })

  test.each([AUTHORIZE, '/auth/native/other'])('to a form of another page, at %s', async (path) => {
    const app = await testApp()
    await newLocalUser(app, NAME)
    const browser = await signedIn(app)
    const { cookie } = browser
    const { status, html } = await browser.post(path, parameters(), {
      Origin: 'https://evil.example',
      'Sec-Fetch-Site': 'cross-site',
    })
    expect(status).toBe(403)
    expect(html).not.toContain('entrance_code_')
    expect(browser.cookie).toBe(cookie)
  })

  test.each([AUTHORIZE, '/auth/native/other'])('to nobody, at %s', async (path) => {
    const { status, location } = await newBrowser(await testApp()).post(path, parameters())
    expect(status).toBe(303)
    expect(location).toBe(`/auth/sign-in?return=${encodeURIComponent(authorizePath())}`)
  })
})

describe('a page refuses, and the browser goes nowhere, with', () => {
  const rows: readonly [string, Readonly<Record<string, string | undefined>>][] = [
    ['no client_id', { client_id: undefined }],
    ['another client_id', { client_id: 'Desktop' }],
    ['no redirect_uri', { redirect_uri: undefined }],
    ['an address of another machine', { redirect_uri: 'http://evil.example:8080/' }],
    ['a host that begins like loopback', { redirect_uri: 'http://127.0.0.1.evil.example:80/' }],
    ['another loopback address', { redirect_uri: 'http://127.0.0.2:8080/' }],
    ['loopback in another form', { redirect_uri: 'http://2130706433:8080/' }],
    ['https', { redirect_uri: 'https://127.0.0.1:8080/' }],
    ['a scheme of the client', { redirect_uri: 'si://signed-in' }],
    ['a script', { redirect_uri: 'javascript:alert(1)' }],
    ['no port', { redirect_uri: 'http://127.0.0.1/' }],
    ['a port that is none', { redirect_uri: 'http://127.0.0.1:65536/' }],
    ['a user in the address', { redirect_uri: 'http://127.0.0.1:1@evil.example/' }],
    ['a password in the address', { redirect_uri: 'http://a:b@127.0.0.1:8080/' }],
    ['a query', { redirect_uri: `${REDIRECT}?token=1` }],
    ['a fragment', { redirect_uri: `${REDIRECT}#a` }],
    ['a backslash', { redirect_uri: 'http://127.0.0.1:8080\\@evil.example/' }],
    ['a line break', { redirect_uri: `${REDIRECT}\n` }],
    ['a very long address', { redirect_uri: REDIRECT.padEnd(501, 'x') }],
    ['nothing at all', {}],
  ]

  test.each(rows)('%s', async (_, more) => {
    const app = await testApp()
    await newLocalUser(app, NAME)
    const of = Object.keys(more).length === 0 ? {} : parameters(more)
    for (const browser of [newBrowser(app), await signedIn(app)]) {
      const shown = await browser.get(authorizePath(of))
      expect(shown).toMatchObject({ status: 400, location: undefined })
      expect(shown.html).toContain('Ask the service desk')
      expect(shown.html).not.toContain('evil.example')
      for (const path of [AUTHORIZE, '/auth/native/other']) {
        expect(await browser.post(path, of)).toMatchObject({ status: 400, location: undefined })
      }
    }
    expect(Number(await app.database.value('SELECT count(*) FROM authorization_codes'))).toBe(0)
  })

  test('a parameter that comes twice', async () => {
    const browser = newBrowser(await testApp())
    for (const name of ['client_id', 'redirect_uri']) {
      const twice = `${authorizePath()}&${name}=${encodeURIComponent(parameters()[name] ?? '')}`
      expect((await browser.get(twice)).status).toBe(400)
    }
  })
})

describe('the client is told of', () => {
  const rows: readonly [string, string, Readonly<Record<string, string | undefined>>][] = [
    ['no response_type', 'invalid_request', { response_type: undefined }],
    ['the implicit grant', 'unsupported_response_type', { response_type: 'token' }],
    ['no challenge', 'invalid_request', { code_challenge: undefined }],
    ['a short challenge', 'invalid_request', { code_challenge: 'x'.repeat(42) }],
    ['a challenge in base64', 'invalid_request', { code_challenge: '+'.repeat(43) }],
    ['a challenge that is the verifier', 'invalid_request', { code_challenge_method: 'plain' }],
    ['no challenge method', 'invalid_request', { code_challenge_method: undefined }],
  ]

  test.each(rows)('%s', async (_, error, more) => {
    const app = await testApp()
    await newLocalUser(app, NAME)
    for (const browser of [newBrowser(app), await signedIn(app)]) {
      const { status, location = '' } = await browser.get(authorizePath(parameters(more)))
      expect(status).toBe(303)
      const url = new URL(location)
      expect(`${url.origin}${url.pathname}`).toBe(REDIRECT)
      expect(Object.fromEntries(url.searchParams)).toStrictEqual({
        error,
        error_description: expect.stringMatching(/^[\w .]+$/),
        state: STATE,
        iss: PUBLIC_URL,
      })
      expect((await browser.post(AUTHORIZE, parameters(more))).status).toBe(400)
    }
  })

  test.each([
    ['no state', undefined],
    ['an empty state', ''],
    ['a long state', 'x'.repeat(513)],
    ['a line break in the state', 'a\nb'],
    ['another script in the state', 'ж'],
  ])('%s, which does not come back', async (_, state) => {
    const { location = '' } = await newBrowser(await testApp()).get(
      authorizePath(parameters({ state })),
    )
    const { searchParams } = new URL(location)
    expect([...searchParams.keys()]).toStrictEqual(['error', 'error_description', 'iss'])
    expect(searchParams.get('error')).toBe('invalid_request')
  })
})

describe('a code is refused', () => {
  const rows: readonly [string, string, Readonly<Record<string, string>>][] = [
    ['with another verifier', 'invalid_grant', { code_verifier: VERIFIER.replace('v', 'w') }],
    ['with a short verifier', 'invalid_request', { code_verifier: VERIFIER.slice(1) }],
    ['with a long verifier', 'invalid_request', { code_verifier: VERIFIER.padEnd(129, '0') }],
    ['with a verifier of other characters', 'invalid_request', { code_verifier: `${VERIFIER}+` }],
    ['without a verifier', 'invalid_request', { code_verifier: '' }],
    ['at another address', 'invalid_grant', { redirect_uri: `${REDIRECT}/` }],
    ['without an address', 'invalid_request', { redirect_uri: '' }],
    ['by another client', 'invalid_client', { client_id: 'other' }],
    ['by a client that is not named', 'invalid_client', { client_id: '' }],
    ['when there is none', 'invalid_request', { code: '' }],
    ['when it is made up', 'invalid_grant', { code: 'entrance_code_'.padEnd(57, 'A') }],
  ]

  test.each(rows)('%s, and stays good for who has what belongs to it', async (_, error, more) => {
    const { app, code, userId } = await newCode()
    const refused = await redeem(app, code, more)
    expect(refused.body).toStrictEqual({ error, error_description: expect.any(String) })
    expect(refused.status).toBe(error === 'invalid_client' ? 401 : 400)
    expect(await app.directory.sessions.list(userId)).toHaveLength(1)
    tokensOf(await redeem(app, code))
  })

  test('after two minutes', async () => {
    const { app, code } = await newCode()
    const other = (await proceed(await signedIn(app))).get('code') ?? ''
    app.clock.pass(2 * MINUTE - 1)
    tokensOf(await redeem(app, other))
    app.clock.pass(1)
    expect((await redeem(app, code)).body).toMatchObject({ error: 'invalid_grant' })
  })

  test('when the user is inactive by now, or gone', async () => {
    const { app, code, userId } = await newCode()
    const off = (current: object) => ({ ...current, active: false })
    await app.directory.users.update(userId, undefined, off, cause)
    expect((await redeem(app, code)).body).toMatchObject({ error: 'invalid_grant' })
    await app.directory.users.remove(userId, undefined, cause)
    expect((await redeem(app, code)).body).toMatchObject({ error: 'invalid_grant' })
  })

  test('the second time, which ends the session that it opened', async () => {
    const { app, code } = await newCode()
    const { access } = tokensOf(await redeem(app, code))
    app.clock.pass(5 * MINUTE)
    const again = await redeem(app, code, { code_verifier: VERIFIER.replace('v', 'w') })
    expect(again).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await statusOf(app, access)).toBe(401)
    expect(await endings(app)).toStrictEqual(['an authorization code came twice'])
  })

  test('all but once when it comes many times at once', async () => {
    const { app, code, userId } = await newCode()
    const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(app, code)))
    const good = answers.filter(({ status }) => status === 200)
    expect(good).toHaveLength(1)
    expect(answers.filter(({ body }) => body['error'] === 'invalid_grant')).toHaveLength(7)
    expect(await app.directory.sessions.list(userId)).toMatchObject([{ kind: 'browser' }])
  })
})

test('nothing that lets anybody in is in the database or in the log', async () => {
  const app = await testApp()
  await newLocalUser(app, NAME)
  const code = (await proceed(await signedIn(app))).get('code') ?? ''
  const { access, refresh } = tokensOf(await redeem(app, code))
  const kept = `${(await app.database.raw()).toString('latin1')}${JSON.stringify(app.logged)}`
  const record = JSON.stringify(await app.directory.events.list(0, 1_000))
  for (const secret of [code, access, refresh]) {
    expect(kept).not.toContain(secret)
    expect(kept).toContain(hashSecret(secret))
    expect(record).not.toContain(hashSecret(secret))
  }
})

test('a cookie is no access token, and an access token no cookie', async () => {
  const app = await testApp()
  const { access, refresh, browser } = await signedInClient(app)
  expect(await statusOf(app, access)).toBe(200)
  expect(await statusOf(app, String(browser.cookie))).toBe(401)
  expect(await statusOf(app, refresh)).toBe(401)
  for (const secret of [access, refresh]) {
    const other = newBrowser(app)
    other.cookie = secret
    expect((await other.get('/auth/account')).status).toBe(303)
  }
})
