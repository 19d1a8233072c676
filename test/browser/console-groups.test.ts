import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { newPushedGroup } from '../support/assignments.ts'
import { newPerson } from '../support/programs.ts'
import { expectAccessible } from './axe.ts'
import { openConsoleOffice, type ConsoleOffice } from './console.ts'
import { button, link, sees } from './steps.ts'
import { closeBrowserAtEnd } from './window.ts'

closeBrowserAtEnd()

const told = (page: Page, text: string) =>
  page.getByRole('status').filter({ hasText: text }).waitFor()

async function people({ app }: ConsoleOffice): Promise<void> {
  await newPerson(app.directory, 'ada', { displayName: 'Ada Lovelace' })
  await newPerson(app.directory, 'adam', { displayName: 'Adam Ant' })
  await newPerson(app.directory, 'noam', { displayName: 'נועם כהן', roles: [{ value: 'PM' }] })
}

test('a user group is made, filled, given a permission, searched, and deleted', async () => {
  const office = await openConsoleOffice()
  await people(office)
  await newPushedGroup(office.app.directory, 'Everybody')
  const page = await office.openConsole()
  await page.goto('/admin/groups')
  await expectAccessible(page)
  await link(page, 'New user group').click()
  const making = page.getByRole('dialog', { name: 'New user group' })
  await making.getByLabel('Name').fill('Designers 🎨')
  await expectAccessible(page)
  await making.getByRole('button', { name: 'Make user group' }).click()
  await sees(page, 'Designers 🎨')
  await expectAccessible(page)

  await link(page, 'Add people').first().click()
  await page.getByRole('searchbox').pressSequentially('ad')
  await page.getByRole('checkbox', { name: 'Select Ada Lovelace' }).check()
  await page.getByRole('checkbox', { name: 'Select Adam Ant' }).check()
  await page.getByText('2 selected').waitFor()
  await expectAccessible(page)
  await button(page, 'Add to user group').click()
  await told(page, '2 people are in Designers 🎨 now.')

  await page.getByLabel('Add a permission').fill('projects.read')
  await button(page, 'Add').click()
  await told(page, 'Designers 🎨 has projects.read now.')
  await page.getByRole('button', { name: 'Take projects.read away' }).waitFor()

  await page.getByRole('searchbox').pressSequentially('love')
  await page.getByRole('row', { name: /Adam/ }).waitFor({ state: 'detached' })
  await page
    .getByRole('row', { name: /Ada Lovelace/ })
    .getByRole('button', { name: 'Remove' })
    .click()
  await told(page, 'Taken out of Designers 🎨: Ada Lovelace.')
  await button(page, 'Undo').click()
  await told(page, 'Ada Lovelace is in Designers 🎨 now.')
  await expectAccessible(page)

  await link(page, 'Delete').click()
  const asked = page.getByRole('dialog', { name: 'Delete Designers 🎨?' })
  await asked.getByText('2 members leave it and stay users.').waitFor()
  await expectAccessible(page)
  await asked.getByRole('button', { name: 'Delete user group' }).click()
  await told(page, 'Designers 🎨 is deleted.')

  await link(page, 'Everybody').click()
  await page.getByText('Managed by Entra').waitFor()
  await expectAccessible(page)
  expect(await link(page, 'Rename').count()).toBe(0)
})

test('without script and with the keyboard alone, a user group is made, filled and renamed', async () => {
  const office = await openConsoleOffice()
  await people(office)
  const page = await office.openConsole({ javaScriptEnabled: false })
  await page.goto('/admin/groups')
  await link(page, 'New user group').first().focus()
  await page.keyboard.press('Enter')
  await sees(page, 'New user group')
  await page.getByLabel('Name').focus()
  await page.keyboard.type('Sales')
  await page.keyboard.press('Enter')
  await told(page, 'Sales is here.')
  await link(page, 'Add people').first().focus()
  await page.keyboard.press('Enter')
  await page.getByRole('searchbox').focus()
  await page.keyboard.type('ada')
  await page.keyboard.press('Enter')
  await page.getByRole('checkbox', { name: 'Select Ada Lovelace' }).focus()
  await page.keyboard.press('Space')
  await button(page, 'Add to user group').focus()
  await page.keyboard.press('Enter')
  await told(page, 'Ada Lovelace is in Sales now.')
  await link(page, 'Rename').focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('New name').fill('Marketing')
  await page.keyboard.press('Enter')
  await told(page, 'Sales is called Marketing now.')
  const { directory } = office.app
  const renamed = await directory.groups.named('Marketing')
  expect(await directory.groups.countMembers(String(renamed?.id))).toStrictEqual({ total: 1 })
})

test('roles are listed, made, and told of', async () => {
  const office = await openConsoleOffice()
  await people(office)
  const page = await office.openConsole()
  await page.goto('/admin/roles')
  await expectAccessible(page)
  await link(page, 'New role').click()
  const making = page.getByRole('dialog', { name: 'New role' })
  await making.getByLabel('Role').fill('Designer')
  await making.getByLabel('What it may do first').fill('draw')
  await making.getByRole('button', { name: 'Make role' }).click()
  await told(page, 'The role Designer is here.')
  await page.getByRole('heading', { name: 'Nobody has this role' }).waitFor()
  await expectAccessible(page)
  await page.goto('/admin/roles')
  await link(page, 'PM').click()
  await link(page, 'נועם כהן').waitFor()
  await button(page, 'Look for it at Entra').click()
  await page.getByText('Entra cannot be asked now.').waitFor()
  await expectAccessible(page)
  expect(
    await office.app.directory.permissions.list({ kind: 'role', value: 'Designer' }),
  ).toMatchObject([{ permission: 'draw' }])
})
