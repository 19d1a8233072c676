import { beforeAll, describe, expect, test } from 'vitest'
import type { GroupQuery } from '../../src/directory/group.ts'
import type { Group } from '../../src/directory/group.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { newOwnGroup, newPushedGroup } from '../support/assignments.ts'
import { endOfTests } from '../support/database.ts'
import { newPerson, newTeam } from '../support/programs.ts'
import { otherDirectory } from '../support/store.ts'

let app: TestApp
let team: Group

const finished = endOfTests()

beforeAll(async () => {
  app = await testApp({ finished })
  const { directory } = app
  const ada = await newPerson(directory, 'ada')
  const bob = await newPerson(directory, 'bob')
  team = await newTeam(directory, 'Éclair bakers', ada, ['a.read', 'a.write'])
  await directory.groups.changeMembers(team.id, { add: [bob.id], remove: [] }, cause)
  for (const name of ['zebra 50%', 'Ant', '𝒟ancers', 'פועלים']) await newOwnGroup(directory, name)
  await newPushedGroup(directory, 'Baker_s')
  await newTeam(await otherDirectory(app), 'Theirs', ada, ['theirs'])
})

async function names(query: Partial<GroupQuery>): Promise<readonly [number, ...string[]]> {
  const { total, items } = await app.directory.groups.list({ count: 50, ...query })
  return [total, ...items.map(({ displayName }) => displayName)]
}

describe('the list of user groups', () => {
  test.each<[string, Partial<GroupQuery>, readonly [number, ...string[]]]>([
    ['all, by name', {}, [6, 'Ant', 'Baker_s', 'zebra 50%', 'Éclair bakers', 'פועלים', '𝒟ancers']],
    ['a part of the name in any letter case', { search: 'BAKER' }, [2, 'Baker_s', 'Éclair bakers']],
    ['an accent in capitals', { search: 'É' }, [1, 'Éclair bakers']],
    ['4-byte characters', { search: '𝒟' }, [1, '𝒟ancers']],
    ['what stands for anything elsewhere', { search: '0%' }, [1, 'zebra 50%']],
    ['what stands for one character elsewhere', { search: 'r_s' }, [1, 'Baker_s']],
    ['nothing of the kind', { search: 'x' }, [0]],
    ['those that Entra fills', { filled: 'entra' }, [1, 'Baker_s']],
    ['those that are filled here', { filled: 'here', search: 'ker' }, [1, 'Éclair bakers']],
  ])('has %s', async (_, query, expected) => {
    expect(await names(query)).toStrictEqual(expected)
  })

  test('goes on page by page, each group once', async () => {
    const found: string[] = []
    let after: string | undefined = ''
    while (after !== undefined) {
      const page = await app.directory.groups.list({ count: 4, after })
      expect(page.total).toBe(6)
      found.push(...page.items.map(({ displayName }) => displayName))
      after = page.next
    }
    expect(found).toStrictEqual((await names({})).slice(1))
  })

  test('says what each is, and apart from that how large', async () => {
    const { groups } = app.directory
    const { items } = await groups.list({ search: 'écl', count: 1 })
    expect(items).toStrictEqual([{ id: team.id, displayName: 'Éclair bakers', origin: 'local' }])
    expect(await groups.sizes([team.id, 'nobody'])).toStrictEqual(
      new Map([[team.id, { members: { total: 2 }, permissions: 2 }]]),
    )
    const ant = await groups.named('ant')
    expect(await groups.sizes([String(ant?.id)])).toStrictEqual(
      new Map([[ant?.id, { members: { total: 0 }, permissions: 0 }]]),
    )
    expect(await groups.sizes([])).toStrictEqual(new Map())
  })
})

test('permissions are told by name, and of some holders, without those of other organisations', async () => {
  const { permissions } = app.directory
  await permissions.grant({ holder: { kind: 'role', value: 'PM' }, permission: 'a.read' }, cause)
  await permissions.grant({ holder: { kind: 'role', value: 'QA' }, permission: 'q' }, cause)
  expect(await permissions.names(10)).toStrictEqual(['a.read', 'a.write', 'q'])
  expect(await permissions.names(2)).toStrictEqual(['a.read', 'a.write'])
  expect(await permissions.among([])).toStrictEqual([])
  const among = await permissions.among([
    { kind: 'role', value: 'pM' },
    { kind: 'group', id: team.id },
  ])
  expect(
    among.map(({ holder, permission }) => `${holder.kind} ${permission}`).sort(),
  ).toStrictEqual(['group a.read', 'group a.write', 'role a.read'])
})

test('how members came is told of those who are asked for, and by way', async () => {
  const { groups, users } = app.directory
  const [ada, bob] = [await users.named('ada'), await users.named('bob')]
  const ids = [String(ada?.id), String(bob?.id), 'nobody']
  const found = await groups.membershipsFor(team.id, ids)
  expect([...found.keys()].sort()).toStrictEqual(ids.slice(0, 2).sort())
  expect(found.get(ids[0] ?? '')).toStrictEqual({ via: 'hand', since: '2026-03-02T08:00:00.000Z' })
  expect(await groups.membershipsFor(team.id, [])).toStrictEqual(new Map())
  expect(await groups.sources(team.id)).toStrictEqual([{ via: 'hand', members: 2 }])
  expect(await groups.sources('nobody')).toStrictEqual([])
})
