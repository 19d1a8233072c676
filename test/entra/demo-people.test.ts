import { expect, test } from 'vitest'
import { makeColleagues } from './demo-import.ts'
import { demoPeople } from './demo-people.ts'
import { makeTenant } from './make-tenant.ts'
import { isActive } from './tenant.ts'

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

test('those who were imported sign in too, and the first of them is the one to try', () => {
  const colleagues = makeColleagues(1)
  const { imported, all } = demoPeople(tenant, colleagues)
  const ids = new Set(all.map(({ objectId }) => objectId))
  expect(ids.size).toBe(203 + colleagues.length)
  expect(imported?.displayName).toBe('Ina Imported')
  expect(imported?.objectId).toBe(colleagues[0]?.objectId)
})

test('a tenant without anybody who may sign in has nobody who gets in', () => {
  const { known, all } = demoPeople({ users: new Map(), groups: new Map(), version: 0 })
  expect(known).toBeUndefined()
  expect(all).toHaveLength(3)
})
