import { describe, expect, test } from 'vitest'
import { DEFAULT_ACCESS, type EntraDirectory } from '../../src/directory/entra-directory.ts'
import { roleIdOf, USER_ROLE } from './graph/service-principal-kind.ts'
import { groups, people, smallTenant } from './graph/small-tenant.ts'
import { makeTenant } from './make-tenant.ts'
import { all, idsThere, names, reading } from './reading.ts'
import type { EntraGroup, Tenant } from './tenant.ts'

const sales = roleIdOf('Sales')
const designer = roleIdOf('Designer')
const groupAssignments = new Map([
  [groups.team.objectId, 'Sales'],
  [groups.everybody.objectId, null],
])

describe('the app roles', () => {
  test('are those that people can have now', async () => {
    const { directory } = await reading()
    const roles = await directory.appRoles()
    const values = ['Admin', 'Sales', 'Designer', 'Site.Manager', '']
    expect(roles.map(({ value }) => value)).toEqual(values)
    expect(roles[1]).toEqual({ id: sales, value: 'Sales', displayName: 'Sales & "accounts"' })
    expect(roles[4]).toEqual({ id: USER_ROLE, value: '', displayName: 'User' })
  })

  test('need a permission', async () => {
    const { directory, graph } = await reading()
    graph.permissions = ['User.Read.All', 'GroupMember.Read.All']
    await expect(directory.appRoles()).rejects.toMatchObject({ code: 'forbidden' })
    await expect(directory.assigneesOf(sales)).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('who is assigned', () => {
  test.each([
    [
      'a role, alone and through a group',
      sales,
      ['Adele Vance', 'Gus Fabrikam', "Siobhán O'Brien"],
    ],
    [
      'a role whose id is in capitals',
      sales.toUpperCase(),
      ['Adele Vance', 'Gus Fabrikam', "Siobhán O'Brien"],
    ],
    ['a role that nobody has', designer, []],
    ['a role without a value', USER_ROLE, []],
    // Siobhán and Gus are in a group in the group, which gives them nothing.
    ['no role', DEFAULT_ACCESS, ['Adele Vance', 'Bertha Hill', 'Boris Jean-Luc']],
    [
      'anything',
      undefined,
      ['Adele Vance', 'Bertha Hill', 'Boris Jean-Luc', 'Gus Fabrikam', "Siobhán O'Brien"],
    ],
  ])('%s', async (_, role, wanted) => {
    const { directory } = await reading({ groupAssignments, programAssigned: 'Sales' })
    const found = await all((next) => directory.assigneesOf(role, next))
    expect(names(found)).toEqual(wanted)
    expect(found.find(({ id }) => id === people.guest.objectId)?.guest ?? true).toBe(true)
  })

  test.each([
    ['that never was', 'ffffffff-0000-4000-8000-000000000000'],
    ['that was switched off', roleIdOf('Retired')],
    ['that programs have', roleIdOf('Orders.Sync')],
    ['that is none', 'Sales'],
  ])('is not asked of a role %s', async (_, role) => {
    const { directory } = await reading({ groupAssignments })
    await expect(directory.assigneesOf(role)).rejects.toMatchObject({ code: 'notFound' })
  })

  test('comes in one part while they are few, and then once, however often assigned', async () => {
    const { directory, change } = await reading({ groupAssignments })
    const members = [people.siobhan.objectId, people.adele.objectId]
    for (const { objectId } of [groups.team, groups.everybody]) {
      change({ kind: 'add-members', id: objectId, members })
    }
    const { items, next } = await directory.assigneesOf(undefined)
    expect(next).toBeUndefined()
    expect(names(items)).toEqual([
      'Adele Vance',
      'Bertha Hill',
      'Boris Jean-Luc',
      'Gus Fabrikam',
      "Siobhán O'Brien",
    ])
  })

  test('comes as people do who are asked for by id', async () => {
    const { directory } = await reading({ groupAssignments })
    const found = await all((next) => directory.assigneesOf(undefined, next))
    const known = await directory.usersById(found.map(({ id }) => id))
    expect(found).toEqual(found.map(({ id }) => known.get(id)))
  })
})

/** A tenant of many, in five groups that overlap and are all assigned. */
function largeTenant(size: number): {
  readonly first: Tenant
  readonly groupAssignments: ReadonlyMap<string, null>
} {
  const { users, version } = makeTenant({ seed: 6, users: size, groups: 1 })
  const ids = [...users.keys()]
  const made = Array.from({ length: 5 }, (_, index): EntraGroup => {
    const start = Math.floor((index * size) / 7)
    const members = new Set(ids.slice(start, start + Math.floor(size / 6)))
    return { objectId: `dddddddd-0000-4000-8000-00000000000${index}`, displayName: 'G', members }
  })
  const groups = new Map(made.map((each) => [each.objectId, each]))
  const groupAssignments = new Map(made.map(({ objectId }) => [objectId, null]))
  return { first: { users, version, groups }, groupAssignments }
}

/** The object ids in each part; `after` happens after each. */
async function partsOf(directory: EntraDirectory, after: () => void = () => {}) {
  const found: string[][] = []
  await all(async (next) => {
    const page = await directory.assigneesOf(undefined, next)
    found.push(page.items.map(({ id }) => id))
    after()
    return page
  })
  return found
}

describe('of many who are assigned', () => {
  const large = largeTenant(2_400)
  const { users, groups: assigned } = large.first
  const within = new Set([...assigned.values()].flatMap(({ members }) => [...members]))
  const wanted = idsThere(large.first).filter((id) => within.has(id) || users.get(id)?.assigned)

  test.each([
    ['in parts', false],
    ['in parts, short and empty ones too', true],
  ])('everybody comes, %s, and in each part once', async (_, oddPages) => {
    const { directory } = await reading({ ...large, oddPages })
    const found = await partsOf(directory)
    expect([...new Set(found.flat())].sort()).toEqual([...wanted].sort())
    expect(found.length).toBeGreaterThan(3)
    for (const part of found) expect(new Set(part).size).toBe(part.length)
  })

  test('who is assigned alone does not come again with a group in a later part', async () => {
    const few = largeTenant(600)
    const { directory } = await reading(few)
    const [first = [], ...later] = await partsOf(directory)
    const last = [...few.first.groups.values()].at(-1)
    const alone = [...(last?.members ?? [])].filter(
      (id) => (few.first.users.get(id)?.appRoles.length ?? 0) > 0,
    )
    expect([alone.length > 20, later.flat().length > 20]).toEqual([true, true])
    expect(first).toEqual(expect.arrayContaining(alone))
    expect(later.flat().filter((id) => alone.includes(id))).toEqual([])
  })

  test('a group that goes meanwhile is passed over', async () => {
    const { directory, change } = await reading(large)
    const [, , third = '', , fifth = ''] = assigned.keys()
    let gone = false
    const found = await partsOf(directory, () => {
      if (!gone) change({ kind: 'delete-group', id: third })
      gone = true
    })
    const last = [...(assigned.get(fifth)?.members ?? [])].filter((id) => wanted.includes(id))
    expect(last.length).toBeGreaterThan(300)
    expect(found.flat()).toEqual(expect.arrayContaining(last))
  })
})

describe('a cursor that nobody gave', () => {
  const sealed = (place: object) => Buffer.from(JSON.stringify(place)).toString('base64url')
  const other = groups.empty.objectId
  const group = groups.team.objectId

  test.each([
    ['is no cursor', 'x'],
    ['is a link', 'https://evil.example/v1.0/users?'],
    ['is a path', '/users?$top=1'],
    ['has more in it', sealed({ page: '/users?$top=1', more: 1 })],
    ['leads to another list', sealed({ page: '/users?$top=1' })],
    ['leads to another server', sealed({ page: 'https://evil.example/v1.0/users?' })],
    [
      'leads to another application',
      sealed({ page: `/servicePrincipals/${other}/appRoleAssignedTo?` }),
    ],
    [
      'leads to members of another group',
      sealed({ group, members: `/groups/${other}/members/microsoft.graph.user?` }),
    ],
    ['leads from members to people', sealed({ group, members: '/users?$top=1' })],
    ['has a group that is none', sealed({ group: '../users' })],
  ])('and that %s is refused', async (_, next) => {
    const { directory, graph } = await reading({ groupAssignments })
    await expect(directory.assigneesOf(undefined, next)).rejects.toMatchObject({ code: 'refused' })
    const asked = [...graph.requests.byPath.keys()]
    expect(asked.filter((path) => !path.startsWith('/servicePrincipals'))).toEqual([])
  })

  test('that has a group which is not assigned any more goes on with the next one', async () => {
    const { directory } = await reading({ groupAssignments })
    const before = group.replace(/1$/, '0')
    const { items } = await directory.assigneesOf(sales, sealed({ group: before }))
    expect(names(items)).toEqual(['Gus Fabrikam', "Siobhán O'Brien"])
  })

  test('and that has a group which is not assigned gives nobody of it', async () => {
    const { directory, graph } = await reading({
      first: smallTenant(),
      groupAssignments: new Map([[groups.empty.objectId, null]]),
    })
    const found = await directory.assigneesOf(undefined, sealed({ group }))
    expect(found).toEqual({ items: [] })
    expect(graph.requests.byPath.get('/groups/{id}/members/{id}')).toBe(1)
  })
})
