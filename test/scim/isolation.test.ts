import { afterAll, describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/scim/schema/attribute.ts'
import { cause, testApp } from '../support/app.ts'
import {
  ENTERPRISE,
  GROUP,
  newGroup,
  newUser,
  PATCH_OP,
  SEARCH,
  USER,
} from '../support/resources.ts'
import type { ScimClient } from '../support/scim-client.ts'

/*
 * Two organisations that hold the same names: nothing one of them asks for may show, change or count what the other
 * has (DESIGN §5.10, Q-08).
 */

const finished = afterAll
const app = await testApp({ finished })
await app.store.organisations.create({ name: 'fabrikam', entraTenantId: undefined }, cause)
const { database } = app

/** The same people and groups in every organisation; only `nickName` and `title` tell whose they are. */
async function populate(scim: ScimClient, mark: string) {
  const boss = await newUser(scim, 'boss@contoso.example', { externalId: 'boss', nickName: mark })
  const user = await newUser(scim, 'adele@contoso.example', {
    externalId: 'adele',
    nickName: mark,
    displayName: 'Adele',
    emails: [{ value: 'adele@contoso.example', type: 'work' }],
    roles: [{ value: 'PM' }],
    [ENTERPRISE]: { department: 'Sales', manager: { value: boss.id } },
  })
  const inner = await newGroup(scim, 'Inner', { externalId: 'inner' })
  const group = await newGroup(scim, 'Sales', {
    externalId: 'sales',
    members: [{ value: user.id }, { value: inner.id }],
  })
  return { scim, mark, boss: boss.id, user: user.id, inner: inner.id, group: group.id }
}

const contoso = await populate(app.scim, 'red-mark')
const fabrikam = await populate(await app.clientOf('fabrikam'), 'blue-mark')

const sides = [
  { name: 'contoso', own: contoso, other: fabrikam },
  { name: 'fabrikam', own: fabrikam, other: contoso },
]

const idsOf = ({ boss, user, inner, group }: typeof contoso) => [boss, user, inner, group]

interface Foreign {
  readonly method: string
  readonly path: string
  readonly body?: Json
}

const remove = (path: string): JsonObject => ({
  schemas: [PATCH_OP],
  Operations: [{ op: 'remove', path }],
})
const deactivate: JsonObject = {
  schemas: [PATCH_OP],
  Operations: [{ op: 'replace', path: 'active', value: false }],
}
const join = (id: string): JsonObject => ({
  schemas: [PATCH_OP],
  Operations: [{ op: 'add', path: 'members', value: [{ value: id }] }],
})

/** Every route that takes an id, with the id of the other side in it. */
const withForeignId = (own: typeof contoso, other: typeof contoso): readonly Foreign[] => [
  { method: 'GET', path: `/Users/${other.user}` },
  { method: 'GET', path: `/Users/${other.user}?attributes=id` },
  { method: 'PUT', path: `/Users/${other.user}`, body: { schemas: [USER], userName: 'x' } },
  { method: 'PATCH', path: `/Users/${other.user}`, body: deactivate },
  { method: 'PATCH', path: `/Users/${other.user}`, body: { schemas: [PATCH_OP], Operations: [] } },
  { method: 'DELETE', path: `/Users/${other.user}` },
  { method: 'GET', path: `/Groups/${other.group}` },
  { method: 'GET', path: `/Groups/${other.group}?excludedAttributes=members` },
  { method: 'PUT', path: `/Groups/${other.group}`, body: { schemas: [GROUP], displayName: 'x' } },
  { method: 'PATCH', path: `/Groups/${other.group}`, body: join(own.user) },
  { method: 'PATCH', path: `/Groups/${other.group}`, body: remove('members') },
  { method: 'DELETE', path: `/Groups/${other.group}` },
]

/** Queries that name what both sides have, with how many of them each side has. */
const queries: readonly (readonly [string, string, number])[] = [
  ['/Users', '', 2],
  ['/Groups', '', 2],
  ['/Users', 'userName eq "ADELE@contoso.example"', 1],
  ['/Users', 'externalId eq "adele"', 1],
  ['/Users', 'emails.value eq "adele@contoso.example"', 1],
  ['/Users', 'emails[type eq "work" and value eq "adele@contoso.example"]', 1],
  ['/Users', 'emails[value co "adele"]', 1],
  ['/Users', 'roles.value eq "PM"', 1],
  ['/Users', 'userName pr', 2],
  ['/Users', 'not (userName eq "nobody")', 2],
  ['/Users', 'userName eq "nobody" or id pr', 2],
  ['/Users', 'meta.created gt "2000-01-01T00:00:00Z"', 2],
  ['/Users', 'groups pr', 1],
  ['/Users', `${ENTERPRISE}:department eq "sales"`, 1],
  ['/Groups', 'displayName eq "SALES"', 1],
  ['/Groups', 'externalId eq "sales"', 1],
  ['/Groups', 'members pr', 1],
  ['/Groups', 'displayName sw "s" or displayName sw "i"', 2],
]

describe.each(sides)('$name', ({ own, other }) => {
  const foreign = idsOf(other)

  test.each(withForeignId(own, other))('is told 404 by $method $path', async (request) => {
    const before = await database.dump()
    const { status, text } = await own.scim.send(request.method, request.path, request.body)
    expect(status).toBe(404)
    expect(text).not.toContain(other.mark)
    const nobody = request.path.replace(/[0-9a-f-]{36}/, '00000000-0000-4000-8000-00000000dead')
    const unknown = await own.scim.send(request.method, nobody, request.body)
    const withoutIds = (answer: string) => answer.replaceAll(/[0-9a-f-]{36}/g, '')
    expect(withoutIds(text)).toBe(withoutIds(unknown.text))
    expect(await database.dump()).toBe(before)
  })

  test.each(queries)('counts only its own at %s with %j', async (path, filter, total) => {
    const got = filter === '' ? await own.scim.get(path) : await own.scim.filter(path, filter)
    const searched = await own.scim.post(`${path}/.search`, {
      schemas: [SEARCH],
      ...(filter === '' ? {} : { filter }),
    })
    for (const { status, body, text } of [got, searched]) {
      expect(status).toBe(200)
      expect(body).toMatchObject({ totalResults: total, itemsPerPage: total })
      expect(text).not.toContain(other.mark)
      for (const id of foreign) expect(text).not.toContain(id)
    }
  })

  test.each([
    ['/Users', (id: string) => `id eq "${id}"`, 'user'],
    ['/Users', (id: string) => `groups.value eq "${id}"`, 'group'],
    ['/Users', (id: string) => `groups[value eq "${id}"]`, 'group'],
    ['/Groups', (id: string) => `members.value eq "${id}"`, 'user'],
    ['/Groups', (id: string) => `members[value eq "${id}"]`, 'inner'],
    ['/Groups', (id: string) => `id eq "${id}"`, 'group'],
  ] as const)('finds nothing at %s by a foreign id: %s', async (path, filter, kind) => {
    expect((await own.scim.filter(path, filter(own[kind]))).body).toMatchObject({ totalResults: 1 })
    expect((await own.scim.filter(path, filter(other[kind]))).body).toMatchObject({
      totalResults: 0,
      Resources: [],
    })
  })

  test('reads its own user with its own group and manager', async () => {
    const { body } = await own.scim.get(`/Users/${own.user}`)
    expect(body).toMatchObject({
      nickName: own.mark,
      groups: [{ value: own.group, display: 'Sales' }],
      [ENTERPRISE]: { manager: { value: own.boss } },
    })
  })
})

test('a member with a foreign id resolves to nothing, on both sides', async () => {
  const { scim } = contoso
  const before = await fabrikam.scim.get(`/Users/${fabrikam.user}`)
  const group = await newGroup(scim, 'Spies', {
    members: [{ value: fabrikam.boss }, { value: fabrikam.user }, { value: fabrikam.group }],
  })
  const read = await scim.get(`/Groups/${group.id}`)
  expect(read.body['members']).toStrictEqual([
    { value: fabrikam.boss },
    { value: fabrikam.user },
    { value: fabrikam.group },
  ])
  const inGroups = await fabrikam.scim.filter('/Users', 'groups pr')
  expect(inGroups.body).toMatchObject({ totalResults: 1, Resources: [{ id: fabrikam.user }] })
  for (const side of [contoso, fabrikam]) {
    const found = await side.scim.filter('/Users', `groups.value eq "${group.id}"`)
    expect(found.body['totalResults']).toBe(0)
  }
  expect(await fabrikam.scim.get(`/Users/${fabrikam.user}`)).toMatchObject({ text: before.text })
  expect(
    (await fabrikam.scim.filter('/Groups', `members.value eq "${fabrikam.user}"`)).body,
  ).toMatchObject({ totalResults: 1, Resources: [{ id: fabrikam.group }] })
  expect((await scim.delete(`/Groups/${group.id}`)).status).toBe(204)
})

test('a manager with a foreign id resolves to nothing', async () => {
  const user = await newUser(contoso.scim, 'spy@contoso.example', {
    [ENTERPRISE]: { manager: { value: fabrikam.boss } },
  })
  const { text } = await contoso.scim.get(`/Users/${user.id}`)
  expect(text).not.toContain('blue-mark')
  expect(text).not.toContain('boss@')
  expect((await contoso.scim.delete(`/Users/${user.id}`)).status).toBe(204)
})

test('deleting on one side leaves the same names, members and versions on the other', async () => {
  const read = async () => [
    (await fabrikam.scim.get('/Users')).text,
    (await fabrikam.scim.get('/Groups')).text,
  ]
  const before = await read()
  expect((await contoso.scim.delete(`/Users/${contoso.user}`)).status).toBe(204)
  expect((await contoso.scim.delete(`/Groups/${contoso.group}`)).status).toBe(204)
  expect(await read()).toStrictEqual(before)
  expect((await contoso.scim.get('/Users')).body['totalResults']).toBe(1)
})

test('events name only what happened in the organisation they belong to', async () => {
  const organisation = await app.store.organisations.find('fabrikam')
  const directory = app.store.for({ organisation: organisation?.id ?? '', localUsers: 'visible' })
  const text = JSON.stringify(await directory.events.list(0, 1000))
  expect(text).toContain(fabrikam.user)
  for (const id of idsOf(contoso)) expect(text).not.toContain(id)
})
