import { describe, expect, test } from 'vitest'
import type { Directory } from '../../src/directory/store.ts'
import type { User } from '../../src/directory/user.ts'
import { problem } from '../support/admin.ts'
import { cause, PUBLIC_URL } from '../support/app.ts'
import { newBrowser } from '../support/browser.ts'
import { ada, byId, carriedOut, newScene, planned, userOf } from '../support/imports.ts'
import { startMailbox } from '../support/mailbox.ts'
import { PASSWORD } from '../support/people.ts'
import { newBrowserSession, newClientSession, newPerson, type Answer } from '../support/programs.ts'
import { GROUP, USER } from '../support/resources.ts'
import { otherDirectory, recorded } from '../support/store.ts'

async function newGroup({ groups }: Directory, displayName: string): Promise<string> {
  const members = { kind: 'set', members: [] } as const
  return (await groups.create({ attributes: { displayName }, members, origin: 'local' }, cause)).id
}

/** A local user, one whom provisioning made, one who was imported, and a stranger; a group of each kind. */
async function newOffice(options: { readonly smtpUrl?: string } = {}) {
  const scene = await newScene(options)
  const { app } = scene
  const { directory } = app
  await carriedOut(scene, (await planned(scene, byId(ada))).plan)
  const imported = String((await userOf(scene, ada))?.id)
  const local = await newPerson(directory, 'grace', {
    displayName: 'Grace',
    roles: [{ value: 'PM', display: 'Manager' }],
  })
  const pushed = await app.scim.post('/Users', { schemas: [USER], userName: 'pushed@x.example' })
  const team = await app.scim.post('/Groups', { schemas: [GROUP], displayName: 'Pushed' })
  const other = await otherDirectory(app)
  const stranger = await newPerson(other, 'stranger')
  return {
    ...scene,
    directory,
    local,
    imported,
    pushed: String(pushed.body['id']),
    stranger: stranger.id,
    sales: await newGroup(directory, 'Sales'),
    pushedGroup: String(team.body['id']),
    strangeGroup: await newGroup(other, 'Strange'),
  }
}

type Office = Awaited<ReturnType<typeof newOffice>>

const errorsOf = ({ body }: Answer) => body['errors'] as { pointer: string }[] | undefined
const pointersOf = (answer: Answer) => (errorsOf(answer) ?? []).map(({ pointer }) => pointer)

/** What a request leaves in the record, without the admin's own sessions. */
async function told(office: Office, work: () => Promise<unknown>) {
  const events = await recorded(office.directory, work)
  const admin = await office.directory.users.named('admin')
  for (const { actor, door } of events) {
    expect([actor, door]).toStrictEqual([`user:${admin?.id}`, 'admin'])
  }
  return events.map(({ action, resourceId }) => [action, resourceId])
}

const read = async ({ directory }: Office, id: string) => (await directory.users.read(id)) as User

