import { afterAll, describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/scim/schema/attribute.ts'
import { testApp } from '../support/app.ts'
import { ENTERPRISE, newUser, USER } from '../support/resources.ts'

/*
 * RFC 7644 §3.5.2, by kind of target. Refused operations are rows of bad-input.test.ts; the deviations of Entra have
 * their conversations under test/entra.
 */

const CONTOSO = 'urn:ietf:params:scim:schemas:extension:contoso:2.0:User'
const finished = afterAll
const { scim, directory } = await testApp({ finished })

const work = { value: 'adele@work.example', type: 'work', primary: true }
const home = { value: 'adele@home.example', type: 'home' }
const other = { value: 'adele@other.example', type: 'other' }

const before: JsonObject = {
  title: 'Engineer',
  name: { givenName: 'Adele', familyName: 'Vance' },
  emails: [work, home],
  [ENTERPRISE]: { department: 'Sales', employeeNumber: '7' },
}

interface Row {
  readonly name: string
  readonly operations: readonly JsonObject[]
  /** What differs afterwards: new values, or null for what is gone; {} when nothing changes. */
  readonly gives: JsonObject
}

function row(name: string, gives: JsonObject, ...operations: JsonObject[]): Row {
  return { name, operations, gives }
}

const add = (path: string, value: Json): JsonObject => ({ op: 'add', path, value })
const replace = (path: string, value: Json): JsonObject => ({ op: 'replace', path, value })
const remove = (path: string): JsonObject => ({ op: 'remove', path })

let count = 0

async function person(more: JsonObject = {}) {
  count += 1
  return newUser(scim, `user${count}@contoso.example`, { ...before, ...more })
}

const frame = new Set(['schemas', 'id', 'meta', 'userName'])

/** The attributes of a body that this file speaks about. */
function attributesOf(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !frame.has(key)))
}

