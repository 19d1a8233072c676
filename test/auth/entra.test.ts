import { describe, expect, test } from 'vitest'
import { newBrowser } from '../support/browser.ts'
import { ada, CLIENT, grace, newOffice, TENANT } from '../support/microsoft.ts'
import { newLocalUser, PASSWORD } from '../support/people.ts'

const actionsOf = async ({ directory }: Awaited<ReturnType<typeof newOffice>>['app']) =>
  (await directory.events.list(0, 100)).map(({ action }) => action)

describe('signing in with Entra', () => {
  test('asks Entra for the account, with PKCE, state and nonce', async () => {
    const { app, authority } = await newOffice()
    const { status, location = '' } = await newBrowser(app).post('/auth/sign-in', { entra: 'yes' })
    const url = new URL(location)
    expect(status).toBe(303)
    expect(url.origin + url.pathname).toBe(`${authority.origin}/${TENANT}/oauth2/v2.0/authorize`)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: CLIENT,
      response_type: 'code',
      response_mode: 'query',
      redirect_uri: 'https://entrance.example/auth/entra/callback',
      prompt: 'select_account',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{22}\.[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    })
    expect(url.searchParams.get('scope')?.split(' ')).toEqual(
      expect.arrayContaining(['openid', 'profile']),
    )
  })

  test('lets in who is linked to the account, and leads where they wanted to', async () => {
    const { app, provision, signIn } = await newOffice()
    const user = await provision(ada)
    const browser = newBrowser(app)
    const back = await signIn(browser, ada, '/auth/account?tab=sessions')
    expect(back).toMatchObject({ status: 303, location: '/auth/account?tab=sessions' })
    const account = await browser.get('/auth/account')
    expect(account.status).toBe(200)
    expect(account.html).toContain('Ada Lovelace')
    expect(account.html).toContain('by Microsoft Entra ID')
    const opened = (await app.directory.events.list(0, 100)).find(
      ({ action }) => action === 'session.opened',
    )
    expect(opened).toMatchObject({
      actor: `user:${user.id}`,
      door: 'auth',
      resourceId: user.id,
      changes: expect.arrayContaining([{ path: 'method', to: 'entra' }]),
    })
  })

  test('remembers the box on the device, and forgets it after a password', async () => {
    const { app, provision, signIn } = await newOffice()
    await provision(ada)
    await newLocalUser(app, 'local')
    const browser = newBrowser(app)
    const ticked = /name="entra"[^>]*checked/
    expect((await browser.get('/auth/sign-in')).html).not.toMatch(ticked)
    await signIn(browser, ada)
    await browser.post('/auth/sign-out', {})
    expect((await browser.get('/auth/sign-in')).html).toMatch(ticked)
    await browser.post('/auth/sign-in', { userName: 'local', password: PASSWORD })
    await browser.post('/auth/sign-out', {})
    expect((await browser.get('/auth/sign-in')).html).not.toMatch(ticked)
  })

  test('tells who has no password here to tick the box, whether the account exists or not', async () => {
    const { app, provision } = await newOffice()
    await provision(ada)
    const answers = []
    for (const userName of [ada.userPrincipalName, 'nobody']) {
      const { status, html } = await newBrowser(app).post('/auth/sign-in', {
        userName,
        password: 'a long enough password',
      })
      answers.push({ status, html: html.replaceAll(userName, '') })
    }
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]).toMatchObject({
      status: 401,
      html: expect.stringContaining('tick “Connect via Microsoft Entra ID”'),
    })
  })

  test('asks nobody twice while the session lasts, and makes a new session at each sign-in', async () => {
    const { app, provision, signIn } = await newOffice()
    await provision(ada)
    const browser = newBrowser(app)
    await signIn(browser, ada)
    const first = browser.cookie
    expect(await browser.get('/auth/sign-in')).toMatchObject({ status: 303 })
    await signIn(browser, ada)
    expect(browser.cookie).not.toBe(first)
    const user = await app.directory.users.named(ada.userPrincipalName)
    expect(await app.directory.sessions.list(user?.id ?? '')).toHaveLength(1)
  })

  test('has no box where Entra is not set up', async () => {
    const { testApp } = await import('../support/app.ts')
    const app = await testApp()
    const browser = newBrowser(app)
    expect((await browser.get('/auth/sign-in')).html).not.toContain('Microsoft Entra ID')
    expect(await browser.post('/auth/sign-in', { entra: 'yes' })).toMatchObject({ status: 400 })
    expect(await browser.get('/auth/entra/callback?state=x')).toMatchObject({ status: 404 })
  })
})

