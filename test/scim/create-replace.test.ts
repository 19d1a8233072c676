import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { testApp } from '../support/app.ts'
import { ENTERPRISE, GROUP, newGroup, newUser, USER } from '../support/resources.ts'

const CONTOSO = 'urn:ietf:params:scim:schemas:extension:contoso:2.0:User'
const BASE = 'https://entrance.example/scim/v2'

/** A user that has something of every kind. */
const full: JsonObject = {
  userName: 'adele@contoso.example',
  externalId: 'AbC',
  name: { formatted: 'Adele Vance', familyName: 'Vance', givenName: 'Adele' },
  displayName: 'Adele Vance',
  nickName: 'Addy',
  profileUrl: 'https://contoso.example/Adele',
  title: 'Engineer',
  userType: 'Employee',
  preferredLanguage: 'da, en-gb;q=0.8',
  locale: 'en_US',
  timezone: 'Europe/Copenhagen',
  active: true,
  emails: [
    { value: 'adele@contoso.example', type: 'work', primary: true },
    { value: 'adele@home.example', type: 'home' },
  ],
  phoneNumbers: [{ value: '555-555-5555', type: 'mobile' }],
  addresses: [{ streetAddress: 'Hovedgaden 1', country: 'Denmark', type: 'work' }],
  roles: [{ value: 'PM', display: 'Manager', type: 'WindowsAzureActiveDirectoryRole' }],
  x509Certificates: [{ value: 'MIIB' }],
  [ENTERPRISE]: { employeeNumber: '7', department: 'Sales', manager: { value: 'unknown-boss' } },
  [CONTOSO]: { badge: 'A1', level: 3, remote: false, floors: ['1', '2'] },
}

/** What the answer holds for `full`. */
const shown: JsonObject = {
  ...full,
  [ENTERPRISE]: {
    employeeNumber: '7',
    department: 'Sales',
    manager: { value: 'unknown-boss', $ref: `${BASE}/Users/unknown-boss` },
  },
}