const rows: Readonly<Record<string, readonly Row[]>> = {
  'a singular attribute': [
    row('P-30 add sets it', { nickName: 'Addy' }, add('nickName', 'Addy')),
    row('P-30 add replaces its value', { title: 'CEO' }, add('title', 'CEO')),
    row('P-34 add of its value changes nothing', {}, add('title', 'Engineer')),
    row('P-33 replace sets it', { nickName: 'Addy' }, replace('nickName', 'Addy')),
    row('replace replaces it', { title: 'CEO' }, replace('title', 'CEO')),
    row('P-34 replace by its value changes nothing', {}, replace('title', 'Engineer')),
    row('a change of case is a change', { title: 'ENGINEER' }, replace('title', 'ENGINEER')),
    row('P-36 replace by null removes it', { title: null }, replace('title', null)),
    row('P-36 replace by [] removes it', { title: null }, replace('title', [])),
    row('P-36 add of null changes nothing', {}, add('title', null)),
    row('remove removes it', { title: null }, remove('title')),
    row('remove of what is not there changes nothing', {}, remove('nickName')),
    row('P-34 active true for an active user changes nothing', {}, replace('active', true)),
    row('U-06 active becomes false', { active: false }, replace('active', false)),
    row('P-11 a name in another case', { nickName: 'Addy' }, add('NICKname', 'Addy')),
    row('P-11 a name with the URN of users', { title: 'CEO' }, replace(`${USER}:title`, 'CEO')),
  ],
  'a complex attribute': [
    row(
      'P-31 add sets what is given and keeps the rest',
      { name: { givenName: 'Adele', familyName: 'Smith' } },
      add('name', { familyName: 'Smith' }),
    ),
    row(
      'W-07 replace keeps what is not given',
      { name: { givenName: 'Adele', familyName: 'Smith' } },
      replace('name', { familyName: 'Smith' }),
    ),
    row('remove removes all of it', { name: null }, remove('name')),
    row('P-36 replace by {} removes it', { name: null }, replace('name', {})),
    row(
      'a sub-attribute is replaced',
      { name: { givenName: 'Ada', familyName: 'Vance' } },
      replace('name.givenName', 'Ada'),
    ),
    row(
      'a sub-attribute is added, whatever its case',
      { name: { givenName: 'Adele', familyName: 'Vance', middleName: 'M' } },
      add('nAmE.MIDDLEname', 'M'),
    ),
    row('a sub-attribute is removed', { name: { givenName: 'Adele' } }, remove('name.familyName')),
    row(
      'the last sub-attribute takes the attribute with it',
      { name: null },
      remove('name.familyName'),
      remove('name.givenName'),
    ),
    row(
      'a sub-attribute makes its parent',
      { name: { formatted: 'A' } },
      remove('name'),
      add('name.formatted', 'A'),
    ),
    row('P-34 the same values change nothing', {}, replace('name', { givenName: 'Adele' })),
  ],
  'a multi-valued attribute': [
    row('P-30 add appends', { emails: [work, home, other] }, add('emails', [other])),
    row('add takes one object too', { emails: [work, home, other] }, add('emails', other)),
    row('P-34 add of an element that is there changes nothing', {}, add('emails', [home])),
    row(
      'T-15 add of the same twice appends one',
      { emails: [work, home, other] },
      add('emails', [other, other]),
    ),
    row('replace replaces all', { emails: [other] }, replace('emails', [other])),
    row('P-36 replace by [] removes it', { emails: null }, replace('emails', [])),
    row('P-36 replace by null removes it', { emails: null }, replace('emails', null)),
    row('P-36 add of [] changes nothing', {}, add('emails', [])),
    row('P-37 remove removes all', { emails: null }, remove('emails')),
    row(
      'P-33 replace sets what was not there',
      { roles: [{ value: 'PM' }] },
      replace('roles', [{ value: 'PM' }]),
    ),
    row('P-34 replace by the same changes nothing', {}, replace('emails', [work, home])),
  ],
  'a value path': [
    row('remove removes the element', { emails: [work] }, remove('emails[type eq "home"]')),
    row('W-11 remove of no element changes nothing', {}, remove('emails[type eq "other"]')),
    row(
      'the last element takes the attribute with it',
      { emails: null },
      remove('emails[type eq "home" or type eq "work"]'),
    ),
    row('remove with pr removes all', { emails: null }, remove('emails[value pr]')),
    row('remove with not', { emails: [work] }, remove('emails[not (type eq "work")]')),
    row(
      'remove without regard to case',
      { emails: [work] },
      remove('emails[value eq "ADELE@HOME.example"]'),
    ),
    row(
      'W-06 replace replaces the element',
      { emails: [work, { value: 'new@home.example', type: 'home' }] },
      replace('emails[type eq "home"]', { value: 'new@home.example' }),
    ),
    row(
      'replace drops what is not given, but not what selects it',
      { emails: [{ value: 'new@work.example', type: 'work' }, home] },
      replace('emails[type eq "work"]', { value: 'new@work.example' }),
    ),
    row(
      'add merges into the element',
      { emails: [work, { ...home, display: 'Home' }] },
      add('emails[type eq "home"]', { display: 'Home' }),
    ),
    row(
      'a sub-attribute is replaced in every match',
      {
        emails: [
          { ...work, display: 'x' },
          { ...home, display: 'x' },
        ],
      },
      replace('emails[value ew ".example"].display', 'x'),
    ),
    row(
      'a sub-attribute is removed',
      { emails: [{ value: work.value, type: 'work' }, home] },
      remove('emails[type eq "work"].primary'),
    ),
    row('W-11 a sub-attribute of no element', {}, remove('emails[type eq "other"].value')),
    row(
      'an element left without a value is gone',
      { emails: [work] },
      remove('emails[type eq "home"].value'),
    ),
    row(
      'W-04 an element that eq describes is made',
      { emails: [work, home, other] },
      add('emails[type eq "other"].value', other.value),
    ),
  ],
  primary: [
    row(
      'P-32 a new primary takes the mark',
      {
        emails: [
          { ...work, primary: false },
          { ...home, primary: true },
        ],
      },
      replace('emails[type eq "home"].primary', true),
    ),
    row(
      'P-32 an added primary takes the mark',
      { emails: [{ ...work, primary: false }, home, { ...other, primary: true }] },
      add('emails', [{ ...other, primary: true }]),
    ),
    row(
      'P-32 without a path',
      { emails: [{ ...work, primary: false }, home, { ...other, primary: true }] },
      { op: 'add', value: { emails: [{ ...other, primary: true }] } },
    ),
    row(
      'P-34 the primary again changes nothing',
      {},
      replace('emails[type eq "work"].primary', true),
    ),
  ],
  'an extension': [
    row(
      'an attribute is replaced',
      { [ENTERPRISE]: { department: 'Legal', employeeNumber: '7' } },
      replace(`${ENTERPRISE}:department`, 'Legal'),
    ),
    row(
      'P-11 its URN in another case',
      { [ENTERPRISE]: { department: 'Legal', employeeNumber: '7' } },
      replace(`${ENTERPRISE.toUpperCase()}:DEPARTMENT`, 'Legal'),
    ),
    row(
      'an attribute is removed',
      { [ENTERPRISE]: { employeeNumber: '7' } },
      remove(`${ENTERPRISE}:department`),
    ),
    row(
      'R-04 the last attribute takes the extension with it',
      { [ENTERPRISE]: null },
      remove(`${ENTERPRISE}:department`),
      remove(`${ENTERPRISE}:employeeNumber`),
    ),
    row('P-13 remove removes the extension', { [ENTERPRISE]: null }, remove(ENTERPRISE)),
    row(
      'P-13 add merges into it',
      { [ENTERPRISE]: { department: 'Sales', employeeNumber: '7', division: 'EMEA' } },
      add(ENTERPRISE, { division: 'EMEA' }),
    ),
    row(
      'P-39 a nested object merges',
      { [ENTERPRISE]: { department: 'Legal', employeeNumber: '7' } },
      { op: 'replace', value: { [ENTERPRISE]: { department: 'Legal' } } },
    ),
    row(
      'manager.value',
      { [ENTERPRISE]: { department: 'Sales', employeeNumber: '7', manager: manager('m1') } },
      add(`${ENTERPRISE}:manager.value`, 'm1'),
    ),
    row('P-38 a custom one appears', { [CONTOSO]: { badge: 'A1' } }, add(`${CONTOSO}:badge`, 'A1')),
  ],
  'no path': [
    row(
      'add sets every member',
      { title: 'CEO', nickName: 'Addy' },
      { op: 'add', value: { title: 'CEO', nickName: 'Addy' } },
    ),
    row('replace leaves the others', { title: 'CEO' }, { op: 'replace', value: { title: 'CEO' } }),
    row('null removes', { title: null }, { op: 'replace', value: { title: null } }),
    row(
      'add appends to arrays',
      { emails: [work, home, other] },
      { op: 'add', value: { emails: [other] } },
    ),
    row(
      'replace replaces arrays',
      { emails: [other] },
      { op: 'replace', value: { emails: [other] } },
    ),
    row(
      'P-18 id, meta and schemas of a body that comes back are ignored',
      { title: 'CEO' },
      { op: 'replace', value: { id: 'x', meta: { version: 'x' }, schemas: [USER], title: 'CEO' } },
    ),
    row(
      'P-39 keys that are paths',
      {
        name: { givenName: 'Ada', familyName: 'Vance' },
        emails: [work, { ...home, value: 'n@h.example' }],
      },
      {
        op: 'replace',
        value: { 'name.givenName': 'Ada', 'emails[type eq "home"].value': 'n@h.example' },
      },
    ),
    row('an empty object changes nothing', {}, { op: 'replace', value: {} }),
  ],
  'several operations': [
    row('P-08 the last one counts', { title: 'b' }, replace('title', 'a'), replace('title', 'b')),
    row(
      'P-34 there and back changes nothing',
      {},
      replace('title', 'a'),
      replace('title', 'Engineer'),
    ),
    row(
      'P-08 each works on what the one before left',
      { emails: [other] },
      remove('emails'),
      add('emails', [other]),
    ),
    row(
      'an element that an operation made is found by the next',
      { emails: [work, home, { ...other, display: 'x' }] },
      add('emails', [other]),
      replace('emails[type eq "other"].display', 'x'),
    ),
  ],
}

