import { beforeEach, describe, expect, test } from 'vitest'
import type { Rule } from '../../src/directory/rule.ts'
import { newAdmin, problem, type AdminApi } from '../support/admin.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { groupsOf, newOwnGroup, newPushedGroup, newRule } from '../support/assignments.ts'
import { listen } from '../support/listen.ts'
import { ENTERPRISE, newUser } from '../support/resources.ts'
import { otherDirectory, recorded, throughAnotherServer } from '../support/store.ts'

let app: TestApp
let api: AdminApi
let sales: string
let staff: string

beforeEach(async () => {
  app = await testApp()
  api = await newAdmin(app)
  sales = await newOwnGroup(app.directory, 'Sales')
  staff = await newOwnGroup(app.directory, 'Staff')
})

const listed = async () => (await api.get('/rules')).body['items'] as Rule[]

describe('a rule', () => {
  test('is made, changed and removed, with one event each', async () => {
    const events = await recorded(app.directory, async () => {
      const { id } = await newRule(api, 'title eq "PM"', { name: 'PMs', groups: [sales] })
      const changed = { name: 'PMs', filter: 'title sw "PM"', groups: [sales, staff], role: 'PM' }
      expect((await api.post(`/rules/${id}`, changed)).body).toStrictEqual({ id, ...changed })
      expect(await listed()).toStrictEqual([{ id, ...changed }])
      await api.post(`/rules/${id}`, changed)
      expect((await api.post(`/rules/${id}/remove`)).status).toBe(204)
    })
    expect(await listed()).toStrictEqual([])
    expect(events.map(({ action, door, changes }) => [action, door, changes])).toStrictEqual([
      [
        'rule.created',
        'admin',
        [
          { path: 'name', to: 'PMs' },
          { path: 'filter', to: 'title eq "PM"' },
          { path: 'groups', to: [sales] },
        ],
      ],
      [
        'rule.updated',
        'admin',
        [
          { path: 'filter', from: 'title eq "PM"', to: 'title sw "PM"' },
          { path: 'groups', from: [sales], to: [sales, staff] },
          { path: 'role', to: 'PM' },
        ],
      ],
      [
        'rule.deleted',
        'admin',
        [
          { path: 'name', from: 'PMs' },
          { path: 'filter', from: 'title sw "PM"' },
          { path: 'groups', from: [sales, staff] },
          { path: 'role', from: 'PM' },
        ],
      ],
    ])
  })

  test.each([
    ['is empty', '', 'The filter is empty.'],
    ['ends too early', 'title eq', 'A value in double quotation marks is expected'],
    ['has an operator that nobody knows', 'title is "PM"', 'Unknown operator "is" at position'],
    ['asks for what users do not have', 'shoeSize eq 43', 'User has no attribute "shoeSize".'],
    ['asks for groups', `title pr and groups.value eq "x"`, 'A new user has no groups'],
    ['asks for the id', 'not (id eq "x")', 'A new user has no id'],
    ['asks when the user was made', 'meta.created gt "2026-01-01T00:00:00Z"', 'has no meta'],
    ['asks for elements of groups', 'groups[value eq "x"]', 'A new user has no groups'],
  ])('whose filter %s is refused, and says where it is wrong', async (_, filter, words) => {
    const { id } = await newRule(api, 'title pr')
    const wrong = { name: 'x', filter }
    for (const path of ['/rules', `/rules/${id}`, '/rules/try']) {
      const answer = await api.post(path, path === '/rules/try' ? { filter } : wrong)
      expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
      expect(answer.body['errors']).toStrictEqual([
        { pointer: '#/filter', detail: expect.stringContaining(words) },
      ])
    }
    expect(await listed()).toMatchObject([{ filter: 'title pr' }])
  })

  test('gives no group that is not there, and none whose members come from provisioning', async () => {
    const missing = { name: 'x', filter: 'title pr', groups: [sales, 'nowhere'] }
    const refused = await api.post('/rules', missing)
    expect(problem(refused).status).toBe(400)
    expect(refused.body['errors']).toStrictEqual([
      { pointer: '#/groups/1', detail: 'There is no such group.' },
    ])
    const pushed = await newPushedGroup(app.directory, 'Pushed')
    const { id } = await newRule(api, 'title pr', { groups: [sales] })
    for (const path of ['/rules', `/rules/${id}`]) {
      const answer = await api.post(path, { name: 'x', filter: 'title pr', groups: [pushed] })
      expect(problem(answer)).toStrictEqual({ status: 409, code: 'conflict' })
      expect(answer.body['detail']).toBe('The members of "Pushed" come from Entra.')
    }
    expect(await listed()).toMatchObject([{ groups: [sales] }])
  })

  test('that is not there is not found', async () => {
    expect((await api.post('/rules/x', { name: 'x', filter: 'title pr' })).status).toBe(404)
    expect((await api.post('/rules/x/remove')).status).toBe(404)
  })

  test('of another organisation is not seen, and decides nothing there', async () => {
    await newRule(api, 'userName pr', { groups: [staff] })
    const directory = await otherDirectory(app)
    const other = await newAdmin(app, directory, 'stranger')
    expect((await other.get('/rules')).body).toStrictEqual({ items: [] })
    const [rule] = await listed()
    expect((await other.post(`/rules/${rule?.id}/remove`)).status).toBe(404)
    const scim = await app.clientOf('fabrikam')
    expect(await newUser(scim, 'ada')).not.toHaveProperty('groups')
  })
})

