import { describe, expect, test } from 'vitest'
import { hasRole } from '../../src/directory/roles.ts'
import { isActive, type User } from '../../src/directory/user.ts'
import { testApp } from '../support/app.ts'
import { newConsole, type Console } from '../support/console.ts'
import { startMailbox } from '../support/mailbox.ts'
import { newBrowserSession, newPerson, newTeam } from '../support/programs.ts'
import { newUser } from '../support/resources.ts'

const OBJECT = 'a0000000-0000-4000-8000-000000000001'
const LIST = 'search=contoso'

/** Mia and Tim are local, Leo is so too and switched off, Ina was provisioned. */
async function office(options: { readonly smtpUrl?: string } = {}) {
  const app = await testApp(options)
  const admin = await newConsole(app)
  const person = (userName: string, more = {}) => newPerson(app.directory, userName, more)
  const mia = await person('mia@contoso.example', {
    displayName: 'Mia Maiden',
    roles: [{ value: 'PM' }],
  })
  const tim = await person('tim', { displayName: 'Tim Tall' })
  const leo = await person('leo@contoso.example', { displayName: 'Leo Leaver', active: false })
  const ina = await newUser(app.scim, 'ina@contoso.example', {
    displayName: 'Ina Inbound',
    externalId: OBJECT,
  })
  const team = await newTeam(app.directory, 'Finance', mia, [])
  const all = [mia.id, tim.id, leo.id, ina.id, admin.adminId]
  const read = async ({ id }: { readonly id: string }) =>
    (await app.directory.users.read(id)) as User
  return { app, admin, mia, tim, leo, ina, team, all, read }
}

const ask = (admin: Console, what: string, ids: readonly string[], more = {}) =>
  admin.post('/admin/users/bulk', { what, id: ids, back: LIST, ...more })

/** Does what a preview asks for, and looks at the list that it leads back to. */
function confirm(admin: Console, html: string) {
  const form = html.slice(html.lastIndexOf('<form method="post" action="/admin/users/bulk/apply"'))
  const fields = [...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)]
  return admin.send(
    '/admin/users/bulk/apply',
    Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value])),
  )
}

/** Presses the button that takes back what was done. */
function undo(admin: Console, html: string) {
  const form = /<div class="note[\s\S]*?<\/form>/.exec(html)?.[0] ?? ''
  const fields = [...form.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)]
  return admin.send(
    /action="([^"]+)"/.exec(form)?.[1] ?? '',
    Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value])),
  )
}

test('nobody ticked leads back to the list, which says so', async () => {
  const { admin } = await office()
  const { words } = await admin.send('/admin/users/bulk', { what: 'off', back: LIST })
  expect(words).toMatch(/^Tick the users first\. Users /)
})

test('more than 200 at once, and what is no deed, change nothing', async () => {
  const { admin, mia } = await office()
  const many = Array.from({ length: 201 }, (_, index) => `x${index}`)
  expect((await admin.send('/admin/users/bulk', { what: 'off', id: many })).words).toMatch(
    /^At most 200 users at once\./,
  )
  expect((await admin.send('/admin/users/bulk', { what: 'eat', id: mia.id })).words).toMatch(
    /^Tick the users first\./,
  )
})

describe('switching off', () => {
  test('says in numbers and names who is switched off, and who is not and why', async () => {
    const { admin, all, read, mia } = await office()
    const { words } = await ask(admin, 'off', all)
    expect(words).toContain('Switch off 2 users?')
    expect(words).toMatch(/Will be changed User .*Mia Maiden.*Tim Tall.*Left as they are/)
    const left = words.slice(words.indexOf('Left as they are'))
    expect(left).toContain('Switched off already. User LL Leo Leaver leo@contoso.example')
    expect(left).toMatch(/Entra says who of them is active: .* User II Ina Inbound ina@contoso/)
    expect(left).toContain('That is you. User AA Ada Admin ada.admin')
    expect(isActive((await read(mia)).attributes)).toBe(true)
  })

  test('signs them out, leads back to the list, and can be undone', async () => {
    const { app, admin, all, read, mia, tim, leo, ina } = await office()
    await newBrowserSession(app.directory, mia.id)
    const done = await confirm(admin, (await ask(admin, 'off', all)).html)
    expect(done.words).toMatch(/^2 users were switched off\. Undo Users /)
    expect(done.html).toContain('name="search" value="contoso"')
    const activeOf = async () =>
      Promise.all([mia, tim, leo, ina].map(async (one) => isActive((await read(one)).attributes)))
    expect(await activeOf()).toEqual([false, false, false, true])
    expect(await app.directory.sessions.list(mia.id)).toEqual([])

    const back = await undo(admin, done.html)
    expect(back.words).toMatch(/^2 users were switched on\. Undo Users /)
    expect(await activeOf()).toEqual([true, true, false, true])
  })

  test('where nobody can be, says so without a button', async () => {
    const { admin, ina } = await office()
    const { words, html } = await ask(admin, 'off', [ina.id])
    expect(words).toContain('Nothing to do')
    expect(html).not.toContain('>Switch off<')
  })

  test('judges again when it is done: who was changed meanwhile is left out', async () => {
    const { app, admin, mia, tim, read } = await office()
    const { html } = await ask(admin, 'off', [mia.id, tim.id])
    const off = (current: User['attributes']) => ({ ...current, active: false })
    await app.directory.users.update(tim.id, undefined, off, {
      actor: 'test',
      door: 'cli',
      requestId: 'x',
    })
    const { words } = await confirm(admin, html)
    expect(words).toMatch(/^1 user was switched off\. 1 user could not be changed\. Undo/)
    expect(isActive((await read(mia)).attributes)).toBe(false)
  })
})

