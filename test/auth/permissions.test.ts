import { describe, expect, test } from 'vitest'
import type { Holder } from '../../src/directory/permission.ts'
import type { Directory } from '../../src/directory/store.ts'
import type { User } from '../../src/directory/user.ts'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { cause, testApp } from '../support/app.ts'
import { countRows } from '../support/clients.ts'
import { otherDirectory, outcomes, recorded, throughAnotherServer } from '../support/store.ts'

const FIFTY = Array.from({ length: 50 }, (_, index) => index)
const NOBODY = '00000000-0000-7000-8000-999999999999'

async function newGroup({ groups }: Directory, displayName: string, members: string[] = []) {
  const given = members.map((value) => ({ value }))
  const change = { kind: 'add', members: given } as const
  const group = { attributes: { displayName }, members: change, origin: 'local' } as const
  return (await groups.create(group, cause)).id
}

async function newUser({ users }: Directory, attributes: JsonObject): Promise<string> {
  const all = { userName: 'adele@contoso.example', active: true, ...attributes }
  return (await users.create({ attributes: all, origin: 'local' }, cause)).user.id
}

async function read({ users }: Directory, id: string): Promise<User> {
  const user = await users.read(id)
  if (!user) throw new Error(`There is no user ${id}.`)
  return user
}

const group = (id: string): Holder => ({ kind: 'group', id })
const role = (value: string): Holder => ({ kind: 'role', value })

async function grant({ permissions }: Directory, holder: Holder, ...given: string[]) {
  for (const permission of given) await permissions.grant({ holder, permission }, cause)
}

describe('effective are', () => {
  type Row = readonly [
    name: string,
    groups: readonly ('Sales' | 'Board')[],
    attributes: JsonObject,
    expected: readonly string[],
  ]
  const sales = ['projects.read', 'projects.write']
  const manager = { roles: [{ value: 'Project Manager' }] }
  const rows: readonly Row[] = [
    ['none of somebody without groups and roles', [], {}, []],
    ['those of a group', ['Sales'], {}, sales],
    ['those of two groups, once each', ['Sales', 'Board'], {}, [...sales, 'reports.read']],
    ['those of a role', [], manager, ['projects.approve', 'projects.read']],
    ['those of a group and a role', ['Sales'], manager, ['projects.approve', ...sales]],
    [
      'those of a role in another letter case',
      [],
      { roles: [{ value: 'PROJECT manager' }] },
      ['projects.approve', 'projects.read'],
    ],
    ['those of a role with letters of its own', [], { roles: [{ value: 'MÜLLER' }] }, ['mill']],
    [
      'those of two roles',
      [],
      { roles: [{ value: 'müller' }, { value: 'project manager', primary: true }] },
      ['mill', 'projects.approve', 'projects.read'],
    ],
    ['none of a role that nobody granted anything', [], { roles: [{ value: 'Sales' }] }, []],
    ['none of an inactive user', ['Sales'], { ...manager, active: false }, []],
    ['none of a user whose active was cleared', ['Sales'], { ...manager, active: null }, []],
    ['those of the groups when roles is no array', ['Sales'], { roles: 'Project Manager' }, sales],
    [
      'those that can be read when roles are odd',
      [],
      { roles: [null, 'Project Manager', [], { value: 7 }, { display: 'x' }, { value: 'müller' }] },
      ['mill'],
    ],
  ]

  test.each(rows)('%s', async (_, groups, attributes, expected) => {
    const { directory } = await testApp()
    const id = await newUser(directory, attributes)
    for (const [name, given] of [
      ['Sales', ['projects.write', 'projects.read']],
      ['Board', ['reports.read', 'projects.read']],
    ] as const) {
      const members = groups.includes(name) ? [id] : []
      await grant(directory, group(await newGroup(directory, name, members)), ...given)
    }
    await grant(directory, role('Project Manager'), 'projects.approve', 'projects.read')
    await grant(directory, role('Müller'), 'mill')
    expect(await directory.permissions.effective(await read(directory, id))).toStrictEqual(expected)
  })

  test('in the order of their code units', async () => {
    const { directory } = await testApp()
    const id = await newUser(directory, { roles: [{ value: 'r' }] })
    // The emoji is the last code point but not the last code unit.
    const ordered = ['B', 'a', 'a.b', 'a1', 'é', '😀', 'ﬀ']
    await grant(directory, role('r'), ...ordered.toReversed())
    expect(await directory.permissions.effective(await read(directory, id))).toStrictEqual(ordered)
  })

  test('not those of a role that is called like the id of a group', async () => {
    const { directory } = await testApp()
    const id = await newGroup(directory, 'Sales')
    await grant(directory, group(id), 'of.group')
    const other = await newGroup(directory, 'Board', [
      await newUser(directory, { roles: [{ value: id }] }),
    ])
    await grant(directory, role(other), 'of.role')
    const user = await directory.users.named('adele@contoso.example')
    expect(user && (await directory.permissions.effective(user))).toStrictEqual([])
  })

  test.each([1, 2, 3, 4, 5, 999, 1_000, 1_001, 2_500])('found among %i holders', async (count) => {
    const { directory } = await testApp()
    const user = await read(directory, await newUser(directory, {}))
    const first = await newGroup(directory, 'first')
    const last = await newGroup(directory, 'last')
    await grant(directory, group(first), 'first')
    await grant(directory, group(last), 'last')
    const unknown = Array.from({ length: count }, (_, index) => `unknown-${index}`)
    const ids = count === 1 ? [last] : [first, ...unknown.slice(2), last]
    const groups = ids.map((id) => ({ id, displayName: id }))
    expect(await directory.permissions.effective({ ...user, groups })).toStrictEqual(
      count === 1 ? ['last'] : ['first', 'last'],
    )
  })

  test('others as soon as they are granted or revoked, or the user leaves', async () => {
    const { directory } = await testApp()
    const { permissions, groups } = directory
    const id = await newUser(directory, {})
    const sales = await newGroup(directory, 'Sales', [id])
    const now = async () => permissions.effective(await read(directory, id))
    expect(await now()).toStrictEqual([])
    await grant(directory, group(sales), 'a', 'b')
    expect(await now()).toStrictEqual(['a', 'b'])
    await permissions.revoke({ holder: group(sales), permission: 'a' }, cause)
    expect(await now()).toStrictEqual(['b'])
    const leave = { kind: 'remove', ids: [id] } as const
    await groups.update(sales, undefined, (it) => ({ attributes: it, members: [leave] }), cause)
    expect(await now()).toStrictEqual([])
  })
})

