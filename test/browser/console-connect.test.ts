import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { newPerson } from '../support/programs.ts'
import { newUser } from '../support/resources.ts'
import { expectAccessible } from './axe.ts'
import { openConsoleOffice, type ConsoleOffice } from './console.ts'
import { button, link, sees } from './steps.ts'
import { closeBrowserAtEnd } from './window.ts'

closeBrowserAtEnd()

const office = () => openConsoleOffice({ provisioningLogDays: 30 })

const secretIn = (page: Page) => page.getByRole('textbox', { name: 'Secret token' }).inputValue()

/** Entra tests the connection with the token that the page shows. */
async function testConnection({ app }: ConsoleOffice, page: Page): Promise<void> {
  const token = await secretIn(page)
  const client = app.clientWith(`Bearer ${token}`)
  expect((await client.get('/Users?filter=userName eq "nobody"')).status).toBe(200)
  await app.recorder.flush()
}

test('a token is made and renewed while the page watches Entra call', async () => {
  const here = await office()
  const page = await here.openConsole()
  for (const { id } of await here.app.directory.tokens.list()) {
    await here.app.directory.tokens.revoke(id, { actor: 'test', door: 'cli', requestId: 'x' })
  }
  await page.goto('/admin/connect')
  await sees(page, 'Welcome to Entrance')
  await expectAccessible(page)
  await link(page, 'Connect Entra now').click()
  await sees(page, 'App registration')
  await expectAccessible(page)
  await link(page, 'Next: Provisioning').click()
  await button(page, 'Make a secret token').click()
  await page.getByText('Waiting for “Test connection” …').waitFor()
  await expectAccessible(page)
  await testConnection(here, page)
  // The page with the secret stays, and says it.
  await page.getByText('Entra called with the token default 2.').waitFor()
  expect(await secretIn(page)).toMatch(/^entrance_/)

  await page.goto('/admin/connect/tokens')
  await expectAccessible(page)
  await link(page, 'Renew').click()
  await expectAccessible(page)
  await button(page, 'Make the new token').click()
  const secret = await secretIn(page)
  await page.getByText('Waiting for Entra to use the new token').waitFor()
  await expectAccessible(page)
  here.app.clock.pass(1_000)
  await here.app.clientWith(`Bearer ${secret}`).get('/Users?filter=userName eq "nobody"')
  await here.app.recorder.flush()
  await page.getByText('Entra uses the new token').waitFor()
  expect(await secretIn(page)).toBe(secret)
  await expectAccessible(page)
  await button(page, 'End the old token default 2').click()
  await page.getByText('The token “default 2” has ended').waitFor()
})

test('the last steps notice by themselves who arrives and who signs in', async () => {
  const here = await office()
  const page = await here.openConsole()
  await page.goto('/admin/connect/people')
  await page.getByText('Waiting for the first user …').waitFor()
  await expectAccessible(page)
  await newUser(here.app.scim, 'eve')
  await here.app.recorder.flush()
  await page.getByText('1 user from provisioning').waitFor()

  await page.goto('/admin/connect/entry')
  await page.getByText('Waiting for a sign-in with Entra …').waitFor()
  await expectAccessible(page)
  const { id } = await newPerson(here.app.directory, 'bob')
  const expires = new Date(here.app.clock.now().getTime() + 3_600_000).toISOString()
  await here.app.directory.sessions.open(
    { userId: id, hash: 'b'.repeat(64), kind: 'browser', method: 'entra', expires },
    { actor: `user:${id}`, door: 'auth', requestId: 'x' },
  )
  await page.getByText('Done', { exact: true }).waitFor()
  expect(await page.getByText('Waiting for a sign-in').count()).toBe(0)
})

test('a token is made and renewed without script', async () => {
  const here = await office()
  const page = await here.openConsole({ javaScriptEnabled: false })
  await page.goto('/admin/connect/rotate')
  await button(page, 'Make the new token').click()
  const secret = await secretIn(page)
  await link(page, 'I pasted it').click()
  await page.getByText('This page looks again every few seconds.').waitFor()
  await here.app.clientWith(`Bearer ${secret}`).get('/Users?filter=userName eq "nobody"')
  await here.app.recorder.flush()
  await page.reload()
  await page.getByText('Entra uses the new token').waitFor()
  await button(page, 'End the old token default').click()
  await page.getByText('The token “default” has ended').waitFor()
  const tokens = await here.app.directory.tokens.list()
  expect(tokens.map(({ name, revoked }) => [name, revoked !== undefined])).toStrictEqual([
    ['default', true],
    ['default 2', false],
  ])
})
