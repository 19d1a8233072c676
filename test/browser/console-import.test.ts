import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { cause } from '../support/app.ts'
import { colleagues, localUser } from '../support/console-scenes.ts'
import { testEntraDirectory } from '../support/entra-directory.ts'
import { runnerOn } from '../support/imports.ts'
import { TENANT } from '../support/microsoft.ts'
import { expectAccessible } from './axe.ts'
import { openConsoleOffice } from './console.ts'
import { button, link, sees } from './steps.ts'
import { closeBrowserAtEnd } from './window.ts'

closeBrowserAtEnd()

const { ada, bob, layla, mia, wolf } = colleagues
const TEAM = { id: 'f0000000-0000-4000-8000-000000000001', displayName: 'Team' }

const told = (page: Page, text: string | RegExp) =>
  page.getByRole('status').filter({ hasText: text }).waitFor()

/** A console before which all of these are at Entra, and there is a user group. */
async function office() {
  const groups = [{ ...TEAM, members: [mia.id, wolf.id] }]
  const entra = testEntraDirectory([ada, bob, layla, mia, wolf], groups)
  entra.roles = [
    {
      id: 'a0000000-0000-4000-8000-000000000001',
      value: 'PM',
      displayName: 'PM',
      assigned: [ada.id],
    },
  ]
  const made = await openConsoleOffice({ entraDirectory: entra })
  await made.app.directory.groups.create(
    {
      attributes: { displayName: 'Designers' },
      members: { kind: 'set', members: [] },
      origin: 'local',
    },
    cause,
  )
  const userOf = ({ id: objectId }: typeof ada) =>
    made.app.directory.users.linked({ tenantId: TENANT, objectId })
  return { ...made, entra, userOf, runner: runnerOn(made.app.store) }
}

const search = (page: Page) => page.getByRole('searchbox', { name: 'Search Entra' })
const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name })

test('people are found while one types, chosen over searches, imported, and their report is looked at', async () => {
  const { openConsole, runner, app, userOf } = await office()
  const known = await localUser(app, layla.userPrincipalName, { displayName: 'Layla' })
  const page = await openConsole()
  await page.goto('/admin/import')
  await page.getByText('Nobody has been imported yet').waitFor()
  await expectAccessible(page)
  await link(page, 'New import').click()
  await row(page, ada.displayName).waitFor()
  await expectAccessible(page)

  await search(page).fill('Ada')
  await row(page, bob.displayName).waitFor({ state: 'detached' })
  expect(await button(page, 'Untick all').isVisible()).toBe(false)
  await page.getByRole('checkbox', { name: `Select ${ada.displayName}` }).check()
  await button(page, 'Untick all').waitFor()
  await search(page).fill('ليلى')
  await page.getByText('May be here').waitFor()
  await page.getByRole('checkbox', { name: `Select ${layla.displayName}` }).check()
  await page.getByText('2 chosen').waitFor()
  await search(page).fill('')
  await page.getByRole('radio', { name: 'By group' }).check()
  await button(page, 'Show people Team').click()
  await row(page, mia.displayName).waitFor()
  await expectAccessible(page)
  await button(page, 'Add everybody Team').click()
  await page.getByText('Team and groups within it').waitFor()
  await page.getByText('2 chosen').waitFor()
  await page.getByRole('radio', { name: 'By app role' }).check()
  await button(page, 'Show people PM').click()
  await row(page, ada.displayName).waitFor()
  expect(await page.getByRole('checkbox', { name: `Select ${ada.displayName}` }).isChecked()).toBe(
    true,
  )
  await page.getByRole('radio', { name: 'Paste a list' }).check()
  await page.getByLabel('E-mail addresses or user names').fill(bob.userPrincipalName)
  await button(page, 'Find these people').click()
  await told(page, '1 person found and ticked.')
  await page.getByText('3 chosen').waitFor()
  await expectAccessible(page)

  await page.getByRole('checkbox', { name: 'Designers' }).check()
  await page.getByRole('combobox', { name: 'Role', exact: true }).fill('Planner')
  await page.getByRole('radio', { name: 'None' }).check()
  await button(page, 'Preview').click()
  await sees(page, 'Preview: import 5 people')
  await expectAccessible(page)
  await link(page, `Decide ${layla.displayName}`).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Yes, link' }).click()
  await told(page, `${layla.displayName} will be linked.`)
  await link(page, `Details ${mia.displayName}`).click()
  await page.getByRole('dialog').getByRole('radio', { name: 'Something else' }).check()
  await expectAccessible(page)
  await page.getByRole('dialog').getByRole('combobox', { name: 'Role' }).fill('Lead')
  await page.getByRole('dialog').getByRole('button', { name: 'Save for this person' }).click()
  await told(page, `Saved for ${mia.displayName}.`)

  await button(page, 'Import and close').click()
  await page.waitForURL('**/admin/users')
  await page.getByText('0 of 5 done').waitFor()
  await expectAccessible(page)
  await runner.tick()
  // The page asks for itself anew when the import is over, which is not to meet the next way.
  await page.locator('[data-live]').waitFor({ state: 'detached' })
  await page.goto('/admin/import')
  await expectAccessible(page)
  await link(page, 'Import of 5 people').click()
  await told(page, 'Everything is done.')
  await expectAccessible(page)
  expect((await userOf(layla))?.id).toBe(known.id)
  expect((await userOf(mia))?.attributes['roles']).toEqual([{ value: 'Lead' }])
  expect((await userOf(ada))?.attributes['roles']).toEqual([{ value: 'Planner' }])
})