describe('grants', () => {
  test('are listed by holder and permission', async () => {
    const { directory } = await testApp()
    const [one, two] = [await newGroup(directory, 'Z'), await newGroup(directory, 'A')]
    await grant(directory, role('b'), 'y', 'x')
    await grant(directory, role('A'), 'z')
    await grant(directory, group(two), 'x')
    await grant(directory, group(one), 'y', 'x')
    expect(await directory.permissions.list()).toStrictEqual([
      { holder: group(one), permission: 'x' },
      { holder: group(one), permission: 'y' },
      { holder: group(two), permission: 'x' },
      { holder: role('a'), permission: 'z' },
      { holder: role('b'), permission: 'x' },
      { holder: role('b'), permission: 'y' },
    ])
  })

  test.each(['group', 'role'] as const)('to a %s leave one event each way', async (kind) => {
    const { directory } = await testApp()
    const { permissions } = directory
    const id = await newGroup(directory, 'Sales')
    const given = { holder: kind === 'group' ? group(id) : role('PM'), permission: 'projects.read' }
    const resourceId = kind === 'group' ? id : 'role:pm'
    const granted = await recorded(directory, () => permissions.grant(given, cause))
    const change = { path: 'permission', to: 'projects.read' }
    expect(granted).toMatchObject([{ ...cause, action: 'permission.granted', resourceId }])
    expect(granted[0]?.changes).toStrictEqual([change])
    const revoked = await recorded(directory, () => permissions.revoke(given, cause))
    expect(revoked).toMatchObject([{ ...cause, action: 'permission.revoked', resourceId }])
    expect(revoked[0]?.changes).toStrictEqual([{ path: 'permission', from: 'projects.read' }])
    expect(await permissions.list()).toStrictEqual([])
  })

  test.each([
    [
      'granted again',
      ({ permissions }, id) => permissions.grant({ holder: group(id), permission: 'a' }, cause),
    ],
    [
      'granted again in another letter case',
      ({ permissions }) => permissions.grant({ holder: role('pm'), permission: 'a' }, cause),
    ],
    [
      'revoked from a group that has it not',
      ({ permissions }, id) => permissions.revoke({ holder: group(id), permission: 'b' }, cause),
    ],
    [
      'revoked from a role that has it not',
      ({ permissions }) => permissions.revoke({ holder: role('designer'), permission: 'a' }, cause),
    ],
    [
      'revoked from a group that is not there',
      ({ permissions }) => permissions.revoke({ holder: group(NOBODY), permission: 'a' }, cause),
    ],
    [
      'revoked in another letter case of the permission',
      ({ permissions }) => permissions.revoke({ holder: role('PM'), permission: 'A' }, cause),
    ],
  ] satisfies [string, (directory: Directory, id: string) => Promise<void>][])(
    'that are %s leave nothing',
    async (_, work) => {
      const { directory, database } = await testApp()
      const id = await newGroup(directory, 'Sales')
      await grant(directory, group(id), 'a')
      await grant(directory, role('PM'), 'a')
      const dump = await database.dump()
      await work(directory, id)
      expect(await database.dump()).toBe(dump)
    },
  )

  test('to a group that is not there are refused', async () => {
    const { directory, database } = await testApp()
    const dump = await database.dump()
    const refused = { name: 'DirectoryError', code: 'notFound' }
    await expect(grant(directory, group(NOBODY), 'a')).rejects.toMatchObject(refused)
    expect(await database.dump()).toBe(dump)
  })

  test('go with their group, whose event is the only one', async () => {
    const { directory } = await testApp()
    const [sales, board] = [await newGroup(directory, 'Sales'), await newGroup(directory, 'Board')]
    await grant(directory, group(sales), 'a', 'b')
    await grant(directory, group(board), 'a')
    await grant(directory, role(sales), 'a')
    const events = await recorded(directory, () => directory.groups.remove(sales, undefined, cause))
    expect(events).toMatchObject([{ action: 'group.deleted', resourceId: sales }])
    expect(await directory.permissions.list()).toStrictEqual([
      { holder: group(board), permission: 'a' },
      { holder: role(sales), permission: 'a' },
    ])
  })
})

