import { describe, expect, test } from 'vitest'
import { newAdmin, problem } from '../support/admin.ts'
import { cause, testApp } from '../support/app.ts'
import { groupsOf, newMapping, newOwnGroup, newPushedGroup, whyOf } from '../support/assignments.ts'
import { byId, carriedOut, itemsOf, newScene, planned } from '../support/imports.ts'
import { manyMembers } from '../support/many.ts'
import { ada, bob, idOf, LEADS, put, rolesOf, sceneOf, TEAM } from '../support/mappings.ts'
import { otherDirectory, recorded } from '../support/store.ts'
import { synced } from '../support/syncs.ts'

describe('a mapping', () => {
  test('is made, listed and removed, with one event each', async () => {
    const scene = await sceneOf(ada)
    const { api, group } = scene
    const events = await recorded(scene.app.directory, async () => {
      const body = {
        entraGroup: TEAM.toUpperCase(),
        entraName: 'Team',
        nested: true,
        group,
        role: 'PM',
      }
      const { status, body: made } = await api.post('/mappings', body)
      expect(status).toBe(201)
      expect(made).toStrictEqual({ id: expect.any(String), ...body, entraGroup: TEAM })
      expect((await api.get('/mappings')).body['items']).toStrictEqual([
        { ...made, memberships: 0 },
      ])
      const path = `/mappings/${String(made['id'])}/remove`
      const { body: end } = await api.post(path, { keep: true })
      expect(end).toStrictEqual({ memberships: 0, roles: 0 })
    })
    expect((await api.get('/mappings')).body['items']).toStrictEqual([])
    const fields = { entraGroup: TEAM, entraName: 'Team', nested: true, group, role: 'PM' }
    expect(events.map(({ action, changes }) => [action, changes])).toStrictEqual([
      ['mapping.created', Object.entries(fields).map(([path, to]) => ({ path, to }))],
      [
        'mapping.deleted',
        [
          ...Object.entries(fields).map(([path, from]) => ({ path, from })),
          { path: 'kept', to: 0 },
        ],
      ],
    ])
  })

  test.each([
    [
      'that Entra does not have',
      { entraGroup: ada.id },
      '#/entraGroup',
      'Entra has no such group.',
    ],
    ['that is no group here', { group: 'x' }, '#/group', 'There is no such group.'],
    ['and nothing to give', { group: undefined }, '#/group', 'Say a user group, or a role.'],
  ])('of a group %s is refused', async (_, wrong, pointer, detail) => {
    const { api, group } = await sceneOf(ada)
    const answer = await api.post('/mappings', {
      entraGroup: TEAM,
      entraName: 'Team',
      group,
      ...wrong,
    })
    expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
    expect(answer.body['errors']).toStrictEqual([{ pointer, detail }])
    expect((await api.get('/mappings')).body['items']).toStrictEqual([])
  })

  test('is refused that there is already, or into a group whose members come from provisioning', async () => {
    const { app, api, group } = await sceneOf(ada)
    await newMapping(api, TEAM, { group, role: 'PM' })
    const again = { entraGroup: TEAM, entraName: 'Otherwise', group, role: 'pm' }
    const answer = await api.post('/mappings', again)
    expect(problem(answer)).toStrictEqual({ status: 409, code: 'conflict' })
    expect(answer.body['detail']).toBe('There is such a mapping already.')
    expect((await api.post('/mappings', { ...again, nested: true })).status).toBe(201)
    const pushed = await newPushedGroup(app.directory, 'Pushed')
    const refused = await api.post('/mappings', { ...again, group: pushed })
    expect(problem(refused).status).toBe(409)
    expect(refused.body['detail']).toBe('The members of "Pushed" come from Entra.')
  })

  test('is nobody else’s, and needs a connection', async () => {
    const { app, api, group } = await sceneOf(ada)
    const { id } = await newMapping(api, TEAM, { group })
    const other = await newAdmin(app, await otherDirectory(app), 'stranger')
    expect((await other.get('/mappings')).body).toStrictEqual({ items: [] })
    expect((await other.post(`/mappings/${id}/remove`, { keep: false })).status).toBe(404)
    const body = { entraGroup: TEAM, entraName: 'Team', role: 'PM' }
    expect(problem(await other.post('/mappings', body)).code).toBe('notConnected')
  })

  test('loses a group that is deleted, and gives what is left', async () => {
    const scene = await sceneOf(ada)
    const { app, api, group } = scene
    const { id } = await newMapping(api, TEAM, { group, role: 'PM' })
    const events = await recorded(app.directory, () =>
      app.directory.groups.remove(group, undefined, cause),
    )
    expect(events).toMatchObject([
      { action: 'mapping.updated', resourceId: id, changes: [{ path: 'group', from: group }] },
      { action: 'group.deleted' },
    ])
    expect((await api.get('/mappings')).body['items']).toMatchObject([{ id, memberships: 0 }])
    await synced(scene)
    expect(await rolesOf(scene, ada)).toStrictEqual([{ value: 'Designer' }, { value: 'PM' }])
  })
})