describe('the order', () => {
  test('is that in which rules were made, until it is said anew', async () => {
    const one = await newRule(api, 'title eq "1"')
    const two = await newRule(api, 'title eq "2"')
    const three = await newRule(api, 'title eq "3"')
    const ids = [three.id, one.id, two.id]
    const events = await recorded(app.directory, async () => {
      expect((await api.post('/rules/order', { ids })).body['items']).toStrictEqual([
        three,
        one,
        two,
      ])
      await api.post('/rules/order', { ids })
    })
    expect(events).toMatchObject([
      { action: 'rules.ordered', changes: [{ from: [one.id, two.id, three.id], to: ids }] },
    ])
    const four = await newRule(api, 'title eq "4"')
    expect(await listed()).toStrictEqual([three, one, two, four])
  })

  test.each([
    ['lacks one', (ids: string[]) => ids.slice(1)],
    ['has one twice', (ids: string[]) => [...ids, ids[0]]],
    ['has one that is not there', (ids: string[]) => [...ids.slice(1), 'x']],
  ])('that %s is refused', async (_, make) => {
    await newRule(api, 'title eq "1"')
    await newRule(api, 'title eq "2"')
    const before = await listed()
    const ids = make(before.map(({ id }) => id).reverse())
    expect(problem(await api.post('/rules/order', { ids })).status).toBe(409)
    expect(await listed()).toStrictEqual(before)
  })
})