describe('user groups', () => {
  test('are searched for and chosen, then who joins is shown, then they join, and undo takes them out', async () => {
    const { app, admin, all, read, mia, tim, ina, team } = await office()
    await app.scim.post('/Groups', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'Finance of Entra',
    })
    const choice = await ask(admin, 'join', all)
    expect(choice.words).toContain('Add 5 users to a user group')
    expect(choice.words).not.toContain('Finance of Entra')
    const ids = all.join('.')
    const searched = await ask(admin, 'join', [], { ids, search: 'nothing', again: 'yes' })
    expect(searched.words).toContain('No user group to choose')
    const missing = await ask(admin, 'join', [], { ids, search: '' })
    expect(missing.status).toBe(400)
    expect(missing.words).toContain('Choose a user group.')

    const preview = await ask(admin, 'join', [], { ids, search: '', group: team.id })
    expect(preview.words).toContain('Add 4 users to Finance?')
    expect(preview.words).toContain('Members already. User MM Mia Maiden mia@contoso.example')
    const done = await confirm(admin, preview.html)
    expect(done.words).toMatch(/^4 users were added to Finance\. Undo/)
    const isIn = async (one: { id: string }) => (await read(one)).groups.length
    expect([await isIn(mia), await isIn(tim), await isIn(ina)]).toEqual([1, 1, 1])

    const back = await undo(admin, done.html)
    expect(back.words).toMatch(/^4 users were removed from Finance\./)
    expect([await isIn(mia), await isIn(tim), await isIn(ina)]).toEqual([1, 0, 0])
  })
})

test('what cannot be done is told, and nobody is said to be changed', async () => {
  const { app, admin, mia, read } = await office()
  const { body } = await app.scim.post('/Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: 'Finance of Entra',
  })
  const apply = (group: string) =>
    admin.send('/admin/users/bulk/apply', { what: 'join', ids: mia.id, group, back: LIST })
  const refused = await apply(String(body['id']))
  expect(refused.words).toMatch(
    /^0 users were added to Finance of Entra\. 1 user could not be changed\. .*come from Entra/,
  )
  expect((await apply('nowhere')).words).toMatch(/^Is not here any more\. Users/)
  expect((await read(mia)).groups).toHaveLength(1)
})

describe('roles', () => {
  test('are typed, given to those who have them not, and taken again with undo', async () => {
    const { admin, mia, ina, read } = await office()
    const ids = [mia.id, ina.id]
    expect((await ask(admin, 'give', ids)).words).toContain('Give 2 users a role')
    const empty = await ask(admin, 'give', ids, { role: '' })
    expect(empty.status).toBe(400)
    expect(empty.words).toContain('Say a role.')
    const preview = await ask(admin, 'give', ids, { role: 'pm' })
    expect(preview.words).toContain('Give 1 user the role pm?')
    expect(preview.words).toContain('They have the role already.')
    const has = async (one: { id: string }) => hasRole((await read(one)).attributes['roles'], 'PM')
    const done = await confirm(admin, preview.html)
    expect([await has(mia), await has(ina)]).toEqual([true, true])
    const back = await undo(admin, done.html)
    expect(back.words).toMatch(/^1 user lost the role pm\./)
    expect([await has(mia), await has(ina)]).toEqual([true, false])
  })
})

describe('invitations', () => {
  test('go to all who have an address and are active', async () => {
    const mailbox = await startMailbox()
    const { app, admin, all } = await office({ smtpUrl: mailbox.url })
    const preview = await ask(admin, 'invite', all)
    expect(preview.words).toContain('Send 2 users an invitation?')
    expect(preview.words).toContain('No e-mail address. User TT Tim Tall tim AA Ada Admin')
    expect(preview.words).toContain('Switched off. User LL Leo Leaver leo@contoso.example')
    const { words } = await confirm(admin, preview.html)
    expect(words).toMatch(/^2 invitations are on the way\. Users/)
    const mails = await app.directory.outbox.list({ limit: 10 })
    expect(mails.map(({ kind }) => kind).sort()).toEqual(['invitation', 'password-invitation'])
  })

  test('without a mail server are said to wait', async () => {
    const { admin, mia } = await office()
    const { words } = await ask(admin, 'invite', [mia.id])
    expect(words).toContain('There is no mail server yet')
  })
})

test('signing out everywhere ends the sessions of those who are ticked, and not one’s own', async () => {
  const { app, admin, mia } = await office()
  await newBrowserSession(app.directory, mia.id)
  const preview = await ask(admin, 'signOut', [mia.id, admin.adminId])
  expect(preview.words).toContain('Sign out 1 user everywhere?')
  const { words } = await confirm(admin, preview.html)
  expect(words).toMatch(/^1 user was signed out\. Users/)
  expect(await app.directory.sessions.list(mia.id)).toEqual([])
  expect(await app.directory.sessions.list(admin.adminId)).toHaveLength(1)
})
