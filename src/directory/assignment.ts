import type { Json, JsonObject } from '../scim/schema/attribute.ts'
import type { Change } from './event.ts'
import type { Mapping } from './mapping.ts'
import { hasRole, withRole } from './roles.ts'
import type { Rule } from './rule.ts'
import type { Via } from './user.ts'

/** A user group to join, and of what that comes: a rule, a mapping, or the plan that is carried out. */
export interface Join {
  readonly group: string
  readonly via: Extract<Via, `rule:${string}` | `mapping:${string}`> | 'plan'
}

/** What somebody is to get: a user with the roles, the groups to join, and what the record says of where both come from. */
export interface Assigned {
  readonly attributes: JsonObject
  readonly joins: readonly Join[]
  readonly because: readonly Change[]
}

/** What gives user groups and roles, the first of two that give the same being the one it comes of. */
export interface Sources {
  /** What was chosen by whoever made the plan. */
  readonly chosen?: { readonly groups: readonly string[]; readonly role?: string | undefined }
  /** Those whose group the person is in. */
  readonly mappings?: readonly Mapping[]
  /** The rule to go by, when it is known what the user has otherwise. */
  readonly rule?: (attributes: JsonObject) => Rule | undefined
}

/** What came of a rule or a mapping, for the record: no more than nothing else gave before it. */
function told(
  { id, name }: { readonly id: string; readonly name: string },
  groups: readonly string[],
  role: string | undefined,
): JsonObject {
  return { id, name, groups: [...groups], ...(role === undefined ? {} : { role }) }
}

/** Works out what somebody with these attributes, who is in these groups, gets of all sources together. */
export function assign(
  attributes: JsonObject,
  within: readonly string[],
  { chosen, mappings = [], rule }: Sources,
): Assigned {
  const joins = new Map<string, Join>()
  let current = attributes

  /** Takes what one source gives; what of it was new. */
  function take(via: Join['via'], groups: readonly string[], role: string | undefined) {
    const fresh = groups.filter((group) => !within.includes(group) && !joins.has(group))
    for (const group of fresh) joins.set(group, { group, via })
    const gained = role !== undefined && !hasRole(current['roles'], role) ? role : undefined
    current = withRole(current, gained)
    return { groups: [...new Set(fresh)], role: gained }
  }

  take('plan', chosen?.groups ?? [], chosen?.role)
  const mapped: Json[] = []
  for (const { id, entraName: name, group, role } of mappings) {
    const own = group === undefined ? [] : [group]
    const gained = take(`mapping:${id}`, own, role)
    if (gained.groups.length > 0 || gained.role !== undefined) {
      mapped.push(told({ id, name }, gained.groups, gained.role))
    }
  }
  const first = rule?.(current)
  const ruled = first && take(`rule:${first.id}`, first.groups, first.role)
  return {
    attributes: current,
    joins: [...joins.values()],
    because: [
      ...(mapped.length === 0 ? [] : [{ path: 'mappings', to: mapped }]),
      ...(first && ruled ? [{ path: 'rule', to: told(first, ruled.groups, ruled.role) }] : []),
    ],
  }
}

/** How a preview and the record name the groups that somebody joins or leaves. */
export function groupChanges(
  joined: readonly string[],
  left: readonly string[],
): readonly Change[] {
  return [
    ...(left.length === 0 ? [] : [{ path: 'groups', from: [...left] }]),
    ...(joined.length === 0 ? [] : [{ path: 'groups', to: [...joined] }]),
  ]
}