describe('an account that nobody is linked to', () => {
  test('is not let in, and leaves a request without a user', async () => {
    const { app, signIn } = await newOffice()
    const browser = newBrowser(app)
    const page = await signIn(browser, ada)
    expect(page.status).toBe(403)
    expect(page.html).toContain('You are not known here yet')
    expect(page.html).toContain('the service desk')
    expect(browser.cookie).toBeUndefined()
    await signIn(browser, ada)
    expect(await app.directory.linkRequests.list()).toEqual([
      expect.objectContaining({
        asked: 'sign-in',
        userName: ada.userPrincipalName,
        displayName: 'Ada Lovelace',
        externalId: ada.objectId,
      }),
    ])
    expect((await actionsOf(app)).filter((action) => action === 'link.requested')).toHaveLength(1)
    expect(await app.directory.users.named(ada.userPrincipalName)).toBeUndefined()
  })

  test.each([
    [
      'a local user',
      async (office: Awaited<ReturnType<typeof newOffice>>) =>
        newLocalUser(office.app, ada.userPrincipalName),
    ],
    [
      'a provisioned user without an object id',
      async (office: Awaited<ReturnType<typeof newOffice>>) =>
        office.provision(ada, { externalId: 'ada' }),
    ],
  ])('is not let in as %s of the same name before an administrator says so', async (_, make) => {
    const office = await newOffice()
    const { app, signIn } = office
    const user = await make(office)
    const browser = newBrowser(app)
    expect((await signIn(browser, ada)).status).toBe(403)
    const [request] = await app.directory.linkRequests.list()
    expect(request).toMatchObject({ asked: 'sign-in', userId: user.id, externalId: ada.objectId })
    const cause = { actor: 'administrator', door: 'cli', requestId: 'r' } as const
    await app.directory.linkRequests.accept(String(request?.id), undefined, cause)
    expect(await app.directory.linkRequests.list()).toEqual([])
    expect((await signIn(browser, ada)).status).toBe(303)
    expect((await browser.get('/auth/account')).html).toContain(ada.userPrincipalName)
    // Whoever is linked has no password here.
    const typed = { userName: ada.userPrincipalName, password: PASSWORD }
    expect((await newBrowser(app).post('/auth/sign-in', typed)).status).toBe(401)
    expect(await app.database.value('SELECT count(*) FROM passwords')).toSatisfy(
      (count) => Number(count) === 0,
    )
  })

  test('is not matched with a user of the same name who is linked to another account', async () => {
    const { app, provision, signIn } = await newOffice()
    await provision(grace, { userName: ada.userPrincipalName })
    expect((await signIn(newBrowser(app), ada)).status).toBe(403)
    const [request] = await app.directory.linkRequests.list()
    expect(request).not.toHaveProperty('userId')
    const cause = { actor: 'administrator', door: 'cli', requestId: 'r' } as const
    const other = await app.directory.users.named(ada.userPrincipalName)
    await expect(
      app.directory.linkRequests.accept(String(request?.id), other?.id, cause),
    ).rejects.toMatchObject({ code: 'conflict' })
    await expect(
      app.directory.linkRequests.accept(String(request?.id), undefined, cause),
    ).rejects.toMatchObject({ code: 'notFound' })
  })

  test('asks no more once provisioning has brought the user', async () => {
    const { app, provision, signIn } = await newOffice()
    const browser = newBrowser(app)
    await signIn(browser, ada)
    expect(await app.directory.linkRequests.list()).toHaveLength(1)
    await provision(ada)
    expect(await app.directory.linkRequests.list()).toEqual([])
    expect((await signIn(browser, ada)).status).toBe(303)
  })
})