describe('at the same time,', () => {
  test('50 grants of one permission are one', async () => {
    const app = await testApp()
    const { directory } = app
    const servers = [directory, await throughAnotherServer(app)] as const
    const holders = [group(await newGroup(directory, 'Sales')), role('PM')]
    const events = await recorded(directory, () =>
      Promise.all(
        FIFTY.flatMap((index) =>
          holders.map((holder) => grant(servers[index % 2] ?? directory, holder, 'a')),
        ),
      ),
    )
    expect(events.map(({ action }) => action)).toStrictEqual(Array(2).fill('permission.granted'))
    expect(await directory.permissions.list()).toHaveLength(2)
  })

  test('a group that is deleted leaves none of those that are granted to it', async () => {
    const app = await testApp()
    const other = await throughAnotherServer(app)
    const id = await newGroup(app.directory, 'Sales')
    const work = FIFTY.map((index) => () => grant(app.directory, group(id), `p${index}`))
    work.splice(25, 0, () => other.groups.remove(id, undefined, cause))
    const { done = 0, notFound = 0 } = outcomes(await Promise.allSettled(work.map((one) => one())))
    expect(done + notFound).toBe(51)
    expect(await countRows(app, 'permissions')).toBe(0)
    const events = await app.directory.events.list(0, 1_000)
    expect(events.filter(({ action }) => action === 'permission.granted')).toHaveLength(done - 1)
  })
})

describe('another organisation', () => {
  test('has grants of its own, for a role of the same name too', async () => {
    const app = await testApp()
    const other = await otherDirectory(app)
    const attributes = { roles: [{ value: 'PM' }] }
    const [ours, theirs] = [
      await newUser(app.directory, attributes),
      await newUser(other, attributes),
    ]
    await grant(app.directory, role('PM'), 'ours')
    await grant(other, role('PM'), 'theirs')
    for (const [directory, id, expected] of [
      [app.directory, ours, 'ours'],
      [other, theirs, 'theirs'],
    ] as const) {
      expect(await directory.permissions.effective(await read(directory, id))).toStrictEqual([
        expected,
      ])
      expect(await directory.permissions.list()).toStrictEqual([
        { holder: role('pm'), permission: expected },
      ])
    }
  })

  test.each([
    [
      'revokes nothing of our groups',
      ({ permissions }, id) => permissions.revoke({ holder: group(id), permission: 'a' }, cause),
    ],
    [
      'revokes nothing of our roles',
      ({ permissions }) => permissions.revoke({ holder: role('PM'), permission: 'a' }, cause),
    ],
  ] satisfies [string, (directory: Directory, id: string) => Promise<void>][])(
    '%s',
    async (_, work) => {
      const app = await testApp()
      const other = await otherDirectory(app)
      const id = await newGroup(app.directory, 'Sales')
      await grant(app.directory, group(id), 'a')
      await grant(app.directory, role('PM'), 'a')
      const dump = await app.database.dump()
      await work(other, id)
      expect(await app.database.dump()).toBe(dump)
    },
  )

  test('grants nothing to our groups', async () => {
    const app = await testApp()
    const other = await otherDirectory(app)
    const id = await newGroup(app.directory, 'Sales')
    const dump = await app.database.dump()
    await expect(grant(other, group(id), 'a')).rejects.toMatchObject({ code: 'notFound' })
    expect(await app.database.dump()).toBe(dump)
  })

  test('has nothing through our groups', async () => {
    const app = await testApp()
    const other = await otherDirectory(app)
    const id = await newGroup(app.directory, 'Sales')
    await grant(app.directory, group(id), 'a')
    const user = await read(other, await newUser(other, {}))
    const groups = [{ id, displayName: 'Sales' }]
    expect(await other.permissions.effective({ ...user, groups })).toStrictEqual([])
  })
})

test('a group is found by its name, in whatever letter case, in its organisation', async () => {
  const app = await testApp()
  const other = await otherDirectory(app)
  const id = await newGroup(app.directory, 'Vertrieb Süd')
  expect(await app.directory.groups.named('VERTRIEB SÜD')).toMatchObject({ id })
  expect(await app.directory.groups.named('Vertrieb')).toBeUndefined()
  expect(await other.groups.named('Vertrieb Süd')).toBeUndefined()
})
