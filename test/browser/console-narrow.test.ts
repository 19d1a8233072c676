import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hashSecret } from '../../src/directory/token.ts'
import { cause } from '../support/app.ts'
import { newOwnGroup } from '../support/assignments.ts'
import { testEntraDirectory } from '../support/entra-directory.ts'
import { newLink } from '../support/people.ts'
import { newPerson } from '../support/programs.ts'
import { newReceiver, WEBHOOK_KEY } from '../support/webhooks.ts'
import { expectAccessible } from './axe.ts'
import { openConsoleOffice } from './console.ts'
import { closeBrowserAtEnd, openWindow } from './window.ts'

closeBrowserAtEnd()

const TEAM = 'f0000000-0000-4000-8000-00000000000a'
/** A name that cannot be wrapped anywhere, and one from right to left. */
const LONG = 'Wolfeschlegelstein'.repeat(6)
const RIGHT_TO_LEFT = 'محمد عبد الرحمن بن علي'

/** Less than this no screen is wide: a page of 1,280 pixels at four times its size. */
const NARROWEST = 320
const PHONE = 390

interface Id {
  readonly id: string
}

/** Sends what the administrator of a page makes. */
function poster(page: Page) {
  return async <T = Id>(path: string, data: object): Promise<T> => {
    const headers = { 'Sec-Fetch-Site': 'same-origin' }
    const answer = await page.request.post(`/admin/api${path}`, { data, headers })
    const text = await answer.text()
    if (!answer.ok()) throw new Error(text)
    return JSON.parse(text || '{}') as T
  }
}

/** A console where one of everything has a name without end. */
async function office() {
  const entraDirectory = testEntraDirectory(
    [],
    [{ id: TEAM, displayName: LONG, description: LONG, members: [] }],
  )
  const encryptionKeys = [WEBHOOK_KEY]
  const made = await openConsoleOffice({ entraDirectory, encryptionKeys, provisioningLogDays: 30 })
  const { app } = made
  const { directory } = app
  const page = await made.openConsole()
  const post = poster(page)
  const attributes = { displayName: LONG, title: LONG, emails: [{ value: 'wolf@contoso.example' }] }
  const { id: user } = await newPerson(directory, LONG.toLowerCase(), attributes)
  await directory.administrators.appoint(user, cause)
  const group = await newOwnGroup(directory, LONG)
  await newOwnGroup(directory, RIGHT_TO_LEFT)
  await post(`/groups/${group}/members`, { add: [user] })
  await post('/permissions/grant', { permission: LONG, holder: { kind: 'group', id: group } })
  await post(`/users/${user}/roles`, { give: [LONG], take: [] })
  const conditions = Array.from({ length: 12 }, () => `department eq "${LONG}"`)
  const gives = { groups: [group], role: LONG }
  const rule = await post('/rules', { name: LONG, filter: conditions.join(' and '), ...gives })
  await post('/rules', { name: RIGHT_TO_LEFT, filter: `not (title eq "${LONG}")`, ...gives })
  const mapping = await post('/mappings', { entraGroup: TEAM, entraName: LONG, group, role: LONG })
  const hash = hashSecret('a token')
  const token = await directory.tokens.create({ name: LONG, hash, expires: undefined }, cause)
  const mail = await directory.outbox.invite(user, app.clock.now().toISOString(), cause)
  const receiver = await newReceiver()
  const url = `${receiver.url}${LONG}`
  const { webhook } = await post<{ webhook: Id }>('/webhooks', { name: LONG.slice(0, 100), url })
  receiver.answer(() => ({ status: 503, body: LONG }))
  await newPerson(directory, 'mia')
  await app.webhooks.tick()
  const [delivery] = await directory.webhooks.deliveries(webhook.id, { limit: 1 })
  await app.scim.get(`/Users/${LONG}`)
  await app.recorder.flush()
  const entry = await directory.provisioningLog.last()
  return {
    page,
    user,
    group,
    rule: rule.id,
    mapping: mapping.id,
    token: token.id,
    mail: mail.id,
    webhook: webhook.id,
    delivery: delivery?.id,
    entry,
  }
}

type Scene = Awaited<ReturnType<typeof office>>

type Row = readonly [name: string, path: (scene: Scene) => string]