describe('a user whom provisioning makes', () => {
  test('gets what the rule gives, in the answer too, and the record says by which', async () => {
    const rule = await newRule(api, 'department eq "Sales"', {
      name: 'Sales people',
      groups: [sales, staff],
      role: 'Seller',
    })
    const made = await newUser(app.scim, 'ada', { [ENTERPRISE]: { department: 'SALES' } })
    expect(made).toMatchObject({
      meta: { version: 'W/"1"' },
      roles: [{ value: 'Seller' }],
      groups: [
        { value: sales, display: 'Sales' },
        { value: staff, display: 'Staff' },
      ],
    })
    expect((await app.scim.get(`/Users/${made.id}`)).body).toStrictEqual(made)
    expect(await groupsOf(api, made.id)).toStrictEqual({
      Sales: `rule:${rule.id}`,
      Staff: `rule:${rule.id}`,
    })
    const events = await app.directory.events.list(0, 100)
    const mine = events.filter(({ door }) => door === 'scim')
    expect(mine.map(({ action }) => action)).toStrictEqual([
      'user.created',
      'group.updated',
      'group.updated',
    ])
    expect(mine[0]?.changes).toContainEqual({
      path: 'rule',
      to: { id: rule.id, name: 'Sales people', groups: [sales, staff], role: 'Seller' },
    })
    expect(mine[1]?.changes).toStrictEqual([
      { path: 'members', to: [made.id] },
      { path: 'via', to: `rule:${rule.id}` },
    ])
  })

  test('gets what the first of two rules gives that match, whichever that is', async () => {
    const one = await newRule(api, 'userName sw "a"', { groups: [sales], role: 'One' })
    const two = await newRule(api, 'userName ew "a"', { groups: [staff] })
    const first = await newUser(app.scim, 'ada')
    expect(await groupsOf(api, first.id)).toStrictEqual({ Sales: `rule:${one.id}` })
    await api.post('/rules/order', { ids: [two.id, one.id] })
    const second = await newUser(app.scim, 'anna')
    expect(await groupsOf(api, second.id)).toStrictEqual({ Staff: `rule:${two.id}` })
    expect(second).not.toHaveProperty('roles')
    const third = await newUser(app.scim, 'bob')
    expect(await groupsOf(api, third.id)).toStrictEqual({})
  })

  test('gets nothing of later rules from one that gives nothing', async () => {
    await newRule(api, 'userType eq "Contractor"', { name: 'Contractors get nothing' })
    await newRule(api, 'userName pr', { groups: [staff] })
    const one = await newUser(app.scim, 'ada', { userType: 'Contractor' })
    const other = await newUser(app.scim, 'bob')
    expect(Object.keys(await groupsOf(api, one.id))).toStrictEqual([])
    expect(Object.keys(await groupsOf(api, other.id))).toStrictEqual(['Staff'])
  })

  test('has a role once that the client sends and a rule gives too', async () => {
    await newRule(api, 'roles.value eq "pm"', { groups: [staff], role: 'pm' })
    const made = await newUser(app.scim, 'ada', { roles: [{ value: 'PM', primary: true }] })
    expect(made).toMatchObject({ roles: [{ value: 'PM', primary: true }], groups: [{}] })
    const events = await app.directory.events.list(0, 100)
    const told = events.at(-2)?.changes.find(({ path }) => path === 'rule')?.to
    expect(told).not.toHaveProperty('role')
  })

  test('is left alone later: nobody gets anything by a rule who is here already', async () => {
    const made = await newUser(app.scim, 'ada', { externalId: 'x' })
    const rule = await newRule(api, 'userName pr', { groups: [staff], role: 'New' })
    await app.scim.operate(`/Users/${made.id}`, { op: 'replace', path: 'title', value: 'CEO' })
    await app.scim.operate(`/Users/${made.id}`, { op: 'replace', path: 'active', value: false })
    const back = await newUser(app.scim, 'ada', { externalId: 'x', active: true })
    expect(back).toMatchObject({ id: made.id, active: true })
    expect(back).not.toHaveProperty('roles')
    expect(await groupsOf(api, made.id)).toStrictEqual({})

    // Who is gone and comes again is new.
    expect((await app.scim.delete(`/Users/${made.id}`)).status).toBe(204)
    const again = await newUser(app.scim, 'ada', { externalId: 'x' })
    expect(again.id).not.toBe(made.id)
    expect(again).toMatchObject({ roles: [{ value: 'New' }] })
    expect(await groupsOf(api, again.id)).toStrictEqual({ Staff: `rule:${rule.id}` })
  })

  test('made otherwise gets nothing', async () => {
    await newRule(api, 'userName pr', { groups: [staff] })
    const attributes = { userName: 'local', active: true }
    const { user } = await app.directory.users.create({ attributes, origin: 'local' }, cause)
    expect(user.groups).toStrictEqual([])
  })

  test('gets what is left of a rule whose group was deleted, and no more', async () => {
    const rule = await newRule(api, 'userName pr', { groups: [sales, staff], role: 'PM' })
    await newRule(api, 'userName sw "a"', { groups: [sales] })
    const events = await recorded(app.directory, () =>
      app.directory.groups.remove(sales, undefined, cause),
    )
    expect(events.map(({ action, resourceId }) => [action, resourceId])).toStrictEqual([
      ['rule.updated', rule.id],
      ['rule.updated', expect.any(String)],
      ['group.deleted', sales],
    ])
    expect(await listed()).toMatchObject([{ groups: [staff] }, { groups: [] }])
    const made = await newUser(app.scim, 'ada')
    expect(made).toMatchObject({ roles: [{ value: 'PM' }], groups: [{ value: staff }] })
  })

  test('while the group of the rule is deleted leaves no trace of the group anywhere', async () => {
    const other = await throughAnotherServer(app)
    const made = async (number: number) => {
      const group = await newOwnGroup(app.directory, `Group ${number}`)
      const filter = `userName sw "${number}-"`
      await newRule(api, filter, { groups: [group, staff] })
      const attributes = { userName: `${number}-ada`, active: true }
      const results = await Promise.allSettled([
        app.directory.users.create({ attributes, origin: 'scim' }, cause),
        other.groups.remove(group, undefined, cause),
        app.directory.rules.create({ name: 'late', filter, groups: [group] }, cause),
        app.directory.mappings.create({ ...mapping, group, role: filter }, cause),
      ])
      expect(results.slice(0, 2).map(({ status }) => status)).toStrictEqual([
        'fulfilled',
        'fulfilled',
      ])
    }
    const mapping = { entraGroup: staff, entraName: 'Staff', nested: false }
    await Promise.all(Array.from({ length: 10 }, (_, index) => made(index)))
    const { items } = await app.directory.groups.query({ startIndex: 1, count: 200 }, false)
    const known = new Set(items.map(({ id }) => id))
    const rules = await app.directory.rules.list()
    const mappings = await app.directory.mappings.list()
    const used = [
      ...rules.flatMap(({ groups }) => groups),
      ...mappings.flatMap(({ group }) => group ?? []),
    ]
    expect(used.filter((id) => !known.has(id))).toStrictEqual([])
    const lost = 'SELECT count(*) FROM members WHERE group_id NOT IN (SELECT id FROM groups)'
    expect(Number(await app.database.value(lost))).toBe(0)
    expect((await app.directory.groups.read(staff, true))?.members).toHaveLength(10)
  })

  test('is one of fifty at once that a rule puts into one group, and nobody is lost', async () => {
    const { id } = await newRule(api, 'userName pr', { groups: [staff], role: 'PM' })
    const { client } = await listen(app)
    const names = Array.from({ length: 50 }, (_, index) => `person-${index}`)
    const made = await Promise.all(names.map((name) => newUser(client, name)))
    for (const user of made) expect(user).toMatchObject({ groups: [{ value: staff }] })
    const { members = [] } = (await app.directory.groups.read(staff, true)) ?? {}
    expect(members.map(({ value }) => value).sort()).toStrictEqual(
      made.map((user) => user.id).sort(),
    )
    const [first] = made
    expect(await groupsOf(api, String(first?.id))).toStrictEqual({ Staff: `rule:${id}` })
    expect((await app.scim.get(`/Groups/${staff}`)).headers.get('etag')).toBe('W/"51"')
  })
})

