import { expect, test } from 'vitest'
import { problem } from '../support/admin.ts'
import { groupsOf, newMapping, newOwnGroup, newPushedGroup } from '../support/assignments.ts'
import type { Scene } from '../support/imports.ts'
import { ada, bob, idOf, rolesOf, sceneOf, TEAM } from '../support/mappings.ts'
import { otherDirectory, recorded } from '../support/store.ts'
import { synced } from '../support/syncs.ts'

/** What everybody here has of the import. */
const had = [{ value: 'Designer' }]

/** Ada and Bob are in the team, which gives them a user group and a role. */
async function mapped() {
  const scene = await sceneOf(ada, bob)
  const mapping = await newMapping(scene.api, TEAM, { group: scene.group, role: 'PM' })
  await synced(scene)
  return { scene, mapping, path: `/mappings/${mapping.id}` }
}

const groupsOfAda = async (scene: Scene) =>
  Object.keys(await groupsOf(scene.api, await idOf(scene, ada))).sort()

test('a mapping is changed with one event, and gives something else from the next sync on', async () => {
  const { scene, mapping, path } = await mapped()
  const { api, app, group } = scene
  const other = await newOwnGroup(app.directory, 'Planners')
  const events = await recorded(app.directory, async () => {
    const { status, body } = await api.post(path, { group: other, role: 'PM', keep: false })
    expect(status).toBe(200)
    expect(body).toStrictEqual({
      mapping: { ...mapping, group: other },
      memberships: 2,
      roles: 0,
    })
  })
  expect(events.map(({ action, resourceId }) => [action, resourceId])).toStrictEqual([
    ['group.updated', group],
    ['mapping.updated', mapping.id],
  ])
  expect(events[1]?.changes).toStrictEqual([{ path: 'group', from: group, to: other }])
  expect(await groupsOfAda(scene)).toStrictEqual([])
  await synced(scene)
  expect(await groupsOfAda(scene)).toStrictEqual(['Planners'])
  expect((await api.get('/mappings')).body['items']).toMatchObject([
    { group: other, memberships: 2 },
  ])
})

test('what came of it stays where that is said, as if made by hand', async () => {
  const { scene, path } = await mapped()
  const { body } = await scene.api.post(path, { role: 'Lead', keep: true })
  expect(body).toMatchObject({ memberships: 2, roles: 0 })
  expect(await groupsOf(scene.api, await idOf(scene, ada))).toStrictEqual({ Designers: 'hand' })
  expect(await rolesOf(scene, ada)).toStrictEqual([...had, { value: 'PM' }])
  await synced(scene)
  expect(await rolesOf(scene, ada)).toStrictEqual([...had, { value: 'PM' }, { value: 'Lead' }])
})

test('a role that it does not give any more goes, from those who have it of the mapping', async () => {
  const { scene, path } = await mapped()
  const { body } = await scene.api.post(path, { group: scene.group, role: 'Lead', keep: false })
  expect(body).toMatchObject({ memberships: 0, roles: 2 })
  expect(await rolesOf(scene, ada)).toStrictEqual(had)
  expect(await groupsOfAda(scene)).toStrictEqual(['Designers'])
})

test('the same again, and the role in other letters, takes nothing from anybody', async () => {
  const { scene, path } = await mapped()
  const { group, api, app } = scene
  const events = await recorded(app.directory, async () => {
    await api.post(path, { group, role: 'PM', keep: false })
  })
  expect(events).toStrictEqual([])
  expect((await api.post(path, { group, role: 'pm', keep: false })).body).toMatchObject({
    memberships: 0,
    roles: 0,
  })
  expect(await rolesOf(scene, ada)).toStrictEqual([...had, { value: 'PM' }])
})

test.each([
  ['nothing', {}, 400],
  ['a user group that is not there', { group: 'nobody' }, 400],
  ['what another gives', { role: 'Lead' }, 409],
])('a mapping cannot be made to give %s', async (_, gives, status) => {
  const { scene, path } = await mapped()
  await newMapping(scene.api, TEAM, { role: 'LEAD' })
  const before = await scene.app.database.dump()
  expect(problem(await scene.api.post(path, { ...gives, keep: false })).status).toBe(status)
  expect(await scene.app.database.dump()).toBe(before)
})

test('nor a user group that Entra fills, nor one of another organisation', async () => {
  const { scene, path } = await mapped()
  const { api, app } = scene
  const pushed = await newPushedGroup(app.directory, 'Sales')
  const foreign = await newOwnGroup(await otherDirectory(app), 'Theirs')
  expect(problem(await api.post(path, { group: pushed, keep: true })).status).toBe(409)
  expect(problem(await api.post(path, { group: foreign, keep: true })).status).toBe(400)
  expect(problem(await api.post('/mappings/nobody', { role: 'x', keep: true })).status).toBe(404)
})