describe('an import', () => {
  test('by rules gives new users what their groups of Entra give, and shows it first', async () => {
    const scene = await newScene()
    const { api, group } = scene
    scene.entra.people = [ada, bob]
    put(scene, { team: [ada], leads: [ada, bob] })
    const staff = await newOwnGroup(scene.app.directory, 'Staff')
    const team = await newMapping(api, TEAM, { group: staff })
    const leads = await newMapping(api, LEADS, { group, role: 'Lead' })
    const { plan } = await planned(scene, byId(ada, bob), { groups: [], rules: true })
    const [first, second] = await itemsOf(scene, plan)
    expect(first?.changes).toContainEqual({ path: 'groups', to: [staff, group] })
    expect(first?.changes).toContainEqual({
      path: 'mappings',
      to: [
        { id: team.id, name: 'Everybody', groups: [staff] },
        { id: leads.id, name: 'Everybody', groups: [group], role: 'Lead' },
      ],
    })
    expect(second?.changes).toContainEqual({ path: 'groups', to: [group] })
    expect(await carriedOut(scene, plan)).toMatchObject({ states: { done: 2 } })
    expect(await groupsOf(api, await idOf(scene, ada))).toStrictEqual({
      Staff: `mapping:${team.id}`,
      Designers: `mapping:${leads.id}`,
    })
    expect(await rolesOf(scene, bob)).toStrictEqual([{ value: 'Designer' }, { value: 'Lead' }])
  })

  test('asks Entra once for each group, whoever is imported, and not at all without rules', async () => {
    const scene = await newScene()
    scene.entra.people = [ada, bob]
    put(scene, { team: [ada, bob] })
    await newMapping(scene.api, TEAM, { group: scene.group })
    await newMapping(scene.api, TEAM, { role: 'PM' })
    await newMapping(scene.api, TEAM, { role: 'Nested', nested: true })
    const asked: [string, boolean][] = []
    const { memberIdsOf } = scene.entra
    scene.entra.memberIdsOf = (id, nested) => {
      asked.push([id, nested])
      return memberIdsOf(id, nested)
    }
    await planned(scene, byId(ada, bob))
    expect(asked).toStrictEqual([])
    await planned(scene, byId(ada, bob), { rules: true })
    expect(asked).toStrictEqual([
      [TEAM, false],
      [TEAM, true],
    ])
  })

  test('says that a group of Entra is gone, and gives the rest', async () => {
    const scene = await newScene()
    scene.entra.people = [ada]
    put(scene, { team: [ada], leads: [ada] })
    await newMapping(scene.api, TEAM, { role: 'PM' })
    await newMapping(scene.api, LEADS, { role: 'Lead' })
    scene.entra.groups = scene.entra.groups.filter(({ id }) => id === LEADS)
    const { plan } = await planned(scene, byId(ada), { rules: true })
    expect(plan.advice).toStrictEqual([
      'Entra has no group “Everybody” any more. What people have through it stays: remove the mapping, or map another group.',
    ])
    await carriedOut(scene, plan)
    expect(await rolesOf(scene, ada)).toStrictEqual([{ value: 'Designer' }, { value: 'Lead' }])
  })

  test('is not planned while Entra does not say who is in a group', async () => {
    const scene = await newScene()
    scene.entra.people = [ada]
    put(scene, { team: [ada] })
    await newMapping(scene.api, TEAM, { role: 'PM' })
    scene.entra.failure = 'forbidden'
    const options = { groups: [], invite: { when: 'never' }, rules: true }
    const answer = await scene.api.post('/imports', { people: byId(ada), options })
    expect(problem(answer)).toStrictEqual({ status: 502, code: 'entraForbidden' })
    expect((await scene.api.get('/imports')).body['items']).toStrictEqual([])
  })
})

