import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { startMailbox } from '../support/mailbox.ts'
import { newLink, newLocalUser, PASSWORD } from '../support/people.ts'
import { openOffice, openOfficeWith, type Office } from './office.ts'
import { box, button, link, nameField, passwordField, sees, signIn } from './steps.ts'
import { closeBrowserAtEnd, openWindow } from './window.ts'

closeBrowserAtEnd()

const NAME = 'adele@contoso.example'
const NEW_PASSWORD = 'four words, and a comma'

/** An office with a local user, and a window at its sign-in. */
async function arrive(): Promise<Office & { page: Page; id: string }> {
  const office = await openOffice()
  const { id } = await newLocalUser(office.app, NAME)
  const page = await openWindow(office.origin, office.authority.origin)
  await page.goto('/auth/sign-in')
  return { ...office, page, id }
}

/** Waits until the keyboard goes to this part of the page. */
async function focused(page: Page, part: Locator): Promise<void> {
  await part.and(page.locator(':focus')).waitFor()
}

/** Fills in the two fields of a page where one chooses a password. */
async function choose(page: Page, password: string, again = password): Promise<void> {
  await page.getByLabel('New password').fill(password)
  await page.getByLabel('The same again').fill(again)
}

/** Signs out, and leads to the sign-in. */
async function leave(page: Page): Promise<void> {
  await page.goto('/auth/account')
  await button(page, 'Sign out').click()
  await link(page, 'Sign in again').click()
}

test('a wrong password says what to do, and the right one lets in', async () => {
  const { page, origin } = await arrive()
  await signIn(page, NAME, 'not the password')
  await page
    .getByRole('alert')
    .filter({ hasText: 'The user name or the password is wrong' })
    .waitFor()
  expect(await nameField(page).inputValue()).toBe(NAME)
  expect(await passwordField(page).inputValue()).toBe('')
  await signIn(page, NAME)
  await sees(page, NAME)
  expect(page.url()).toBe(`${origin}/auth/account`)
})

test('who has forgotten the password chooses a new one with a link of an administrator', async () => {
  const { page, app, id } = await arrive()
  await link(page, 'Forgotten your password?').click()
  await sees(page, 'Forgotten your password?')
  await page.getByText('Ask the service desk').waitFor()
  await link(page, 'Back to the sign-in').click()
  await sees(page, 'Sign in')

  const path = await newLink(app, 'reset', id)
  await page.goto(path)
  await sees(page, 'Choose a password')
  await choose(page, NEW_PASSWORD, 'something else, and longer')
  await button(page, 'Save and sign in').click()
  await page.getByText('The two are not the same.').waitFor()
  await choose(page, NEW_PASSWORD)
  await button(page, 'Save and sign in').click()
  await sees(page, NAME)

  await page.goto(path)
  await sees(page, 'This link is not valid')
  await leave(page)
  await signIn(page, NAME)
  await page.getByRole('alert').waitFor()
  await signIn(page, NAME, NEW_PASSWORD)
  await sees(page, NAME)
  expect(await app.directory.sessions.list(id)).toHaveLength(1)
})

test('who has forgotten the password gets a link by mail, with the keyboard alone', async () => {
  const mailbox = await startMailbox()
  const office = await openOfficeWith({ smtpUrl: mailbox.url })
  await newLocalUser(office.app, NAME)
  const page = await openWindow(office.origin, office.authority.origin)
  await page.goto('/auth/sign-in')
  await link(page, 'Forgotten your password?').click()
  await sees(page, 'Forgotten your password?')
  const field = page.getByRole('textbox', { name: 'User name or e-mail address' })
  await focused(page, field)
  await page.keyboard.press('Enter')
  // The browser itself asks for what is missing.
  expect(await field.evaluate((input) => input.matches(':invalid'))).toBe(true)
  await page.keyboard.type(NAME)
  await page.keyboard.press('Tab')
  await focused(page, button(page, 'Send me a link'))
  await page.keyboard.press('Enter')
  await sees(page, 'Look into your mails')
  await page.getByRole('status').waitFor()
  await expect.poll(() => mailbox.mails).toHaveLength(1)

  const [path = ''] = /\/auth\/link\/\S+/.exec(mailbox.mails[0]?.text ?? '') ?? []
  await page.goto(path)
  await choose(page, NEW_PASSWORD)
  await button(page, 'Save and sign in').click()
  await sees(page, NAME)
  await leave(page)
  await signIn(page, NAME, NEW_PASSWORD)
  await sees(page, NAME)
})

test('who asks for a link too often is told when to try again', async () => {
  const mailbox = await startMailbox()
  const { origin } = await openOfficeWith({ smtpUrl: mailbox.url })
  const page = await openWindow(origin)
  const field = page.getByRole('textbox', { name: 'User name or e-mail address' })
  for (const heading of [
    ...Array<string>(3).fill('Look into your mails'),
    'Forgotten your password?',
  ]) {
    await page.goto('/auth/forgotten')
    await field.fill(NAME)
    await button(page, 'Send me a link').click()
    await sees(page, heading)
  }
  await page.getByRole('alert').filter({ hasText: 'Try again in 60 seconds.' }).waitFor()
  expect(await field.inputValue()).toBe(NAME)
})

test('the set-up link makes the first administrator', async () => {
  const office = await openOffice()
  const page = await openWindow(office.origin)
  await page.goto(await newLink(office.app, 'setup'))
  await sees(page, 'Welcome')
  await page.getByLabel('Your name').fill('Megan Bowen')
  await page.getByLabel('User name').fill('megan')
  await choose(page, 'too short')
  await button(page, 'Make the account').click()
  await page.getByText('Choose at least 12 characters').waitFor()
  expect(await page.getByLabel('New password').getAttribute('aria-invalid')).toBe('true')
  await choose(page, NEW_PASSWORD)
  await button(page, 'Make the account').click()
  await sees(page, 'Connect Entra')
  expect(page.url()).toBe(`${office.origin}/admin/connect`)
  await page.getByRole('link', { name: 'Megan Bowen' }).waitFor()
})

test('the keyboard is enough to sign in and out', async () => {
  const { page, app, id } = await arrive()
  await focused(page, nameField(page))
  await page.keyboard.type(NAME)
  await page.keyboard.press('Tab')
  await page.keyboard.type(PASSWORD)
  await page.keyboard.press('Enter')
  await sees(page, NAME)
  await page.keyboard.press('Tab')
  await focused(page, button(page, 'Sign out'))
  await page.keyboard.press('Space')
  await sees(page, 'You are signed out')
  expect(await app.directory.sessions.list(id)).toEqual([])
})

test('the keyboard is enough to tick the box and connect', async () => {
  const { page } = await arrive()
  await focused(page, nameField(page))
  for (const key of ['Tab', 'Tab', 'Space']) await page.keyboard.press(key)
  await focused(page, box(page))
  expect(await box(page).isChecked()).toBe(true)
  await page.keyboard.press('Tab')
  await focused(page, button(page, 'Connect'))
  await page.keyboard.press('Enter')
  await sees(page, 'Pick an account')
})

test('the name and the password are out of the way while the box is ticked', async () => {
  const { page } = await arrive()
  const shown = async () => {
    const parts = [nameField(page), passwordField(page), link(page, 'Forgotten your password?')]
    return Promise.all(parts.map((part) => part.isVisible()))
  }
  expect(await shown()).toEqual([true, true, true])
  await box(page).check()
  expect(await shown()).toEqual([false, false, false])
  await box(page).uncheck()
  expect(await shown()).toEqual([true, true, true])
})