function manager(id: string): JsonObject {
  return { value: id, $ref: `https://entrance.example/scim/v2/Users/${id}` }
}

describe.each(Object.entries(rows))('a PATCH of %s:', (_, table) => {
  test.each(table)('$name', async ({ operations, gives }) => {
    const user = await person()
    const patched = await scim.operate(`/Users/${user.id}`, ...operations)
    expect(patched.status).toBe(200)

    const merged = { ...attributesOf(user), ...gives }
    const expected = Object.fromEntries(
      Object.entries(merged).filter(([, value]) => value !== null),
    )
    expect(attributesOf(patched.body)).toStrictEqual(expected)
    const extensions = Object.keys(expected).filter((key) => key.startsWith('urn:'))
    expect(patched.body['schemas']).toStrictEqual([USER, ...extensions])

    const read = await scim.get(`/Users/${user.id}`)
    expect(read.body).toStrictEqual(patched.body)
    const version = Object.keys(gives).length === 0 ? 'W/"1"' : 'W/"2"'
    expect(read.headers.get('etag')).toBe(version)
    const events = (await directory.events.list(0, 10_000)).filter(
      ({ resourceId }) => resourceId === user.id,
    )
    expect(events).toHaveLength(version === 'W/"1"' ? 1 : 2)
  })
})

