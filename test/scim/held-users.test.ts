import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { cause, testApp } from '../support/app.ts'
import {
  actionsOn,
  heldOne,
  inForce,
  nameOf,
  newStaff,
  objectIdOf,
  off,
  on,
  person,
  setBrake,
  switchOff,
} from '../support/brake.ts'
import { newBrowserSession, newPerson, newTeam } from '../support/programs.ts'
import { newGroup, newUser, PATCH_OP, SEARCH, USER } from '../support/resources.ts'
import { recorded } from '../support/store.ts'

/*
 * What the provisioning client was told is done and is held: to it, it is done. For everybody else nothing has changed, and
 * nobody gets what another has.
 */

const take = (externalId: string): JsonObject => ({
  op: 'replace',
  path: 'externalId',
  value: externalId,
})
const rename = (value: string): JsonObject => ({ op: 'replace', path: 'userName', value })

describe('of somebody whose deactivation is held, the provisioning client', () => {
  test('sees in every answer what it asked for', async () => {
    const { scim, answer, path, id } = await heldOne()
    const inactive = { id, active: false, userName: nameOf(1) }
    expect(answer).toMatchObject({ status: 200, body: inactive })
    expect((await scim.get(path)).body).toMatchObject(inactive)
    expect((await scim.get(`${path}?attributes=active`)).body).toMatchObject({ active: false })
    expect((await scim.get('/Users')).body).toMatchObject({
      totalResults: 3,
      Resources: [{ active: false }, inactive, { active: true }],
    })
    for (const filter of [
      `userName eq "${nameOf(1)}"`,
      `externalId eq "${objectIdOf(1)}"`,
      `id eq "${id}"`,
      `userName sw "person-1"`,
    ]) {
      expect((await scim.filter('/Users', filter)).body).toMatchObject({
        totalResults: 1,
        Resources: [inactive],
      })
    }
    const search = { schemas: [SEARCH], filter: `userName eq "${nameOf(1)}"` }
    expect((await scim.post('/Users/.search', search)).body).toMatchObject({
      Resources: [inactive],
    })
  })

  test.each<[string, number[]]>([
    ['active eq false', [0, 1]],
    ['active eq true', [2]],
    ['active ne true', [0, 1]],
    ['not (active eq true)', [0, 1]],
    ['active pr', [0, 1, 2]],
    [`userName eq "${nameOf(1)}" and active eq false`, [1]],
    [`userName eq "${nameOf(1)}" and active eq true`, []],
    [`emails.value eq "one@contoso.example" and active eq false`, [1]],
    [`emails[value eq "one@contoso.example"]`, [1]],
  ])('finds the user as it sees it: %s', async (filter, expected) => {
    const { scim, ids, path } = await heldOne()
    const value = [{ value: 'one@contoso.example', type: 'work' }]
    await scim.operate(path, { op: 'add', path: 'emails', value })
    const { body } = await scim.filter('/Users', filter)
    expect(body).toMatchObject({
      totalResults: expected.length,
      Resources: expected.map((index) => ({ id: ids[index], active: index === 2 })),
    })
  })

  test('gets a new version for it, and none for asking again', async () => {
    const { scim, path, answer, app } = await heldOne()
    expect(answer.headers.get('etag')).toBe('W/"2"')
    expect(answer.body).toMatchObject({ meta: { version: 'W/"2"' } })
    expect((await scim.get(path, { 'if-none-match': 'W/"2"' })).status).toBe(304)
    const again = await recorded(app.directory, async () => {
      const { status, headers } = await scim.operate(path, off)
      expect([status, headers.get('etag')]).toStrictEqual([200, 'W/"2"'])
    })
    expect(again).toStrictEqual([])
    const body = { schemas: [PATCH_OP], Operations: [on] }
    expect((await scim.send('PATCH', path, body, { 'if-match': 'W/"1"' })).status).toBe(412)
    expect((await scim.send('PATCH', path, body, { 'if-match': 'W/"2"' })).status).toBe(200)
  })

  test('is not told by an If-Match that no longer holds', async () => {
    const { scim, app, other } = await heldOne()
    const body = { schemas: [PATCH_OP], Operations: [off] }
    const events = await recorded(app.directory, async () => {
      const path = `/Users/${other}`
      expect((await scim.send('PATCH', path, body, { 'if-match': 'W/"9"' })).status).toBe(412)
      const removed = await scim.send('DELETE', path, undefined, { 'if-match': 'W/"9"' })
      expect(removed.status).toBe(412)
    })
    expect(events).toStrictEqual([])
  })

  test('can change everything else, which is done', async () => {
    const { scim, path, user, app } = await heldOne()
    const events = await recorded(app.directory, async () => {
      const { body } = await scim.operate(path, { op: 'add', path: 'title', value: 'Engineer' })
      expect(body).toMatchObject({ active: false, title: 'Engineer' })
    })
    expect(events).toMatchObject([
      { action: 'user.updated', changes: [{ path: 'title', to: 'Engineer' }] },
    ])
    expect(await user()).toMatchObject({
      held: 'deactivate',
      attributes: { active: true, title: 'Engineer' },
    })
  })

  test('has what came with the deactivation done, and the deactivation held', async () => {
    const { scim, app, other } = await heldOne()
    const events = await recorded(app.directory, async () => {
      await scim.operate(`/Users/${other}`, off, { op: 'add', path: 'title', value: 'Engineer' })
    })
    expect(events).toMatchObject([
      {
        action: 'user.held',
        door: 'scim',
        changes: [
          { path: 'held', to: 'deactivate' },
          { path: 'title', to: 'Engineer' },
        ],
      },
    ])
    expect(await app.directory.users.read(other)).toMatchObject({
      attributes: { active: true, title: 'Engineer' },
    })
  })

  test('gets the user back as it was when it switches it on again', async () => {
    const { scim, path, user, app, ids, id } = await heldOne()
    const events = await recorded(app.directory, async () => {
      const { status, body } = await scim.operate(path, on)
      expect([status, body['active']]).toStrictEqual([200, true])
    })
    expect(events).toMatchObject([
      { action: 'user.hold-dropped', changes: [{ path: 'held', from: 'deactivate' }] },
    ])
    expect(events).toHaveLength(1)
    expect(await user()).not.toHaveProperty('held')
    expect(await inForce(app, [id])).toMatchObject({ active: 1, signedIn: 1 })
    // Nobody is held any more, and what was held was never counted.
    await setBrake(app, { users: 2, percent: 0 })
    await switchOff(scim, [id])
    expect(await inForce(app, ids)).toMatchObject({ active: 1, held: 0 })
  })

  test('deletes it: that is held instead, even if the brake is off by now', async () => {
    const { scim, path, user, app } = await heldOne()
    await setBrake(app, { percent: 100 })
    const events = await recorded(app.directory, async () => {
      expect((await scim.delete(path)).status).toBe(204)
    })
    expect(events).toMatchObject([
      { action: 'user.held', changes: [{ path: 'held', from: 'deactivate', to: 'delete' }] },
    ])
    expect((await scim.get(path)).status).toBe(404)
    expect(await user()).toMatchObject({ held: 'delete', attributes: { active: true } })
  })

  test('has its recycle bin’s renaming undone as for somebody inactive', async () => {
    const { scim, path } = await heldOne()
    const prefix = '0123456789abcdef0123456789abcdef'
    const { body } = await scim.operate(path, rename(`${prefix}${nameOf(1)}`))
    expect(body).toMatchObject({ userName: nameOf(1), active: false })
  })

  test('leaves the user its sessions, its permissions and its way in', async () => {
    const staff = await newStaff(2, { users: 0, percent: 0 })
    const { app, scim, ids } = staff
    const [id = ''] = ids
    const user = await app.directory.users.read(id)
    if (!user) throw new Error('There is nobody.')
    await newTeam(app.directory, 'Designers', user, ['projects.read'])
    const { headers } = await newBrowserSession(app.directory, id)
    await scim.operate(`/Users/${id}`, off)
    const asked = await app.fetch(new Request('https://entrance.example/auth/session', { headers }))
    expect(await asked.json()).toMatchObject({ permissions: ['projects.read'] })
    await expect(newBrowserSession(app.directory, id)).resolves.toBeDefined()
  })
})

