import { describe, expect, test } from 'vitest'
import type { User } from '../../src/directory/user.ts'
import { cause, testApp } from '../support/app.ts'
import { newConsole } from '../support/console.ts'
import { startMailbox } from '../support/mailbox.ts'
import { newLocalUser } from '../support/people.ts'
import { newBrowserSession, newClientSession, newPerson, newTeam } from '../support/programs.ts'
import { newUser } from '../support/resources.ts'

const TENANT = '11111111-1111-4111-8111-111111111111'
const OBJECT = 'a0000000-0000-4000-8000-000000000001'

async function office(options: { readonly smtpUrl?: string } = {}) {
  const app = await testApp(options)
  await app.store.organisations.setTenant('default', TENANT, cause)
  const admin = await newConsole(app)
  const mia = await newPerson(app.directory, 'mia@contoso.example', {
    displayName: 'Mia Maiden',
    name: { givenName: 'Mia' },
    roles: [{ value: 'PM' }],
  })
  const ina = await newUser(app.scim, 'ina@contoso.example', {
    displayName: 'Ina Inbound',
    externalId: OBJECT,
  })
  const team = await newTeam(app.directory, 'Finance', mia, ['money.count', 'money.see'])
  const read = async ({ id }: { readonly id: string }) =>
    (await app.directory.users.read(id)) as User
  return { app, admin, mia, ina, team, read, at: (one: { id: string }) => `/admin/users/${one.id}` }
}

const parts = ['', '/access', '/sign-in', '/history', '/why'] as const

describe('every part of the page', () => {
  test.each(parts)('%s is there for a local user, and for one of Entra', async (part) => {
    const { admin, mia, ina, at } = await office()
    for (const [user, name, badge] of [
      [mia, 'Mia Maiden mia@contoso.example Local', 'Edit profile'],
      [ina, 'Ina Inbound ina@contoso.example Linked', 'Sync now'],
    ] as const) {
      const { status, words, html } = await admin.get(`${at(user)}${part}`)
      expect(status).toBe(200)
      expect(words).toContain(name)
      expect(words).toContain(badge)
      expect(html).toMatch(new RegExp(`href="${at(user)}${part}" aria-current="page"`))
    }
  })

  test.each(parts)('%s of nobody is a page that says so', async (part) => {
    const { admin } = await office()
    const { status, words } = await admin.get(`/admin/users/nobody${part}`)
    expect(status).toBe(404)
    expect(words).toContain('There is nothing here')
  })

  test.each([
    ['no name', { displayName: '' }, 'strange'],
    [
      'a very long name',
      { displayName: 'Wolfeschlegelsteinhausen'.repeat(20) },
      'Wolfeschlegelstein',
    ],
    ['4-byte characters', { displayName: '𝒜da 👩‍🚀' }, '𝒜da 👩‍🚀'],
    ['a name from right to left', { displayName: 'עדה לאבלייס' }, 'עדה לאבלייס'],
    [
      'markup for a name',
      { displayName: '<script>alert(1)</script>' },
      '<script>alert(1)</script>',
    ],
  ])('is there for somebody with %s', async (_, more, seen) => {
    const { app, admin, at } = await office()
    const user = await newPerson(app.directory, 'strange', more)
    for (const part of parts) {
      const { status, words, html } = await admin.get(`${at(user)}${part}`)
      expect(status).toBe(200)
      expect(words).toContain(seen)
      expect(html).not.toContain('<script>alert')
    }
  })

  test('of somebody in 200 groups shows them fifty at a time', async () => {
    const { app, admin, mia, at } = await office()
    const join: string[] = []
    for (let index = 100; index < 300; index += 1) {
      const members = { kind: 'set', members: [] } as const
      const attributes = { displayName: `Team ${index}` }
      join.push(
        (await app.directory.groups.create({ attributes, members, origin: 'local' }, cause)).id,
      )
    }
    for (let from = 0; from < join.length; from += 50) {
      const moves = { join: join.slice(from, from + 50), leave: [] }
      await app.directory.byHand.changeGroups(mia.id, moves, cause)
    }
    expect((await admin.get(at(mia))).words).toContain('and 195 more')
    const first = await admin.get(`${at(mia)}/access`)
    expect(first.words).toContain('1 to 50 of 201')
    expect(first.html.length).toBeLessThan(90_000)
    const last = await admin.get(`${at(mia)}/access?groups=200`)
    expect(last.words).toContain('201 to 201 of 201')
    expect((await admin.get(`${at(mia)}/why`)).words).toContain('and 193 more')
  })
})