describe('making a local user', () => {
  test('gives an active one with its groups and role, in one go', async () => {
    const office = await newOffice()
    let answer: Answer | undefined
    const events = await told(office, async () => {
      answer = await office.api.post('/users', {
        userName: ' joan ',
        displayName: 'Joan Clarke',
        givenName: 'Joan',
        familyName: 'Clarke',
        email: 'joan@contoso.example',
        mobile: '+44 1',
        groups: [office.sales, office.group],
        role: 'PM',
      })
    })
    const id = String(answer?.body['id'])
    expect(answer?.status).toBe(201)
    expect(answer?.headers.get('location')).toBe(`${PUBLIC_URL}/admin/api/users/${id}`)
    expect(answer?.body).toMatchObject({
      userName: 'joan',
      origin: 'local',
      active: true,
      linked: false,
      provisioned: false,
      roles: ['PM'],
      attributes: {
        name: { givenName: 'Joan', familyName: 'Clarke' },
        emails: [{ value: 'joan@contoso.example', type: 'work', primary: true }],
        phoneNumbers: [{ value: '+44 1', type: 'mobile' }],
      },
    })
    expect(answer?.body).not.toHaveProperty('passwordLink')
    expect((await read(office, id)).groups.map((group) => group.id).sort()).toStrictEqual(
      [office.sales, office.group].sort(),
    )
    expect((await office.api.get(`/users/${id}/why`)).body['groups']).toMatchObject([
      { source: { kind: 'hand' } },
      { source: { kind: 'hand' } },
    ])
    expect(events).toStrictEqual([
      ['user.created', id],
      ['group.updated', office.sales],
      ['group.updated', office.group],
    ])
  })

  test('shows a link to choose a password, with which the user gets in', async () => {
    const { api, app } = await newOffice()
    const { body } = await api.post('/users', { userName: 'joan', invite: 'shown' })
    const { url } = body['passwordLink'] as { url: string }
    const chosen = { password: PASSWORD, again: PASSWORD }
    expect((await newBrowser(app).post(url.slice(PUBLIC_URL.length), chosen)).status).toBe(303)
    const typed = { userName: 'joan', password: PASSWORD }
    expect((await newBrowser(app).post('/auth/sign-in', typed)).status).toBe(303)
    expect((await api.get(`/users/${String(body['id'])}`)).text).not.toContain('auth/link')
  })

  test('mails that link, when that is wanted', async () => {
    const mailbox = await startMailbox()
    const { api } = await newOffice({ smtpUrl: mailbox.url })
    const joan = { userName: 'joan', email: 'joan@contoso.example', invite: 'mailed' }
    const { status, body } = await api.post('/users', joan)
    expect(status).toBe(201)
    expect(body).not.toHaveProperty('passwordLink')
    await expect.poll(() => mailbox.mails).toMatchObject([{ to: ['joan@contoso.example'] }])
    expect(mailbox.mails[0]?.text).toMatch(/\/auth\/link\/entrance_\S+/)
  })

  test.each<[string, (office: Office) => object, number, string[]]>([
    ['without a user name', () => ({}), 400, ['#/userName']],
    ['with a blank one', () => ({ userName: '  ' }), 400, ['#/userName']],
    ['with a name that another has', () => ({ userName: 'GRACE' }), 409, ['#/userName']],
    ['with an address that is none', () => ({ userName: 'x', email: 'x' }), 400, ['#/email']],
    ['with what nobody knows', () => ({ userName: 'x', active: true }), 400, ['#/active']],
    [
      'with a group that is not there',
      () => ({ userName: 'x', groups: ['x'] }),
      400,
      ['#/groups/0'],
    ],
    [
      'with a group of another organisation',
      ({ sales, strangeGroup }) => ({ userName: 'x', groups: [sales, strangeGroup] }),
      400,
      ['#/groups/1'],
    ],
    [
      'with a group of Entra',
      ({ sales, pushedGroup }) => ({ userName: 'x', groups: [sales, pushedGroup] }),
      409,
      ['#/groups/1'],
    ],
    ['with a mail that nobody can send', () => ({ userName: 'x', invite: 'mailed' }), 409, []],
  ])('is refused %s, and nothing is left', async (_, body, status, pointers) => {
    const office = await newOffice()
    const events = await told(office, async () => {
      const answer = await office.api.post('/users', body(office))
      expect(problem(answer).status).toBe(status)
      expect(pointersOf(answer)).toStrictEqual(pointers)
    })
    expect(events).toStrictEqual([])
  })

  test('is refused where a mail has nowhere to go', async () => {
    const mailbox = await startMailbox()
    const { api, directory } = await newOffice({ smtpUrl: mailbox.url })
    const answer = await api.post('/users', { userName: 'joan', invite: 'mailed' })
    expect([problem(answer).status, pointersOf(answer)]).toStrictEqual([400, ['#/email']])
    expect(await directory.users.named('joan')).toBeUndefined()
  })

  test.each<[string, (office: Office) => object]>([
    ['whose mail cannot be queued', () => ({ passwordLink: 'mailed' })],
    [
      'with a group that Entra fills',
      ({ sales, pushedGroup }) => ({ groups: [sales, pushedGroup] }),
    ],
  ])('leaves nothing of a user %s, whatever was looked at before', async (_, given) => {
    const office = await newOffice()
    const { directory, sales } = office
    const attributes = { userName: 'joan', active: true }
    const joan = { attributes, groups: [sales], ...given(office) }
    const work = async () =>
      expect(directory.byHand.createUser(joan, cause)).rejects.toMatchObject({ code: 'conflict' })
    expect(await recorded(directory, work)).toStrictEqual([])
    expect(await directory.users.named('joan')).toBeUndefined()
  })

  test('succeeds once of several at the same time', async () => {
    const { api } = await newOffice()
    const answers = await Promise.all([1, 2, 3].map(() => api.post('/users', { userName: 'joan' })))
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      201, 409, 409,
    ])
    const [refused] = answers.filter(({ status }) => status === 409)
    expect(refused && pointersOf(refused)).toStrictEqual(['#/userName'])
  })
})

