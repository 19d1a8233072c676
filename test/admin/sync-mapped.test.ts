import { describe, expect, test } from 'vitest'
import type { EntraUser } from '../../src/directory/entra-directory.ts'
import type { Plan } from '../../src/directory/plan.ts'
import { newMapping, newOwnGroup } from '../support/assignments.ts'
import { cause } from '../support/app.ts'
import { entraPerson } from '../support/entra-directory.ts'
import { userOf, type Scene } from '../support/imports.ts'
import {
  ada,
  changeAtEntra,
  planSync,
  run,
  scheduled,
  sceneWith,
  synced,
  syncItemsOf,
  syncsOf,
} from '../support/syncs.ts'

const TEAM = 'f0000000-0000-4000-8000-00000000000a'
const grace = entraPerson(2, 'grace')
const changes = { mode: 'changes' }

/** Says who is in the group of Entra; nobody is named as changed for that. */
function put({ entra }: Scene, ...people: readonly EntraUser[]): void {
  entra.groups = [{ id: TEAM, displayName: 'Team', members: people.map(({ id }) => id) }]
}

async function namedIn(scene: Scene, plan: Plan): Promise<string[]> {
  const items = await syncItemsOf(scene, plan)
  return items.filter(({ action }) => action !== 'skip').map(({ person }) => person.id)
}

async function partOf(scene: Scene, person: EntraUser) {
  const user = await userOf(scene, person)
  return {
    groups: user?.groups.map(({ displayName }) => displayName),
    roles: user?.attributes['roles'],
  }
}

/** These people are linked, the group of Entra has nobody yet, and gives this. */
async function mapped(
  gives: 'a group' | 'a role',
  ...people: readonly EntraUser[]
): Promise<{ readonly scene: Scene; readonly id: string }> {
  const scene = await sceneWith(...people)
  put(scene)
  const group = await newOwnGroup(scene.app.directory, 'Staff')
  const { id } = await newMapping(
    scene.api,
    TEAM,
    gives === 'a group' ? { group } : { role: 'Sales' },
  )
  await synced(scene)
  return { scene, id: gives === 'a group' ? group : id }
}

const own = { groups: ['Designers'], roles: [{ value: 'Designer' }] }

describe('a sync of changes', () => {
  test.each([
    ['a group', { ...own, groups: ['Designers', 'Staff'] }],
    ['a role', { ...own, roles: [{ value: 'Designer' }, { value: 'Sales' }] }],
  ] as const)(
    'finds who joins and who leaves a mapped group that gives %s, though Entra names nobody',
    async (gives, given) => {
      const { scene } = await mapped(gives, ada, grace)
      put(scene, ada)
      const joining = await planSync(scene, changes)
      expect(joining.options).toMatchObject({ mode: 'changes' })
      expect(await namedIn(scene, joining)).toEqual([ada.id])
      await run(scene, joining)
      expect(await partOf(scene, ada)).toEqual(given)
      expect(await namedIn(scene, await planSync(scene, changes))).toEqual([])

      put(scene, grace)
      const both = await planSync(scene, changes)
      expect((await namedIn(scene, both)).toSorted()).toEqual([ada.id, grace.id])
      await run(scene, both)
      expect(await partOf(scene, ada)).toEqual(own)
      expect(await partOf(scene, grace)).toEqual(given)
    },
  )

  test('looks once at somebody who joins, and whom Entra names besides', async () => {
    const { scene } = await mapped('a group', ada)
    put(scene, ada)
    changeAtEntra(scene, { ...ada, displayName: 'Countess' })
    expect(await syncItemsOf(scene, await planSync(scene, changes))).toHaveLength(1)
  })

  test('leaves what came by hand to who is not in the mapped group', async () => {
    const { scene, id } = await mapped('a group', ada)
    const value = String((await userOf(scene, ada))?.id)
    const add = [{ kind: 'add', members: [{ value }] }] as const
    await scene.app.directory.groups.update(
      id,
      undefined,
      (attributes) => ({ attributes, members: add }),
      cause,
    )
    expect(await namedIn(scene, await planSync(scene, changes))).toEqual([])
  })

  test('asks for nobody whom provisioning looks after, unless sync does', async () => {
    const { scene } = await mapped('a group', grace)
    const attributes = { userName: 'ada', externalId: ada.id, active: true }
    const pushed = { ...cause, door: 'scim' } as const
    await scene.app.directory.users.create({ attributes, origin: 'scim' }, pushed)
    scene.entra.people = [ada, grace]
    put(scene, ada)
    const asked: string[] = []
    const { usersById } = scene.entra
    scene.entra.usersById = (ids) => {
      asked.push(...ids)
      return usersById(ids)
    }
    await planSync(scene, changes)
    expect(asked).toEqual([])
    const options = { fields: [], provisioned: 'synced' }
    expect(await namedIn(scene, await planSync(scene, { ...changes, options }))).toEqual([ada.id])
  })
})

test('a sync that runs by itself gives and takes what a mapped group of Entra does', async () => {
  const { scene, turn } = await scheduled(ada)
  const group = await newOwnGroup(scene.app.directory, 'Staff')
  put(scene, ada)
  await newMapping(scene.api, TEAM, { group })
  await turn()
  expect((await partOf(scene, ada)).groups).toEqual(['Designers', 'Staff'])
  await turn()
  expect(await syncsOf(scene)).toHaveLength(1)
  put(scene)
  await turn()
  expect((await partOf(scene, ada)).groups).toEqual(['Designers'])
})