describe('the profile', () => {
  test('says who owns which field', async () => {
    const { app, admin, mia, ina, at } = await office()
    const local = (await admin.get(at(mia))).words
    expect(local).toContain('All of this is changed here.')
    expect(local).toContain('User name mia@contoso.example Name Mia Maiden First name Mia')
    const linked = (await admin.get(at(ina))).words
    expect(linked).toContain('Entra owns all of this')
    expect(linked).toContain('User name ina@contoso.example')
    const attributes = { userName: 'tom', active: true, title: 'Planner' }
    const titled = await app.directory.users.create({ attributes, origin: 'local' }, cause)
    const both = (await admin.get(at(titled.user))).words
    expect(both).toContain('User name tom Here')
    expect(both).toContain('Job title Planner Kept as it came')
  })

  test('of a local user is edited, and only what was changed', async () => {
    const { admin, mia, at, read } = await office()
    const before = await admin.get(`${at(mia)}/edit`)
    expect(before.html).toContain('name="givenName"')
    const fields = {
      userName: 'mia@contoso.example',
      displayName: 'Mia Married',
      givenName: '',
      familyName: 'Married',
      email: '',
      mobile: '',
    }
    const after = await admin.send(`${at(mia)}/edit`, fields)
    expect(after.words).toMatch(/^Mia Married was saved\./)
    const { attributes } = await read(mia)
    expect(attributes).toMatchObject({
      displayName: 'Mia Married',
      name: { familyName: 'Married' },
    })
    expect(attributes['name']).toStrictEqual({ familyName: 'Married' })
  })

  test('keeps what could not be typed here, as long as nobody changes it', async () => {
    const { app, admin, at, read } = await office()
    const mobile = '1'.repeat(80)
    const user = await newPerson(app.directory, 'leo', {
      phoneNumbers: [{ type: 'mobile', value: mobile }],
    })
    const saved = await admin.send(`${at(user)}/edit`, {
      userName: 'leo',
      givenName: 'Leo',
      mobile,
    })
    expect(saved.words).toMatch(/^leo was saved\./)
    expect((await read(user)).attributes).toMatchObject({
      name: { givenName: 'Leo' },
      phoneNumbers: [{ value: mobile }],
    })
  })

  test('that cannot be saved is shown as it was typed, with what is wrong', async () => {
    const { admin, mia, at, read } = await office()
    const { status, words, html } = await admin.post(`${at(mia)}/edit`, {
      userName: 'ada.admin',
      displayName: 'Somebody else',
      givenName: 'Mia',
    })
    expect(status).toBe(400)
    expect(words).toContain('Another user has this user name.')
    expect(html).toContain('value="Somebody else"')
    expect((await read(mia)).attributes['displayName']).toBe('Mia Maiden')
  })

  test('of a user of Entra is not edited here', async () => {
    const { admin, ina, at } = await office()
    const { words, html } = await admin.get(`${at(ina)}/edit`)
    expect(words).toContain('Entra owns the profile')
    expect(html).not.toContain('name="displayName"')
    const refused = await admin.post(`${at(ina)}/edit`, { userName: 'other' })
    expect(refused.status).toBe(400)
  })
})

describe('groups and roles', () => {
  test('say how they came, who gave them, and what they let somebody do', async () => {
    const { admin, mia, at, team } = await office()
    await admin.send(`${at(mia)}/leave`, { group: team.id })
    await admin.send(`${at(mia)}/join`, { group: team.id })
    const { words } = await admin.get(`${at(mia)}/access`)
    expect(words).toContain('Finance By hand, Ada Admin just now Remove from Finance')
    expect(words).toContain('PM By hand')
    expect(words).toContain('money.count Finance money.see Finance')
  })

  test('are taken away, and come back with undo', async () => {
    const { admin, mia, at, team, read } = await office()
    const out = await admin.send(`${at(mia)}/leave`, { group: team.id })
    expect(out.words).toMatch(/^Mia Maiden was removed from Finance\. Undo/)
    expect(out.html).toContain(
      `action="${at(mia)}/join"><input type="hidden" name="group" value="${team.id}"`,
    )
    expect((await read(mia)).groups).toEqual([])
    const role = await admin.send(`${at(mia)}/take`, { role: 'PM' })
    expect(role.words).toMatch(/^Mia Maiden lost the role PM\. Undo/)
    expect(role.words).toContain('May do nothing in the application')
    await admin.send(`${at(mia)}/give`, { role: 'PM' })
    expect((await read(mia)).attributes['roles']).toEqual([{ value: 'PM' }])
  })

  test('are found by name, without those whose members come from Entra', async () => {
    const { app, admin, mia, at, team } = await office()
    const { id } = await app.scim
      .post('/Groups', {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
        displayName: 'Finance of Entra',
      })
      .then(({ body }) => body as { id: string })
    const found = await admin.get(`${at(mia)}/join?search=finance`)
    expect(found.words).toContain('Finance Member')
    expect(found.words).not.toContain('Finance of Entra')
    expect((await admin.get(`${at(mia)}/join?search=zzz`)).words).toContain('No user group to add')
    const refused = await admin.send(`${at(mia)}/join`, { group: id })
    expect(refused.words).toMatch(/^The members of this group come from Entra/)
    expect(team.id).not.toBe(id)
  })

  test.each([
    ['without words', '', 'Say a role.'],
    ['too long', 'x'.repeat(201), 'At most 200 characters.'],
  ])('a role %s is refused in words', async (_, role, words) => {
    const { admin, mia, at } = await office()
    expect((await admin.send(`${at(mia)}/give`, { role })).words).toContain(words)
  })
})