describe('of somebody whose deletion is held, the provisioning client', () => {
  test('sees nothing any more', async () => {
    const { scim, answer, path, id } = await heldOne('delete')
    expect(answer.status).toBe(204)
    const lost = await Promise.all([
      scim.get(path),
      scim.operate(path, on),
      scim.put(path, { schemas: [USER], userName: nameOf(1) }),
      scim.delete(path),
    ])
    expect(lost.map(({ status }) => status)).toStrictEqual([404, 404, 404, 404])
    for (const filter of [
      `userName eq "${nameOf(1)}"`,
      `externalId eq "${objectIdOf(1)}"`,
      `id eq "${id}"`,
      `userName eq "${nameOf(1)}" and active eq true`,
      `userName sw "person-1"`,
      'emails.value eq "one@contoso.example"',
    ]) {
      expect((await scim.filter('/Users', filter)).body).toMatchObject({ totalResults: 0 })
    }
  })

  test.each(['hidden', 'visible'] as const)(
    'counts and pages without it, with local accounts %s',
    async (localUsers) => {
      const { scim, ids, app, id } = await heldOne('delete', { localUsers })
      await newPerson(app.directory, 'local')
      const shown = ids.filter((each) => each !== id).length + (localUsers === 'visible' ? 1 : 0)
      const { body } = await scim.get('/Users')
      expect(body).toMatchObject({ totalResults: shown, itemsPerPage: shown })
      const pages = []
      for (let start = 1; start <= shown; start += 1) {
        const page = await scim.get(`/Users?startIndex=${start}&count=1`)
        expect(page.body['totalResults']).toBe(shown)
        pages.push(...(page.body['Resources'] as JsonObject[]))
      }
      expect(pages).toStrictEqual(body['Resources'])
      expect(await app.directory.users.query({ startIndex: 1, count: 10 })).toMatchObject({
        total: 4,
        items: { length: 4 },
      })
    },
  )

  test('leaves the user everything', async () => {
    const { app, scim, id, other, user } = await heldOne()
    const members = [{ value: id }, { value: other }]
    const group = await newGroup(scim, 'Designers', { members })
    await scim.delete(`/Users/${id}`)
    expect((await scim.get(`/Groups/${group.id}`)).body).toMatchObject({ members })
    expect(await user()).toMatchObject({ groups: [{ id: group.id }] })
    expect(await user()).toMatchObject({ held: 'delete', attributes: { active: true } })
    expect(await inForce(app, [id])).toMatchObject({ active: 1, signedIn: 1 })
    expect(await actionsOn({ app }, id)).toStrictEqual(['user.created', 'user.held', 'user.held'])
  })

  test.each<[string, JsonObject]>([
    ['the same person', { userName: nameOf(1), ...person(1) }],
    ['the same person under another name', { userName: 'new@contoso.example', ...person(1) }],
  ])('makes %s: the user is there again, and was never gone', async (_, asked) => {
    const { scim, app, id } = await heldOne('delete')
    const made = await scim.post('/Users', { schemas: [USER], ...asked, title: 'Engineer' })
    expect(made).toMatchObject({ status: 201, body: { id, active: true, title: 'Engineer' } })
    expect(await inForce(app, [id])).toStrictEqual({ active: 1, signedIn: 1, held: 0, gone: 0 })
    expect(await actionsOn({ app }, id)).toStrictEqual([
      'user.created',
      'user.held',
      'user.hold-dropped',
    ])
    expect((await scim.get('/Users')).body['totalResults']).toBe(3)
  })

  test('makes the same person, who is not active: that is what is held then', async () => {
    const { scim, user, id } = await heldOne('delete')
    const asked = { schemas: [USER], userName: nameOf(1), ...person(1), active: false }
    expect(await scim.post('/Users', asked)).toMatchObject({
      status: 201,
      body: { id, active: false },
    })
    expect(await user()).toMatchObject({ held: 'deactivate', attributes: { active: true } })
  })
})