describe('a filter that is tried', () => {
  test('says how many there are, and of the first fifty what they have and would get', async () => {
    const names = Array.from({ length: 52 }, (_, index) => `person-${index}`)
    for (const userName of names) {
      const attributes = { userName, displayName: userName.toUpperCase(), title: 'PM' }
      await app.directory.users.create({ attributes, origin: 'scim' }, cause)
    }
    const before = await app.database.dump()
    const { body } = await api.post('/rules/try', {
      name: 'PMs',
      filter: 'title eq "pm"',
      groups: [sales],
      role: 'PM',
    })
    expect(body).toMatchObject({
      matches: {
        total: 52,
        gets: { groups: [{ id: sales, displayName: 'Sales' }], role: 'PM' },
      },
    })
    const { items } = Object(body['matches']) as { items: object[] }
    expect(items).toHaveLength(50)
    expect(items[0]).toStrictEqual({
      id: expect.any(String),
      userName: 'person-0',
      displayName: 'PERSON-0',
      has: { groups: [], roles: [] },
    })
    expect(await app.database.dump()).toBe(before)
  })

  test('is asked for, or a user is', async () => {
    const answer = await api.post('/rules/try')
    expect(answer.body['errors']).toStrictEqual([
      { pointer: '#/filter', detail: 'Say a filter, or a user.' },
    ])
    const nobody = await api.post('/rules/try', { user: 'x' })
    expect(nobody.body['errors']).toStrictEqual([
      { pointer: '#/user', detail: 'There is no such user.' },
    ])
  })
})

describe('for a user it is told', () => {
  test('which rule matches first, and why those before it do not', async () => {
    const { id } = await newUser(app.scim, 'ada', {
      title: 'Chief Designer',
      [ENTERPRISE]: { department: 'Sales' },
      roles: [{ value: 'PM' }],
      emails: [{ type: 'work', value: 'ada@contoso.example' }],
    })
    await newRule(api, 'title eq "PM" and department eq "Sales"', { name: 'one' })
    await newRule(api, 'phoneNumbers pr or not (roles.value eq "pm")', { name: 'two' })
    await newRule(api, 'emails[type eq "home"]', { name: 'three' })
    const decides = await newRule(api, 'userName eq "ADA"', { name: 'four', groups: [staff] })
    await newRule(api, 'userName pr', { name: 'five' })
    const { body } = await api.post('/rules/try', { user: id })
    expect(body['decision']).toStrictEqual({
      user: expect.objectContaining({ id, userName: 'ada', has: expect.anything() }),
      rule: decides,
      before: [
        {
          id: expect.any(String),
          name: 'one',
          why: ['title is "Chief Designer"; eq "pm" is asked for.'],
        },
        {
          id: expect.any(String),
          name: 'two',
          why: ['phoneNumbers has no value.', 'It matches what it must not: roles.value eq "pm".'],
        },
        {
          id: expect.any(String),
          name: 'three',
          why: ['No element of emails is as it is asked for.'],
        },
      ],
    })
  })

  test('that none matches', async () => {
    const { id } = await newUser(app.scim, 'ada')
    await newRule(api, `${ENTERPRISE}:department eq "IT"`, { name: 'IT' })
    const { body } = await api.post('/rules/try', { user: id })
    expect(body['decision']).not.toHaveProperty('rule')
    expect(body['decision']).toMatchObject({
      before: [
        { name: 'IT', why: [`${ENTERPRISE}:department has no value; eq "it" is asked for.`] },
      ],
    })
  })
})
