import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { GROUP, newGroup, newUser } from '../support/resources.ts'

const BASE = 'https://entrance.example/scim/v2'
const add = (...ids: string[]): JsonObject => ({
  op: 'add',
  path: 'members',
  value: ids.map((value) => ({ value })),
})
const remove = (id: string): JsonObject => ({ op: 'remove', path: `members[value eq "${id}"]` })

async function memberIds({ scim }: TestApp, id: string): Promise<unknown[]> {
  const members = (await scim.get(`/Groups/${id}`)).body['members']
  return Array.isArray(members)
    ? members.map((one) =>
        one !== null && typeof one === 'object' && 'value' in one ? one.value : one,
      )
    : []
}

describe('members', () => {
  test('N-03 a member that the directory knows gets $ref, type and display; others keep their id', async () => {
    const app = await testApp()
    const user = await newUser(app.scim, 'adele@contoso.example', { displayName: 'Adele' })
    const inner = await newGroup(app.scim, 'Inner')
    const group = await newGroup(app.scim, 'Outer', {
      members: [{ value: user.id }, { value: inner.id }, { value: 'unknown' }],
    })
    expect(group['members']).toStrictEqual([
      { value: user.id, $ref: `${BASE}/Users/${user.id}`, type: 'User', display: 'Adele' },
      { value: inner.id, $ref: `${BASE}/Groups/${inner.id}`, type: 'Group', display: 'Inner' },
      { value: 'unknown' },
    ])
    expect((await app.scim.get(`/Users/${user.id}`)).body['groups']).toStrictEqual([
      { value: group.id, $ref: `${BASE}/Groups/${group.id}`, display: 'Outer', type: 'direct' },
    ])
  })

  test('T-09 an id that comes to life later was a member all along', async () => {
    const app = await testApp()
    const group = await newGroup(app.scim, 'Sales', {
      members: [{ value: '00000000-0000-7000-8000-000000000099', type: 'User' }],
    })
    const { body } = await app.scim.get(`/Groups/${group.id}`)
    expect(body['members']).toStrictEqual([
      {
        value: '00000000-0000-7000-8000-000000000099',
        $ref: `${BASE}/Users/00000000-0000-7000-8000-000000000099`,
        type: 'User',
      },
    ])
  })

  test('N-05 a group without members is valid', async () => {
    const app = await testApp()
    const group = await newGroup(app.scim, 'Empty')
    expect(group['members']).toStrictEqual([])
    const { status } = await app.scim.operate(`/Groups/${group.id}`, {
      op: 'replace',
      path: 'members',
      value: [],
    })
    expect(status).toBe(204)
  })

  test('N-06 groups that contain each other are read without end', async () => {
    const app = await testApp()
    const one = await newGroup(app.scim, 'One')
    const two = await newGroup(app.scim, 'Two', { members: [{ value: one.id }] })
    await app.scim.operate(`/Groups/${one.id}`, add(two.id, one.id))
    expect(await memberIds(app, one.id)).toStrictEqual([one.id, two.id])
    expect((await app.scim.delete(`/Groups/${one.id}`)).status).toBe(204)
    expect(await memberIds(app, two.id)).toStrictEqual([])
  })

  test('DE-07 a deleted user leaves its groups, which become newer; an inactive one stays', async () => {
    const app = await testApp()
    const gone = await newUser(app.scim, 'gone@contoso.example')
    const inactive = await newUser(app.scim, 'inactive@contoso.example')
    const group = await newGroup(app.scim, 'Sales', {
      members: [{ value: gone.id }, { value: inactive.id }],
    })
    app.clock.pass(1000)
    await app.scim.operate(`/Users/${inactive.id}`, { op: 'replace', path: 'active', value: false })
    expect(await memberIds(app, group.id)).toStrictEqual([gone.id, inactive.id])
    await app.scim.delete(`/Users/${gone.id}`)
    const read = await app.scim.get(`/Groups/${group.id}`)
    expect(await memberIds(app, group.id)).toStrictEqual([inactive.id])
    expect(read.body['meta']).toMatchObject({
      version: 'W/"2"',
      lastModified: '2026-03-02T08:00:01.000Z',
    })
  })

  test('the name of a renamed member is shown, and that of a renamed group on its members', async () => {
    const app = await testApp()
    const user = await newUser(app.scim, 'adele@contoso.example', { displayName: 'Adele' })
    const group = await newGroup(app.scim, 'Sales', { members: [{ value: user.id }] })
    const rename = { op: 'replace', path: 'displayName', value: 'Renamed' }
    await app.scim.operate(`/Users/${user.id}`, rename)
    await app.scim.operate(`/Groups/${group.id}`, rename)
    expect((await app.scim.get(`/Groups/${group.id}`)).body).toMatchObject({
      members: [{ display: 'Renamed' }],
    })
    expect((await app.scim.get(`/Users/${user.id}`)).body).toMatchObject({
      groups: [{ display: 'Renamed' }],
    })
  })
})

