import { expect, test } from 'vitest'
import type { EntraUser } from '../../src/directory/entra-directory.ts'
import { syncFields } from '../../src/directory/sync-field.ts'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { makeRandom, type Random } from '../entra/random.ts'
import { cause } from '../support/app.ts'
import { newOwnGroup } from '../support/assignments.ts'
import { entraPerson } from '../support/entra-directory.ts'
import { byId, carriedOut, newScene, planned, type Scene } from '../support/imports.ts'
import {
  everybody,
  expectAsSaid,
  fillTeams,
  makeMappings,
  makeRules,
  roles,
  type Users,
} from '../support/previews.ts'
import { newPerson } from '../support/programs.ts'
import { planSync, run, syncItemsOf } from '../support/syncs.ts'

const SEEDS = 6
const PEOPLE = 10
const SYNCS = 4

type Tenant = Map<string, EntraUser>

/** One thing that happens at Entra to somebody, who may have been deleted there and is restored. */
function changeAtEntra(tenant: Tenant, all: readonly EntraUser[], random: Random): void {
  const first = random.pick(all)
  const now = tenant.get(first.id)
  if (!now) {
    tenant.set(first.id, first)
    return
  }
  const change = (changed: Partial<EntraUser>) => void tenant.set(now.id, { ...now, ...changed })
  const address = (name: string) => `${name}@contoso.example`
  switch (random.below(9)) {
    case 0:
      change({ userPrincipalName: address(`renamed-${random.below(100)}`) })
      break
    case 1:
      // Collides with somebody, who may give the name up in the same sync.
      change({ userPrincipalName: random.pick([...tenant.values()]).userPrincipalName })
      break
    case 2:
      change({ userPrincipalName: address(`local-${random.below(3)}`) })
      break
    case 3:
      change({ enabled: !now.enabled })
      break
    case 4:
      tenant.delete(now.id)
      break
    case 5:
      change({ displayName: `Name ${random.below(100)}`, mail: address(`mail-${random.below(9)}`) })
      break
    case 6:
      change({ department: random.pick(['Sales', 'IT']), jobTitle: random.pick(['PM', 'CEO']) })
      break
    default:
      change({
        mobilePhone: `+49 ${random.below(9)}`,
        preferredLanguage: random.pick(['de', 'en']),
      })
  }
}

/** One thing that happens here. */
async function changeHere(scene: Scene, groups: readonly string[], random: Random): Promise<void> {
  const { app, api } = scene
  const { users, groups: known } = app.directory
  const { items } = await users.query({ startIndex: 1, count: 200 })
  const { id } = random.pick(items.filter(({ attributes }) => attributes['userName'] !== 'admin'))
  const change = (next: (now: JsonObject) => JsonObject, door: 'admin' | 'scim' = 'admin') =>
    users.update(id, undefined, next, { ...cause, door })
  switch (random.below(8)) {
    case 0:
      await change((now) => ({ ...now, active: now['active'] !== true }))
      break
    case 1:
      await change((now) => ({ ...now, title: `Title ${random.below(9)}` }), 'scim')
      break
    case 2:
      await change((now) => ({ ...now, roles: [{ value: random.pick(roles) }] }))
      break
    case 3: {
      const step = random.chance(0.5)
        ? ({ kind: 'add', members: [{ value: id }] } as const)
        : ({ kind: 'remove', ids: [id] } as const)
      const update = (attributes: JsonObject) => ({ attributes, members: [step] })
      await known.update(random.pick(groups), undefined, update, cause)
      break
    }
    case 4: {
      const mappings = (await api.get('/mappings')).body['items'] as { id: string }[]
      const [mapping] = random.shuffle(mappings)
      if (!mapping) break
      await api.post(`/mappings/${mapping.id}/remove`, { keep: random.chance(0.5) })
      break
    }
    case 5:
      await makeMappings(scene, groups, random)
      break
    default:
  }
}

test.each(Array.from({ length: SEEDS }, (_, seed) => seed + 1))(
  'what a sync says is what happens, or it is told why not, whatever changes where (seed %i)',
  async (seed) => {
    const random = makeRandom(1_000 + seed)
    const scene = await newScene()
    const { directory } = scene.app
    const people = Array.from({ length: PEOPLE }, (_, index) =>
      entraPerson(100 + index, `person-${index}`),
    )
    const ids = people.map(({ id }) => id)
    const tenant: Tenant = new Map(people.map((person) => [person.id, person]))
    const groups = [scene.group]
    for (const name of ['Staff', 'Sales']) groups.push(await newOwnGroup(directory, name))
    for (const number of [0, 1]) await newPerson(directory, `local-${number}@contoso.example`)
    const [pushed, ...others] = people
    const attributes = {
      userName: String(pushed?.userPrincipalName),
      externalId: String(pushed?.id),
      active: true,
    }
    await directory.users.create({ attributes, origin: 'scim' }, { ...cause, door: 'scim' })
    fillTeams(scene, ids, random, 0)
    await makeRules(scene, groups, random)
    await makeMappings(scene, groups, random)
    scene.entra.people = people
    const rules = { groups: [], rules: true }
    await carriedOut(scene, (await planned(scene, byId(...others), rules)).plan)

    for (let round = 0; round < SYNCS; round += 1) {
      for (let times = random.below(8); times > 0; times -= 1) {
        changeAtEntra(tenant, people, random)
      }
      scene.entra.people = [...tenant.values()]
      fillTeams(scene, ids, random, 0)
      for (let times = random.below(3); times > 0; times -= 1) {
        await changeHere(scene, groups, random)
      }
      const missing = random.chance(0.2)
      if (missing) scene.entra.groups = scene.entra.groups.slice(1)
      const options = {
        provisioned: random.pick(['left', 'synced']),
        fields: random.shuffle(syncFields).slice(0, random.below(4)),
      }
      const plan = await planSync(scene, { options })
      const said = await syncItemsOf(scene, plan)
      const between = random.chance(0.5)
      if (between) await changeHere(scene, groups, random)
      const before = await everybody(scene)
      await scene.api.post(`/syncs/${plan.id}/release`)
      await run(scene, plan)

      const after = await everybody(scene)
      const done = await syncItemsOf(scene, plan)
      expect(done.map(({ userId }) => userId)).toEqual(said.map(({ userId }) => userId))
      for (const [index, item] of done.entries()) {
        const known = { said: said[index] ?? item, done: item }
        await expectAsSaid(scene, plan.id, known, { before, after })
      }
      const touched = new Set(done.map(({ userId }) => userId))
      const untouched = (users: Users) => [...users].filter(([id]) => !touched.has(id))
      expect(untouched(after)).toEqual(untouched(before))
      expect(after.size).toBe(before.size)

      if (between) continue
      // Nothing is left to do for those with whom all was done.
      const settled = new Set(done.flatMap((item) => (item.state === 'done' ? [item.userId] : [])))
      const left = await syncItemsOf(scene, await planSync(scene, { options }))
      const open = left.filter(({ userId, action }) => settled.has(userId) && action !== 'skip')
      expect(open).toEqual([])
    }
  },
)
