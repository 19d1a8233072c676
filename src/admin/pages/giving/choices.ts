import { displayName, type GroupReference } from '../../../directory/user.ts'
import type { Directory } from '../../../directory/store.ts'
import { giving as texts } from '../../../texts/giving.ts'

/** So many user groups are offered at once; others are named. */
const OFFERED = 30
const SUGGESTED = 200
const ROLES = 30

/** What can be given: user groups whose members are chosen here, and roles. */
export interface Choices {
  /** Those that are chosen already, and the first others, by name. */
  readonly groups: readonly GroupReference[]
  /** Names of others, where not all are offered. */
  readonly others: readonly string[]
  readonly roles: readonly string[]
}

/** The user groups of these ids, as far as they are there. */
export async function groupsOf(
  { groups }: Directory,
  ids: readonly string[],
): Promise<GroupReference[]> {
  const found = await Promise.all(ids.map((id) => groups.read(id, false)))
  return found.flatMap((group) =>
    group ? [{ id: group.id, displayName: displayName(group.attributes) }] : [],
  )
}

async function othersIn({ groups }: Directory): Promise<string[]> {
  const { items } = await groups.query({ startIndex: 1, count: SUGGESTED }, false)
  return items
    .filter(({ origin }) => origin !== 'scim')
    .map(({ attributes }) => displayName(attributes))
    .sort()
}

/** What can be given, with the user groups of these ids first. */
export async function readChoices(
  directory: Directory,
  chosen: readonly string[],
): Promise<Choices> {
  const [known, { items, next }, roles] = await Promise.all([
    groupsOf(directory, chosen),
    directory.groups.list({ filled: 'here', count: OFFERED }),
    directory.roster.roleNames(ROLES),
  ])
  const fresh = items.filter(({ id }) => !chosen.includes(id))
  return {
    groups: [...known, ...fresh],
    others: next === undefined ? [] : await othersIn(directory),
    roles,
  }
}

/** The user group of a name that somebody typed; what is wrong with it, where it cannot be given. */
export async function groupNamed(
  { groups }: Directory,
  name: string,
): Promise<{ readonly id: string } | { readonly fault: string }> {
  const group = await groups.named(name)
  if (!group) return { fault: texts.unknown(name) }
  if (group.origin === 'scim') return { fault: texts.isEntras(displayName(group.attributes)) }
  return { id: group.id }
}