describe('POST', () => {
  test('C-01 C-08 K-07 K-08 answers 201 with the whole user, Location, ETag and meta', async () => {
    const { scim } = await testApp()
    const { status, headers, body } = await scim.post('/Users', {
      schemas: [USER, ENTERPRISE, CONTOSO],
      ...full,
    })
    expect(status).toBe(201)
    const location = `${BASE}/Users/${String(body['id'])}`
    expect(headers.get('location')).toBe(location)
    expect(headers.get('etag')).toBe('W/"1"')
    expect(headers.get('content-type')).toBe('application/scim+json')
    expect(body).toStrictEqual({
      schemas: [USER, ENTERPRISE, CONTOSO],
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ...shown,
      meta: {
        resourceType: 'User',
        created: '2026-03-02T08:00:00.000Z',
        lastModified: '2026-03-02T08:00:00.000Z',
        location,
        version: 'W/"1"',
      },
    })
    expect((await scim.get(`/Users/${String(body['id'])}`)).body).toStrictEqual(body)
  })

  test.each<[string, JsonObject, JsonObject]>([
    ['K-02 id and meta', { id: 'mine', meta: { created: '1999-01-01T00:00:00Z' } }, {}],
    ['U-10 groups', { groups: [{ value: 'g' }] }, {}],
    ['C-04 active is true by default', {}, { active: true }],
    ['C-04 active false is kept', { active: false }, { active: false }],
    ['T-17 null', { nickName: null, title: 'CEO' }, { title: 'CEO' }],
    ['T-17 an empty array', { emails: [], title: 'CEO' }, { title: 'CEO' }],
    ['T-17 an empty object', { name: {}, title: 'CEO' }, { title: 'CEO' }],
    ['T-17 an object of nulls', { name: { givenName: null }, title: 'CEO' }, { title: 'CEO' }],
    ['T-17 an empty extension', { [ENTERPRISE]: {}, title: 'CEO' }, { title: 'CEO' }],
    [
      'T-15 the same value twice',
      { roles: [{ value: 'a' }, { value: 'a' }] },
      { roles: [{ value: 'a' }] },
    ],
    [
      'T-15 the same value under two types',
      {
        emails: [
          { value: 'a@b', type: 'work' },
          { value: 'a@b', type: 'home' },
        ],
      },
      {
        emails: [
          { value: 'a@b', type: 'work' },
          { value: 'a@b', type: 'home' },
        ],
      },
    ],
    [
      'G-03 names in another case',
      { TITLE: 'CEO', NAME: { GIVENNAME: 'A' } },
      { title: 'CEO', name: { givenName: 'A' } },
    ],
    [
      'R-05 an extension that schemas does not name',
      { [ENTERPRISE]: { division: 'EMEA' } },
      { [ENTERPRISE]: { division: 'EMEA' } },
    ],
    [
      'R-03 an extension in another case',
      { [ENTERPRISE.toUpperCase()]: { DIVISION: 'EMEA' } },
      { [ENTERPRISE]: { division: 'EMEA' } },
    ],
    [
      'X-01 the display name of a manager',
      { [ENTERPRISE]: { manager: { value: 'm', displayName: 'x' } } },
      { [ENTERPRISE]: { manager: { value: 'm', $ref: `${BASE}/Users/m` } } },
    ],
    ['W-24 a URN in schemas that nobody knows', { schemas: [USER, 'urn:unknown'] }, {}],
    ['R-02 a URN in schemas twice', { schemas: [USER, USER] }, {}],
    ['G-01 many scripts', { displayName: 'Zoë 张 محمد 👩‍🚀' }, { displayName: 'Zoë 张 محمد 👩‍🚀' }],
  ])('%s', async (_, sent, expected) => {
    const { scim } = await testApp()
    const user = await newUser(scim, 'a@b.example', sent)
    const { schemas, id, meta, ...attributes } = user
    expect(attributes).toStrictEqual({ userName: 'a@b.example', active: true, ...expected })
    expect(schemas).toStrictEqual([USER, ...(ENTERPRISE in expected ? [ENTERPRISE] : [])])
    expect([id, meta]).not.toContain('mine')
    expect(meta).toMatchObject({ created: '2026-03-02T08:00:00.000Z' })
  })

  test('G-05 schemas may stand last', async () => {
    const { scim } = await testApp()
    const text = `{"userName":"a@b.example","title":"CEO","schemas":["${USER}"]}`
    expect((await scim.post('/Users', text)).status).toBe(201)
  })

  test('K-05 W-14 two users may share an externalId', async () => {
    const { scim } = await testApp()
    await newUser(scim, 'a@b.example', { externalId: 'same' })
    await newUser(scim, 'c@d.example', { externalId: 'same' })
    const { body } = await scim.filter('/Users', 'externalId eq "same"')
    expect(body['totalResults']).toBe(2)
  })

  test('K-03 K-04 ids are never used again, and users and groups share none', async () => {
    const { scim } = await testApp()
    const first = await newUser(scim, 'a@b.example')
    await scim.delete(`/Users/${first.id}`)
    const second = await newUser(scim, 'a@b.example')
    const group = await newGroup(scim, 'a')
    expect(new Set([first.id, second.id, group.id]).size).toBe(3)
  })

  test('DE-01 DE-02 DE-04 C-10 a deleted user is gone for every request, and its name is free', async () => {
    const { scim } = await testApp()
    const { id } = await newUser(scim, 'a@b.example', { externalId: 'x' })
    const gone = await scim.delete(`/Users/${id}`)
    expect({ status: gone.status, text: gone.text }).toStrictEqual({ status: 204, text: '' })
    const statuses = [
      await scim.get(`/Users/${id}`),
      await scim.put(`/Users/${id}`, { schemas: [USER], userName: 'a@b.example' }),
      await scim.operate(`/Users/${id}`, { op: 'replace', path: 'active', value: true }),
      await scim.delete(`/Users/${id}`),
    ].map(({ status }) => status)
    expect(statuses).toStrictEqual([404, 404, 404, 404])
    expect((await scim.filter('/Users', 'externalId eq "x"')).body['totalResults']).toBe(0)
    expect((await newUser(scim, 'A@b.example')).id).not.toBe(id)
  })
})

