import { describe, expect, test } from 'vitest'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { newBrowser, type Browser } from '../support/browser.ts'
import { newLink, newLocalUser, PASSWORD } from '../support/people.ts'
import { newUser } from '../support/resources.ts'

const NAME = 'adele@contoso.example'
const HOME = '/auth/account'

function signIn(browser: Browser, userName = NAME, password = PASSWORD, more = {}) {
  return browser.post('/auth/sign-in', { userName, password, ...more })
}

async function signedIn(app: TestApp, userName = NAME): Promise<Browser> {
  const browser = newBrowser(app)
  const { status } = await signIn(browser, userName)
  expect(status).toBe(303)
  return browser
}

async function actionsOf({ directory }: TestApp, id: string): Promise<string[]> {
  const events = await directory.events.list(0, 1_000)
  return events.filter(({ resourceId }) => resourceId === id).map(({ action }) => action)
}

test('a local user signs in with name and password, whatever the case of the name', async () => {
  const app = await testApp()
  const user = await newLocalUser(app, NAME)
  const browser = newBrowser(app)
  expect((await browser.get('/auth/sign-in')).html).toContain('<h1>Sign in</h1>')
  const answer = await signIn(browser, 'ADELE@contoso.example')
  expect(answer).toMatchObject({ status: 303, location: HOME })
  expect(answer.headers.get('set-cookie')).toMatch(
    /^__Host-entrance=entrance_[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
  const account = await browser.get(HOME)
  expect(account.status).toBe(200)
  expect(account.html).toContain(NAME)
  expect(account.html).toContain('This browser')
  expect(await actionsOf(app, user.id)).toContain('session.opened')
})

describe('nobody learns from a sign-in that fails which accounts there are:', () => {
  test.each([
    ['a wrong password', NAME, 'wrong password'],
    ['a name that nobody has', 'nobody@contoso.example', PASSWORD],
    ['somebody whom Entra owns', 'pushed@contoso.example', PASSWORD],
    ['somebody without a password', 'new@contoso.example', PASSWORD],
    ['somebody inactive, and a wrong password', 'gone@contoso.example', 'wrong password'],
    ['a name with SQL in it', "' OR 1=1 --", PASSWORD],
    ['a password of the longest kind', NAME, 'x'.repeat(10_000)],
  ])('%s', async (_, userName, password) => {
    const app = await testApp()
    await newLocalUser(app, NAME)
    await newUser(app.scim, 'pushed@contoso.example')
    await app.directory.users.create(
      { attributes: { userName: 'new@contoso.example', active: true }, origin: 'local' },
      cause,
    )
    const gone = await newLocalUser(app, 'gone@contoso.example')
    const off = (current: object) => ({ ...current, active: false })
    await app.directory.users.update(gone.id, undefined, off, cause)
    const browser = newBrowser(app)
    const { status, html } = await signIn(browser, userName, password)
    expect(status).toBe(401)
    expect(html).toContain('The user name or the password is wrong.')
    expect(browser.cookie).toBeUndefined()
  })
})

test('somebody inactive is told so, once the password is right', async () => {
  const app = await testApp()
  const { id } = await newLocalUser(app, NAME)
  const off = (current: object) => ({ ...current, active: false })
  await app.directory.users.update(id, undefined, off, cause)
  const { status, html } = await signIn(newBrowser(app))
  expect(status).toBe(403)
  expect(html).toContain('Your account is not active.')
})

describe('who guesses has to wait', () => {
  test('longer after each attempt, until the owner is in', async () => {
    const app = await testApp()
    await newLocalUser(app, NAME)
    const browser = newBrowser(app)
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      expect((await signIn(browser, NAME, 'wrong password')).status).toBe(401)
    }
    const early = await signIn(browser)
    expect(early.status).toBe(429)
    expect(early.headers.get('retry-after')).toBe('1')
    app.clock.pass(1_000)
    expect((await signIn(browser, NAME, 'wrong password')).status).toBe(401)
    expect((await signIn(browser)).headers.get('retry-after')).toBe('2')
    app.clock.pass(2_000)
    expect((await signIn(browser)).status).toBe(303)
    expect((await signIn(browser, NAME, 'wrong password')).status).toBe(401)
  })

  test('when many try at the same time too', async () => {
    const app = await testApp()
    await newLocalUser(app, NAME)
    const attempts = Array.from({ length: 12 }, () => signIn(newBrowser(app), NAME, 'wrong one'))
    const statuses = (await Promise.all(attempts)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(7)
  })

  test('but not an office whose people all sign in at nine', async () => {
    const app = await testApp()
    await newLocalUser(app, NAME)
    for (let person = 1; person <= 35; person += 1) {
      expect((await signIn(newBrowser(app))).status).toBe(303)
    }
  })

  test('from one address, whatever the names', async () => {
    const app = await testApp()
    const attempts = Array.from({ length: 30 }, (_, n) => signIn(newBrowser(app), `name ${n}`))
    const statuses = (await Promise.all(attempts)).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([401]))
    expect((await signIn(newBrowser(app), 'name 31')).status).toBe(429)
  })
})

describe('a sign-in leads back', () => {
  test.each([
    ['to a page of this server', '/auth/account?x=1', '/auth/account?x=1'],
    ['not to another host', 'https://evil.example/', HOME],
    ['not to a host after two slashes', '//evil.example/', HOME],
    ['not to a host after a backslash', '/\\evil.example/', HOME],
    ['not to a host after a tab', '/\t/evil.example/', HOME],
    ['not to a host after an encoded line break', '/\n/evil.example', HOME],
    ['not to a host with a user name', '//contoso@evil.example', HOME],
    ['not to a script', 'javascript:alert(1)', HOME],
    ['not to a host after a scheme', 'https:evil.example', HOME],
    ['not out by dots', '/..//evil.example', HOME],
    ['not to the sign-in again', '/auth/sign-in?return=/', HOME],
    ['home when nothing is said', '', HOME],
  ])('%s', async (_, given, wanted) => {
    const app = await testApp()
    await newLocalUser(app, NAME)
    const { location } = await signIn(newBrowser(app), NAME, PASSWORD, { return: given })
    expect(location).toBe(wanted)
  })
})

test('an administrator who asked for no page comes to the console, and to any page that was asked for', async () => {
  const app = await testApp()
  const user = await newLocalUser(app, NAME)
  await app.directory.administrators.appoint(user.id, cause)
  const browser = newBrowser(app)
  expect(await signIn(browser, NAME, PASSWORD)).toMatchObject({ location: '/admin' })
  expect(await browser.get('/auth/sign-in')).toMatchObject({ location: '/admin' })
  const asked = { return: '/auth/account' }
  expect(await signIn(newBrowser(app), NAME, PASSWORD, asked)).toMatchObject({ location: HOME })
})

describe('a session ends', () => {
  test.each([
    ['after twelve hours of nothing', [12 * 3_600_000]],
    ['after seven days of use', Array(15).fill(11.9 * 3_600_000)],
  ])('%s', async (_, pauses: number[]) => {
    const app = await testApp()
    await newLocalUser(app, NAME)
    const browser = await signedIn(app)
    const statuses: number[] = []
    for (const pause of pauses) {
      app.clock.pass(pause)
      statuses.push((await browser.get(HOME)).status)
      await app.sessions.flush()
    }
    expect(statuses.at(-1)).toBe(303)
    expect(statuses.slice(0, -1).every((status) => status === 200)).toBe(true)
  })

  test('by itself, is shown no more, and is cleared away at the next sign-in', async () => {
    const app = await testApp()
    await newLocalUser(app, NAME)
    await signedIn(app)
    app.clock.pass(13 * 3_600_000)
    const later = await signedIn(app)
    expect((await later.get(HOME)).html.match(/last used/g)).toHaveLength(1)
    const rows = async () => Number(await app.database.value('SELECT count(*) FROM sessions'))
    expect(await rows()).toBe(2)
    app.clock.pass(7 * 24 * 3_600_000)
    await signedIn(app)
    expect(await rows()).toBe(1)
  })

  test('with the deactivation of the user by SCIM, which says how many ended', async () => {
    const app = await testApp({ localUsers: 'visible' })
    const { id } = await newLocalUser(app, NAME)
    const browsers = [await signedIn(app), await signedIn(app)]
    const patched = await app.scim.operate(`/Users/${id}`, {
      op: 'replace',
      path: 'active',
      value: false,
    })
    expect(patched.status).toBe(200)
    for (const browser of browsers) {
      expect(await browser.get(HOME)).toMatchObject({ status: 303 })
      expect(browser.cookie).toBeUndefined()
    }
    const events = await app.directory.events.list(0, 1_000)
    const [ended] = events.filter(({ action }) => action === 'user.deactivated')
    expect(ended?.changes).toContainEqual({ path: 'sessions', from: 2 })
    expect(await app.database.value('SELECT count(*) FROM sessions')).toSatisfy(
      (n) => Number(n) === 0,
    )
  })

  test('before it begins, when the user is deactivated at the same time', async () => {
    const app = await testApp()
    const { sessions, users } = app.directory
    const open: Promise<unknown>[] = []
    for (let index = 0; index < 12; index += 1) {
      const attributes = { userName: `user ${index}`, active: true }
      const { user } = await users.create({ attributes, origin: 'local' }, cause)
      const expires = '2027-01-01T00:00:00.000Z'
      const session = {
        userId: user.id,
        hash: `${index}`,
        kind: 'browser',
        method: 'password',
      } as const
      const off = (current: object) => ({ ...current, active: false })
      open.push(
        Promise.allSettled([
          sessions.open({ ...session, expires }, cause),
          users.update(user.id, undefined, off, cause),
        ]),
      )
    }
    await Promise.all(open)
    expect(Number(await app.database.value('SELECT count(*) FROM sessions'))).toBe(0)
  })

  test('with the user', async () => {
    const app = await testApp()
    const { id } = await newLocalUser(app, NAME)
    const browser = await signedIn(app)
    await app.directory.users.remove(id, undefined, cause)
    expect((await browser.get(HOME)).status).toBe(303)
    for (const table of ['sessions', 'passwords', 'one_time_links']) {
      expect(Number(await app.database.value(`SELECT count(*) FROM ${table}`))).toBe(0)
    }
  })

  test('when the browser signs out, in the store too', async () => {
    const app = await testApp()
    await newLocalUser(app, NAME)
    const browser = await signedIn(app)
    const { cookie } = browser
    expect((await browser.post('/auth/sign-out', {})).html).toContain('You are signed out')
    expect(browser.cookie).toBeUndefined()
    browser.cookie = cookie
    expect((await browser.get(HOME)).status).toBe(303)
  })

  test('when the same browser signs in again, and what it had before is worth nothing', async () => {
    const app = await testApp()
    await newLocalUser(app, NAME)
    const browser = await signedIn(app)
    const before = browser.cookie
    await signIn(browser)
    expect(browser.cookie).not.toBe(before)
    const thief = newBrowser(app)
    thief.cookie = before
    expect((await thief.get(HOME)).status).toBe(303)
  })
})

describe('a cookie is refused:', () => {
  test.each([
    ['one that somebody chose', () => 'entrance_'.padEnd(52, 'A')],
    [
      'one character changed',
      (cookie: string) => `${cookie.slice(0, -1)}${cookie.endsWith('A') ? 'B' : 'A'}`,
    ],
    ['cut short', (cookie: string) => cookie.slice(0, -1)],
    ['with more at its end', (cookie: string) => `${cookie}A`],
    ['in upper case', (cookie: string) => cookie.toUpperCase()],
    ['SQL', () => "' OR ''='"],
    ['empty', () => ''],
    ['large', () => 'x'.repeat(8_000)],
    ['a provisioning token', () => 'entrance_'.padEnd(52, 'B')],
  ])('%s', async (_, change) => {
    const app = await testApp()
    await newLocalUser(app, NAME)
    const browser = await signedIn(app)
    browser.cookie = change(String(browser.cookie))
    expect(await browser.get(HOME)).toMatchObject({ status: 303 })
  })
})

describe('a form from elsewhere is refused:', () => {
  test.each([
    ['another site', { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
    ['another site in an old browser', { Origin: 'https://evil.example' }],
    [
      'a site beside this one',
      { Origin: 'https://x.entrance.example', 'Sec-Fetch-Site': 'same-site' },
    ],
    ['the same host without TLS', { Origin: 'http://entrance.example' }],
    ['a frame without an origin', { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' }],
    ['a browser that says nothing', {}],
  ])('%s', async (_, headers) => {
    const app = await testApp()
    await newLocalUser(app, NAME)
    const browser = newBrowser(app)
    const form = { userName: NAME, password: PASSWORD }
    const { status, html } = await browser.post('/auth/sign-in', form, headers)
    expect(status).toBe(403)
    expect(html).toContain('That did not come from here')
    expect(browser.cookie).toBeUndefined()
  })
})

test('DESIGN §5.1 an account that Entra takes over loses its password and its sessions', async () => {
  const app = await testApp()
  const { id } = await newLocalUser(app, NAME)
  const browser = await signedIn(app)
  await app.scim.post('/Users', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: NAME,
    externalId: '11111111-2222-4333-8444-555555555555',
  })
  const [request] = await app.directory.linkRequests.list()
  await app.directory.linkRequests.accept(String(request?.id), undefined, cause)
  expect((await browser.get(HOME)).status).toBe(303)
  expect((await signIn(newBrowser(app))).status).toBe(401)
  expect(Number(await app.database.value('SELECT count(*) FROM passwords'))).toBe(0)
  const events = await app.directory.events.list(0, 1_000)
  const [accepted] = events.filter(({ action }) => action === 'link.accepted')
  expect(accepted?.changes).toContainEqual({ path: 'password', from: 'set' })
  expect(accepted?.changes).toContainEqual({ path: 'sessions', from: 1 })
  await expect(newLink(app, 'reset', id)).rejects.toMatchObject({ code: 'entraAccount' })
})

test('my account ends other sessions of mine, and nobody else’s', async () => {
  const app = await testApp()
  await newLocalUser(app, NAME)
  const other = await newLocalUser(app, 'bianca@contoso.example')
  const [here, there] = [await signedIn(app), await signedIn(app)]
  const foreign = await signedIn(app, 'bianca@contoso.example')
  const [session] = await app.directory.sessions.list(other.id)
  await here.post('/auth/account/end', { session: String(session?.id) })
  expect((await foreign.get(HOME)).status).toBe(200)
  const { html } = await here.post('/auth/account/end-others', {})
  expect(html).toContain('Signed out of 1 other place.')
  expect((await there.get(HOME)).status).toBe(303)
  expect((await here.get(HOME)).status).toBe(200)
})

test('no page may be framed, run a script, or be kept', async () => {
  const app = await testApp()
  const { headers, html } = await newBrowser(app).get('/auth/sign-in')
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  )
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('referrer-policy')).toBe('same-origin')
  const sheets = [...html.matchAll(/rel="stylesheet" href="([^"]+)"/g)].map(([, href]) => href)
  expect(sheets).toHaveLength(2)
  for (const sheet of sheets) {
    const style = await newBrowser(app).get(String(sheet))
    expect(style.headers.get('content-type')).toBe('text/css; charset=utf-8')
    expect(style.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  }
})

test('nothing that lets anybody in is in the database or in the log', async () => {
  const app = await testApp()
  const { id } = await newLocalUser(app, NAME)
  const path = await newLink(app, 'reset', id)
  const browser = await signedIn(app)
  await browser.get(path)
  const kept = `${(await app.database.raw()).toString('latin1')}${JSON.stringify(app.logged)}`
  for (const secret of [PASSWORD, String(browser.cookie), String(path.split('/').at(-1))]) {
    expect(kept).not.toContain(secret)
  }
})
