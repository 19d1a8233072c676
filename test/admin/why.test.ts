import { describe, expect, test } from 'vitest'
import type { Cause } from '../../src/directory/event.ts'
import type { User } from '../../src/directory/user.ts'
import type { Why } from '../../src/directory/why.ts'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { newAdmin } from '../support/admin.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { newMapping, newRule, whyOf } from '../support/assignments.ts'
import { ada, byId, carriedOut, newScene, planned, userOf } from '../support/imports.ts'
import { manyEvents } from '../support/many.ts'
import { TENANT } from '../support/microsoft.ts'
import { newLink, newLocalUser } from '../support/people.ts'
import { newPerson, newTeam } from '../support/programs.ts'
import { newUser } from '../support/resources.ts'
import { otherDirectory } from '../support/store.ts'
import { synced } from '../support/syncs.ts'

const through = (door: Cause['door']): Cause => ({ ...cause, door })

async function change(
  { directory }: TestApp,
  id: string,
  attributes: JsonObject,
  door: Cause['door'] = 'admin',
): Promise<void> {
  const update = (now: JsonObject) => ({ ...now, ...attributes })
  await directory.users.update(id, undefined, update, through(door))
}

describe('of somebody who was imported', () => {
  test('it is told which import gave what, and by whom and when', async () => {
    const scene = await newScene()
    const { plan } = await planned(scene, byId(ada))
    scene.app.clock.pass(60_000)
    await carriedOut(scene, plan)
    const user = await userOf(scene, ada)
    const at = scene.app.clock.now().toISOString()
    const source = { kind: 'import', id: plan.id }
    const event = {
      sequence: expect.any(Number),
      at,
      actor: plan.actor,
      door: 'admin',
      action: 'user.created',
    }
    expect(await whyOf(scene.api, String(user?.id))).toStrictEqual({
      id: user?.id,
      userName: 'ada@contoso.example',
      origin: 'import',
      created: { at, source, event },
      active: { now: true, since: at, source, event },
      groups: [{ id: scene.group, displayName: 'Designers', since: at, source }],
      roles: [{ value: 'Designer', since: at, source, event }],
      permissions: [],
      link: { tenantId: TENANT, objectId: ada.id, source, event },
      signIn: { possible: true, reasons: [] },
    })
  })

  test('and was here before, it is told which import linked them', async () => {
    const scene = await newScene()
    const { id } = await newPerson(scene.app.directory, 'ada@contoso.example')
    const { plan } = await planned(scene, byId(ada), { links: { [ada.id]: id } })
    await carriedOut(scene, plan)
    expect(await whyOf(scene.api, id)).toMatchObject({
      created: { source: { kind: 'hand' }, event: { actor: 'test', door: 'cli' } },
      active: { now: true, source: { kind: 'hand' } },
      link: { source: { kind: 'import', id: plan.id }, event: { action: 'user.linked' } },
      roles: [{ value: 'Designer', source: { kind: 'import', id: plan.id } }],
    })
  })

  test('it is told what came of a rule and of a group of Entra', async () => {
    const scene = await newScene()
    const everybody = 'f0000000-0000-4000-8000-000000000001'
    scene.entra.groups = [{ id: everybody, displayName: 'Everybody', members: [ada.id] }]
    const rule = await newRule(scene.api, 'userName pr', {
      name: 'All',
      groups: [scene.group],
      role: 'PM',
    })
    const mapping = await newMapping(scene.api, everybody, { role: 'Mapped' })
    const options = { groups: [], rules: true }
    const { plan } = await planned(scene, byId(ada), options)
    await carriedOut(scene, plan)
    const id = String((await userOf(scene, ada))?.id)
    const { groups, roles } = await whyOf(scene.api, id)
    const byRule = { kind: 'rule', id: rule.id, name: 'All' }
    expect(groups).toMatchObject([{ id: scene.group, source: byRule }])
    expect(roles).toMatchObject([
      { value: 'Designer', source: { kind: 'import', id: plan.id } },
      { value: 'Mapped', source: { kind: 'mapping', id: mapping.id, name: 'Everybody' } },
      { value: 'PM', source: byRule },
    ])
    // A rule has the name that it has now, and none when it is gone; the record of a role keeps it.
    await scene.api.post(`/rules/${rule.id}/remove`)
    const later = await whyOf(scene.api, id)
    expect(later.groups).toMatchObject([{ source: { kind: 'rule', id: rule.id } }])
    expect(later.groups[0]?.source).not.toHaveProperty('name')
    expect(later.roles[2]).toMatchObject({ source: byRule })
  })
})