describe('PUT', () => {
  test('PU-01 PU-03 PU-04 replaces what is given and clears what is not', async () => {
    const { scim } = await testApp()
    const { id } = await newUser(scim, 'adele@contoso.example', full)
    const { status, headers, body } = await scim.put(`/Users/${id}`, {
      schemas: [USER],
      userName: 'adele@contoso.example',
      name: { givenName: 'Ada' },
      emails: [{ value: 'ada@contoso.example' }],
    })
    expect(status).toBe(200)
    expect(headers.get('etag')).toBe('W/"2"')
    expect(headers.get('location')).toBe(`${BASE}/Users/${id}`)
    expect(body).toMatchObject({ schemas: [USER], id })
    const { schemas: _, id: __, meta: ___, ...attributes } = body
    expect(attributes).toStrictEqual({
      userName: 'adele@contoso.example',
      name: { givenName: 'Ada' },
      emails: [{ value: 'ada@contoso.example' }],
      active: true,
    })
    expect((await scim.get(`/Users/${id}`)).body).toStrictEqual(body)
  })

  test.each<[string, JsonObject]>([
    ['a user with something of every kind', full],
    ['a user with nothing', {}],
    ['an inactive user', { active: false }],
  ])('PU-10 PU-12 W-38 the body of a GET comes back without a change: %s', async (_, more) => {
    const { scim, clock, directory } = await testApp()
    const { id } = await newUser(scim, 'adele@contoso.example', more)
    await newGroup(scim, 'Sales', { members: [{ value: id }] })
    const read = await scim.get(`/Users/${id}`)
    clock.pass(1000)
    const put = await scim.put(`/Users/${id}`, read.body)
    expect(put).toMatchObject({ status: 200 })
    expect(put.body).toStrictEqual(read.body)
    expect(put.headers.get('etag')).toBe('W/"1"')
    const events = await directory.events.list(0, 100)
    expect(events.map(({ action }) => action)).not.toContain('user.updated')
  })

  test('PU-12 so does that of a group', async () => {
    const { scim, clock } = await testApp()
    const user = await newUser(scim, 'adele@contoso.example')
    const { id } = await newGroup(scim, 'Sales', {
      externalId: 'g',
      members: [{ value: user.id }, { value: 'unknown' }],
    })
    const read = await scim.get(`/Groups/${id}`)
    clock.pass(1000)
    const put = await scim.put(`/Groups/${id}`, read.body)
    expect(put.body).toStrictEqual(read.body)
    expect(put.headers.get('etag')).toBe('W/"1"')
  })

  test('K-06 PU-06 a stale meta, another id and groups are ignored', async () => {
    const { scim } = await testApp()
    const { id } = await newUser(scim, 'a@b.example')
    const { status, body } = await scim.put(`/Users/${id}`, {
      schemas: [USER],
      id: 'another',
      userName: 'a@b.example',
      title: 'CEO',
      groups: [{ value: 'g' }],
      meta: { version: 'W/"99"', created: '1999-01-01T00:00:00Z', resourceType: 'Group' },
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id,
      title: 'CEO',
      meta: { version: 'W/"2"', created: '2026-03-02T08:00:00.000Z', resourceType: 'User' },
    })
    expect(body).not.toHaveProperty('groups')
  })

  test('PU-11 R-04 an extension that is left out is gone, and so is its URN', async () => {
    const { scim } = await testApp()
    const { id } = await newUser(scim, 'a@b.example', { [ENTERPRISE]: { department: 'Sales' } })
    const { body } = await scim.put(`/Users/${id}`, { schemas: [USER], userName: 'a@b.example' })
    expect(body['schemas']).toStrictEqual([USER])
    const found = await scim.filter('/Users', `${ENTERPRISE}:department pr`)
    expect(found.body['totalResults']).toBe(0)
  })

  test('PU-13 the members of a group are replaced, and everything else that is left out', async () => {
    const { scim } = await testApp()
    const { id } = await newGroup(scim, 'Sales', {
      externalId: 'g',
      members: ['a', 'b'].map((value) => ({ value })),
    })
    const { body } = await scim.put(`/Groups/${id}`, {
      schemas: [GROUP],
      displayName: 'Legal',
      members: [{ value: 'b' }, { value: 'c' }],
    })
    expect(body['members']).toStrictEqual([{ value: 'b' }, { value: 'c' }])
    expect(body).not.toHaveProperty('externalId')
    const none = await scim.put(`/Groups/${id}`, { schemas: [GROUP], displayName: 'Legal' })
    expect(none.body['members']).toStrictEqual([])
  })

  test('a user keeps its own name in another spelling, and the new spelling comes back', async () => {
    const { scim } = await testApp()
    const { id } = await newUser(scim, 'adele@contoso.example')
    const { status, body } = await scim.put(`/Users/${id}`, {
      schemas: [USER],
      userName: 'Adele@Contoso.example',
    })
    expect({ status, userName: body['userName'] }).toStrictEqual({
      status: 200,
      userName: 'Adele@Contoso.example',
    })
  })
})
