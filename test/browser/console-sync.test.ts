import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { cause, type TestApp } from '../support/app.ts'
import { colleagues } from '../support/console-scenes.ts'
import { entraPerson, testEntraDirectory } from '../support/entra-directory.ts'
import { runnerOn } from '../support/imports.ts'
import { TENANT } from '../support/microsoft.ts'
import { expectAccessible } from './axe.ts'
import { openConsoleOffice } from './console.ts'
import { button, link, sees } from './steps.ts'
import { closeBrowserAtEnd } from './window.ts'

closeBrowserAtEnd()

const { ada, layla, mia } = colleagues
const married = { ...ada, displayName: 'Ada King', surname: 'King' }
const crowd = Array.from({ length: 12 }, (_, index) => entraPerson(20 + index, `user-${index}`))

const told = (page: Page, text: string | RegExp) =>
  page.getByRole('status').filter({ hasText: text }).waitFor()

async function nameOf({ directory }: TestApp, { id: objectId }: typeof ada): Promise<unknown> {
  return (await directory.users.linked({ tenantId: TENANT, objectId }))?.attributes['displayName']
}

/** A console with these people linked, who may have changed at Entra since. */
async function office(people: readonly (typeof ada)[]) {
  const entra = testEntraDirectory(people)
  const made = await openConsoleOffice({ entraDirectory: entra })
  const { plans } = made.app.directory
  const runner = runnerOn(made.app.store)
  const subjects = people.map((person) => ({ person, chosen: {} }))
  const options = { groups: [], invite: { when: 'never' }, rules: false } as const
  const { id } = await plans.planImport(subjects, options, cause)
  await plans.start(id, cause)
  await runner.tick()
  return { ...made, entra, runner }
}

test('a preview that takes long is followed, looked at, run with its progress, and reported', async () => {
  const { openConsole, entra, runner, app } = await office([ada, layla, mia])
  entra.people = [married, layla]
  const go = Promise.withResolvers<void>()
  const { usersById } = entra
  entra.usersById = async (ids) => {
    await go.promise
    return usersById(ids)
  }
  const page = await openConsole()
  await page.goto('/admin/sync')
  await expectAccessible(page)
  await button(page, 'Preview everybody').click()
  await sees(page, 'Working out a preview')
  await page.getByText('0 of 3 linked users compared').waitFor()
  await expectAccessible(page)
  go.resolve()
  await sees(page, 'Preview')
  await page.getByText('Ada King').first().waitFor()
  await link(page, 'Sync 2 users').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Mia Nguyễn').waitFor()
  await dialog.getByRole('button', { name: 'Sync 2 users' }).click()
  await sees(page, 'Sync under way')
  await runner.tick()
  await sees(page, 'Sync report')
  await expectAccessible(page)
  expect(await nameOf(app, ada)).toBe('Ada King')
})

test('without script, a sync that would switch off too many is looked at and released', async () => {
  const { openConsole, entra, runner, app } = await office([ada, ...crowd])
  entra.people = [married, ...crowd.slice(11)]
  const page = await openConsole({ javaScriptEnabled: false })
  await page.goto('/admin/sync')
  await button(page, 'Preview everybody').click()
  await page.getByText('This would switch off 11 users.').waitFor()
  await link(page, 'Release…').click()
  await sees(page, 'Is it right that 11 users are switched off?')
  await button(page, 'Release').click()
  await told(page, 'Released.')
  await link(page, 'Sync 12 users').click()
  await sees(page, 'Switch off 11 users?')
  await button(page, 'Sync 12 users').click()
  await sees(page, 'Sync under way')
  await runner.tick()
  await page.reload()
  await sees(page, 'Sync report')
  expect(await nameOf(app, ada)).toBe('Ada King')
})

test('what follows is chosen beside what a linked user has, and how often it runs', async () => {
  const { openConsole, entra, app } = await office([ada, layla])
  entra.people = [ada, { ...layla, jobTitle: 'Head of design' }]
  const page = await openConsole()
  await page.goto('/admin/sync/settings')
  await page.getByRole('searchbox').fill('layla')
  await page.getByRole('region').or(page.locator('[data-region]')).getByRole('link').click()
  await page.getByText('Head of design').waitFor()
  await expectAccessible(page)
  await page.getByRole('checkbox', { name: 'Job title follows Entra' }).check()
  await page.getByLabel('How often').selectOption({ label: 'Every 2 hours' })
  await button(page, 'Save').click()
  await told(page, 'Saved.')
  expect(await app.directory.settings.read('sync')).toEqual({
    fields: ['jobTitle'],
    provisioned: 'left',
    every: 120,
  })
  await button(page, 'Undo').click()
  await told(page, 'As it was.')
  expect(await app.directory.settings.read('sync')).toEqual({ fields: [], provisioned: 'left' })
})