describe('whether a user is active, it is told', () => {
  test('that sync switched them off, and on again', async () => {
    const scene = await newScene()
    scene.entra.people = [ada]
    await carriedOut(scene, (await planned(scene, byId(ada))).plan)
    const id = String((await userOf(scene, ada))?.id)
    scene.entra.people = [{ ...ada, enabled: false }]
    scene.app.clock.pass(1_000)
    const { plan: off } = await synced(scene)
    const at = scene.app.clock.now().toISOString()
    const why = await whyOf(scene.api, id)
    expect(why).toMatchObject({
      active: {
        now: false,
        since: at,
        source: { kind: 'sync', id: off.id },
        event: { at, action: 'user.deactivated' },
      },
      signIn: { possible: false, reasons: ['The user is not active.'] },
    })
    scene.entra.people = [ada]
    const { plan: on } = await synced(scene)
    expect((await whyOf(scene.api, id)).active).toMatchObject({
      now: true,
      source: { kind: 'sync', id: on.id },
    })
  })

  test.each([
    ['scim', 'scim'],
    ['admin', 'hand'],
    ['cli', 'hand'],
    ['auth', 'sign-in'],
  ] as const)('that it came through the door %s', async (door, kind) => {
    const app = await testApp()
    const api = await newAdmin(app)
    const { id } = await newUser(app.scim, 'ada')
    app.clock.pass(1_000)
    await change(app, id, { active: false }, door)
    const since = app.clock.now().toISOString()
    app.clock.pass(1_000)
    await change(app, id, { title: 'PM' }, 'scim')
    const { active, created, sent } = await whyOf(api, id)
    const event = { door, action: 'user.deactivated', at: since }
    expect(active).toMatchObject({ now: false, since, source: { kind }, event })
    expect(created.source).toStrictEqual({ kind: 'scim' })
    expect(sent).toMatchObject({
      at: app.clock.now().toISOString(),
      action: 'user.updated',
      changes: [{ path: 'title', to: 'PM' }],
    })
  })

  test('and not by a value that looks like it', async () => {
    const app = await testApp()
    const api = await newAdmin(app)
    const { id } = await newUser(app.scim, 'ada')
    const { sequence } = (await whyOf(api, id)).active.event ?? {}
    const urn = 'urn:contoso:extension:User'
    await change(app, id, { [urn]: { looks: { path: 'active' }, like: { path: 'link' } } }, 'scim')
    expect((await whyOf(api, id)).active.event?.sequence).toBe(sequence)
  })
})

describe('of a user group it is told', () => {
  const join = async ({ directory }: TestApp, group: string, userId: string, by: Cause) => {
    const joins = { kind: 'add', members: [{ value: userId, type: 'User' }] } as const
    const add = (attributes: JsonObject) => ({ attributes, members: [joins] })
    await directory.groups.update(group, undefined, add, by)
  }

  test('who made them a member, and since when', async () => {
    const app = await testApp()
    const api = await newAdmin(app)
    const [one, other] = [await newUser(app.scim, 'ada'), await newUser(app.scim, 'bob')]
    const members = { kind: 'set', members: [] } as const
    const attributes = { displayName: 'Staff' }
    const { id } = await app.directory.groups.create(
      { attributes, members, origin: 'local' },
      cause,
    )
    await join(app, id, one.id, { ...through('admin'), actor: 'user:first' })
    app.clock.pass(1_000)
    await join(app, id, other.id, { ...through('admin'), actor: 'user:second' })
    const [joined] = (await whyOf(api, other.id)).groups
    expect(joined).toMatchObject({
      displayName: 'Staff',
      since: app.clock.now().toISOString(),
      source: { kind: 'hand' },
      event: { actor: 'user:second', action: 'group.updated' },
    })
    expect((await whyOf(api, one.id)).groups[0]?.event?.actor).toBe('user:first')
  })

  test('who made them a member of many at once, and not who made others', async () => {
    const app = await testApp()
    const api = await newAdmin(app)
    const { id: value } = await newUser(app.scim, 'ada')
    const members = { kind: 'set', members: [] } as const
    const attributes = { displayName: 'Staff' }
    const { id } = await app.directory.groups.create(
      { attributes, members, origin: 'local' },
      cause,
    )
    for (const [index, actor] of ['user:first', 'user:second'].entries()) {
      const others = Array.from({ length: 101 }, (_, each) => ({ value: `${index}-${each}` }))
      const joins = { kind: 'add', members: index === 0 ? [{ value }, ...others] : others } as const
      const add = (now: JsonObject) => ({ attributes: now, members: [joins] })
      await app.directory.groups.update(id, undefined, add, { ...through('admin'), actor })
      app.clock.pass(1_000)
    }
    expect((await whyOf(api, value)).groups[0]?.event?.actor).toBe('user:first')
  })

  test('that provisioning made them a member', async () => {
    const app = await testApp()
    const api = await newAdmin(app)
    const { id } = await newUser(app.scim, 'ada')
    await app.scim.post('/Groups', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'Pushed',
      members: [{ value: id }],
    })
    expect((await whyOf(api, id)).groups).toMatchObject([{ source: { kind: 'scim' } }])
  })
})

