import { describe, expect, test } from 'vitest'
import { newAdmin, problem } from '../support/admin.ts'
import { cause, testApp } from '../support/app.ts'
import { ada, byId, carriedOut, newScene, planned, userOf } from '../support/imports.ts'
import { newBrowserSession, newPerson } from '../support/programs.ts'
import { ENTERPRISE } from '../support/resources.ts'
import { otherDirectory } from '../support/store.ts'

async function newOffice() {
  const app = await testApp()
  const { directory } = app
  const api = await newAdmin(app)
  const grace = await newPerson(directory, 'g.hopper', {
    displayName: 'Grace Hopper',
    emails: [{ value: 'Grace@Navy.example', type: 'work', primary: true }],
    roles: [{ value: 'PM' }],
    title: 'Admiral',
    [ENTERPRISE]: { department: 'Compilers' },
  })
  await newPerson(directory, 'j.clarke', { displayName: 'Joan Clarke', title: 'Analyst' })
  await newPerson(directory, 'linus', { displayName: 'Grace Linus', active: false })
  await app.scim.post('/Users', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: 'pushed@contoso.example',
  })
  const other = await otherDirectory(app)
  const stranger = await newPerson(other, 'stranger', { displayName: 'Grace Stranger' })
  return { app, api, grace, stranger }
}

const namesIn = (body: Readonly<Record<string, unknown>>) =>
  (body['items'] as { userName: string }[]).map(({ userName }) => userName)

