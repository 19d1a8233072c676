import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hire, inForce, releasesOn, setBrake, switchOff } from '../support/brake.ts'
import { expectAccessible } from './axe.ts'
import { openConsoleOffice } from './console.ts'
import { button, link, sees } from './steps.ts'
import { closeBrowserAtEnd } from './window.ts'

closeBrowserAtEnd()

const told = (page: Page, text: string | RegExp) =>
  page.getByRole('status').filter({ hasText: text }).waitFor()

/** A console where four of six people wait to be switched off. */
async function office() {
  const made = await openConsoleOffice()
  await setBrake(made.app, { users: 2, percent: 0 })
  const ids = await hire(made.app, made.app.scim, 6)
  await switchOff(made.app.scim, ids)
  return { ...made, ids, held: ids.slice(2) }
}

test('some are kept, and all others released, which is followed until it is done', async () => {
  const { openConsole, app, held } = await office()
  const page = await openConsole()
  await page.goto('/admin/held')
  await expectAccessible(page)
  expect(await button(page, 'Keep').isVisible()).toBe(false)
  await page.getByRole('checkbox', { name: 'Select person-2@contoso.example' }).check()
  await page.getByText('1 selected').waitFor()
  await button(page, 'Keep').click()
  await sees(page, 'Keep 1 user?')
  await expectAccessible(page)
  await button(page, 'Keep 1 user').click()
  await told(page, 'Kept: 1 user.')

  await link(page, 'Release all').click()
  const dialog = page.getByRole('dialog', { name: 'Release 3 users?' })
  await dialog.getByText('person-5@contoso.example').waitFor()
  await dialog.getByRole('button', { name: 'Switch 3 off' }).click()
  await page.getByText('3 users to go').waitFor()
  await releasesOn(app.store).tick()
  await sees(page, 'Nothing is held back')
  await expectAccessible(page)
  expect(await inForce(app, held)).toMatchObject({ active: 1, held: 0 })
})

test('without script, all are kept and the brake is changed', async () => {
  const { openConsole, app, held } = await office()
  const page = await openConsole({ javaScriptEnabled: false })
  await page.goto('/admin/held')
  await link(page, 'Keep all').click()
  await sees(page, 'Keep 4 users?')
  await button(page, 'Keep 4 users').click()
  await told(page, 'Kept: 4 users.')
  expect(await inForce(app, held)).toMatchObject({ active: 4, held: 0 })
  await link(page, 'Change').click()
  await page.getByLabel('Percent of those who are active').fill('200')
  await button(page, 'Save').click()
  await page.getByText('A whole number from 0 to 100.').waitFor()
  await page.getByLabel('Percent of those who are active').fill('100')
  await button(page, 'Save').click()
  await page.getByText('The brake is off: provisioning may', { exact: false }).waitFor()
})

test('the brake is changed above the page, and as it was with undo', async () => {
  const { openConsole, app } = await office()
  const page = await openConsole()
  await page.goto('/admin/held')
  await link(page, 'Change').click()
  const dialog = page.getByRole('dialog', { name: 'The brake' })
  await dialog.getByLabel('Users in any case').fill('30')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await told(page, 'The brake is changed.')
  expect(await app.directory.settings.read('brake')).toMatchObject({ users: 30 })
  await button(page, 'Undo').click()
  await told(page, 'The brake is as it was.')
  expect(await app.directory.settings.read('brake')).toMatchObject({ users: 2 })
})
