import { describe, expect, test } from 'vitest'
import { newAdmin, problem } from '../support/admin.ts'
import { cause, testApp } from '../support/app.ts'
import { ada, byId, carriedOut, newScene, planned, userOf } from '../support/imports.ts'
import { newPerson } from '../support/programs.ts'
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
      'everybody, local users among them',
      '',
      5,
      'admin g.hopper j.clarke linus pushed@contoso.example',
    ],
    ['a word of the display name', '?search=hopper', 1, 'g.hopper'],
    ['a part of the user name', '?search=J.CL', 1, 'j.clarke'],
    ['a part of an e-mail address', '?search=navy', 1, 'g.hopper'],
    ['several users with one word', '?search=grace', 2, 'g.hopper linus'],
    ['only who has every word', '?search=%20grace%20%20navy', 1, 'g.hopper'],
    ['nobody for words of two people', '?search=grace%20clarke', 0, ''],
    ['text that a filter would take for something else', '?search=%22%20or%20title%20pr', 0, ''],
    ['a filter', '?filter=title%20sw%20%22A%22', 2, 'g.hopper j.clarke'],
    ['a filter with words', '?filter=title%20pr&search=joan', 1, 'j.clarke'],
    ['who is active', '?active=true&search=grace', 1, 'g.hopper'],
    ['who is not active', '?active=false', 1, 'linus'],
    ['a part of them', '?startIndex=2&count=2', 5, 'g.hopper j.clarke'],
    ['a part of what was found', '?search=grace&startIndex=2&count=1', 2, 'linus'],
    ['only how many there are', '?count=0', 5, ''],
  ])('gives %s', async (_, parameters, total, names) => {
    const { api } = await newOffice()
    const { status, body } = await api.get(`/users${parameters}`)
    expect(status).toBe(200)
    expect(body['total']).toBe(total)
    expect(namesIn(body)).toStrictEqual(names === '' ? [] : names.split(' '))
  })

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
    const { body } = await api.get('/users?search=g.hopper')
    expect(body['items']).toStrictEqual([
      {
        id: grace.id,
        userName: 'g.hopper',
        displayName: 'Grace Hopper',
        active: true,
        origin: 'local',
        provisioned: false,
        linked: false,
        groups: [{ id: group.id, displayName: 'Navy' }],
        roles: ['PM'],
        lastModified: '2026-03-02T08:00:00.000Z',
      },
    ])
  })

  test('says whose departure is held', async () => {
    const { app, api } = await newOffice()
    await app.directory.settings.change('brake', { users: 0, percent: 0, minutes: 60 }, cause)
    const pushed = await app.directory.users.named('pushed@contoso.example')
    await app.scim.delete(`/Users/${pushed?.id}`)
    const { body } = await api.get('/users?search=pushed')
    expect(body['items']).toMatchObject([{ held: 'delete', active: true, provisioned: true }])
  })

  test.each([
    ['a filter that is none', 'filter=title%20is', 'filter'],
    ['a filter over what no user has', 'filter=shoeSize%20eq%2042', 'filter'],
    ['a filter that compares what cannot be', 'filter=active%20gt%20true', 'filter'],
    ['too many words', `search=${'a%20'.repeat(11)}`, 'search'],
    ['a page from nowhere', 'startIndex=0', 'startIndex'],
    ['a page that is too large', 'count=201', 'count'],
    ['a half truth', 'active=maybe', 'active'],
    ['what is not known', 'origin=local', 'origin'],
  ])('refuses %s', async (_, parameters, parameter) => {
    const { api } = await newOffice()
    const answer = await api.get(`/users?${parameters}`)
    expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
    expect(answer.body['errors']).toMatchObject([{ parameter }])
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