describe('a tenant', () => {
  test('that is set later links whom provisioning gave an object id', async () => {
    const { testApp, cause } = await import('../support/app.ts')
    const app = await testApp()
    await app.store.organisations.create({ name: 'Other', entraTenantId: undefined }, cause)
    for (const [userName = '', externalId = ''] of [
      ['ada', ada.objectId.toUpperCase()],
      ['grace', 'grace'],
    ]) {
      const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName, externalId }
      await app.scim.post('/Users', { ...body, active: true })
    }
    await app.store.organisations.setTenant('default', TENANT, cause)
    const link = { tenantId: TENANT, objectId: ada.objectId }
    expect(await app.directory.users.linked(link)).toMatchObject({ link })
    expect((await app.directory.users.named('grace'))?.link).toBeUndefined()
    const [event] = (await app.directory.events.list(0, 100)).filter(
      ({ action }) => action === 'organisation.updated',
    )
    expect(event?.changes).toContainEqual({ path: 'linkedUsers', to: 1 })
    await expect(app.store.organisations.setTenant('Other', TENANT, cause)).rejects.toMatchObject({
      code: 'conflict',
    })
  })
})

describe('a user who is deactivated', () => {
  test('is out with the next click, and is told at the next sign-in', async () => {
    const { app, provision, signIn } = await newOffice()
    const user = await provision(ada)
    const browser = newBrowser(app)
    await signIn(browser, ada)
    expect((await browser.get('/auth/account')).status).toBe(200)
    const patch = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
    }
    expect((await app.scim.patch(`/Users/${user.id}`, patch)).status).toBe(200)
    expect(await browser.get('/auth/account')).toMatchObject({ status: 303 })
    const page = await signIn(browser, ada)
    expect(page.status).toBe(403)
    expect(page.html).toContain('Your account is not active')
    expect(await app.directory.linkRequests.list()).toEqual([])
  })
})

describe('what Entra says instead of yes', () => {
  test.each([
    ['not assigned', 50105, 403, 'You have not been given this application'],
    ['blocked by a rule', 53003, 403, 'Your organisation does not allow this sign-in'],
    ['no second factor', 50076, 403, 'Your second factor is missing'],
    ['no consent', 65001, 403, 'has not approved this application'],
    ['cancelled', 65004, 403, 'You cancelled the sign-in'],
    ['from elsewhere', 50020, 403, 'does not belong here'],
    ['an app that is not there', 700016, 502, 'not set up right'],
    ['busy', 90033, 502, 'Microsoft cannot be reached'],
    ['anything else', 99999, 502, 'Microsoft refused the sign-in'],
  ])(
    '%s (AADSTS%i) is a page in plain words with the correlation id',
    async (_, code, status, text) => {
      const { app, authority, provision, signIn } = await newOffice()
      await provision(ada)
      authority.setPerson({ ...ada, problem: code })
      const browser = newBrowser(app)
      const page = await signIn(browser, ada, '/auth/account?x=1')
      expect(page.status).toBe(status)
      expect(page.html).toContain(text)
      expect(page.html).toContain(`AADSTS${code}`)
      expect(page.html).toMatch(/Correlation ID<\/dt><dd>[0-9a-f-]{36}/)
      expect(page.html).toContain('return=%2Fauth%2Faccount%3Fx%3D1')
      expect(page.html).not.toContain('Trace ID')
      expect(browser.cookie).toBeUndefined()
      const line = app.logged.find(({ path }) => path === '/auth/entra/callback')
      expect(line).toMatchObject({
        level: status === 502 ? 'error' : 'info',
        failure: { message: expect.stringContaining(`AADSTS${code}, correlation id`) },
      })
    },
  )

  test.each([
    ['a wrong client secret', 7000215, 502, 'not set up right'],
    ['an expired client secret', 7000222, 502, 'not set up right'],
    ['a code that was used', 54005, 403, 'That took too long'],
    ['a second factor after all', 50076, 403, 'Your second factor is missing'],
  ])('%s is told when the code is redeemed', async (_, code, status, text) => {
    const { app, authority, provision, signIn } = await newOffice()
    await provision(ada)
    authority.failNextExchange(code)
    const page = await signIn(newBrowser(app), ada)
    expect(page.status).toBe(status)
    expect(page.html).toContain(text)
    expect(page.html).toContain(`AADSTS${code}`)
    expect(JSON.stringify(app.logged)).not.toContain(authority.clientSecret)
  })

  test('nothing is told in the words of the address, which anybody could have written', async () => {
    const { app, toEntra } = await newOffice()
    const browser = newBrowser(app)
    const state = new URL(`https://x${await toEntra(browser, ada)}`).searchParams.get('state')
    const query = new URLSearchParams({
      state: String(state),
      error: 'access<b>denied',
      error_description: 'Call 0900-12345 and tell them your password. AADSTS50105',
    })
    const { html } = await browser.get(`/auth/entra/callback?${query.toString()}`)
    expect(html).not.toContain('0900')
    expect(html).not.toContain('<b>')
    expect(html).toContain('You have not been given this application')
  })
})