describe('sign-in', () => {
  test('shows sessions, ends one, and then all', async () => {
    const { app, admin, mia, at } = await office()
    const one = await newBrowserSession(app.directory, mia.id)
    await newClientSession(app.directory, mia.id)
    const { words } = await admin.get(`${at(mia)}/sign-in`)
    expect(words).toContain('Application Application, Microsoft Entra ID')
    expect(words).toContain('Browser Browser, Password')
    expect((await admin.get(at(mia))).words).toContain('in 2 sessions')

    await admin.send(`${at(mia)}/end-session`, { session: one.id })
    expect((await app.directory.sessions.list(mia.id)).map(({ kind }) => kind)).toEqual(['client'])
    expect((await admin.get(`${at(mia)}/sign-out`)).words).toContain('1 session ends at once')
    const out = await admin.send(`${at(mia)}/sign-out`)
    expect(out.words).toMatch(/^Mia Maiden is signed out: 1 session ended\./)
    expect(await app.directory.sessions.list(mia.id)).toEqual([])
  })

  test('ends no session of somebody else', async () => {
    const { app, admin, mia, at } = await office()
    const [own] = await app.directory.sessions.list(admin.adminId)
    await admin.send(`${at(mia)}/end-session`, { session: String(own?.id) })
    expect(await app.directory.sessions.list(admin.adminId)).toHaveLength(1)
  })

  test('sends invitations, and tells what became of them', async () => {
    const mailbox = await startMailbox()
    const { app, admin, mia, at } = await office({ smtpUrl: mailbox.url })
    const { words } = await admin.send(`${at(mia)}/invite`)
    expect(words).toMatch(/^The invitation is on its way\./)
    const stateOf = async () => (await app.directory.outbox.list({ limit: 1 }))[0]?.state
    await expect.poll(stateOf).toBe('sent')
    expect((await admin.get(`${at(mia)}/sign-in`)).words).toContain(
      'Invitation with password link mia@contoso.example Sent',
    )
  })

  test('says that an invitation waits where there is no mail server, or that there is no address', async () => {
    const { app, admin, mia, at } = await office()
    expect((await admin.send(`${at(mia)}/invite`)).words).toMatch(/^The invitation waits: /)
    const { id } = await newPerson(app.directory, 'tim')
    expect((await admin.get(`/admin/users/${id}/sign-in`)).words).toContain('has no e-mail address')
    expect((await admin.send(`/admin/users/${id}/invite`)).words).toMatch(/^[^.]*address/)
  })

  test('makes a password link, valid for a week for who has none yet, and for an hour for who has', async () => {
    const { app, admin, mia, at } = await office()
    const link = await admin.post(`${at(mia)}/password-link`)
    expect(link.words).toContain('A link for Mia Maiden')
    expect(link.html).toContain('datetime="2026-03-09T08:00:00.000Z"')
    const grace = await newLocalUser(app, 'grace')
    const other = await admin.post(`${at(grace)}/password-link`)
    expect(other.html).toContain('datetime="2026-03-02T09:00:00.000Z"')
  })

  test('makes none for a user of Entra', async () => {
    const { admin, ina, at } = await office()
    const { words } = await admin.send(`${at(ina)}/password-link`)
    expect(words).toMatch(/^[^.]*Entra/)
    expect((await admin.get(`${at(ina)}/sign-in`)).words).not.toContain('Make a password link')
  })
})

