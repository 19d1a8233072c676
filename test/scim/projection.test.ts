import { afterAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { testApp } from '../support/app.ts'
import {
  ENTERPRISE,
  GROUP,
  newGroup,
  newUser,
  PATCH_OP,
  SEARCH,
  USER,
} from '../support/resources.ts'

const finished = afterAll
const { scim } = await testApp({ finished })
const user = await newUser(scim, 'adele@contoso.example', {
  displayName: 'Adele',
  name: { givenName: 'Adele', familyName: 'Vance' },
  emails: [
    { value: 'a@work.example', type: 'work', primary: true },
    { value: 'a@home.example', type: 'home' },
  ],
  password: 'Correct horse 9',
  [ENTERPRISE]: { department: 'Sales', employeeNumber: '7' },
})
const member = await newUser(scim, 'member@contoso.example')
const group = await newGroup(scim, 'Sales', { members: [{ value: member.id }] })

const always = { schemas: [USER, ENTERPRISE], id: user.id }
const { schemas: _, id: __, ...others } = user

/** The whole user without some attributes. */
function without(...names: string[]): JsonObject {
  const kept = Object.entries(others).filter(([key]) => !names.includes(key))
  return { ...always, ...Object.fromEntries(kept) }
}

const only: readonly (readonly [string, string, JsonObject])[] = [
  ['J-02 one attribute', 'displayName', { displayName: 'Adele' }],
  [
    'J-04 several',
    'displayName,userName',
    { displayName: 'Adele', userName: others['userName'] ?? '' },
  ],
  [
    'J-04 several with blanks',
    ' displayName , userName ',
    { displayName: 'Adele', userName: others['userName'] ?? '' },
  ],
  ['J-04 another case', 'DISPLAYname', { displayName: 'Adele' }],
  ['J-04 a qualified name', `${USER}:displayName`, { displayName: 'Adele' }],
  ['J-05 a complex attribute', 'name', { name: { givenName: 'Adele', familyName: 'Vance' } }],
  ['J-05 a sub-attribute', 'name.givenName', { name: { givenName: 'Adele' } }],
  [
    'J-05 two sub-attributes',
    'name.givenName,name.familyName',
    { name: { givenName: 'Adele', familyName: 'Vance' } },
  ],
  [
    'J-04 a sub-attribute of every element',
    'emails.value',
    { emails: [{ value: 'a@work.example' }, { value: 'a@home.example' }] },
  ],
  [
    'J-04 two of every element',
    'emails.type,emails.value',
    {
      emails: [
        { type: 'work', value: 'a@work.example' },
        { type: 'home', value: 'a@home.example' },
      ],
    },
  ],
  [
    'J-04 an attribute of an extension',
    `${ENTERPRISE}:department`,
    { [ENTERPRISE]: { department: 'Sales' } },
  ],
  ['J-04 an extension', ENTERPRISE, { [ENTERPRISE]: { department: 'Sales', employeeNumber: '7' } }],
  ['J-02 meta', 'meta.version', { meta: { version: 'W/"1"' } }],
  ['J-02 id', 'id', {}],
  ['J-07 an unknown name', 'shoeSize', {}],
  ['J-07 no name at all', '__proto__,constructor,a.b.c,1', {}],
  ['J-08 a password', 'password', {}],
  ['J-02 what the user has not', 'nickName', {}],
]

const excluded: readonly (readonly [string, string, JsonObject])[] = [
  ['J-03 one attribute', 'emails', without('emails')],
  ['J-03 what is always there', 'id,schemas', without()],
  ['J-03 several, in another case', 'EMAILS,name', without('emails', 'name')],
  ['J-03 meta', 'meta', without('meta')],
  ['J-04 a sub-attribute', 'name.givenName', { ...without(), name: { familyName: 'Vance' } }],
  [
    'J-04 a sub-attribute of every element',
    'emails.value',
    { ...without(), emails: [{ type: 'work', primary: true }, { type: 'home' }] },
  ],
  ['J-05 every sub-attribute', 'name.givenName,name.familyName', without('name')],
  [
    'J-04 an attribute of an extension',
    `${ENTERPRISE}:department`,
    { ...without(), [ENTERPRISE]: { employeeNumber: '7' } },
  ],
  ['J-04 an extension', ENTERPRISE, without(ENTERPRISE)],
  ['J-07 an unknown name', 'shoeSize', without()],
]

/** The same projection through every operation that answers with the user, none of which changes it. */
async function everywhere(parameter: string, names: string) {
  const query = new URLSearchParams({ [parameter]: names }).toString()
  const one = `/Users/${user.id}?${query}`
  const list = (body: JsonObject) => {
    const found = body['Resources']
    return Array.isArray(found) ? found[0] : undefined
  }
  const filter = `id eq "${user.id}"`
  return {
    get: (await scim.get(one)).body,
    patch: (await scim.patch(one, { schemas: [PATCH_OP], Operations: [] })).body,
    put: (await scim.put(one, user)).body,
    query: list((await scim.get(`/Users?${query}&filter=${encodeURIComponent(filter)}`)).body),
    search: list(
      (
        await scim.post('/Users/.search', {
          schemas: [SEARCH],
          filter,
          [parameter]: names.split(','),
        })
      ).body,
    ),
  }
}

describe('J-01 attributes, in every answer that holds the user:', () => {
  test.each(only)('%s', async (_name, names, expected) => {
    const body = { ...always, ...expected }
    expect(await everywhere('attributes', names)).toStrictEqual({
      get: body,
      patch: body,
      put: body,
      query: body,
      search: body,
    })
  })
})

describe('J-01 excludedAttributes, in every answer that holds the user:', () => {
  test.each(excluded)('%s', async (_name, names, body) => {
    expect(await everywhere('excludedAttributes', names)).toStrictEqual({
      get: body,
      patch: body,
      put: body,
      query: body,
      search: body,
    })
  })
})

test('C-12 the answer to a POST is projected too, and the whole is stored', async () => {
  const made = await scim.post('/Users?attributes=userName', {
    schemas: [USER],
    userName: 'new@contoso.example',
    title: 'CEO',
  })
  expect(Object.keys(made.body)).toStrictEqual(['schemas', 'id', 'userName'])
  const { body } = await scim.get(`/Users/${String(made.body['id'])}`)
  expect(body).toMatchObject({ title: 'CEO' })
})

test('J-07 empty parameters count as absent', async () => {
  const { body } = await scim.get(`/Users/${user.id}?attributes=&excludedAttributes=%20,`)
  expect(body).toStrictEqual(user)
})

test('J-10 a filter and the ETag look at what the answer leaves out', async () => {
  const { body } = await scim.get('/Users?attributes=id&filter=displayName%20eq%20%22Adele%22')
  expect(body).toMatchObject({ totalResults: 1, Resources: [{ id: user.id }] })
  const { headers } = await scim.get(`/Users/${user.id}?attributes=id`)
  expect(headers.get('etag')).toBe('W/"1"')
})

test('SE-10 a password is in no answer, no event and no row', async () => {
  const { scim, directory, database, logged } = await testApp()
  const made = await newUser(scim, 'a@b.example', { password: 'Correct horse 9' })
  const patched = await scim.operate(`/Users/${made.id}?attributes=password`, {
    op: 'replace',
    path: 'password',
    value: 'Correct horse 9',
  })
  const everything = [
    JSON.stringify(made),
    patched.text,
    (await scim.get(`/Users/${made.id}?attributes=password`)).text,
    JSON.stringify(await directory.events.list(0, 100)),
    await database.dump(),
    JSON.stringify(logged),
  ].join('\n')
  expect(everything).toContain(made.id)
  expect(everything).not.toContain('Correct horse')
})

describe('J-03 W-46 Entra reads groups without their members:', () => {
  test.each([
    ['one group', `/Groups/${group.id}?excludedAttributes=members`],
    ['all groups', '/Groups?excludedAttributes=members'],
    ['a group by its name', '/Groups?excludedAttributes=members&filter=displayName+eq+%22sales%22'],
    ['only id and name', '/Groups?attributes=id,displayName'],
  ])('%s', async (_name, path) => {
    const { status, text } = await scim.get(path)
    expect(status).toBe(200)
    expect(text).toContain(group.id)
    expect(text).not.toContain('members')
    expect(text).not.toContain(member.id)
  })

  test('a PUT that asks for no members has none in its answer', async () => {
    const { status, body } = await scim.put(`/Groups/${group.id}?excludedAttributes=members`, {
      schemas: [GROUP],
      displayName: 'Sales',
      members: [{ value: member.id }],
    })
    expect(status).toBe(200)
    expect(Object.keys(body)).toStrictEqual(['schemas', 'id', 'displayName', 'meta'])
  })

  test('members.value gives the ids alone', async () => {
    const { body } = await scim.get(`/Groups/${group.id}?attributes=members.value`)
    expect(body).toStrictEqual({
      schemas: [GROUP],
      id: group.id,
      members: [{ value: member.id }],
    })
  })

  test('a group without members has an empty list, and none when it is not asked for', async () => {
    const empty = await newGroup(scim, 'Empty')
    expect(empty['members']).toStrictEqual([])
    const { body } = await scim.get(`/Groups/${empty.id}?attributes=displayName`)
    expect(body).toStrictEqual({ schemas: [GROUP], id: empty.id, displayName: 'Empty' })
  })
})
