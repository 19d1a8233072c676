import { expect, test } from 'vitest'
import { newAdmin, problem } from '../support/admin.ts'
import { newOwnGroup } from '../support/assignments.ts'
import { testApp } from '../support/app.ts'
import { newPerson } from '../support/programs.ts'
import { otherDirectory, recorded } from '../support/store.ts'

async function newSales() {
  const app = await testApp()
  const api = await newAdmin(app)
  const actor = `user:${String((await app.directory.users.named('admin'))?.id)}`
  return { app, api, actor, group: await newOwnGroup(app.directory, 'Sales') }
}

test('permissions are granted and revoked, with one event each, and hold at once', async () => {
  const { app, api, actor, group } = await newSales()
  const user = await newPerson(app.directory, 'ada', { roles: [{ value: 'Lead' }] })
  await api.post(`/groups/${group}/members`, { add: [user.id] })
  const sales = { kind: 'group', id: group }
  const may = async () => {
    const read = await app.directory.users.read(user.id)
    return read && app.directory.permissions.effective(read)
  }
  const events = await recorded(app.directory, async () => {
    for (const permission of ['b', 'a', 'a']) {
      const answer = await api.post('/permissions/grant', { holder: sales, permission })
      expect(answer).toMatchObject({ status: 204, text: '' })
    }
    await api.post('/permissions/grant', {
      holder: { kind: 'role', value: 'LEAD' },
      permission: 'c',
    })
    expect(await may()).toStrictEqual(['a', 'b', 'c'])
    expect((await api.get('/permissions')).body).toStrictEqual({
      items: [
        { holder: { ...sales, displayName: 'Sales' }, permissions: ['a', 'b'] },
        { holder: { kind: 'role', value: 'lead' }, permissions: ['c'] },
      ],
    })
    expect((await api.get(`/groups/${group}`)).body['permissions']).toStrictEqual(['a', 'b'])
    for (const permission of ['b', 'b']) {
      const answer = await api.post('/permissions/revoke', { holder: sales, permission })
      expect(answer).toMatchObject({ status: 204, text: '' })
    }
    expect(await may()).toStrictEqual(['a', 'c'])
  })
  expect(events).toMatchObject([
    { action: 'permission.granted', actor, resourceId: group, changes: [{ to: 'b' }] },
    { action: 'permission.granted', actor, resourceId: group, changes: [{ to: 'a' }] },
    { action: 'permission.granted', actor, resourceId: 'role:lead', changes: [{ to: 'c' }] },
    { action: 'permission.revoked', actor, resourceId: group, changes: [{ from: 'b' }] },
  ])
  expect(events).toHaveLength(4)
})

test('a group has its own permissions, and not those of a role that is called like it', async () => {
  const { api, group } = await newSales()
  const holder = { kind: 'role', value: group }
  await api.post('/permissions/grant', { holder, permission: 'a' })
  expect((await api.get(`/groups/${group}`)).body['permissions']).toStrictEqual([])
})

const role = { kind: 'role', value: 'PM' }

test.each([
  ['no holder', { permission: 'p' }, '#/holder'],
  [
    'a holder of another kind',
    { holder: { kind: 'user', id: 'x' }, permission: 'p' },
    '#/holder/kind',
  ],
  [
    'a group that is not there',
    { holder: { kind: 'group', id: 'x' }, permission: 'p' },
    '#/holder/id',
  ],
  ['an empty role', { holder: { kind: 'role', value: ' ' }, permission: 'p' }, '#/holder/value'],
  ['a blank in a permission', { holder: role, permission: 'a b' }, '#/permission'],
  ['no permission', { holder: role }, '#/permission'],
  ['a permission too long', { holder: role, permission: 'x'.repeat(201) }, '#/permission'],
  ['what nobody knows', { holder: role, permission: 'p', more: 1 }, '#/more'],
])('nothing is granted or revoked with %s', async (_, body, pointer) => {
  const { app, api } = await newSales()
  const before = await app.database.dump()
  for (const decision of ['grant', 'revoke']) {
    const answer = await api.post(`/permissions/${decision}`, body)
    expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
    expect(answer.body['errors']).toMatchObject([{ pointer }])
  }
  expect(await app.database.dump()).toBe(before)
})

test('permissions are nobody else’s', async () => {
  const { app, api, group } = await newSales()
  await api.post('/permissions/grant', { holder: { kind: 'group', id: group }, permission: 'p' })
  const other = await newAdmin(app, await otherDirectory(app), 'stranger')
  expect((await other.get('/permissions')).body).toStrictEqual({ items: [] })
  const body = { holder: { kind: 'group', id: group }, permission: 'p' }
  for (const decision of ['grant', 'revoke']) {
    const answer = await other.post(`/permissions/${decision}`, body)
    expect(answer.body['errors']).toMatchObject([{ pointer: '#/holder/id' }])
  }
  expect((await api.get(`/groups/${group}`)).body['permissions']).toStrictEqual(['p'])
})
