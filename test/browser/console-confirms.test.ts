import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { setBrake, hire, switchOff } from '../support/brake.ts'
import { cause } from '../support/app.ts'
import { colleagues, localUser, unlinkedUsers } from '../support/console-scenes.ts'
import { testEntraDirectory } from '../support/entra-directory.ts'
import { runnerOn } from '../support/imports.ts'
import { expectAccessible } from './axe.ts'
import { openConsoleOffice } from './console.ts'
import { button, link, sees } from './steps.ts'
import { closeBrowserAtEnd } from './window.ts'

closeBrowserAtEnd()

const { ada, bob, bobby, layla, mia } = colleagues

/** A console where something of each kind can be decided. */
async function office() {
  const entra = testEntraDirectory(Object.values(colleagues))
  const made = await openConsoleOffice({ entraDirectory: entra })
  const { app } = made
  const { plans } = app.directory
  const runner = runnerOn(app.store)
  const subjectOf = (person: typeof ada) => ({ person, chosen: {} })
  const importOf = (...people: (typeof ada)[]) =>
    plans.planImport(
      people.map(subjectOf),
      { groups: [], invite: { when: 'never' }, rules: false },
      cause,
    )
  const linked = await importOf(bobby, mia)
  await plans.start(linked.id, cause)
  await runner.tick()
  const local = await localUser(app, 'zoe', { displayName: 'Zoe Zimmer' })
  const users = await unlinkedUsers(app)
  await setBrake(app, { users: 1, percent: 0 })
  const ids = await hire(app, app.scim, 4)
  await switchOff(app.scim, ids)
  const page = await made.openConsole()
  return { ...made, entra, page, local, users, importOf }
}

type Scene = Awaited<ReturnType<typeof office>>

/** The page of the user whose name is searched for. */
async function userPage(page: Page, name: string): Promise<string> {
  await page.goto(`/admin/users?search=${encodeURIComponent(name)}`)
  await link(page, name).click()
  await sees(page, name)
  return page.url()
}

/** Pages that ask before something is done, and states of pages that no other test looks at: what each is, and how it comes about. */
const rows: readonly (readonly [name: string, comesAbout: (scene: Scene) => Promise<string>])[] = [
  ['switching a user off', async ({ local }) => `/admin/users/${local.id}/off`],
  ['signing a user out', async ({ local }) => `/admin/users/${local.id}/sign-out`],
  ['unlinking a user', async ({ page }) => `${await userPage(page, mia.displayName)}/unlink`],
  ['deleting a user', async ({ local }) => `/admin/users/${local.id}/delete`],
  ['a search that finds nobody', async () => '/admin/users?search=nobody+at+all'],
  ['releasing some who are held', async () => '/admin/held/release?all=yes'],
  ['keeping some who are held', async () => '/admin/held/keep?all=yes'],
  ['the brake', async () => '/admin/held/brake'],
  [
    'somebody of an import who may be here already',
    async ({ importOf }) => {
      const { id } = await importOf(ada, bob)
      return `/admin/import/${id}/person?at=0`
    },
  ],
  [
    'somebody of an import who is new',
    async ({ importOf }) => {
      const { id } = await importOf(layla)
      return `/admin/import/${id}/person?at=0`
    },
  ],
  [
    'a sync that switches somebody off',
    async ({ page, entra }) => {
      entra.people = [bobby]
      await page.goto('/admin/sync')
      await button(page, 'Preview everybody').click()
      await sees(page, 'Preview')
      return `${page.url()}/start`
    },
  ],
  ['the overview, where something waits', async () => '/admin'],
  ['a filter that is wrong', async () => '/admin/users?filter=title'],
  ['a link to compare', async ({ users }) => `/admin/link/users/${users.bob.id}`],
]

test('the pages of a new installation, and its menu on a phone, are accessible', async () => {
  const { openConsole } = await openConsoleOffice()
  const page = await openConsole()
  for (const path of ['', '/import', '/link', '/sync', '/held', '/jobs']) {
    await page.goto(`/admin${path}`)
    expect(await page.getByRole('heading', { level: 1 }).count(), path).toBe(1)
    await expectAccessible(page)
  }
  await page.setViewportSize({ width: 390, height: 844 })
  await button(page, 'Menu').click()
  await page.getByRole('navigation').getByRole('link', { name: 'Held back' }).waitFor()
  await button(page, 'Sign out').waitFor()
  await expectAccessible(page)
})

test('what asks before it does something is accessible', async () => {
  const scene = await office()
  for (const [name, comesAbout] of rows) {
    const address = await comesAbout(scene)
    await scene.page.goto(address)
    expect(scene.page.url().endsWith(address), name).toBe(true)
    expect(await scene.page.getByRole('heading', { level: 1 }).count(), name).toBe(1)
    await expectAccessible(scene.page)
  }
})