describe('the list of users', () => {
  test.each([
    [
      'everybody by name, local users among them',
      '',
      5,
      'admin g.hopper linus j.clarke pushed@contoso.example',
    ],
    [
      'everybody by name, the other way round',
      '?sort=-name&count=2',
      5,
      'pushed@contoso.example j.clarke',
    ],
    ['the oldest first', '?sort=created&count=2', 5, 'admin g.hopper'],
    ['the newest first', '?sort=-created&count=2', 5, 'pushed@contoso.example linus'],
    ['a word of the display name', '?search=hopper', 1, 'g.hopper'],
    ['the beginning of a user name, as it is typed', '?search=J.CL', 1, 'j.clarke'],
    ['nobody for the domain of who has a name', '?search=navy', 0, ''],
    ['a part of the address of who has no name', '?search=contoso', 1, 'pushed@contoso.example'],
    ['an e-mail address as far as it is typed', '?search=grace%40na', 1, 'g.hopper'],
    ['nobody for the middle of a word', '?search=opper', 0, ''],
    ['several users with one word', '?search=grace', 2, 'g.hopper linus'],
    ['only who has every word', '?search=%20grace%20%20hop', 1, 'g.hopper'],
    ['nobody for words of two people', '?search=grace%20clarke', 0, ''],
    [
      'a name as a list has it',
      '?search=Hopper%2C%20Grace%20%3Cgrace%40navy.example%3E',
      1,
      'g.hopper',
    ],
    ['text that a filter would take for something else', '?search=%22%20or%20title%20pr', 0, ''],
    ['everybody for what holds no word', '?search=%20-%20&count=1', 5, 'admin'],
    ['who is active', '?status=active&search=grace', 1, 'g.hopper'],
    ['who is not active', '?status=inactive', 1, 'linus'],
    ['who came in one way', '?origin=scim', 1, 'pushed@contoso.example'],
    ['who is linked', '?linked=true', 0, ''],
    ['who has signed in', '?signedIn=ever', 1, 'admin'],
    [
      'who never has',
      '?signedIn=never&sort=created',
      4,
      'g.hopper j.clarke linus pushed@contoso.example',
    ],
    ['who has a role, in whatever letter case', '?role=pm', 1, 'g.hopper'],
    ['nobody in a group that is not there', '?group=x', 0, ''],
    ['a filter', '?filter=title%20sw%20%22A%22', 2, 'g.hopper j.clarke'],
  ])('gives %s', async (_, parameters, total, names) => {
    const { api } = await newOffice()
    const { status, body } = await api.get(`/users${parameters}`)
    expect(status).toBe(200)
    expect(body['total']).toBe(total)
    expect(body['sorted']).toBe(true)
    expect(namesIn(body)).toStrictEqual(names === '' ? [] : names.split(' '))
  })

  test.each(['', 'sort=-created&status=active', 'search=grace', 'filter=active%20eq%20true'])(
    'goes on where a part ended, to the end: %s',
    async (parameters) => {
      const { api } = await newOffice()
      const whole = await api.get(`/users?${parameters}`)
      const found: string[] = []
      let next = ''
      do {
        const { body } = await api.get(`/users?${parameters}&count=1${next}`)
        found.push(...namesIn(body))
        next = body['next'] === undefined ? '' : `&after=${String(body['next'])}`
      } while (next !== '')
      expect(found.length).toBeGreaterThan(1)
      expect(found).toStrictEqual(namesIn(whole.body))
    },
  )

  test('says of each user what there is to see at a glance', async () => {
    const { app, api, grace } = await newOffice()
    const group = await app.directory.groups.create(
      {
        attributes: { displayName: 'Navy' },
        members: { kind: 'set', members: [{ value: grace.id }] },
        origin: 'local',
      },
      cause,
    )
    app.clock.pass(60_000)
    await newBrowserSession(app.directory, grace.id)
    const expected = [
      {
        id: grace.id,
        userName: 'g.hopper',
        displayName: 'Grace Hopper',
        email: 'Grace@Navy.example',
        title: 'Admiral',
        department: 'Compilers',
        active: true,
        origin: 'local',
        provisioned: false,
        linked: false,
        groups: [{ id: group.id, displayName: 'Navy' }],
        roles: ['PM'],
        created: '2026-03-02T08:00:00.000Z',
        lastModified: '2026-03-02T08:00:00.000Z',
        lastSignIn: '2026-03-02T08:01:00.000Z',
      },
    ]
    for (const asked of [
      'search=g.hopper',
      `group=${group.id}`,
      'filter=title%20eq%20%22Admiral%22',
    ]) {
      expect((await api.get(`/users?${asked}`)).body['items']).toStrictEqual(expected)
    }
  })

  test('says whose departure is held', async () => {
    const { app, api } = await newOffice()
    await app.directory.settings.change('brake', { users: 0, percent: 0, minutes: 60 }, cause)
    const pushed = await app.directory.users.named('pushed@contoso.example')
    await app.scim.delete(`/Users/${pushed?.id}`)
    const { body } = await api.get('/users?status=held')
    expect(body['items']).toMatchObject([{ held: 'delete', active: true, provisioned: true }])
    expect(body['total']).toBe(1)
  })

  test.each([
    ['a filter that is none', 'filter=title%20is', 'filter'],
    ['a filter over what no user has', 'filter=shoeSize%20eq%2042', 'filter'],
    ['a filter that compares what cannot be', 'filter=active%20gt%20true', 'filter'],
    ['a filter with a search', 'filter=title%20pr&search=joan', 'filter'],
    ['a filter in another order', 'filter=title%20pr&sort=name', 'filter'],
    ['too many words', `search=${'abcdefghijk'.split('').join('%20')}`, 'search'],
    ['a group that can be none', 'group=a%20b', 'group'],
    ['what is no cursor', 'after=x', 'after'],
    ['what is a cursor of nothing', `after=${btoa('["x",{}]')}`, 'after'],
    ['an empty page', 'count=0', 'count'],
    ['a page that is too large', 'count=201', 'count'],
    ['an order that is none', 'sort=age', 'sort'],
    ['a half truth', 'linked=maybe', 'linked'],
    ['what is not known', 'active=true', 'active'],
  ])('refuses %s', async (_, parameters, parameter) => {
    const { api } = await newOffice()
    const answer = await api.get(`/users?${parameters}`)
    expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
    expect(answer.body['errors']).toMatchObject([{ parameter }])
  })

  test('refuses a cursor of another list', async () => {
    const { api } = await newOffice()
    const { body } = await api.get('/users?count=1')
    const next = String(body['next'])
    expect((await api.get(`/users?count=2&after=${next}`)).status).toBe(200)
    for (const other of ['sort=-name', 'search=grace', 'filter=title%20pr']) {
      const answer = await api.get(`/users?${other}&after=${next}`)
      expect(answer.body['errors']).toMatchObject([{ parameter: 'after' }])
    }
  })
})