describe('of somebody whose deletion is held and who is off otherwise, the provisioning client', () => {
  test.each([true, false])('makes the same person, active: %s', async (active) => {
    const { scim, app, id, user } = await heldOne('delete')
    const by = { ...cause, door: 'admin' } as const
    await app.directory.users.update(id, undefined, (now) => ({ ...now, active: false }), by)
    const asked = { schemas: [USER], userName: nameOf(1), ...person(1), active }
    expect(await scim.post('/Users', asked)).toMatchObject({ status: 201, body: { id, active } })
    expect(await user()).toMatchObject({ attributes: { active } })
    expect(await user()).not.toHaveProperty('held')
    expect((await actionsOn({ app }, id)).at(-1)).toBe(active ? 'user.reactivated' : 'user.updated')
  })
})

describe('nobody gets what another has:', () => {
  test('a name alone brings somebody back who is held, signed out', async () => {
    const { scim, app, id } = await heldOne('delete')
    const made = await scim.post('/Users', { schemas: [USER], userName: nameOf(1) })
    expect(made).toMatchObject({ status: 201, body: { id, active: true } })
    expect(await inForce(app, [id])).toMatchObject({ active: 1, signedIn: 0, held: 0 })
  })

  test.each(['deactivate', 'delete'] as const)(
    'another person of the name of somebody held (%s) is another user',
    async (by) => {
      const { scim, app, id, user } = await heldOne(by)
      const { id: made } = await newUser(scim, nameOf(1), person(9))
      expect(made).not.toBe(id)
      const bare = id.replaceAll('-', '')
      expect(await user()).toMatchObject({
        held: by,
        attributes: { active: true, userName: `${bare}${nameOf(1)}`, externalId: objectIdOf(1) },
      })
      expect(await inForce(app, [id, made])).toMatchObject({ signedIn: 1 })
    },
  )

  test('a rename onto the name of somebody held gives the name, and nothing else', async () => {
    const { scim, app, id, other, user } = await heldOne()
    expect((await scim.operate(`/Users/${other}`, rename(nameOf(1)))).status).toBe(200)
    expect(await user()).toMatchObject({ held: 'deactivate', attributes: { active: true } })
    expect(await inForce(app, [id])).toMatchObject({ signedIn: 1 })
  })

  test.each<[string, JsonObject[], boolean]>([
    ['and is switched on', [on, take(objectIdOf(9))], true],
    ['and stays off', [take(objectIdOf(9))], false],
  ])(
    'an account that is held and goes to another person %s leaves its groups and sessions',
    async (_, operations, active) => {
      const { scim, app, id, path, user } = await heldOne()
      const held = await user()
      if (!held) throw new Error('There is nobody.')
      await newTeam(app.directory, 'Owners', held, ['everything'])
      const { status, body } = await scim.operate(path, ...operations)
      expect([status, body['active']]).toStrictEqual([200, active])
      expect(body).not.toHaveProperty('groups')
      expect(await user()).toMatchObject({ attributes: { active, externalId: objectIdOf(9) } })
      expect(await inForce(app, [id])).toMatchObject({ signedIn: 0, held: 0 })
    },
  )

  test('an account that goes to another person as it is switched off is switched off', async () => {
    const { scim, app, other } = await heldOne()
    const { body } = await scim.operate(`/Users/${other}`, off, take(objectIdOf(9)))
    expect(body).toMatchObject({ active: false, externalId: objectIdOf(9) })
    expect(await inForce(app, [other])).toMatchObject({ active: 0, signedIn: 0, held: 0 })
  })

  test('an import does not take the name of somebody held', async () => {
    const { app } = await heldOne('delete')
    const attributes = { userName: nameOf(1), active: true }
    await expect(
      app.directory.users.create({ attributes, origin: 'import' }, { ...cause, door: 'admin' }),
    ).rejects.toMatchObject({ code: 'conflict' })
  })
})

test('a local account keeps its password while it is held', async () => {
  const app = await testApp({ localUsers: 'visible' })
  await setBrake(app, { users: 0, percent: 0 })
  const { id } = await newPerson(app.directory, 'local')
  expect((await app.scim.operate(`/Users/${id}`, off)).body).toMatchObject({ active: false })
  expect(await app.directory.users.read(id)).toMatchObject({
    provisioned: false,
    held: 'deactivate',
    attributes: { active: true },
  })
})
