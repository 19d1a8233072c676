import { expect, test } from 'vitest'
import { cause } from '../support/app.ts'
import { startMailbox } from '../support/mailbox.ts'
import { newPerson } from '../support/programs.ts'
import { expectAccessible } from './axe.ts'
import { openConsoleOffice, type ConsoleOffice } from './console.ts'
import { button, link, sees } from './steps.ts'
import { closeBrowserAtEnd } from './window.ts'

closeBrowserAtEnd()

/** Somebody with an address who was invited, and whose invitation failed. */
async function withFailedMail({ app }: ConsoleOffice): Promise<void> {
  const { user } = await app.directory.users.create(
    {
      attributes: {
        userName: 'bob',
        displayName: 'שירה כהן',
        active: true,
        emails: [{ value: 'bob@contoso.example' }],
      },
      origin: 'local',
    },
    cause,
  )
  const mail = await app.directory.outbox.invite(user.id, app.clock.now().toISOString(), cause)
  await app.store.mailQueue.take(10)
  await app.store.mailQueue.failed(mail.id, 'No such mailbox', undefined)
}

test('a mail that failed is sent again, and another one is stopped', async () => {
  const mailbox = await startMailbox()
  const here = await openConsoleOffice({ smtpUrl: mailbox.url })
  await withFailedMail(here)
  const page = await here.openConsole()
  await page.goto('/admin/mails')
  await page.getByText('No such mailbox').waitFor()
  await expectAccessible(page)
  await link(page, 'Send the failed one again').click()
  await page.getByRole('dialog').getByText('Send the mail that failed again?').waitFor()
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Send them' }).click()
  await page.getByText('1 mail is on the way.').waitFor()
  await expect.poll(() => mailbox.mails).toHaveLength(1)
  await page.getByText('Sent', { exact: true }).last().waitFor()
})

test('words of a mail are seen as it would arrive while they are typed', async () => {
  const here = await openConsoleOffice()
  const page = await here.openConsole()
  await page.goto('/admin/mails/words/password-reset')
  const frame = page.frameLocator('iframe[name="preview"]')
  await frame.getByRole('heading', { name: 'A new password' }).waitFor()
  await expectAccessible(page)
  const before = await page.evaluate('history.length')
  await page.getByLabel('Subject').fill('Neues Passwort')
  await frame.getByText('Neues Passwort').waitFor()
  await page.getByLabel('Text').fill('# Hallo {name}\n\n[Wählen]({link})')
  await frame.getByRole('heading', { name: 'Hallo Adele Vance' }).waitFor()
  // Typing leaves no steps behind to go back through.
  expect(await page.evaluate('history.length')).toBe(before)
  await page.getByLabel('Text').fill('{nam}')
  await frame.getByText('This cannot be sent yet').waitFor()
  await button(page, 'Save').click()
  await page.getByText('There is no {nam} in this mail').first().waitFor()
  expect(await page.getByLabel('Subject').inputValue()).toBe('Neues Passwort')
  await page.getByLabel('Text').fill('# Hallo {name}\n\n[Wählen]({link})')
  await button(page, 'Save').click()
  await page.getByText('These words are in force').waitFor()
  await link(page, 'Back to the built-in words').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Use the built-in words' }).click()
  await page.getByText('The built-in words are in force again.').waitFor()
})

test('words of a mail are seen and kept without script', async () => {
  const here = await openConsoleOffice()
  const page = await here.openConsole({ javaScriptEnabled: false })
  await page.goto('/admin/mails/words/password-reset')
  await page.getByLabel('Text').fill('# Hallo {name}\n\n[Wählen]({link})')
  await button(page, 'Preview').click()
  const frame = page.frameLocator('iframe[name="preview"]')
  await frame.getByRole('heading', { name: 'Hallo Adele Vance' }).waitFor()
  await button(page, 'Save').click()
  await page.getByText('These words are in force').waitFor()
  const kept = await here.app.directory.settings.read('mail.password-reset')
  expect(kept?.body).toBe('# Hallo {name}\n\n[Wählen]({link})')
})

test('the record is filtered, and the settings are looked at', async () => {
  const here = await openConsoleOffice()
  await newPerson(here.app.directory, 'bob', { displayName: 'Bob' })
  const page = await here.openConsole()
  await page.goto('/admin/record')
  await sees(page, 'Record')
  await expectAccessible(page)
  await page.getByText('What', { exact: true }).click()
  await page.getByRole('link', { name: 'Administrators', exact: true }).last().click()
  await page.getByText('What: Administrators').waitFor()
  const rows = page.locator('tbody tr')
  await expect.poll(() => rows.allInnerTexts()).toHaveLength(1)
  expect(await rows.first().innerText()).toContain('made Ada Admin an administrator')
  await page.getByText('Between two days').click()
  await page.getByLabel('To').fill('2020-01-01')
  await button(page, 'Apply').click()
  await page.getByText('Nothing fits').waitFor()
  await page.goto('/admin/settings')
  await page.locator('h1').getByText('Settings').waitFor()
  await expectAccessible(page)
})