describe('the roles', () => {
  test('are those that users have and those that permissions were granted to', async () => {
    const { app, api } = await newOffice()
    const { permissions } = app.directory
    for (const value of ['pm', 'Auditor']) {
      await permissions.grant({ holder: { kind: 'role', value }, permission: 'a.read' }, cause)
    }
    await newPerson(app.directory, 'd', { roles: [{ value: 'Designer' }, { value: 'pm' }] })
    const { body } = await api.get('/roles')
    expect(body).toStrictEqual({
      items: [
        { value: 'auditor', users: 0, hasPermissions: true },
        { value: 'Designer', users: 1, hasPermissions: false },
        { value: 'PM', users: 2, hasPermissions: true },
      ],
    })
    const first = await api.get('/roles?count=2')
    const rest = await api.get(`/roles?count=2&after=${String(first.body['next'])}`)
    const both = [first, rest].flatMap((part) => part.body['items'] as object[])
    expect(both).toStrictEqual(body['items'])
    expect(rest.body).not.toHaveProperty('next')
  })
})

describe('one user', () => {
  test('is told whole: attributes, permissions, and whether it administers', async () => {
    const { app, api, grace } = await newOffice()
    const { permissions, administrators } = app.directory
    const holder = { kind: 'role', value: 'pm' } as const
    await permissions.grant({ holder, permission: 'projects.read' }, cause)
    const before = await api.get(`/users/${grace.id}`)
    expect(before.body).toMatchObject({
      userName: 'g.hopper',
      attributes: grace.attributes,
      permissions: ['projects.read'],
      administrator: false,
      ownedByEntra: [],
    })
    expect(before.body).not.toHaveProperty('link')
    await administrators.appoint(grace.id, cause)
    expect((await api.get(`/users/${grace.id}`)).body['administrator']).toBe(true)
  })

  test('who is linked has what Entra owns of it, with what follows by choice', async () => {
    const scene = await newScene()
    await carriedOut(scene, (await planned(scene, byId(ada))).plan)
    const user = await userOf(scene, ada)
    const always = [
      'userName',
      'displayName',
      'name.givenName',
      'name.familyName',
      'emails[type eq "work"].value',
      'phoneNumbers[type eq "mobile"].value',
      'active',
    ]
    const { body } = await scene.api.get(`/users/${user?.id}`)
    expect(body).toMatchObject({ origin: 'import', linked: true, link: user?.link })
    expect(body['ownedByEntra']).toStrictEqual(always)
    await scene.api.post('/sync-settings', { fields: ['jobTitle'], provisioned: 'left' })
    const more = await scene.api.get(`/users/${user?.id}`)
    expect(more.body['ownedByEntra']).toStrictEqual([...always, 'title'])
  })

  test('whom provisioning alone looks after does not follow what was chosen for sync', async () => {
    const { app, api } = await newOffice()
    const { settings, users } = app.directory
    await settings.change('sync', { fields: ['jobTitle'], provisioned: 'left' }, cause)
    const pushed = await users.named('pushed@contoso.example')
    const { body } = await api.get(`/users/${pushed?.id}`)
    expect(body['ownedByEntra']).toContain('userName')
    expect(body['ownedByEntra']).not.toContain('title')
  })

  test('of another organisation is not there', async () => {
    const { api, stranger } = await newOffice()
    const { status, code } = problem(await api.get(`/users/${stranger.id}`))
    expect([status, code]).toStrictEqual([404, 'notFound'])
  })
})