test('P-34 a PATCH that changes nothing leaves lastModified alone, and one that does moves it', async () => {
  const { scim, clock } = await testApp()
  const user = await newUser(scim, 'adele@contoso.example', { title: 'Engineer' })
  clock.pass(60_000)
  const same = await scim.operate(`/Users/${user.id}`, replace('title', 'Engineer'))
  expect(same.body['meta']).toStrictEqual(user['meta'])
  const changed = await scim.operate(`/Users/${user.id}`, replace('title', 'CEO'))
  expect(changed.body['meta']).toMatchObject({
    created: '2026-03-02T08:00:00.000Z',
    lastModified: '2026-03-02T08:01:00.000Z',
    version: 'W/"2"',
  })
})

test('P-09 a PATCH whose last operation fails leaves nothing of the first ones', async () => {
  const user = await person()
  const failed = await scim.operate(
    `/Users/${user.id}`,
    replace('title', 'CEO'),
    remove('emails'),
    replace('active', 'perhaps'),
  )
  expect(failed).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } })
  const read = await scim.get(`/Users/${user.id}`)
  expect(read.body).toStrictEqual(user)
})

test('P-40 P-42 the answer is the whole user, with ETag and Location', async () => {
  const user = await person()
  const { headers, body } = await scim.operate(`/Users/${user.id}`, replace('title', 'CEO'))
  expect(headers.get('etag')).toBe('W/"2"')
  expect(headers.get('location')).toBe(`https://entrance.example/scim/v2/Users/${user.id}`)
  expect(body).toMatchObject({ id: user.id, title: 'CEO', emails: [work, home] })
})

test('J-09 with attributes the answer holds those alone', async () => {
  const user = await person()
  const { status, body } = await scim.operate(
    `/Users/${user.id}?attributes=title`,
    replace('title', 'CEO'),
  )
  expect(status).toBe(200)
  expect(body).toStrictEqual({ schemas: [USER, ENTERPRISE], id: user.id, title: 'CEO' })
})

test('an event of a PATCH names each changed attribute with its old and new value', async () => {
  const user = await person()
  await scim.operate(`/Users/${user.id}`, replace('name.givenName', 'Ada'), remove('title'))
  const last = (await directory.events.list(0, 10_000)).at(-1)
  expect(last).toMatchObject({ action: 'user.updated', door: 'scim', actor: 'token:default' })
  expect(last?.changes).toStrictEqual([
    { path: 'title', from: 'Engineer' },
    { path: 'name.givenName', from: 'Adele', to: 'Ada' },
  ])
})