describe('of a role it is told', () => {
  test.each([
    ['scim', 'scim'],
    ['auth', 'sign-in'],
    ['admin', 'hand'],
  ] as const)('that it came through the door %s, the last time it did', async (door, kind) => {
    const app = await testApp()
    const api = await newAdmin(app)
    const { id } = await newUser(app.scim, 'ada', { roles: [{ value: 'PM' }] })
    await change(app, id, { roles: [] })
    app.clock.pass(1_000)
    await change(app, id, { roles: [{ value: 'PM' }] }, door)
    const since = app.clock.now().toISOString()
    app.clock.pass(1_000)
    await change(app, id, { roles: [{ value: 'Other' }, { value: 'pm', primary: true }] }, 'cli')
    expect((await whyOf(api, id)).roles).toMatchObject([
      { value: 'Other', source: { kind: 'hand' }, event: { door: 'cli' } },
      { value: 'pm', since, source: { kind }, event: { door, at: since } },
    ])
  })
})

test('each permission is told with every group and role that it comes through', async () => {
  const app = await testApp()
  const { directory } = app
  const api = await newAdmin(app)
  const user = await newPerson(directory, 'ada', { roles: [{ value: 'PM' }, { value: 'Other' }] })
  const one = await newTeam(directory, 'One', user, ['read', 'write'])
  const two = await newTeam(directory, 'Two', user, ['read'])
  const grant = { holder: { kind: 'role', value: 'pm' }, permission: 'read' } as const
  await directory.permissions.grant(grant, cause)
  const known = await directory.users.read(user.id)
  const { permissions } = await whyOf(api, user.id)
  expect(permissions.map(({ permission }) => permission)).toStrictEqual(
    await directory.permissions.effective(known as User),
  )
  const inOrder = permissions.map(({ through, ...each }) => {
    return { ...each, through: through.map((one) => JSON.stringify(one)).sort() }
  })
  const group = ({ id }: { id: string }, displayName: string) =>
    JSON.stringify({ kind: 'group', id, displayName })
  const role = JSON.stringify({ kind: 'role', value: 'PM' })
  expect(inOrder).toStrictEqual([
    { permission: 'read', through: [group(one, 'One'), group(two, 'Two'), role].sort() },
    { permission: 'write', through: [group(one, 'One')] },
  ])
  await change(app, user.id, { active: false })
  expect((await whyOf(api, user.id)).permissions).toStrictEqual([])
})

describe('of the link it is told', () => {
  test('that provisioning gave the object id', async () => {
    const scene = await newScene()
    const { id } = await newUser(scene.app.scim, 'ada', { externalId: ada.id })
    const { link } = await whyOf(scene.api, id)
    expect(link).toMatchObject({ objectId: ada.id, source: { kind: 'scim' } })
  })

  test('that somebody accepted that it is asked for', async () => {
    const scene = await newScene()
    const { directory } = scene.app
    const { id } = await newPerson(directory, 'ada@contoso.example')
    const ask = { objectId: ada.id, userName: 'ada@contoso.example', displayName: 'Ada' }
    await directory.linkRequests.ask(ask, cause)
    const [request] = await directory.linkRequests.list()
    await scene.api.post(`/link-requests/${request?.id}/accept`)
    const { link } = await whyOf(scene.api, id)
    expect(link).toMatchObject({
      objectId: ada.id,
      source: { kind: 'hand' },
      event: { action: 'link.accepted' },
    })
  })
})

