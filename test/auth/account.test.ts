import { expect, test } from 'vitest'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { cause, testApp } from '../support/app.ts'
import { newBrowser } from '../support/browser.ts'
import { wordsOf } from '../support/console.ts'
import { newBrowserSession, newClientSession, newPerson, newTeam } from '../support/programs.ts'

const ACCOUNT = '/auth/account'

/** Mia, signed in in a browser. */
async function newMia(more: JsonObject = {}) {
  const app = await testApp()
  const mia = await newPerson(app.directory, 'mia', { displayName: 'Mia Maiden', ...more })
  const { id, secret } = await newBrowserSession(app.directory, mia.id)
  const browser = newBrowser(app)
  browser.cookie = secret
  const words = async () => wordsOf((await browser.get(ACCOUNT)).html)
  return { app, mia, browser, session: id, words }
}

test('says who one is, with address, user groups and roles', async () => {
  const { app, mia, words } = await newMia({
    emails: [{ value: 'mia@contoso.example', primary: true }],
    roles: [{ value: 'PM' }, { value: 'Sales' }],
  })
  await newTeam(app.directory, 'Finance', mia, [])
  expect(await words()).toContain(
    'User name mia E-mail mia@contoso.example User groups Finance Roles PM , Sales',
  )
})

test('of somebody without anything says so', async () => {
  const { words } = await newMia({ displayName: '' })
  expect(await words()).toMatch(/mia Sign out User name mia User groups none Roles none/)
})

test('folds many user groups away', async () => {
  const { app, mia, browser } = await newMia()
  for (let index = 0; index < 10; index += 1) {
    await newTeam(app.directory, `Team ${index}`, mia, [])
  }
  const { html } = await browser.get(ACCOUNT)
  expect(html).toContain('<summary>and 2 more</summary>')
  expect(html.match(/<bdi>Team \d<\/bdi>/g)).toHaveLength(10)
})

test('leads administrators to the console, and nobody else', async () => {
  const { app, mia, browser } = await newMia()
  expect((await browser.get(ACCOUNT)).html).not.toContain('href="/admin"')
  await app.directory.administrators.appoint(mia.id, cause)
  expect((await browser.get(ACCOUNT)).html).toContain('href="/admin">Open the console')
})

test('tells times in the zone, and in the light, that the browser is known to want', async () => {
  const { browser } = await newMia()
  browser.cookies.set('entrance-zone', 'America%2FNew_York')
  browser.cookies.set('entrance-theme', 'dark')
  const { html } = await browser.get(ACCOUNT)
  expect(wordsOf(html)).toContain('since 2 Mar 2026, 03:00 · last used just now')
  expect(html).toContain('data-theme="dark"')
})

test('shows names as text, whatever is in them', async () => {
  const { browser } = await newMia({ displayName: '<b>𝒜da</b> עדה', roles: [{ value: '<i>' }] })
  const { html } = await browser.get(ACCOUNT)
  expect(html).toContain('<bdi>&lt;b&gt;𝒜da&lt;/b&gt; עדה</bdi>')
  expect(html).not.toContain('<i>')
})

test('ends one session, then all others, and tells so', async () => {
  const { app, mia, browser, session, words } = await newMia()
  const client = await newClientSession(app.directory, mia.id)
  await newBrowserSession(app.directory, mia.id)
  expect(await words()).toContain('Application unknown address · by Microsoft Entra ID')
  const one = await browser.post(`${ACCOUNT}/end`, { session: client.id })
  expect(wordsOf(one.html)).toContain('Signed out there.')
  const again = await browser.post(`${ACCOUNT}/end`, { session: client.id })
  expect(wordsOf(again.html)).toContain('That session was over already.')
  const others = await browser.post(`${ACCOUNT}/end-others`, {})
  expect(wordsOf(others.html)).toContain('Signed out of 1 other place.')
  expect(wordsOf(others.html)).not.toContain('Sign out everywhere else')
  expect((await app.directory.sessions.list(mia.id)).map(({ id }) => id)).toEqual([session])
})