describe('switching off and on', () => {
  test('says what ends, does it, and is undone', async () => {
    const { app, admin, mia, at, read } = await office()
    await newBrowserSession(app.directory, mia.id)
    const asked = await admin.get(`${at(mia)}/off`)
    expect(asked.words).toContain('Switch off Mia Maiden? 1 session ends at once. ')
    const off = await admin.send(`${at(mia)}/off`)
    expect(off.words).toMatch(/^Mia Maiden is switched off\. Undo/)
    expect(off.html).toContain(`action="${at(mia)}/on"`)
    expect((await read(mia)).attributes['active']).toBe(false)
    const on = await admin.send(`${at(mia)}/on`)
    expect(on.words).toMatch(/^Mia Maiden is active again\. Undo/)
    expect((await read(mia)).attributes['active']).toBe(true)
  })

  test('of a user of Entra says where it is done', async () => {
    const { admin, ina, at } = await office()
    const { words, html } = await admin.get(`${at(ina)}/off`)
    expect(words).toContain('Entra says whether this user is active')
    expect(html).not.toContain('type="submit" class="danger"')
    expect((await admin.send(`${at(ina)}/off`)).words).toMatch(/^Entra says whether/)
  })

  test('of the last administrator is refused in words', async () => {
    const { admin } = await office()
    const path = `/admin/users/${admin.adminId}`
    expect((await admin.get(`${path}/off`)).words).toContain('That is you')
    expect((await admin.send(`${path}/off`)).words).toMatch(/^[^.]*administrator/)
  })
})

describe('deleting', () => {
  test('says what goes, and does it', async () => {
    const { admin, mia, at, read } = await office()
    const asked = await admin.get(`${at(mia)}/delete`)
    expect(asked.words).toContain('its place in 1 user group')
    const gone = await admin.send(`${at(mia)}/delete`)
    expect(gone.words).toMatch(/^Mia Maiden was deleted\. Users /)
    expect(await read(mia)).toBeUndefined()
  })

  test('of whom provisioning made says where it is done', async () => {
    const { admin, ina, at, read } = await office()
    const { words, html } = await admin.get(`${at(ina)}/delete`)
    expect(words).toContain('Ina Inbound cannot be deleted here')
    expect(html).not.toContain('type="submit" class="danger"')
    expect((await admin.send(`${at(ina)}/delete`)).words).toMatch(/^Provisioning made this user/)
    expect(await read(ina)).toBeDefined()
  })
})

describe('why', () => {
  test('explains who can sign in and what it comes of', async () => {
    const { admin, ina, mia, at } = await office()
    const { words } = await admin.get(`${at(ina)}/why`)
    expect(words).toContain(
      'Ina Inbound can sign in , but has no access yet: no user group and no role.',
    )
    expect(words).toContain('It is linked to an account of Entra')
    const local = await admin.get(`${at(mia)}/why`)
    expect(local.words).toContain('Mia Maiden cannot sign in')
    expect(local.words).toContain('has no password. Send invitation Make a password link')
    expect(local.words).toContain('May do 2 things: money.count · Finance money.see · Finance')
  })

  test('of who is switched off leads to the switch, and tells times as the reader has them', async () => {
    const { admin, mia, at } = await office()
    await admin.send(`${at(mia)}/off`)
    await admin.post(`${at(mia)}/password-link`)
    const { words, html } = await admin.get(`${at(mia)}/why`)
    expect(words).toContain('The account is switched off. By hand, Ada Admin')
    expect(html).toContain(`action="${at(mia)}/on"`)
    expect(words).toContain('A link to choose a password is valid until 9 Mar 2026, 08:00 UTC ,')
    expect(words).toContain('May do nothing while the account is switched off.')
  })

  test.each([
    ['that the user has', 'money.count', /Yes: money\.count comes through Finance/],
    [
      'that somebody else has',
      'doors.open',
      /No: nothing gives doors\.open to this user\. It comes with Guards Add to this group/,
    ],
    ['that nobody has', 'moon.fly', /No user group and no role gives it yet\./],
  ])('answers about a permission %s', async (_, permission, answer) => {
    const { app, admin, mia, ina, at } = await office()
    await newTeam(app.directory, 'Guards', ina as unknown as User, ['doors.open'])
    const { words } = await admin.get(`${at(mia)}/why?permission=${permission}`)
    expect(words).toMatch(answer)
  })
})