describe('changing a user', () => {
  test.each<[string, object, object]>([
    ['the user name', { userName: 'hopper' }, { userName: 'hopper' }],
    ['the letter case of it', { userName: 'Grace' }, { userName: 'Grace' }],
    ['a part of the name', { familyName: 'Hopper' }, { name: { familyName: 'Hopper' } }],
    ['the address', { email: 'g@x.example' }, { emails: [{ value: 'g@x.example', type: 'work' }] }],
    ['the number', { mobile: '1' }, { phoneNumbers: [{ value: '1', type: 'mobile' }] }],
    [
      'roles, where one that stays is kept as it is',
      { roles: ['pm', 'Designer'] },
      { roles: [{ value: 'PM', display: 'Manager' }, { value: 'Designer' }] },
    ],
    ['roles, one for another', { roles: ['Designer'] }, { roles: [{ value: 'Designer' }] }],
  ])('changes %s of a local one', async (_, body, attributes) => {
    const office = await newOffice()
    const { id } = office.local
    const events = await told(office, async () => {
      expect((await office.api.post(`/users/${id}`, body)).body).toMatchObject({ attributes })
    })
    expect((await read(office, id)).attributes).toMatchObject(attributes)
    expect(events).toStrictEqual([['user.updated', id]])
  })

  test('takes away what is null, and all roles', async () => {
    const office = await newOffice()
    const { id } = office.local
    await office.api.post(`/users/${id}`, { givenName: 'Grace', email: 'g@x.example', mobile: '1' })
    const nothing = { displayName: null, givenName: null, email: null, mobile: null, roles: [] }
    const { status } = await office.api.post(`/users/${id}`, nothing)
    expect(status).toBe(200)
    expect((await read(office, id)).attributes).toStrictEqual({ userName: 'grace', active: true })
  })

  test('that changes nothing is no change', async () => {
    const office = await newOffice()
    const { id, version } = office.local
    const name = { formatted: 'G. Hopper', givenName: 'Grace' }
    const named = (current: User['attributes']) => ({ ...current, name })
    await office.directory.users.update(id, undefined, named, cause)
    const same = { userName: 'grace', givenName: 'Grace', mobile: null, roles: ['PM'] }
    const events = await told(office, async () => {
      expect((await office.api.post(`/users/${id}`, same)).status).toBe(200)
    })
    expect(events).toStrictEqual([])
    expect((await read(office, id)).version).toBe(version + 1)
  })

  test.each<[string, object, number, string[]]>([
    ['a name that another has', { userName: 'Admin' }, 409, ['#/userName']],
    ['no user name', { userName: null }, 400, ['#/userName']],
    ['an address that is none', { email: 'x y' }, 400, ['#/email']],
    ['a role that is blank', { roles: ['PM', ' '] }, 400, ['#/roles/1']],
    ['what is done elsewhere', { active: false }, 400, ['#/active']],
  ])('is refused for %s', async (_, body, status, pointers) => {
    const { api, local } = await newOffice()
    const answer = await api.post(`/users/${local.id}`, body)
    expect(problem(answer).status).toBe(status)
    expect(pointersOf(answer)).toStrictEqual(pointers)
  })

  test.each<[string, (office: Office) => string]>([
    ['was imported', ({ imported }) => imported],
    ['provisioning made', ({ pushed }) => pushed],
  ])('whom Entra owns because it %s changes roles alone', async (_, whom) => {
    const office = await newOffice()
    const id = whom(office)
    const before = await read(office, id)
    const answer = await office.api.post(`/users/${id}`, { userName: 'x', email: null, roles: [] })
    expect(problem(answer)).toStrictEqual({ status: 409, code: 'conflict' })
    expect(pointersOf(answer)).toStrictEqual(['#/userName', '#/email'])
    expect(await read(office, id)).toStrictEqual(before)
    const { body } = await office.api.post(`/users/${id}`, { roles: ['Tester'] })
    expect(body).toMatchObject({ roles: ['Tester'], userName: before.attributes['userName'] })
  })
})