describe('a PATCH of members', () => {
  test.each<[string, JsonObject[], string[], boolean]>([
    ['P-30 add appends', [add('c')], ['a', 'b', 'c'], true],
    ['P-34 add of a member changes nothing', [add('a')], ['a', 'b'], false],
    ['P-34 add of a member and of another', [add('a', 'c')], ['a', 'b', 'c'], true],
    ['add of one twice', [add('c', 'c')], ['a', 'b', 'c'], true],
    [
      'add of one object',
      [{ op: 'add', path: 'members', value: { value: 'c' } }],
      ['a', 'b', 'c'],
      true,
    ],
    [
      'add without a path',
      [{ op: 'add', value: { members: [{ value: 'c' }] } }],
      ['a', 'b', 'c'],
      true,
    ],
    ['remove of one', [remove('a')], ['b'], true],
    ['P-35 remove of nobody changes nothing', [remove('x')], ['a', 'b'], false],
    ['an id is compared to the letter', [remove('A')], ['a', 'b'], false],
    [
      'remove of two by or',
      [{ op: 'remove', path: 'members[value eq "a" or value eq "b"]' }],
      [],
      true,
    ],
    ['remove of all', [{ op: 'remove', path: 'members' }], [], true],
    [
      'W-08 remove of a list',
      [{ op: 'remove', path: 'members', value: [{ value: 'a' }] }],
      ['b'],
      true,
    ],
    [
      'W-08 remove of an empty list',
      [{ op: 'remove', path: 'members', value: [] }],
      ['a', 'b'],
      false,
    ],
    ['under the URN of groups', [{ ...add('c'), path: `${GROUP}:members` }], ['a', 'b', 'c'], true],
    [
      'replace',
      [{ op: 'replace', path: 'members', value: [{ value: 'b' }, { value: 'c' }] }],
      ['b', 'c'],
      true,
    ],
    [
      'replace by the same',
      [{ op: 'replace', path: 'members', value: [{ value: 'b' }, { value: 'a' }] }],
      ['a', 'b'],
      false,
    ],
    ['replace by nobody', [{ op: 'replace', path: 'members', value: [] }], [], true],
    ['P-08 remove all, then add one', [{ op: 'remove', path: 'members' }, add('z')], ['z'], true],
    ['add, then remove it again', [add('z'), remove('z')], ['a', 'b'], false],
    ['remove, then add it again', [remove('a'), add('a')], ['a', 'b'], false],
    [
      'a name and a member',
      [{ op: 'replace', path: 'externalId', value: 'x' }, add('c')],
      ['a', 'b', 'c'],
      true,
    ],
  ])('%s', async (_, operations, expected, changes) => {
    const app = await testApp()
    const group = await newGroup(app.scim, 'Sales', {
      members: ['a', 'b'].map((value) => ({ value })),
    })
    app.clock.pass(1000)
    const patched = await app.scim.operate(`/Groups/${group.id}`, ...operations)
    expect({ status: patched.status, text: patched.text }).toStrictEqual({ status: 204, text: '' })
    const version = changes ? 'W/"2"' : 'W/"1"'
    expect(patched.headers.get('etag')).toBe(version)
    expect(await memberIds(app, group.id)).toStrictEqual(expected)
    const { body } = await app.scim.get(`/Groups/${group.id}`)
    const lastModified = `2026-03-02T08:00:0${changes ? 1 : 0}.000Z`
    expect(body['meta']).toMatchObject({ version, lastModified })
    const events = await app.directory.events.list(0, 100)
    const updates = events.filter(({ action }) => action === 'group.updated')
    expect(updates).toHaveLength(changes ? 1 : 0)
  })

  test('P-40 with attributes the answer is 200 and holds those', async () => {
    const { scim } = await testApp()
    const group = await newGroup(scim, 'Sales')
    const { status, body } = await scim.operate(`/Groups/${group.id}?attributes=members`, add('a'))
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: group.id, members: [{ value: 'a' }] })
  })

  test('an event says who joined and who left', async () => {
    const { scim, directory } = await testApp()
    const group = await newGroup(scim, 'Sales', { members: [{ value: 'a' }] })
    await scim.operate(`/Groups/${group.id}`, add('c', 'b'), remove('a'))
    expect((await directory.events.list(0, 100)).at(-1)).toMatchObject({
      action: 'group.updated',
      changes: [
        { path: 'members', from: ['a'] },
        { path: 'members', to: ['b', 'c'] },
      ],
    })
  })
})

