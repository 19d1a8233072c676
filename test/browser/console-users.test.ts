import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { isActive } from '../../src/directory/user.ts'
import { cause } from '../support/app.ts'
import { newPerson, newTeam } from '../support/programs.ts'
import { newUser } from '../support/resources.ts'
import { expectAccessible } from './axe.ts'
import { openConsoleOffice } from './console.ts'
import { button, link, sees } from './steps.ts'
import { closeBrowserAtEnd } from './window.ts'

closeBrowserAtEnd()

/** A console with an administrator, Ada, and some people to look after. */
async function office() {
  const office = await openConsoleOffice()
  const { directory, scim } = office.app
  await office.app.store.organisations.setTenant(
    'default',
    '11111111-1111-4111-8111-111111111111',
    cause,
  )
  const mia = await newPerson(directory, 'mia@contoso.example', { displayName: 'Mia Maiden' })
  await newPerson(directory, 'tim', { displayName: 'Tim Tall' })
  await newUser(scim, 'ina@contoso.example', {
    displayName: 'Ina Inbound',
    externalId: 'a0000000-0000-4000-8000-000000000001',
  })
  await newTeam(directory, 'Finance', mia, ['money.count'])
  return { ...office, mia, directory }
}

const names = (page: Page) => page.locator('.who bdi').allTextContents()
const tick = (page: Page, name: string) => page.getByRole('checkbox', { name: `Select ${name}` })
const told = (page: Page, text: string | RegExp) =>
  page.getByRole('status').filter({ hasText: text }).waitFor()

test('searching as one types, filtering, sorting and choosing columns', async () => {
  const { openConsole } = await office()
  const page = await openConsole()
  await page.goto('/admin/users')
  await page.getByText('4 users', { exact: true }).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('mai')
  await page.getByText('1 user', { exact: true }).waitFor()
  expect(await names(page)).toEqual(['Mia Maiden'])
  expect(new URL(page.url()).search).toBe('?search=mai')
  expect(await page.getByLabel('Search users').inputValue()).toBe('mai')

  await page.getByLabel('Search users').fill('')
  await page.getByText('4 users', { exact: true }).waitFor()
  await page.locator('summary').filter({ hasText: 'Link' }).click()
  await link(page, 'Linked').click()
  await page.getByText('1 user', { exact: true }).waitFor()
  expect(await names(page)).toEqual(['Ina Inbound'])
  await link(page, 'Clear filters').click()
  await page.getByText('4 users', { exact: true }).waitFor()

  await page.getByRole('columnheader', { name: 'Name' }).getByRole('link').click()
  await page.locator('th[aria-sort="descending"]').waitFor()
  expect(await names(page)).toEqual(['Tim Tall', 'Mia Maiden', 'Ina Inbound', 'Ada Admin'])

  await page.locator('summary').filter({ hasText: 'Columns' }).click()
  await page.getByRole('checkbox', { name: 'Created' }).check()
  await button(page, 'Apply').click()
  await page.getByRole('columnheader', { name: 'Created' }).waitFor()
})

test('what is ticked is counted, previewed, switched off, and switched on again with undo', async () => {
  const { openConsole, directory, mia } = await office()
  const page = await openConsole()
  await page.goto('/admin/users')
  expect(await button(page, 'Switch off').isVisible()).toBe(false)
  await tick(page, 'Ina Inbound').check()
  await tick(page, 'Tim Tall').click({ modifiers: ['Shift'] })
  await page.getByText('3 selected').waitFor()
  await button(page, 'Switch off').click()
  await sees(page, 'Switch off 2 users?')
  await page.getByText('Entra says who of them is active', { exact: false }).waitFor()
  await expectAccessible(page, { everyRuleInDark: true })
  await button(page, 'Switch off').click()
  await told(page, '2 users were switched off.')
  const isOn = async () => isActive((await directory.users.read(mia.id))?.attributes ?? {})
  expect(await isOn()).toBe(false)
  await button(page, 'Undo').click()
  await told(page, '2 users were switched on.')
  expect(await isOn()).toBe(true)
})

test('without script, users are found, added to a group and made', async () => {
  const { openConsole, directory } = await office()
  const page = await openConsole({ javaScriptEnabled: false })
  await page.goto('/admin/users')
  await page.getByLabel('Search users').fill('tim')
  await button(page, 'Search').click()
  await page.getByText('1 user', { exact: true }).waitFor()
  await tick(page, 'Tim Tall').check()
  await button(page, 'Add to user group').click()
  await sees(page, 'Add 1 user to a user group')
  await page.getByRole('radio', { name: 'Finance' }).check()
  await button(page, 'Preview').click()
  await sees(page, 'Add 1 user to Finance?')
  await button(page, 'Add to user group').click()
  await told(page, '1 user was added to Finance.')
  expect((await directory.users.named('tim'))?.groups.map((each) => each.displayName)).toEqual([
    'Finance',
  ])

  await link(page, 'New local user').click()
  await page.getByLabel('User name').fill('tim')
  await page.getByRole('checkbox', { name: 'Finance' }).check()
  await button(page, 'Make user').click()
  await page.getByText('Another user has this user name.').waitFor()
  expect(await page.getByRole('checkbox', { name: 'Finance' }).isChecked()).toBe(true)
  await page.getByLabel('User name').fill('grace')
  await button(page, 'Make user').click()
  await sees(page, 'A link for grace')
})

test('nothing stands in anybody’s way on the pages of users', async () => {
  const { openConsole } = await office()
  const page = await openConsole()
  for (const path of [
    '/admin/users',
    '/admin/users?filter=title',
    '/admin/users/new',
    '/admin/users/filter/group',
    '/admin/users/filter/role',
  ]) {
    await page.goto(path)
    expect(await page.getByRole('heading', { level: 1 }).count(), path).toBe(1)
    await expectAccessible(page)
  }
  await page.goto('/admin/users')
  await tick(page, 'Mia Maiden').check()
  await page.locator('.bulk summary').click()
  await expectAccessible(page)
  await page.goto('/auth/account')
  await expectAccessible(page)
})