describe('the groups of a user', () => {
  test('are joined and left by hand, also by whom Entra owns', async () => {
    const office = await newOffice()
    const { api, imported, group, sales } = office
    const events = await told(office, async () => {
      const { status, body } = await api.post(`/users/${imported}/groups`, {
        join: [sales],
        leave: [group],
      })
      expect(status).toBe(200)
      expect(body['groups']).toStrictEqual([{ id: sales, displayName: 'Sales' }])
    })
    expect(events).toStrictEqual([
      ['group.updated', sales],
      ['group.updated', group],
    ])
    const again = await told(office, () =>
      api.post(`/users/${imported}/groups`, { join: [sales], leave: [group] }),
    )
    expect(again).toStrictEqual([])
  })

  test.each<[string, (office: Office) => object, number, string[]]>([
    ['is not there', () => ({ join: ['x'] }), 400, ['#/join/0']],
    [
      'is another organisation’s',
      ({ strangeGroup }) => ({ join: [strangeGroup] }),
      400,
      ['#/join/0'],
    ],
    ['Entra fills', ({ pushedGroup }) => ({ join: [pushedGroup] }), 409, ['#/join/0']],
    [
      'Entra fills, when it is left',
      ({ sales, pushedGroup }) => ({ leave: [sales, pushedGroup] }),
      409,
      ['#/leave/1'],
    ],
    ['is joined and left', ({ sales }) => ({ join: [sales], leave: [sales] }), 400, ['#/leave/0']],
  ])('do not change where one of them %s', async (_, body, status, pointers) => {
    const office = await newOffice()
    const events = await told(office, async () => {
      const answer = await office.api.post(`/users/${office.local.id}/groups`, body(office))
      expect(problem(answer).status).toBe(status)
      expect(pointersOf(answer)).toStrictEqual(pointers)
    })
    expect(events).toStrictEqual([])
  })

  test('all change or none does, whatever was looked at before', async () => {
    const { directory, local, sales, pushedGroup } = await newOffice()
    const { byHand } = directory
    const groups = { join: [sales], leave: [pushedGroup] }
    const refused = { code: 'conflict' }
    await expect(byHand.changeGroups(local.id, groups, cause)).rejects.toMatchObject(refused)
    expect((await directory.users.read(local.id))?.groups).toStrictEqual([])
  })
})

describe('deactivating and activating', () => {
  test('shuts a local user out everywhere and lets it in again', async () => {
    const office = await newOffice()
    const { api, directory, local } = office
    await newBrowserSession(directory, local.id)
    await newClientSession(directory, local.id)
    const events = await told(office, async () => {
      const off = await api.post(`/users/${local.id}/deactivate`)
      expect(off).toMatchObject({ status: 200, body: { active: false } })
      expect(await directory.sessions.list(local.id)).toStrictEqual([])
      await api.post(`/users/${local.id}/deactivate`)
      const on = await api.post(`/users/${local.id}/activate`)
      expect(on).toMatchObject({ status: 200, body: { active: true } })
    })
    expect(events).toStrictEqual([
      ['user.deactivated', local.id],
      ['user.reactivated', local.id],
    ])
  })

  test.each<[string, (office: Office) => string]>([
    ['was imported', ({ imported }) => imported],
    ['provisioning made', ({ pushed }) => pushed],
  ])('is for Entra to say of whom it owns because it %s', async (_, whom) => {
    const office = await newOffice()
    const id = whom(office)
    const events = await told(office, async () => {
      for (const verb of ['deactivate', 'activate']) {
        const answer = await office.api.post(`/users/${id}/${verb}`)
        expect(problem(answer).status).toBe(409)
        expect(answer.body['detail']).toMatch(/^Entra says whether this user is active/)
      }
    })
    expect(events).toStrictEqual([])
  })
})

describe('removing', () => {
  test('takes a local user away, with its sessions and memberships', async () => {
    const office = await newOffice()
    const { api, directory, local, sales } = office
    await api.post(`/users/${local.id}/groups`, { join: [sales] })
    await newBrowserSession(directory, local.id)
    const events = await told(office, async () => {
      expect((await api.post(`/users/${local.id}/remove`)).status).toBe(204)
    })
    expect(events).toStrictEqual([['user.deleted', local.id]])
    expect(problem(await api.get(`/users/${local.id}`)).status).toBe(404)
    expect(await directory.sessions.list(local.id)).toStrictEqual([])
    expect((await directory.groups.read(sales, true))?.members).toStrictEqual([])
  })

  test('takes an imported user away', async () => {
    const { api, imported, directory } = await newOffice()
    expect((await api.post(`/users/${imported}/remove`)).status).toBe(204)
    expect(await directory.users.read(imported)).toBeUndefined()
  })

  test('leaves a user whom provisioning made, and says where to take it away', async () => {
    const { api, pushed, directory } = await newOffice()
    const answer = await api.post(`/users/${pushed}/remove`)
    expect(problem(answer).status).toBe(409)
    expect(answer.body['detail']).toContain('take the application from the person at Entra')
    expect(await directory.users.read(pushed)).toBeDefined()
  })
})

test.each(['', '/groups', '/deactivate', '/activate', '/remove'])(
  'a user of another organisation is not there for POST /users/{id}%s',
  async (verb) => {
    const { api, stranger } = await newOffice()
    expect(problem(await api.post(`/users/${stranger}${verb}`))).toStrictEqual({
      status: 404,
      code: 'notFound',
    })
  },
)
