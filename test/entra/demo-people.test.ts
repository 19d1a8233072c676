import { expect, test } from 'vitest'
import { makeColleagues } from './demo-colleagues.ts'
import { withPeople } from './demo-import.ts'
import { demoPeople } from './demo-people.ts'
import { makeTenant } from './make-tenant.ts'
import { applyChanges, isActive } from './tenant.ts'

const tenant = makeTenant({ seed: 1, users: 200, groups: 12 })
const people = demoPeople(tenant)

test('the stand-in signs in whoever is active in the tenant, and three others', () => {
  const active = [...tenant.users.values()].filter(isActive).map(({ objectId }) => objectId)
  const ids = people.all.map(({ objectId }) => objectId)
  expect(ids).toHaveLength(203)
  expect(new Set(ids)).toEqual(new Set([...active, ...ids.filter((id) => !tenant.users.has(id))]))
})

test('those to try come first, and only one of them has a problem', () => {
  expect(people.all[0]).toBe(people.known)
  expect(people.all.slice(1, 4).map(({ displayName }) => displayName)).toEqual([
    'Nora Newcomer (not provisioned)',
    'Noah Newcomer (not provisioned)',
    'Otto Outsider (not assigned)',
  ])
  expect(people.all.filter(({ problem }) => problem !== undefined)).toEqual([people.unassigned])
})

test('who gets in has a name that is easy to type and nobody else has', () => {
  const name = people.known?.displayName ?? ''
  expect(name).toMatch(/^[A-Za-z '.-]+$/)
  expect(people.all.filter(({ displayName }) => displayName === name)).toHaveLength(1)
})

test('the colleagues sign in too, as the tenant has them by now, and some of them are to try', () => {
  const colleagues = makeColleagues(1)
  const [first, renamed, leaving] = colleagues.imported.map(({ objectId }) => objectId)
  const changed = applyChanges(withPeople(tenant, colleagues.all), [
    { kind: 'update', id: String(renamed), set: { displayName: 'Mia Married' } },
    { kind: 'block', id: String(leaving) },
  ])
  const { imported, linked, left, all } = demoPeople(changed, colleagues)
  const byId = new Map(all.map((person) => [person.objectId, person]))
  expect(byId.size).toBe(203 + 60 + 25 + 10)
  expect(imported).toMatchObject({ objectId: first, displayName: 'Ina Imported' })
  expect(linked).toMatchObject({
    objectId: colleagues.linked[0]?.objectId,
    displayName: 'Lina Linked',
  })
  expect(left).toMatchObject({ objectId: leaving, displayName: 'Leo Leaver', problem: 50057 })
  expect(byId.get(String(renamed))).toMatchObject({ displayName: 'Mia Married' })
})

test.each([0, 1, 7, 4_294_967_295])(
  'with the seed %i nobody of the colleagues is somebody of the tenant, and all have their own names',
  (seed) => {
    const { all } = makeColleagues(seed)
    const { users } = makeTenant({ seed, users: 5_000, groups: 0 })
    expect(all.filter(({ objectId }) => users.has(objectId))).toEqual([])
    const names = all.map(({ userPrincipalName }) => userPrincipalName.toLowerCase())
    expect(new Set(names).size).toBe(all.length)
    expect(new Set(all.map(({ objectId }) => objectId)).size).toBe(all.length)
  },
)

test('a tenant without anybody who may sign in has nobody who gets in', () => {
  const { known, all } = demoPeople({ users: new Map(), groups: new Map(), version: 0 })
  expect(known).toBeUndefined()
  expect(all).toHaveLength(3)
})