/** Pages on which names stand that somebody else made up. */
const shown: readonly Row[] = [
  ['the overview', () => '/admin'],
  ['users', () => '/admin/users'],
  ['choosing a user group to filter by', () => '/admin/users/filter/group'],
  ['a user', ({ user }) => `/admin/users/${user}`],
  ['the access of a user', ({ user }) => `/admin/users/${user}/access`],
  ['adding a user to user groups', ({ user }) => `/admin/users/${user}/join`],
  ['where a user is signed in', ({ user }) => `/admin/users/${user}/sign-in`],
  ['what happened to a user', ({ user }) => `/admin/users/${user}/history`],
  ['why a user may do something', ({ user }) => `/admin/users/${user}/why?permission=${LONG}`],
  ['changing a user', ({ user }) => `/admin/users/${user}/edit`],
  ['deleting a user', ({ user }) => `/admin/users/${user}/delete`],
  ['a new user', () => '/admin/users/new'],
  ['whom to import', () => '/admin/import/new'],
  ['whom to link', () => '/admin/link?pile=none'],
  ['who a user is at Entra', ({ user }) => `/admin/link/users/${user}`],
  ['what is held back', () => '/admin/held'],
  ['jobs', () => '/admin/jobs'],
  ['user groups', () => '/admin/groups'],
  ['a user group', ({ group }) => `/admin/groups/${group}`],
  [
    'adding people to a user group',
    ({ group }) => `/admin/groups/${group}/members/add?search=wolf`,
  ],
  ['roles', () => '/admin/roles'],
  ['a role', () => `/admin/roles/role?value=${LONG}`],
  ['a rule', ({ rule }) => `/admin/rules/${rule}`],
  ['mappings', () => '/admin/mappings'],
  ['choosing what to map', () => '/admin/mappings/new'],
  ['a mapping', ({ mapping }) => `/admin/mappings/${mapping}`],
  ['the log', () => '/admin/log'],
  ['secret tokens', () => '/admin/connect/tokens'],
  ['administrators', () => '/admin/administrators'],
  ['mails', () => '/admin/mails'],
  ['webhooks', () => '/admin/webhooks'],
  ['a webhook that fails', ({ webhook }) => `/admin/webhooks/${webhook}`],
  ['changing a webhook', ({ webhook }) => `/admin/webhooks/${webhook}/edit`],
  ['a delivery', ({ delivery }) => `/admin/webhooks/deliveries/${delivery}`],
]

/** Those that ask before something is done, and states that no other test looks at. */
const asking: readonly Row[] = [
  ['renaming a user group', ({ group }) => `/admin/groups/${group}/rename`],
  ['deleting a user group', ({ group }) => `/admin/groups/${group}/remove`],
  ['rules that are tried', () => '/admin/rules?person=wolf'],
  ['ending a mapping', ({ mapping }) => `/admin/mappings/${mapping}/remove`],
  ['what the log has on one', ({ user }) => `/admin/log?resource=${user}`],
  ['a request that was refused', ({ entry }) => `/admin/log/${entry}`],
  ['ending a secret token', ({ token }) => `/admin/connect/tokens/${token}/end`],
  ['forgetting the app registration', () => '/admin/connect/app/remove'],
  ['removing an administrator', ({ user }) => `/admin/administrators/${user}/remove`],
  ['keeping a mail from being sent', ({ mail }) => `/admin/mails/${mail}/cancel`],
  ['going back to the built-in words', () => '/admin/mails/words/invitation/reset'],
  ['resuming a webhook', ({ webhook }) => `/admin/webhooks/${webhook}/resume`],
  ['another secret for a webhook', ({ webhook }) => `/admin/webhooks/${webhook}/secret`],
  ['deleting a webhook', ({ webhook }) => `/admin/webhooks/${webhook}/remove`],
  ['delivering again', ({ delivery }) => `/admin/webhooks/deliveries/${delivery}/replay`],
  ['what the record has on one', ({ group }) => `/admin/record?resource=${group}`],
]

/** By how much a page leaves its window, as it is and with each menu, and each thing that is folded away, opened once. */
async function widths(page: Page): Promise<number[]> {
  return page.evaluate(`(() => {
    const over = () => document.documentElement.scrollWidth - innerWidth
    const opened = [...document.querySelectorAll('main details')].map((menu) => {
      menu.open = true
      const before = -(menu.querySelector('.sheet')?.getBoundingClientRect().left ?? 0)
      const width = Math.max(over(), before)
      menu.open = false
      return width
    })
    return [over(), ...opened]
  })()`)
}

test('names without end widen no page, and what asks about them is accessible', async () => {
  const scene = await office()
  const { page } = scene
  for (const row of [...shown, ...asking]) {
    const [name, path] = row
    const answer = await page.goto(path(scene))
    expect(answer?.status(), name).toBe(200)
    for (const width of [PHONE, NARROWEST]) {
      await page.setViewportSize({ width, height: 800 })
      expect(Math.max(...(await widths(page))), `${name}, ${width} pixels`).toBe(0)
    }
    expect(await page.getByRole('heading', { level: 1 }).count(), name).toBe(1)
    if (asking.includes(row)) await expectAccessible(page)
  }
})

test('the pages of a new installation are accessible', async () => {
  const { openConsole } = await openConsoleOffice({ encryptionKeys: [WEBHOOK_KEY] })
  const page = await openConsole()
  for (const path of ['/groups', '/roles', '/rules', '/mappings', '/log', '/mails', '/webhooks']) {
    await page.goto(`/admin${path}`)
    expect(await page.getByRole('heading', { level: 1 }).count(), path).toBe(1)
    await expectAccessible(page)
  }
})

test('the pages on which people come in are accessible, and fit the narrowest window', async () => {
  const { app, origin } = await openConsoleOffice()
  const { id } = await newPerson(app.directory, LONG, { displayName: LONG })
  const page = await openWindow(origin)
  await page.setViewportSize({ width: NARROWEST, height: 800 })
  const links = await Promise.all([newLink(app, 'setup'), newLink(app, 'invitation', id)])
  for (const path of [
    '/auth/sign-in',
    '/auth/forgotten',
    '/auth/link/spent',
    '/auth/x',
    ...links,
  ]) {
    await page.goto(path)
    expect(await page.getByRole('heading', { level: 1 }).count(), path).toBe(1)
    expect(await widths(page), path).toEqual([0])
    await expectAccessible(page)
  }
})