test('without script, people are searched, kept, imported and reported', async () => {
  const { openConsole, runner, userOf } = await office()
  const page = await openConsole({ javaScriptEnabled: false })
  await page.goto('/admin/import/new')
  await search(page).fill('Ada')
  await button(page, 'Search Entra').click()
  await page.getByRole('checkbox', { name: `Select ${ada.displayName}` }).check()
  await search(page).fill('Mia')
  await search(page).press('Enter')
  await page.getByRole('checkbox', { name: `Select ${mia.displayName}` }).check()
  await page.getByRole('radio', { name: 'None' }).check()
  await button(page, 'Preview').click()
  await sees(page, 'Preview: import 2 people')
  await button(page, 'Import').click()
  await sees(page, 'Importing 2 people')
  await runner.tick()
  await page.reload()
  await sees(page, 'Import of 2 people')
  expect(await userOf(ada)).toBeDefined()
  expect(await userOf(mia)).toBeDefined()
})

/** Moves on with the tabulator until something of this name has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let steps = 0; steps < 80; steps += 1) {
    await page.keyboard.press('Tab')
    const words = await page.evaluate<string>(
      '(({ ariaLabel, labels, textContent }) => ariaLabel ?? labels?.[0]?.textContent ?? textContent)(document.activeElement)',
    )
    if (name.test(words.trim())) return
  }
  throw new Error(`Nothing called ${String(name)} can be reached.`)
}

test('an import is made with the keyboard alone', async () => {
  const { openConsole, runner, userOf } = await office()
  const page = await openConsole()
  await page.goto('/admin/import')
  await tabTo(page, /^New import$/)
  await page.keyboard.press('Enter')
  await row(page, ada.displayName).waitFor()
  // The search has the focus.
  await page.keyboard.type('Ada')
  await row(page, bob.displayName).waitFor({ state: 'detached' })
  await tabTo(page, /^Select Ada Lovelace$/)
  await page.keyboard.press('Space')
  await tabTo(page, /^Designers$/)
  await page.keyboard.press('Space')
  await tabTo(page, /^Preview$/)
  await page.keyboard.press('Enter')
  await sees(page, 'Preview: import 1 person')
  await tabTo(page, /^Details/)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await tabTo(page, /^Import$/)
  await page.keyboard.press('Enter')
  await sees(page, 'Importing 1 person')
  await expectAccessible(page)
  await runner.tick()
  await told(page, 'Everything is done.')
  expect((await userOf(ada))?.groups.map(({ displayName }) => displayName)).toEqual(['Designers'])
})
