import { expect } from 'vitest'
import { diff } from '../../src/directory/diff.ts'
import type { Change } from '../../src/directory/event.ts'
import type { PlanItem } from '../../src/directory/plan.ts'
import type { User } from '../../src/directory/user.ts'
import { isObject, type Json } from '../../src/scim/schema/attribute.ts'
import type { Random } from '../entra/random.ts'
import { groupsOf, newMapping, newRule } from './assignments.ts'
import type { Scene } from './imports.ts'

export type Users = ReadonlyMap<string, User>

/** Everybody, with the groups they are in. */
export async function everybody({ app }: Scene): Promise<Users> {
  const { items } = await app.directory.users.query({ startIndex: 1, count: 200 })
  return new Map(items.map((user) => [user.id, user]))
}

const idsOf = (user: User | undefined) => (user?.groups ?? []).map(({ id }) => id)

/** What became of a user between two looks, in the words of a preview. */
function happened(was: User | undefined, is: User): Change[] {
  const linked = was !== undefined && was.link?.objectId !== is.link?.objectId
  const joined = idsOf(is).filter((id) => !idsOf(was).includes(id))
  const left = idsOf(was).filter((id) => !idsOf(is).includes(id))
  return [
    ...(linked ? [{ path: 'link', to: is.link?.objectId ?? null }] : []),
    ...diff(was?.attributes ?? {}, is.attributes),
    ...(joined.length === 0 ? [] : [{ path: 'groups', to: joined.sort() }]),
    ...(left.length === 0 ? [] : [{ path: 'groups', from: left.sort() }]),
  ]
}

/** What tells why, and what is written elsewhere. */
const besides: ReadonlySet<string> = new Set(['rule', 'mappings', 'invitation'])

const sortedIds = (ids: Json | undefined) =>
  Array.isArray(ids) ? ids.map(String).sort() : undefined

/** Changes in an order of their own; groups are a set. */
function inOrder(changes: readonly Change[]): object[] {
  const keyOf = ({ path, from }: Change) => `${path} ${from === undefined}`
  return changes
    .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
    .map((change) =>
      change.path === 'groups'
        ? { ...change, from: sortedIds(change.from), to: sortedIds(change.to) }
        : change,
    )
}

/** What rules and mappings are said to give, by group. */
function sourcesIn(changes: readonly Change[]): Map<string, string> {
  const told = changes.flatMap(({ path, to }) => {
    if (path === 'rule') return [{ kind: 'rule', to }]
    if (path !== 'mappings' || !Array.isArray(to)) return []
    return to.map((each) => ({ kind: 'mapping', to: each }))
  })
  return new Map(
    told.flatMap(({ kind, to }) => {
      if (!isObject(to) || !Array.isArray(to['groups'])) return []
      const source = `${kind}:${String(to['id'])}`
      return to['groups'].map((group) => [String(group), source] as const)
    }),
  )
}

/**
 * Holds what was said of a person against what happened: all of it where it was done, each group from where it was said,
 * and nothing at all where it was not, with the reason in words.
 */
export async function expectAsSaid(
  scene: Scene,
  planId: string,
  { said, done }: { readonly said: PlanItem; readonly done: PlanItem },
  { before, after }: { readonly before: Users; readonly after: Users },
): Promise<void> {
  const userId = done.userId ?? said.userId
  const was = userId === undefined ? undefined : before.get(userId)
  const is = userId === undefined ? undefined : after.get(userId)
  if (done.state !== 'done') {
    expect(done.state).toBeOneOf(['changed', 'failed'])
    expect(done.outcome).toEqual(expect.stringMatching(/\.$/))
    expect(is).toEqual(was)
    return
  }
  const own = said.changes.filter(({ path }) => !besides.has(path))
  expect(inOrder(is ? happened(was, is) : [])).toEqual(inOrder(own))
  const joined = own.flatMap(({ path, to }) => (path === 'groups' && Array.isArray(to) ? to : []))
  if (joined.length === 0) return
  const sources = sourcesIn(said.changes)
  const found = await groupsOf(scene.api, String(userId))
  for (const { id, displayName } of is?.groups ?? []) {
    if (!joined.includes(id)) continue
    expect(found[displayName]).toBe(sources.get(id) ?? `import:${planId}`)
  }
}

const filters = [
  'department eq "Sales"',
  'userName sw "person-1"',
  'title pr and not (department eq "IT")',
  'roles.value eq "Designer"',
  'roles.value eq "Mapped"',
  'emails[type eq "work"].value co "contoso"',
  'active eq false or preferredLanguage ne "de"',
]
export const roles = ['Designer', 'Mapped', 'designer', 'PM'] as const

const TEAMS = [
  'f0000000-0000-4000-8000-00000000000a',
  'f0000000-0000-4000-8000-00000000000b',
] as const

/** Some rules over these groups. */
export async function makeRules(
  { api }: Scene,
  groups: readonly string[],
  random: Random,
): Promise<void> {
  for (const filter of random.shuffle(filters).slice(0, random.below(4))) {
    await newRule(api, filter, {
      groups: random.shuffle(groups).slice(0, random.below(3)),
      ...(random.chance(0.5) ? { role: random.pick(roles) } : {}),
    })
  }
}

/** Some mappings of TEAMS to these groups. */
export async function makeMappings(
  { api }: Scene,
  groups: readonly string[],
  random: Random,
): Promise<void> {
  for (const team of random.shuffle([...TEAMS, ...TEAMS]).slice(0, random.below(4))) {
    const group = random.chance(0.7) ? { group: random.pick(groups) } : {}
    const role = random.chance(0.5) || !('group' in group) ? { role: random.pick(roles) } : {}
    // The same may come twice, which is refused.
    await newMapping(api, team, { ...group, ...role }).catch(() => {})
  }
}

/** Puts some of these people into TEAMS, which may be gone. */
export function fillTeams(
  { entra }: Scene,
  ids: readonly string[],
  random: Random,
  gone: number,
): void {
  entra.groups = TEAMS.flatMap((id) => {
    const members = ids.filter(() => random.chance(0.5))
    return random.chance(gone) ? [] : [{ id, displayName: id, members }]
  })
}
