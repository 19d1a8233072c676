import { describe, expect, test } from 'vitest'
import { cause } from '../support/app.ts'
import { groupsOf, newMapping, newRule } from '../support/assignments.ts'
import { byId, carriedOut, newScene, planned, type Scene } from '../support/imports.ts'
import { ada, bob, idOf, LEADS, put, rolesOf, sceneOf, TEAM } from '../support/mappings.ts'
import { recorded } from '../support/store.ts'
import { planSync, run, syncItemsOf, synced } from '../support/syncs.ts'

describe('a sync', () => {
  test('gives who is in the group of Entra group and role, and takes them from who leaves', async () => {
    const scene = await sceneOf(ada, bob)
    const { api, group } = scene
    const { id } = await newMapping(api, TEAM, { group, role: 'PM' })
    put(scene, { team: [ada] })
    const events = await recorded(scene.app.directory, () => synced(scene))
    expect(await groupsOf(api, await idOf(scene, ada))).toStrictEqual({
      Designers: `mapping:${id}`,
    })
    expect(await rolesOf(scene, ada)).toStrictEqual([{ value: 'Designer' }, { value: 'PM' }])
    expect(await groupsOf(api, await idOf(scene, bob))).toStrictEqual({})
    const [plan] = events
    expect(events.slice(2, -1)).toMatchObject([
      {
        action: 'user.updated',
        changes: [
          { path: 'roles' },
          { path: 'by', to: 'sync' },
          { path: 'plan', to: plan?.resourceId },
          { path: 'mappings', to: [{ id, groups: [group], role: 'PM' }] },
        ],
      },
      { action: 'group.updated', changes: [{ path: 'members' }, { to: `mapping:${id}` }] },
    ])

    put(scene, { team: [bob] })
    const { plan: second } = await synced(scene)
    const [lost, gained] = await syncItemsOf(scene, second)
    expect(lost?.changes).toStrictEqual([
      {
        path: 'roles',
        from: [{ value: 'Designer' }, { value: 'PM' }],
        to: [{ value: 'Designer' }],
      },
      { path: 'groups', from: [group] },
      {
        path: 'mappings',
        from: [
          { id, name: 'Everybody', groups: [group] },
          { id, name: 'Everybody', groups: [], role: 'PM' },
        ],
      },
    ])
    expect(gained?.changes).toContainEqual({ path: 'groups', to: [group] })
    expect(await groupsOf(api, await idOf(scene, ada))).toStrictEqual({})
    expect(await rolesOf(scene, ada)).toStrictEqual([{ value: 'Designer' }])
    expect(await groupsOf(api, await idOf(scene, bob))).toStrictEqual({
      Designers: `mapping:${id}`,
    })
    expect((await synced(scene)).item).toMatchObject({ action: 'skip' })
  })

  test.each([
    [
      'by hand',
      'hand',
      async ({ app, group }: Scene, userId: string) => {
        const joins = { kind: 'add', members: [{ value: userId, type: 'User' }] } as const
        await app.directory.groups.update(
          group,
          undefined,
          (attributes) => ({ attributes, members: [joins] }),
          cause,
        )
        await app.directory.users.update(
          userId,
          undefined,
          (now) => ({ ...now, roles: [{ value: 'PM' }] }),
          cause,
        )
      },
    ],
    [
      'through provisioning',
      'scim',
      async ({ app, group }: Scene, userId: string) => {
        await app.scim.operate(`/Groups/${group}`, {
          op: 'add',
          path: 'members',
          value: [{ value: userId }],
        })
        await app.scim.operate(`/Users/${userId}`, {
          op: 'replace',
          path: 'roles',
          value: [{ value: 'PM' }],
        })
      },
    ],
  ])('takes nothing that came %s, whatever Entra’s groups give', async (_, source, give) => {
    const scene = await sceneOf(ada)
    const userId = await idOf(scene, ada)
    await give(scene, userId)
    await newMapping(scene.api, TEAM, { group: scene.group, role: 'PM' })
    expect((await synced(scene)).item).toMatchObject({ action: 'skip' })
    put(scene, {})
    expect((await synced(scene)).item).toMatchObject({ action: 'skip' })
    expect(await groupsOf(scene.api, userId)).toStrictEqual({ Designers: source })
    expect(await rolesOf(scene, ada)).toStrictEqual([{ value: 'PM' }])
  })

  test.each<[string, object, RegExp]>([
    ['an import', { rules: false }, /^import:/],
    ['a rule', { groups: [], role: undefined, rules: true }, /^rule:/],
  ])('takes nothing that came of %s', async (_, options, source) => {
    const scene = await newScene()
    scene.entra.people = [ada]
    put(scene, {})
    await newRule(scene.api, 'userName pr', { groups: [scene.group], role: 'Designer' })
    await carriedOut(scene, (await planned(scene, byId(ada), options)).plan)
    put(scene, { team: [ada] })
    await newMapping(scene.api, TEAM, { group: scene.group, role: 'Designer' })
    await synced(scene)
    put(scene, {})
    expect((await synced(scene)).item).toMatchObject({ action: 'skip' })
    const { Designers } = await groupsOf(scene.api, await idOf(scene, ada))
    expect(Designers).toMatch(source)
    expect(await rolesOf(scene, ada)).toStrictEqual([{ value: 'Designer' }])
  })

  test('leaves in a group who is in one of two groups of Entra that give it', async () => {
    const scene = await sceneOf(ada)
    const { api, group } = scene
    const first = await newMapping(api, TEAM, { group, role: 'PM' })
    await synced(scene)
    await newMapping(api, LEADS, { group, role: 'pm' })
    put(scene, { leads: [ada] })
    expect((await synced(scene)).item).toMatchObject({ action: 'skip' })
    expect(await groupsOf(api, await idOf(scene, ada))).toStrictEqual({
      Designers: `mapping:${first.id}`,
    })
    put(scene, {})
    await synced(scene)
    expect(await groupsOf(api, await idOf(scene, ada))).toStrictEqual({})
    expect(await rolesOf(scene, ada)).toStrictEqual([{ value: 'Designer' }])
  })

  test('takes nothing for a group that is gone from Entra, and says so', async () => {
    const scene = await sceneOf(ada)
    const { id } = await newMapping(scene.api, TEAM, { group: scene.group, role: 'PM' })
    await synced(scene)
    scene.entra.groups = []
    const plan = await planSync(scene)
    expect(plan.advice).toStrictEqual([expect.stringContaining('no group “Everybody” any more')])
    await run(scene, plan)
    expect((await syncItemsOf(scene, plan))[0]).toMatchObject({ action: 'skip', state: 'done' })
    expect(await groupsOf(scene.api, await idOf(scene, ada))).toStrictEqual({
      Designers: `mapping:${id}`,
    })
    expect(await rolesOf(scene, ada)).toHaveLength(2)
  })

  test('gives and takes nothing of a mapping that was removed since it was planned', async () => {
    const scene = await sceneOf(ada)
    const { id } = await newMapping(scene.api, TEAM, { group: scene.group })
    const plan = await planSync(scene)
    await scene.api.post(`/mappings/${id}/remove`, { keep: false })
    expect(await run(scene, plan)).toMatchObject({ states: { changed: 1, done: 0 } })
    expect(await groupsOf(scene.api, await idOf(scene, ada))).toStrictEqual({})
  })

  test('gives nothing to whom it switches off, and leaves what they have until they are back', async () => {
    const scene = await sceneOf(ada)
    const { id } = await newMapping(scene.api, TEAM, { group: scene.group })
    await synced(scene)
    put(scene, {})
    scene.entra.people = [{ ...ada, enabled: false }]
    expect((await synced(scene)).item).toMatchObject({ action: 'deactivate' })
    expect(await groupsOf(scene.api, await idOf(scene, ada))).toStrictEqual({
      Designers: `mapping:${id}`,
    })
    scene.entra.people = [ada]
    expect((await synced(scene)).item).toMatchObject({ action: 'reactivate' })
    expect(await groupsOf(scene.api, await idOf(scene, ada))).toStrictEqual({})
  })

  test('leaves users to provisioning whom it looks after, unless it is told otherwise', async () => {
    const scene = await newScene()
    scene.entra.people = [ada]
    put(scene, { team: [ada] })
    const attributes = { userName: 'ada@contoso.example', externalId: ada.id, active: true }
    await scene.app.directory.users.create(
      { attributes, origin: 'scim' },
      { ...cause, door: 'scim' },
    )
    const { id } = await newMapping(scene.api, TEAM, { group: scene.group })
    expect((await synced(scene)).item).toMatchObject({ action: 'skip' })
    await synced(scene, { options: { provisioned: 'synced' } })
    expect(await groupsOf(scene.api, await idOf(scene, ada))).toStrictEqual({
      Designers: `mapping:${id}`,
    })
  })

  test('counts members of groups within the group only where that is asked for', async () => {
    const scene = await sceneOf(ada)
    const inner = { id: LEADS, displayName: 'Leads', members: [ada.id] }
    scene.entra.groups = [inner, { id: TEAM, displayName: 'Team', members: [], groups: [LEADS] }]
    await newMapping(scene.api, TEAM, { role: 'Direct' })
    await newMapping(scene.api, TEAM, { role: 'Nested', nested: true })
    await synced(scene)
    expect(await rolesOf(scene, ada)).toStrictEqual([{ value: 'Designer' }, { value: 'Nested' }])
  })
})
