import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { colleagues, localUser } from '../support/console-scenes.ts'
import { testEntraDirectory } from '../support/entra-directory.ts'
import { runnerOn } from '../support/imports.ts'
import { TENANT } from '../support/microsoft.ts'
import { newTeam } from '../support/programs.ts'
import { newUser } from '../support/resources.ts'
import { expectAccessible } from './axe.ts'
import { openConsoleOffice } from './console.ts'
import { button, link, sees } from './steps.ts'
import { closeBrowserAtEnd } from './window.ts'

closeBrowserAtEnd()

const { ada, bob, layla, mia, wolf } = colleagues
const five = [ada, bob, layla, mia, wolf]

const docs = readFileSync(join(import.meta.dirname, '../../docs/console.md'), 'utf8')

/** What the docs say a task takes now. */
function documented(task: string) {
  const row = docs.split('\n').find((line) => line.startsWith(`| ${task} |`)) ?? ''
  const [clicks, fields] = row.split('|').slice(-3, -1).map(Number)
  return { clicks, fields }
}

/** Whoever sees the console for the first time, and how much that takes: clicks, and fields that are typed into. */
function newcomerAt(page: Page) {
  const taken = { clicks: 0, fields: 0 }
  return {
    taken,
    async click(what: Locator): Promise<void> {
      taken.clicks += 1
      await what.click()
    },
    async type(what: Locator, words: string): Promise<void> {
      taken.fields += 1
      await what.fill(words)
    },
    /** Types the name of a user on the overview, and opens who is found. */
    async find(words: string, name: string): Promise<void> {
      await this.type(page.getByRole('searchbox', { name: 'Find a user' }), words)
      await page.keyboard.press('Enter')
      await this.click(page.getByRole('row').getByRole('link', { name }))
      await sees(page, name)
    },
  }
}

async function office() {
  const entra = testEntraDirectory(five)
  const made = await openConsoleOffice({ entraDirectory: entra, provisioningLogDays: 30 })
  const page = await made.openConsole()
  return { ...made, page, newcomer: newcomerAt(page), directory: made.app.directory }
}

const told = (page: Page, words: string | RegExp) =>
  page.getByRole('status').filter({ hasText: words }).waitFor()

test('five people are imported with a role', async () => {
  const { app, page, newcomer, directory } = await office()
  const runner = runnerOn(app.store)
  await page.goto('/admin')
  await newcomer.click(link(page, 'Import people'))
  await newcomer.click(page.getByText('Paste a list'))
  const list = five.map(({ userPrincipalName }) => userPrincipalName).join('\n')
  await newcomer.type(page.getByLabel('E-mail addresses or user names'), list)
  await newcomer.type(page.getByRole('combobox', { name: 'Role' }), 'Designer')
  await newcomer.click(button(page, 'Preview'))
  await sees(page, 'Preview: import 5 people')
  await newcomer.click(button(page, 'Import'))
  await sees(page, 'Importing 5 people')
  await runner.tick()
  await told(page, 'Everything is done.')
  for (const { id: objectId } of five) {
    const user = await directory.users.linked({ tenantId: TENANT, objectId })
    expect(user?.attributes['roles']).toEqual([{ value: 'Designer' }])
  }
  expect(newcomer.taken).toEqual(documented('Import five people with a role'))
})

test('it is found out why Bob has no access', async () => {
  const { app, page, newcomer } = await office()
  const made = await newUser(app.scim, 'bob@contoso.example', {
    displayName: 'Bob Bright',
    externalId: bob.id,
  })
  await app.scim.patch(`/Users/${made.id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path: 'active', value: false }],
  })
  await page.goto('/admin')
  await newcomer.find('bob', 'Bob Bright')
  const answer = page.locator('.verdict')
  await answer.getByText('Bob Bright cannot sign in').waitFor()
  expect(await answer.innerText()).toMatch(
    /: the account is switched off\.\s+By provisioning, .*enable the account there, or give it the application again/,
  )
  // Seen without scrolling.
  const box = await answer.boundingBox()
  expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThan(page.viewportSize()?.height ?? 0)
  expect(newcomer.taken).toEqual(documented('Find out why Bob has no access'))
  await expectAccessible(page)
})

test('the token is rotated', async () => {
  const { app, page, newcomer, directory } = await office()
  await app.scim.get('/Users?filter=userName eq "nobody"')
  await app.recorder.flush()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('/admin')
  await newcomer.click(link(page, 'Renew Secret token'))
  await newcomer.click(button(page, 'Make the new token'))
  const secret = await page.getByRole('textbox', { name: 'Secret token' }).inputValue()
  await newcomer.click(page.getByRole('button', { name: /^Copy/ }))
  await page.getByText('Waiting for Entra to use the new token').waitFor()
  app.clock.pass(1_000)
  await app.clientWith(`Bearer ${secret}`).get('/Users?filter=userName eq "nobody"')
  await app.recorder.flush()
  await page.getByText('Entra uses the new token').waitFor()
  await newcomer.click(page.getByRole('button', { name: 'End the old token' }))
  await told(page, 'The token “default” has ended')
  const tokens = await directory.tokens.list()
  expect(tokens.map(({ name, revoked }) => [name, revoked !== undefined])).toEqual([
    ['default', true],
    ['default 2', false],
  ])
  expect(newcomer.taken).toEqual(documented('Rotate the token'))
})

test('a wrong link is undone, and the user is as before', async () => {
  const { app, page, newcomer, directory } = await office()
  const user = await localUser(app, 'bkowalski', {
    displayName: bob.displayName,
    emails: [{ type: 'work', value: bob.userPrincipalName, primary: true }],
  })
  const team = await newTeam(directory, 'Production', user, [])
  await page.goto(`/admin/link/users/${user.id}?person=${mia.id}`)
  await button(page, 'Link').click()
  await told(page, 'is linked')
  const linked = await directory.users.read(user.id)
  expect(linked?.link?.objectId).toBe(mia.id)
  expect(linked?.attributes['displayName']).toBe(mia.displayName)

  await page.goto('/admin')
  await newcomer.find('mia', mia.displayName)
  await newcomer.click(link(page, 'Unlink'))
  const dialog = page.getByRole('dialog')
  await expectAccessible(page)
  expect(await dialog.innerText()).toContain('user name bkowalski, name Robert Kowalski, e-mail')
  await newcomer.click(dialog.getByRole('button', { name: 'Unlink' }))
  await told(page, `${bob.displayName} is unlinked`)
  await page.getByText(`${bob.displayName} cannot sign in`).waitFor()
  await link(page, 'Link to Entra').waitFor()
  expect(newcomer.taken).toEqual(documented('Undo a wrong link'))

  const after = await directory.users.read(user.id)
  expect(after?.link).toBeUndefined()
  expect(after?.attributes).toMatchObject(user.attributes)
  expect(after?.groups.map(({ id }) => id)).toEqual([team.id])
  await page.goto(`/admin/link/users/${user.id}`)
  await page.getByText('Account at Entra').first().waitFor()
  expect(await page.getByText(mia.displayName).count()).toBe(0)
})