describe('why nobody can sign in, it is told', () => {
  const NOTHING = 'The user is no account of Entra, and has no password.'

  async function reasonsOf(app: TestApp, id: string): Promise<Why['signIn']> {
    return (await app.directory.provenance.why(id))?.signIn ?? { possible: false, reasons: [] }
  }

  test('not of somebody who has a password, unless they are not active', async () => {
    const app = await testApp()
    const { id } = await newLocalUser(app, 'ada')
    expect(await reasonsOf(app, id)).toStrictEqual({ possible: true, reasons: [] })
    await change(app, id, { active: false })
    expect(await reasonsOf(app, id)).toStrictEqual({
      possible: false,
      reasons: ['The user is not active.'],
    })
  })

  test('with every reason that there is', async () => {
    const app = await testApp()
    const { id } = await newPerson(app.directory, 'ada', { active: false })
    expect((await reasonsOf(app, id)).reasons).toStrictEqual(['The user is not active.', NOTHING])
    await newLink(app, 'invitation', id)
    expect((await reasonsOf(app, id)).reasons).toStrictEqual([
      'The user is not active.',
      NOTHING,
      expect.stringMatching(/^A link to choose a password is valid until 2026-03-\d\dT/),
    ])
    app.clock.pass(365 * 24 * 60 * 60_000)
    expect((await reasonsOf(app, id)).reasons).toHaveLength(2)
  })

  test('that a mail with a link to choose a password waits, failed, was sent or was stopped', async () => {
    const app = await testApp()
    const emails = [{ value: 'ada@contoso.example' }]
    const { id } = await newPerson(app.directory, 'ada', { emails })
    const { outbox } = app.directory
    const due = app.clock.now().toISOString()
    const lastReason = async () => (await reasonsOf(app, id)).reasons.at(-1)

    const first = await outbox.send(id, 'password-invitation', due, cause)
    expect(await lastReason()).toBe(
      `The mail with a link to choose one waits to be sent at ${due}.`,
    )
    await app.store.mailQueue.take(1)
    expect(await lastReason()).toBe('The mail with a link to choose one is being sent.')
    await app.store.mailQueue.failed(first.id, 'Nobody has this address.', undefined)
    expect(await lastReason()).toBe(
      'The mail with a link to choose one could not be sent: Nobody has this address.',
    )
    await outbox.cancel(first.id, cause)
    expect(await lastReason()).toBe('The mail with a link to choose one was cancelled.')
    const second = await outbox.send(id, 'password-reset', due, cause)
    await app.store.mailQueue.take(1)
    await app.store.mailQueue.sent(second.id)
    expect(await lastReason()).toBe(`The mail with a link to choose one was sent at ${due}.`)
  })
})

test('what is too far back to be found is unknown, and not guessed', async () => {
  const app = await testApp()
  const api = await newAdmin(app)
  const { id } = await newUser(app.scim, 'ada', { roles: [{ value: 'PM' }] })
  await change(app, id, { roles: [{ value: 'PM' }, { value: 'Other' }] })
  await manyEvents(app.database, id, 10_000)
  const why = await whyOf(api, id)
  expect(why).toMatchObject({
    created: { source: { kind: 'scim' }, event: { action: 'user.created' } },
    active: { now: true, source: { kind: 'unknown' } },
    roles: [
      { value: 'PM', source: { kind: 'unknown' } },
      { value: 'Other', source: { kind: 'unknown' } },
    ],
    sent: { changes: [{ path: 'title', from: 'one', to: 'other' }] },
  })
  expect(why.active).not.toHaveProperty('since')
  expect(why.roles[0]).not.toHaveProperty('event')
})

test('nobody is explained who is not there, or is another organisation’s', async () => {
  const app = await testApp()
  const api = await newAdmin(app)
  const { id } = await newUser(app.scim, 'ada')
  expect((await api.get('/users/x/why')).status).toBe(404)
  const other = await newAdmin(app, await otherDirectory(app), 'stranger')
  expect((await other.get(`/users/${id}/why`)).status).toBe(404)
  expect((await api.get(`/users/${id}/why`)).status).toBe(200)
})
