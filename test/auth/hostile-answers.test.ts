import { beforeAll, describe, expect, test } from 'vitest'
import { hashSecret, newTokenSecret } from '../../src/directory/token.ts'
import { PUBLIC_URL } from '../support/app.ts'
import { newBrowser } from '../support/browser.ts'
import { endOfTests } from '../support/database.ts'
import { ada, newOffice, type Office } from '../support/microsoft.ts'

let office: Office

const finished = endOfTests()

beforeAll(async () => {
  office = await newOffice({ finished })
  await office.provision(ada)
})

describe('an answer of Entra', () => {
  const again = 'This sign-in is not valid any more'

  test('is taken once', async () => {
    const { app, toEntra } = office
    const browser = newBrowser(app)
    const back = await toEntra(browser, ada)
    expect((await browser.get(back)).status).toBe(303)
    browser.cookie = undefined
    const page = await browser.get(back)
    expect({ status: page.status, html: page.html }).toMatchObject({
      status: 403,
      html: expect.stringContaining(again),
    })
    expect(browser.cookie).toBeUndefined()
  })

  test('is taken by the browser that asked, and by no other', async () => {
    const { app, toEntra } = office
    const [victim, attacker] = [newBrowser(app), newBrowser(app)]
    const back = await toEntra(attacker, ada)
    for (const without of [newBrowser(app), victim]) {
      await victim.post('/auth/sign-in', { entra: 'yes' })
      const page = await without.get(back)
      expect(page.html).toContain(again)
      expect(without.cookie).toBeUndefined()
    }
  })

  test('is taken for at most a quarter of an hour', async () => {
    const { app, toEntra } = office
    const browser = newBrowser(app)
    const back = await toEntra(browser, ada)
    app.clock.pass(15 * 60_000)
    expect((await browser.get(back)).html).toContain(again)
  })

  test('of one tab is not taken for another, whose code has another verifier', async () => {
    const { app, toEntra } = office
    const browser = newBrowser(app)
    const one = new URL(`${PUBLIC_URL}${await toEntra(browser, ada)}`)
    const two = new URL(`${PUBLIC_URL}${await toEntra(browser, ada)}`)
    one.searchParams.set('code', String(two.searchParams.get('code')))
    const page = await browser.get(`${one.pathname}${one.search}`)
    expect({ status: page.status, html: page.html }).toMatchObject({
      status: 403,
      html: expect.stringContaining('AADSTS501481'),
    })
    expect(browser.cookie).toBeUndefined()
  })

  test('with a code that was used is refused by Entra', async () => {
    const { app, toEntra } = office
    const browser = newBrowser(app)
    const one = new URL(`${PUBLIC_URL}${await toEntra(browser, ada)}`)
    await browser.get(`${one.pathname}${one.search}`)
    browser.cookie = undefined
    const two = new URL(`${PUBLIC_URL}${await toEntra(browser, ada)}`)
    two.searchParams.set('code', String(one.searchParams.get('code')))
    expect((await browser.get(`${two.pathname}${two.search}`)).status).toBe(403)
    expect(browser.cookie).toBeUndefined()
  })

  test.each([
    ['without a state', (url: URL) => url.searchParams.delete('state')],
    [
      'with a state cut off',
      (url: URL) =>
        url.searchParams.set('state', String(url.searchParams.get('state')).slice(0, -1)),
    ],
    [
      'with a state that is made up',
      (url: URL) => url.searchParams.set('state', `${'a'.repeat(22)}.${'b'.repeat(43)}`),
    ],
    [
      'with the state of this sign-in and another proof',
      (url: URL) => {
        const [id] = String(url.searchParams.get('state')).split('.')
        url.searchParams.set('state', `${id}.${'b'.repeat(43)}`)
      },
    ],
    ['without a code', (url: URL) => url.searchParams.delete('code')],
  ])('%s is refused', async (_, spoil) => {
    const { app, toEntra } = office
    const browser = newBrowser(app)
    const url = new URL(`${PUBLIC_URL}${await toEntra(browser, ada)}`)
    spoil(url)
    expect((await browser.get(`${url.pathname}${url.search}`)).html).toContain(again)
    expect(browser.cookie).toBeUndefined()
  })

  test('keeps no session that somebody put into the browser before', async () => {
    const { app, signIn } = office
    const planted = newTokenSecret()
    const browser = newBrowser(app)
    browser.cookie = planted
    await signIn(browser, ada)
    expect(browser.cookie).not.toBe(planted)
    expect(await app.store.findSession(hashSecret(planted))).toBeUndefined()
  })

  test.each([
    ['https://evil.example/'],
    ['//evil.example'],
    ['/\\evil.example'],
    ['/auth/../..//evil.example'],
    ['/auth/sign-out'],
    ['javascript:alert(1)'],
    ['/%0d%0aLocation:%20https://evil.example'],
  ])('never leads to %s', async (place) => {
    const { app, signIn } = office
    const { location } = await signIn(newBrowser(app), ada, place)
    const url = new URL(String(location), PUBLIC_URL)
    expect(url.origin).toBe(PUBLIC_URL)
    expect(url.pathname).not.toBe('/auth/sign-out')
  })

  test('that a form of another site asks for begins nothing', async () => {
    const answer = await newBrowser(office.app).post(
      '/auth/sign-in',
      { entra: 'yes' },
      { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
    )
    expect(answer.status).toBe(403)
    expect(answer.headers.get('set-cookie')).toBeNull()
  })

  test('leaves no secret of the sign-in in the database or the log', async () => {
    const { app, toEntra } = office
    const browser = newBrowser(app)
    const back = await toEntra(browser, ada)
    const seed = String(browser.cookies.get('__Host-entrance-sign-in'))
    const state = String(new URL(`${PUBLIC_URL}${back}`).searchParams.get('state'))
    const code = String(new URL(`${PUBLIC_URL}${back}`).searchParams.get('code'))
    await browser.get(back)
    const kept = `${(await app.database.raw()).toString()}${JSON.stringify(app.logged)}`
    for (const secret of [seed, state, code, String(browser.cookie)]) {
      expect(secret.length).toBeGreaterThan(10)
      expect(kept.includes(secret)).toBe(false)
    }
  })
})
