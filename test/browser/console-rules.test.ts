import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { cause } from '../support/app.ts'
import { newOwnGroup } from '../support/assignments.ts'
import { testEntraDirectory } from '../support/entra-directory.ts'
import { newPerson } from '../support/programs.ts'
import { ENTERPRISE } from '../support/resources.ts'
import { expectAccessible } from './axe.ts'
import { openConsoleOffice } from './console.ts'
import { button, link, sees } from './steps.ts'
import { closeBrowserAtEnd } from './window.ts'

closeBrowserAtEnd()

const told = (page: Page, text: string) =>
  page.getByRole('status').filter({ hasText: text }).waitFor()

const TEAM = 'f0000000-0000-4000-8000-00000000000a'

async function office() {
  const entraDirectory = testEntraDirectory(
    [],
    [
      { id: TEAM, displayName: 'Team EMEA', description: 'Everybody in EMEA', members: [] },
      { id: TEAM.replace('a', 'b'), displayName: 'Leads', members: [] },
    ],
  )
  const made = await openConsoleOffice({ entraDirectory })
  const { directory } = made.app
  const inSales = { [ENTERPRISE]: { department: 'Sales' } }
  await newPerson(directory, 'ada', { displayName: 'Ada Lovelace', ...inSales })
  await newPerson(directory, 'bob', { displayName: 'Bob Example', title: 'Planner' })
  await newOwnGroup(directory, 'Designers')
  return made
}

test('a rule is built, tried, made, moved with the keyboard, and deleted with a way back', async () => {
  const { openConsole, app } = await office()
  const page = await openConsole()
  await page.goto('/admin/rules')
  await expectAccessible(page)
  await link(page, 'New rule').first().click()
  await sees(page, 'New rule')
  await page.getByLabel('Name', { exact: true }).fill('Sales people')
  const first = page.getByRole('group', { name: 'Condition 1' })
  await first.getByLabel('What to look at').selectOption('Department')
  await first.getByLabel('Value').fill('Sales')
  await button(page, 'Add a condition').click()
  const third = page.getByRole('group', { name: 'Condition 3' })
  await third.getByLabel('What to look at').selectOption('Display name')
  await third.getByLabel('How').selectOption('has a value')
  await page.getByRole('checkbox', { name: 'Designers' }).check()
  await page.getByLabel('Somebody by name').fill('bob')
  await button(page, 'Try it').click()
  await page.getByText('1 user matches.').waitFor()
  expect(await page.getByText('This rule decides').count()).toBe(1)
  await page.getByText('Why?').click()
  await page.getByText('Department has no value; it would have to be "sales".').waitFor()
  await expectAccessible(page)
  // Nothing typed was lost by trying.
  await button(page, 'Make rule').click()
  await told(page, 'Sales people is here')
  const [made] = await app.directory.rules.list()
  expect(made).toMatchObject({
    name: 'Sales people',
    filter: 'department eq "Sales" and displayName pr',
  })
  await page.getByText('Department is Sales and Display name has a value').waitFor()

  const everybody = { name: 'Everybody', filter: 'userName pr', groups: [] }
  await app.directory.rules.create(everybody, cause)
  await page.reload()
  await expectAccessible(page)
  await button(page, 'Try earlier: Everybody').focus()
  await page.keyboard.press('Enter')
  await told(page, 'Everybody is rule 1 of 2 now.')
  // The keyboard is where it was: one press takes it back.
  expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(
    'Try later: Everybody',
  )
  await page.keyboard.press('Enter')
  await told(page, 'Everybody is rule 2 of 2 now.')

  await page.getByRole('searchbox').pressSequentially('ada')
  await page.getByText('“Sales people” decides').waitFor()
  await expectAccessible(page)
  await page
    .getByRole('row', { name: /Sales people/ })
    .getByRole('button', { name: 'Delete' })
    .click()
  await told(page, 'Sales people is deleted.')
  await button(page, 'Undo').click()
  await told(page, 'Sales people is back in its place.')
})

test('without script, a rule is written as conditions, tried, and changed to a filter', async () => {
  const { openConsole, app } = await office()
  const page = await openConsole({ javaScriptEnabled: false })
  await page.goto('/admin/rules/new')
  await page.getByLabel('Name', { exact: true }).fill('Planners')
  const first = page.getByRole('group', { name: 'Condition 1' })
  await first.getByLabel('What to look at').selectOption('Job title')
  await first.getByLabel('Value').fill('Planner')
  await page.keyboard.press('Enter')
  await page.getByText('1 user matches.').waitFor()
  // Enter tries, and saves nothing.
  expect(await app.directory.rules.list()).toStrictEqual([])
  await page.getByRole('radio', { name: 'SCIM filter' }).check()
  const filter = page.getByRole('textbox', { name: 'SCIM filter' })
  expect(await filter.inputValue()).toBe('title eq "Planner"')
  expect(await first.isVisible()).toBe(false)
  await filter.fill('title is "Planner"')
  await button(page, 'Make rule').click()
  await page
    .getByText(/Unknown operator "is"/)
    .first()
    .waitFor()
  await filter.fill('title co "lan" and not (roles pr)')
  await button(page, 'Make rule').click()
  await told(page, 'Planners is here')
  await page.getByText('Job title contains lan and Role has no value').waitFor()
})

test('a group of Entra is mapped, and the mapping changed and removed', async () => {
  const { openConsole, app } = await office()
  const page = await openConsole()
  await page.goto('/admin/mappings')
  await expectAccessible(page)
  await link(page, 'Map a group').click()
  await page.getByRole('searchbox').pressSequentially('team')
  await page.getByRole('row', { name: /Leads/ }).waitFor({ state: 'detached' })
  await expectAccessible(page)
  await link(page, 'Choose Team EMEA').click()
  await sees(page, 'Map Team EMEA')
  await page.getByLabel('User group').selectOption('Designers')
  await page.getByRole('checkbox', { name: 'Members of groups in it count too' }).check()
  await expectAccessible(page)
  await button(page, 'Map group').click()
  await told(page, 'Team EMEA is mapped.')
  await expectAccessible(page)
  await link(page, 'Team EMEA').click()
  await page.getByLabel('Role').fill('Lead')
  await expectAccessible(page)
  await button(page, 'Save mapping').click()
  await told(page, 'The mapping of Team EMEA is changed.')
  expect(await app.directory.mappings.list()).toMatchObject([{ nested: true, role: 'Lead' }])
  await link(page, 'Remove Team EMEA').click()
  const asked = page.getByRole('dialog', { name: 'Remove the mapping of Team EMEA?' })
  await expectAccessible(page)
  await asked.getByRole('button', { name: 'Remove mapping' }).click()
  await told(page, 'The mapping of Team EMEA is removed.')
  await page.goto('/admin/mappings/app-roles')
  await expectAccessible(page)
})

test('without script, a group of Entra is mapped', async () => {
  const { openConsole, app } = await office()
  const page = await openConsole({ javaScriptEnabled: false })
  await page.goto('/admin/mappings/new')
  await link(page, 'Choose Leads').click()
  await page.getByLabel('Role').fill('Lead')
  await button(page, 'Map group').click()
  await told(page, 'Leads is mapped.')
  expect(await app.directory.mappings.list()).toMatchObject([{ entraName: 'Leads', role: 'Lead' }])
})
