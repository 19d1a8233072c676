import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { cause } from '../support/app.ts'
import { colleagues, unlinkedUsers } from '../support/console-scenes.ts'
import { testEntraDirectory } from '../support/entra-directory.ts'
import { runnerOn } from '../support/imports.ts'
import { expectAccessible } from './axe.ts'
import { openConsoleOffice } from './console.ts'
import { button, link, sees } from './steps.ts'
import { closeBrowserAtEnd } from './window.ts'

closeBrowserAtEnd()

const { ada, wolf, mia } = colleagues

/** A console with users who are not linked, and people of Entra whom they may be. */
async function office() {
  const entra = testEntraDirectory(Object.values(colleagues))
  const made = await openConsoleOffice({ entraDirectory: entra })
  const users = await unlinkedUsers(made.app)
  const { directory } = made.app
  const linkOf = async ({ id }: { readonly id: string }) =>
    (await directory.users.read(id))?.link?.objectId
  return { ...made, users, linkOf, directory }
}

const told = (page: Page, text: string | RegExp) =>
  page.getByRole('status').filter({ hasText: text }).waitFor()

/** Presses a key until what has the focus is this, such as `button Link`, or the words of a link. */
async function reach(page: Page, key: 'Tab' | 'Shift+Tab', words: string): Promise<void> {
  const focused = () =>
    page.evaluate(`(() => {
      const { tagName, innerText } = document.activeElement
      return (tagName === 'BUTTON' ? 'button ' : '') + innerText.replace(/\\s+/g, ' ').trim()
    })()`)
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press(key)
    if ((await focused()) === words) return
  }
  throw new Error(`The focus never came to ${words}.`)
}

test('with the keyboard alone a user is compared, linked, and the link undone', async () => {
  const { openConsole, users, linkOf } = await office()
  const page = await openConsole()
  await page.goto('/admin/link')
  await sees(page, 'Link')
  await reach(page, 'Tab', 'Compare Ada Byron')
  await page.keyboard.press('Enter')
  await sees(page, 'Who is Ada Byron?')
  await expectAccessible(page)
  await reach(page, 'Tab', 'button Link')
  await page.keyboard.press('Enter')
  await told(page, 'Ada Byron is linked.')
  await sees(page, `Who is ${wolf.displayName}?`)
  expect(await linkOf(users.ada)).toBe(ada.id)
  await reach(page, 'Tab', 'button Undo')
  await page.keyboard.press('Enter')
  await told(page, 'Ada Byron is as before the link')
  expect(await linkOf(users.ada)).toBeUndefined()
})

test('many are linked together, after a look at what changes', async () => {
  const { openConsole, users, linkOf, app } = await office()
  const runner = runnerOn(app.store)
  const page = await openConsole()
  await page.goto('/admin/link')
  await page.getByText('2 selected').waitFor()
  expect(await page.getByRole('checkbox', { name: 'Select all' }).isChecked()).toBe(true)
  await expectAccessible(page)
  await button(page, 'Link').click()
  await sees(page, 'Link these users?')
  await expectAccessible(page)
  await button(page, 'Link 2 users').click()
  await sees(page, 'Linking')
  await page.getByText('0 of 2 users').waitFor()
  await runner.tick()
  await sees(page, 'Linked')
  await page.getByText('2 users linked.').waitFor()
  expect([await linkOf(users.ada), await linkOf(users.wolf)]).toEqual([ada.id, wolf.id])
})

test('an account is looked for as one types, and linked', async () => {
  const { openConsole, users, linkOf } = await office()
  const page = await openConsole()
  await page.goto('/admin/link?pile=none')
  await expectAccessible(page)
  await link(page, 'Find at Entra Warehouse scanner').click()
  await sees(page, 'Who is Warehouse scanner?')
  await page.getByRole('searchbox').fill('mia')
  await link(page, 'Compare Mia Nguyễn').click()
  await page.getByText('Nothing but your choice speaks for it', { exact: false }).waitFor()
  await button(page, 'Link').click()
  await told(page, 'Warehouse scanner is linked.')
  expect(await linkOf(users.scanner)).toBe(mia.id)
})

test('without script, who asks is linked to a user, and accounts that are not the user are told apart', async () => {
  const { openConsole, users, linkOf, directory } = await office()
  const { id: objectId, userPrincipalName: userName, displayName } = mia
  await directory.linkRequests.ask({ objectId, userName, displayName }, cause)
  const page = await openConsole({ javaScriptEnabled: false })
  await page.goto('/admin/link')
  await link(page, 'Compare Mia Nguyễn').click()
  await sees(page, 'Mia Nguyễn asks to be let in')
  await page.getByRole('searchbox').fill('warehouse')
  await button(page, 'Search').click()
  await link(page, 'Compare Warehouse scanner').click()
  await button(page, 'Link').click()
  await told(page, 'Warehouse scanner is linked to the account that asked.')
  expect(await linkOf(users.scanner)).toBe(mia.id)

  await page.getByRole('link', { name: /^Possible match/ }).click()
  await link(page, 'Compare Robert Kowalski').click()
  await button(page, 'Not the same person').click()
  await told(page, 'is not suggested for Robert Kowalski any more')
  await page.getByText('bob.kowalski@contoso.example').first().waitFor()
  await button(page, 'Undo').click()
  await page.getByText('robert.kowalski@contoso.example').first().waitFor()
})

test('who asks, and with whom it is compared, is accessible', async () => {
  const { openConsole, users, directory } = await office()
  const { id: objectId, userPrincipalName: userName, displayName } = mia
  await directory.linkRequests.ask({ objectId, userName, displayName }, cause)
  const [request] = await directory.linkRequests.list()
  const page = await openConsole()
  const pages = [
    '',
    `/asking/${request?.id}?search=l`,
    `/asking/${request?.id}?user=${users.layla.id}`,
  ]
  for (const path of [...pages, '?pile=possible']) {
    await page.goto(`/admin/link${path}`)
    await expectAccessible(page)
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
  }
})