describe('a group of 100,000 members', () => {
  const size = 100_000
  const ids = Array.from({ length: size }, (_, index) => `member-${String(index).padStart(6, '0')}`)

  test('W-46 changes one member at the cost of one row, and is read without them', async () => {
    const { scim, directory, database, clock } = await testApp()
    const { id } = await directory.groups.create(
      {
        attributes: { displayName: 'Everyone' },
        members: { kind: 'set', members: ids.map((value) => ({ value })) },
        origin: 'scim',
      },
      cause,
    )
    const changed = await database.countChanges('members')
    clock.pass(1000)
    const joined = await scim.operate(`/Groups/${id}`, add('newcomer'))
    expect({ status: joined.status, text: joined.text }).toStrictEqual({ status: 204, text: '' })
    expect(await changed()).toBe(1)
    const left = await scim.operate(`/Groups/${id}`, remove('member-050000'))
    expect({ status: left.status, text: left.text }).toStrictEqual({ status: 204, text: '' })
    expect(await changed()).toBe(2)
    await scim.operate(`/Groups/${id}`, { op: 'replace', path: 'externalId', value: 'x' })
    await scim.operate(`/Groups/${id}`, add('newcomer'))
    expect(await changed()).toBe(2)

    const updates = await directory.events.list(1, 100)
    expect(updates.slice(-3, -1).map(({ changes }) => changes)).toStrictEqual([
      [{ path: 'members', to: ['newcomer'] }],
      [{ path: 'members', from: ['member-050000'] }],
    ])

    for (const path of [
      `/Groups/${id}?excludedAttributes=members`,
      '/Groups?excludedAttributes=members&filter=displayName+eq+%22everyone%22',
      '/Groups?filter=members.value+eq+%22newcomer%22&attributes=displayName',
    ]) {
      const { status, text } = await scim.get(path)
      expect(status).toBe(200)
      expect(text).toContain(id)
      expect(text.length).toBeLessThan(1000)
    }
  })

  test('an event of it says how many joined instead of naming them', async () => {
    const { scim, directory } = await testApp()
    const group = await newGroup(scim, 'Many', {
      members: ids.slice(0, 101).map((value) => ({ value })),
    })
    const last = (await directory.events.list(0, 100)).at(-1)
    expect(last).toMatchObject({ resourceId: group.id })
    expect(last?.changes.at(-1)).toStrictEqual({ path: 'members', to: '101 members' })
  })
})
