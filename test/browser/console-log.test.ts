import { expect, test } from 'vitest'
import { ADA, off, unknown } from '../support/provisioning.ts'
import { USER } from '../support/resources.ts'
import { expectAccessible } from './axe.ts'
import { openConsoleOffice } from './console.ts'
import { button, link, sees } from './steps.ts'
import { closeBrowserAtEnd } from './window.ts'

closeBrowserAtEnd()

/** A server whose log has somebody who was made, changed, and made again in vain. */
async function openLog() {
  const office = await openConsoleOffice({ provisioningLogDays: 30 })
  const { app } = office
  const { body } = await app.scim.post('/Users', {
    schemas: [USER],
    userName: ADA,
    displayName: 'Ada Lovelace',
    password: 'never-kept',
  })
  const ada = String(body['id'])
  await app.scim.operate(`/Users/${ada}`, { op: 'Replace', path: 'title', value: 'Countess' })
  await app.scim.post('/Users', { schemas: [USER], userName: ADA, externalId: 'x' })
  await app.recorder.flush()
  return { ...office, ada }
}

test('why something was refused is found, copied as curl, and leads to who has the name', async () => {
  const { openConsole, ada, origin } = await openLog()
  const page = await openConsole()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin })
  await page.goto('/admin/log')
  await expectAccessible(page)
  await link(page, 'Errors only').click()
  await page.getByRole('row', { name: 'Tried to create' }).click()
  await sees(page, 'The name is taken')
  await expectAccessible(page)
  await button(page, 'Copy as curl').click()
  await button(page, 'Copied').waitFor()
  expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(/^curl --globoff/)
  await link(page, 'Ada Lovelace').first().click()
  await page.waitForURL(`**/admin/users/${ada}`)
})

test('one searches as one types, and goes from one request of a person to the next', async () => {
  const { openConsole } = await openLog()
  const page = await openConsole()
  await page.goto('/admin/log')
  await page.getByRole('searchbox').fill('nobody at all')
  await sees(page, 'Nothing fits')
  await page.getByRole('searchbox').fill('love')
  await page.getByRole('row', { name: 'Created' }).waitFor()
  await page.getByRole('row', { name: 'Created' }).click()
  await page.getByRole('heading', { level: 1, name: /^Created/ }).waitFor()
  await page.getByText('What is secret was taken out').waitFor()
  await link(page, 'Later about Ada Lovelace').click()
  await page.getByRole('heading', { level: 1, name: /^Changed .*title/ }).waitFor()
  await link(page, 'All requests about this').click()
  await link(page, 'Show everything, not only what is about Ada Lovelace').click()
  await page.waitForURL('**/admin/log')
  expect(await page.locator('tbody tr').count()).toBe(3)
})

test('while one follows, what comes is put on top, as far as it fits', async () => {
  const { openConsole, app, ada } = await openLog()
  const page = await openConsole()
  const rows = page.locator('tbody tr')
  await page.goto('/admin/log?kind=leavers')
  await link(page, 'Follow').click()
  await sees(page, 'Waiting for the next request')
  await expectAccessible(page)
  await app.scim.operate(`/Users/${ada}`, { op: 'Replace', path: 'title', value: 'Lady' })
  await app.scim.operate(`/Users/${ada}`, off)
  await page.getByRole('row', { name: 'Switched Ada Lovelace off' }).waitFor()
  await app.scim.operate(`/Users/${unknown}`, off)
  await page.getByRole('row', { name: 'Tried to switch' }).waitFor()
  expect(await rows.count()).toBe(2)
  expect(await rows.first().innerText()).toContain('Tried to switch')
  expect(await page.getByText('Waiting for the next request').isVisible()).toBe(false)
  // What is searched for meanwhile is followed instead.
  await page.getByRole('searchbox').fill('ada')
  await page.getByRole('row', { name: 'Tried to switch' }).waitFor({ state: 'detached' })
  await app.scim.delete(`/Users/${ada}`)
  await page.getByRole('row', { name: 'Deleted Ada Lovelace' }).waitFor()
  expect(await rows.count()).toBe(2)
  // A browser holds six connections to a server at most: what is not followed any more must not keep one.
  for (const words of ['a', 'l', 'lo', 'lov', 'love', 'lovel', 'lovela', 'lovelace']) {
    await page.getByRole('searchbox').fill(words)
    await page.waitForURL(`**search=${words}*`)
  }
  await link(page, 'Stop following').click()
  await link(page, 'Follow').waitFor()
})

test('without script the log is searched, filtered, followed and read', async () => {
  const { openConsole, app, ada } = await openLog()
  const page = await openConsole({ javaScriptEnabled: false })
  await page.goto('/admin/log')
  await page.getByRole('searchbox').fill('ada')
  await button(page, 'Search').click()
  await page.getByText('What', { exact: true }).click()
  await link(page, 'Switched off or deleted').click()
  await sees(page, 'Nothing fits')
  await link(page, 'Follow').click()
  await app.scim.operate(`/Users/${ada}`, off)
  await app.recorder.flush()
  // The page is asked for again by itself.
  await page.getByRole('row', { name: 'Switched Ada Lovelace off' }).waitFor()
  await link(page, 'Stop following').click()
  await page.locator('a.opens:visible').click()
  await page.getByText('curl --globoff').waitFor()
  expect(await button(page, 'Copy as curl').isVisible()).toBe(false)
})
