import { expect, test } from 'vitest'
import { cause } from '../support/app.ts'
import { newClientSession, newPerson, newTeam } from '../support/programs.ts'
import { newUser } from '../support/resources.ts'
import { expectAccessible } from './axe.ts'
import { openConsoleOffice } from './console.ts'
import { button, link, sees } from './steps.ts'
import { closeBrowserAtEnd } from './window.ts'

closeBrowserAtEnd()

const TOMORROW = new Date(Date.now() + 86_400_000).toISOString()

async function office() {
  const office = await openConsoleOffice()
  const { directory, scim } = office.app
  await office.app.store.organisations.setTenant(
    'default',
    '11111111-1111-4111-8111-111111111111',
    cause,
  )
  const bob = await newPerson(directory, 'bob@contoso.example', { displayName: 'Bob Builder' })
  const ina = await newUser(scim, 'ina@contoso.example', {
    displayName: 'Ina Inbound',
    externalId: 'a0000000-0000-4000-8000-000000000001',
  })
  const mia = await newPerson(directory, 'mia', { displayName: 'Mia Maiden' })
  await newTeam(directory, 'Finance', mia, ['money.count'])
  return { ...office, bob, ina, directory }
}

test('why somebody has no access is found out, and mended on the spot', async () => {
  const { openConsole, bob, directory } = await office()
  const page = await openConsole()
  await page.goto('/admin/users')
  await link(page, 'Bob Builder').click()
  await link(page, 'Why?').click()
  await page.getByText('Bob Builder cannot sign in').waitFor()
  await page.getByLabel('Permission').fill('money.count')
  await button(page, 'Why?').click()
  await page.getByText('No: nothing gives money.count to this user.').waitFor()
  await page.getByRole('button', { name: 'Add to this group Finance' }).click()
  await page.getByRole('status').filter({ hasText: 'Bob Builder was added to Finance.' }).waitFor()
  await page.getByText('By hand, Ada Admin').waitFor()
  const user = await directory.users.read(bob.id)
  expect(user && (await directory.permissions.effective(user))).toEqual(['money.count'])

  await link(page, 'Why?').click()
  await button(page, 'Make a password link').click()
  await sees(page, 'A link for Bob Builder')
  expect(await page.getByLabel('Link to choose a password').inputValue()).toMatch(/\/auth\/link\//)
})

test('a question opens above the page, and Escape closes it again', async () => {
  const { openConsole, bob, directory } = await office()
  await newClientSession(directory, bob.id, { expires: TOMORROW, secretExpires: TOMORROW })
  const page = await openConsole()
  await page.goto(`/admin/users/${bob.id}`)
  await page.locator('summary').filter({ hasText: 'Actions' }).click()
  await link(page, 'Switch off').click()
  const dialog = page.getByRole('dialog', { name: 'Switch off Bob Builder?' })
  await dialog.getByText('1 session ends at once.').waitFor()
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await page.locator('summary:focus').filter({ hasText: 'Actions' }).waitFor()
  await page.keyboard.press('Enter')
  await link(page, 'Switch off').click()
  await dialog.getByRole('button', { name: 'Switch off' }).click()
  await page.getByRole('status').filter({ hasText: 'Bob Builder is switched off.' }).waitFor()
  expect(await directory.sessions.list(bob.id)).toEqual([])
})

test('without script, a profile is edited, a role given and a user deleted', async () => {
  const { openConsole, bob, directory } = await office()
  const page = await openConsole({ javaScriptEnabled: false })
  await page.goto(`/admin/users/${bob.id}`)
  await link(page, 'Edit profile').click()
  await page.getByLabel('Last name').fill('Builder')
  await button(page, 'Save').click()
  await page.getByText('Bob Builder was saved.').waitFor()
  await link(page, 'Access').click()
  await page.getByLabel('Role to give').fill('PM')
  await button(page, 'Give role').click()
  await page.getByText('Bob Builder has the role PM.').waitFor()
  expect((await directory.users.read(bob.id))?.attributes['roles']).toEqual([{ value: 'PM' }])
  await page.locator('summary').filter({ hasText: 'Actions' }).click()
  await link(page, 'Delete user').click()
  await sees(page, 'Delete Bob Builder?')
  await button(page, 'Delete user').click()
  await page.getByText('Bob Builder was deleted.').waitFor()
  expect(await directory.users.read(bob.id)).toBeUndefined()
})

test('nothing stands in anybody’s way on the page of a user', async () => {
  const { openConsole, bob, ina, directory } = await office()
  await newClientSession(directory, bob.id, { expires: TOMORROW, secretExpires: TOMORROW })
  await directory.outbox.invite(bob.id, TOMORROW, cause)
  const page = await openConsole()
  for (const path of [
    bob.id,
    ina.id,
    `${bob.id}/access`,
    `${bob.id}/join`,
    `${bob.id}/sign-in`,
    `${bob.id}/history`,
    `${bob.id}/why?permission=money.count`,
    `${bob.id}/edit`,
  ]) {
    await page.goto(`/admin/users/${path}`)
    expect(await page.getByRole('heading', { level: 1 }).count(), path).toBe(1)
    await expectAccessible(page)
  }
})