describe('roles', () => {
  test('of a sign-in become those of the user when that is configured', async () => {
    const { app, authority, provision, signIn } = await newOffice({ roles: 'sign-in' })
    const user = await provision(ada, {
      roles: [{ value: 'sales', display: 'Sales', primary: true }, { value: 'Old' }],
    })
    const rolesNow = async () => (await app.directory.users.read(user.id))?.attributes['roles']
    authority.setPerson({ ...ada, appRoles: ['Sales', 'Designer'] })
    await signIn(newBrowser(app), ada)
    expect(await rolesNow()).toEqual([
      { value: 'sales', display: 'Sales', primary: true },
      { value: 'Designer' },
    ])
    const before = (await app.directory.users.read(user.id))?.version
    await signIn(newBrowser(app), ada)
    expect((await app.directory.users.read(user.id))?.version).toBe(before)
    authority.setPerson(ada)
    await signIn(newBrowser(app), ada)
    expect(await rolesNow()).toBeUndefined()
  })

  test('of a sign-in change nothing otherwise', async () => {
    const { app, authority, provision, signIn } = await newOffice()
    const user = await provision(ada, { roles: [{ value: 'Old' }] })
    authority.setPerson({ ...ada, appRoles: ['Sales'] })
    await signIn(newBrowser(app), ada)
    expect((await app.directory.users.read(user.id))?.attributes['roles']).toEqual([
      { value: 'Old' },
    ])
  })
})

describe('signing out', () => {
  test('ends the session here and offers to end that at Entra', async () => {
    const { app, authority, provision, signIn } = await newOffice()
    await provision(ada)
    const browser = newBrowser(app)
    await signIn(browser, ada)
    const page = await browser.post('/auth/sign-out', {})
    const logout = /href="([^"]*\/logout[^"]*)"/.exec(page.html)?.[1]?.replaceAll('&amp;', '&')
    const url = new URL(String(logout))
    expect(url.origin).toBe(authority.origin)
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(
      'https://entrance.example/auth/signed-out',
    )
    expect(url.searchParams.get('logout_hint')).toMatch(/.+/)
    expect(await browser.get('/auth/account')).toMatchObject({ status: 303 })
    expect((await browser.get('/auth/signed-out')).html).toContain('Here and at Microsoft')
  })

  test('at Entra ends the session here, through the front channel and without a cookie', async () => {
    const { app, authority, provision, signIn } = await newOffice()
    const user = await provision(ada)
    const [browser, other] = [newBrowser(app), newBrowser(app)]
    await signIn(browser, ada)
    await signIn(other, ada)
    const sid = await app.database.value('SELECT entra_session FROM sessions ORDER BY id LIMIT 1')
    const frame = (query: string) => newBrowser(app).get(`/auth/entra/sign-out?${query}`)
    const issuer = encodeURIComponent(`${authority.origin}/${TENANT}/v2.0`)
    await frame(`sid=${String(sid)}&iss=https%3A%2F%2Fevil.example`)
    await frame('sid=&iss=')
    expect(await app.directory.sessions.list(user.id)).toHaveLength(2)
    const answer = await frame(`sid=${String(sid)}&iss=${issuer}`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-security-policy')).toContain(
      `frame-ancestors ${authority.origin}`,
    )
    expect(answer.headers.get('x-frame-options')).toBeNull()
    expect(await browser.get('/auth/account')).toMatchObject({ status: 303 })
    expect(await other.get('/auth/account')).toMatchObject({ status: 200 })
  })
})
