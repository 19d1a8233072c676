import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { newPerson } from '../support/programs.ts'
import { newReceiver, WEBHOOK_KEY } from '../support/webhooks.ts'
import { expectAccessible } from './axe.ts'
import { openConsoleOffice } from './console.ts'
import { button, link, sees } from './steps.ts'
import { closeBrowserAtEnd } from './window.ts'

closeBrowserAtEnd()

const office = () => openConsoleOffice({ encryptionKeys: [WEBHOOK_KEY] })

/** Fills in what a webhook needs. */
async function fillIn(page: Page, name: string, url: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('textbox', { name: 'Address' }).fill(url)
}

test('a webhook is made for chosen events, tested, looked at, paused and deleted', async () => {
  const { app, openConsole } = await office()
  const receiver = await newReceiver()
  const page = await openConsole()
  await page.goto('/admin/webhooks')
  await expectAccessible(page)
  await link(page, 'Add webhook').click()
  await fillIn(page, 'Help desk', receiver.url.replace('127.0.0.1', 'example.com'))
  const users = page.getByRole('checkbox', { name: 'Users', exact: true })
  expect(await users.isVisible()).toBe(false)
  await page.getByLabel('Only what I choose').check()
  await page.getByText('Only some users').click()
  await page.getByRole('checkbox', { name: 'Added' }).first().check()
  await expectAccessible(page)
  await button(page, 'Add webhook').click()
  await page.getByText('Must begin with https://').waitFor()
  await expectAccessible(page)
  expect(await page.getByRole('checkbox', { name: 'Added' }).first().isChecked()).toBe(true)
  await page.getByRole('textbox', { name: 'Address' }).fill(receiver.url)
  await button(page, 'Add webhook').click()
  await sees(page, 'Help desk is on')
  expect(await page.getByLabel('Secret').inputValue()).toMatch(/^whsec_/)
  await expectAccessible(page)
  await button(page, 'Send a test event').click()
  await page.getByText('The test event was taken: 204').waitFor()

  await newPerson(app.directory, 'mia', { displayName: 'Mia Maiden' })
  receiver.answer(() => ({ status: 503, body: 'closed' }))
  await app.webhooks.tick()
  await page.reload()
  await page.getByText('Nothing is lost meanwhile.').waitFor()
  await expectAccessible(page)
  await link(page, 'Users: added').click()
  await page.getByText('added Mia Maiden').waitFor()
  await page.getByText('closed').waitFor()
  await expectAccessible(page)
  await page.goBack()

  await page.getByText('More', { exact: true }).click()
  await expectAccessible(page)
  await button(page, 'Pause').click()
  await page.getByText('Help desk is paused.').waitFor()
  await page.getByRole('main').getByRole('link', { name: 'Go on…' }).first().click()
  await page.getByRole('dialog').getByLabel('From now on').check()
  await expectAccessible(page)
  await page.getByRole('dialog').getByRole('button', { name: 'Go on' }).click()
  await page.getByText('Help desk goes on.').waitFor()
  await page.getByText('More', { exact: true }).click()
  await link(page, 'Delete…').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete webhook' }).click()
  await page.getByText('Help desk is deleted.').waitFor()
  expect(await app.directory.webhooks.list()).toStrictEqual([])
})

test('without script a webhook is made, and the jobs are seen', async () => {
  const { app, openConsole } = await office()
  const receiver = await newReceiver()
  const page = await openConsole({ javaScriptEnabled: false })
  await page.goto('/admin/webhooks/new')
  await fillIn(page, 'Archive', receiver.url)
  await button(page, 'Add webhook').click()
  await button(page, 'Send a test event').click()
  await page.getByText('The test event was taken: 204').waitFor()
  await page.getByText('More', { exact: true }).click()
  await link(page, 'New secret…').click()
  await button(page, 'Make a new secret').click()
  await sees(page, 'Archive has a new secret')
  expect(await app.directory.webhooks.list()).toMatchObject([{ name: 'Archive', state: 'on' }])
  await page.goto('/admin/jobs')
  await sees(page, 'Jobs')
  await button(page, 'Look for work now').click()
  await page.getByText('Everything that is due begins now.').waitFor()
})

test('the page of jobs follows an import to its end', async () => {
  const { app, openConsole } = await office()
  const page = await openConsole()
  await page.goto('/admin/jobs')
  await page.getByText('Nothing is under way just now.').waitFor()
  await expectAccessible(page)
  const person = (number: number) => ({
    id: `e0000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    userPrincipalName: `person${number}@contoso.example`,
    displayName: `Person ${number}`,
    proxyAddresses: [],
    guest: false,
    enabled: true,
  })
  const items = [1, 2, 3].map((number) => ({ person: person(number), chosen: {} }))
  const cause = { actor: 'test', door: 'admin', requestId: 'x' } as const
  const options = { groups: [], invite: { when: 'never' }, rules: false } as const
  await app.store.organisations.setTenant('default', '72f988bf-86f1-41af-91ab-2d7cd011db47', cause)
  const plan = await app.directory.plans.planImport(items, options, cause)
  await app.directory.plans.start(plan.id, cause)
  await page.reload()
  await page.getByText('0 of 3').waitFor()
  await expectAccessible(page)
  await app.directory.plans.applyNext(plan.id, cause)
  await page.getByText('1 of 3').waitFor()
  while (await app.directory.plans.applyNext(plan.id, cause));
  await page.getByText('Nothing is under way just now.').waitFor()
  expect(await page.getByRole('progressbar').count()).toBe(0)
})