test('what came of a mapping is counted no further than takes a moment', async () => {
  const scene = await sceneOf(ada)
  const { api, app, group } = scene
  const { id } = await newMapping(api, TEAM, { group })
  const other = await newMapping(api, LEADS, { group })
  await manyMembers(app.database, group, `mapping:${id}`, 1_001)
  const { body } = await api.get('/mappings')
  expect(body['items']).toMatchObject([
    { id, membershipsAtLeast: 1_000 },
    { id: other.id, memberships: 0 },
  ])
  expect(body['items']).not.toMatchObject([{ memberships: expect.anything() }, {}])
})

describe('removing a mapping', () => {
  test('takes what came of it, and says how much', async () => {
    const scene = await sceneOf(ada, bob)
    const { api, app, group } = scene
    await app.directory.users.update(
      await idOf(scene, bob),
      undefined,
      (now) => ({ ...now, roles: [{ value: 'pm' }] }),
      cause,
    )
    const { id } = await newMapping(api, TEAM, { group, role: 'PM' })
    await synced(scene)
    expect((await api.get('/mappings')).body['items']).toMatchObject([{ id, memberships: 2 }])
    const events = await recorded(app.directory, async () => {
      const { body } = await api.post(`/mappings/${id}/remove`, { keep: false })
      expect(body).toStrictEqual({ memberships: 2, roles: 1 })
    })
    expect(events.map(({ action }) => action)).toStrictEqual([
      'user.updated',
      'group.updated',
      'mapping.deleted',
    ])
    expect(events.at(-1)?.changes).toContainEqual({ path: 'removed', to: 2 })
    for (const person of [ada, bob]) {
      expect(await groupsOf(api, await idOf(scene, person))).toStrictEqual({})
    }
    expect(await rolesOf(scene, ada)).toStrictEqual([{ value: 'Designer' }])
    expect(await rolesOf(scene, bob)).toStrictEqual([{ value: 'pm' }])
    expect((await app.directory.groups.read(group, true))?.members).toStrictEqual([])
  })

  test('keeps what came of it as if made by hand, where that is asked for', async () => {
    const scene = await sceneOf(ada)
    const { id } = await newMapping(scene.api, TEAM, { group: scene.group, role: 'PM' })
    await synced(scene)
    const { body } = await scene.api.post(`/mappings/${id}/remove`, { keep: true })
    expect(body).toStrictEqual({ memberships: 1, roles: 0 })
    await newMapping(scene.api, TEAM, { group: scene.group, role: 'PM' })
    put(scene, {})
    expect((await synced(scene)).item).toMatchObject({ action: 'skip' })
    expect(await groupsOf(scene.api, await idOf(scene, ada))).toStrictEqual({ Designers: 'hand' })
    expect(await rolesOf(scene, ada)).toHaveLength(2)
    const { roles } = await whyOf(scene.api, await idOf(scene, ada))
    expect(roles[1]).toMatchObject({ value: 'PM', source: { kind: 'mapping', id } })
  })

  test('leaves what somebody has who is no account of Entra any more', async () => {
    const scene = await sceneOf(ada)
    const userId = await idOf(scene, ada)
    const { id } = await newMapping(scene.api, TEAM, { group: scene.group, role: 'PM' })
    await synced(scene)
    await scene.api.post(`/users/${userId}/unlink`)
    const { body } = await scene.api.post(`/mappings/${id}/remove`, { keep: false })
    expect(body).toStrictEqual({ memberships: 0, roles: 0 })
    expect(await groupsOf(scene.api, userId)).toStrictEqual({ Designers: 'hand' })
    const user = await scene.app.directory.users.read(userId)
    expect(user?.attributes['roles']).toHaveLength(2)
  })

  test('that is not there is not found, and has to say whether to keep', async () => {
    const { api } = await sceneOf(ada)
    expect((await api.post('/mappings/x/remove', { keep: true })).status).toBe(404)
    expect((await api.post('/mappings/x/remove')).status).toBe(400)
  })
})

test('without a connection there is nothing to map', async () => {
  const api = await newAdmin(await testApp())
  const answer = await api.post('/mappings', { entraGroup: TEAM, entraName: 'Team', role: 'PM' })
  expect(problem(answer).code).toBe('notConnected')
})
