import { isObject } from '../schema/attribute.ts'
import type { Json, JsonObject } from '../schema/attribute.ts'
import { KEY_LENGTH } from '../schema/common.ts'
import { groupSchema } from '../schema/group.ts'
import { groupType, resolveName, type AttributeName } from '../schema/registry.ts'
import { ScimError } from './error.ts'
import { parseName, type Filter } from './filter.ts'
import { member } from './json.ts'
import type { Operation } from './messages.ts'
import { asArray } from './patching.ts'
import { parsePath } from './path.ts'
import type { Tolerated } from './tolerances.ts'

/** A member as a client names it; the id may be one that does not exist. */
export interface Member {
  readonly value: string
  readonly type?: 'User' | 'Group'
}

/** One step of a change to the members of a group; steps are applied in order, each to the rows it names. */
export type MemberChange =
  | { readonly kind: 'add'; readonly members: readonly Member[] }
  | { readonly kind: 'remove'; readonly ids: readonly string[] }
  | { readonly kind: 'set'; readonly members: readonly Member[] }

const MAX_MEMBERS = 100_000

const types = ['User', 'Group'] as const

function readMember(element: Json, tolerated: Tolerated): Member {
  const given = typeof element === 'string' ? { value: element } : element
  const value = isObject(given) ? member(given, 'value') : undefined
  if (!isObject(given) || typeof value !== 'string' || value === '' || value.length > KEY_LENGTH) {
    throw new ScimError('invalidValue', 'A member needs a value: the id of a user or group.')
  }
  if (Object.values(given).includes(null)) tolerated('null-subattribute')
  const named = member(given, 'type') ?? undefined
  if (named === undefined) return { value }
  const type = types.find((known) => known.toLowerCase() === String(named).toLowerCase())
  if (!type) throw new ScimError('invalidValue', 'The type of a member is User or Group.')
  return { value, type }
}

/** Reads a `members` value; an object alone counts as an array of one. */
function readMembers(value: Json | undefined, tolerated: Tolerated): Member[] {
  const elements = asArray(value)
  if (elements.length > MAX_MEMBERS) {
    throw new ScimError('tooMany', `At most ${MAX_MEMBERS} members fit in one request.`)
  }
  return elements.map((element) => readMember(element, tolerated))
}

/** The ids that `value eq "a" or value eq "b"` names; members are selected by nothing else. */
function idsOf(filter: Filter): string[] {
  if (filter.kind === 'or') return filter.terms.flatMap(idsOf)
  const named = filter.kind === 'compare' && filter.op === 'eq' && filter.name.name === 'value'
  if (named && typeof filter.value === 'string') return [filter.value]
  throw new ScimError('invalidFilter', 'Select members by id: members[value eq "…"].')
}

function changeAt(operation: Operation, tolerated: Tolerated): MemberChange[] {
  const { op, value } = operation
  if (op === 'add') {
    return [{ kind: 'add', members: value === '' ? [] : readMembers(value, tolerated) }]
  }
  if (op === 'replace') {
    return [{ kind: 'set', members: value === '' ? [] : readMembers(value, tolerated) }]
  }
  if (value === undefined || value === null) return [{ kind: 'set', members: [] }]
  // A list that names nobody removes nobody: emptying a group by mistake is the worst that can happen to it.
  const listed = value === '' ? [] : readMembers(value, tolerated)
  tolerated('remove-listed-values')
  return [{ kind: 'remove', ids: listed.map(({ value: id }) => id) }]
}

/** Whether a name means the members of a group: bare, or under the URN of the group schema. */
function isMembers(name: AttributeName | undefined): boolean {
  if (name?.name.toLowerCase() !== 'members') return false
  return name.urn === undefined || name.urn.toLowerCase() === groupSchema.id.toLowerCase()
}

/** Whether a key of a body or of a path-less value means the members, with or without a filter behind it. */
function isMembersKey(key: string): boolean {
  return isMembers(parseName(key.split('[', 1)[0] ?? ''))
}

/** Parts what a body says about members from the rest of it. */
export function partMembers(
  body: JsonObject,
  tolerated: Tolerated,
): { readonly members: Member[]; readonly rest: JsonObject } {
  const entries = Object.entries(body)
  const given = entries.filter(([key]) => isMembersKey(key))
  if (given.some(([key]) => key.toLowerCase() !== 'members')) tolerated('flat-key')
  return {
    members: given.flatMap(([, value]) => readMembers(value, tolerated)),
    rest: Object.fromEntries(entries.filter(([key]) => !isMembersKey(key))),
  }
}

export interface GroupOperations {
  readonly members: readonly MemberChange[]
  readonly others: readonly Operation[]
}

/** Parts the operations on `members` from the others, so that a change of membership never needs the whole list. */
export function splitMembers(
  operations: readonly Operation[],
  tolerated: Tolerated,
): GroupOperations {
  const members: MemberChange[] = []
  const others: Operation[] = []
  for (const operation of operations) {
    if (operation.path === undefined) {
      if (!isObject(operation.value)) {
        others.push(operation)
        continue
      }
      const { op } = operation
      const entries = Object.entries(operation.value)
      for (const [key, value] of entries.filter(([name]) => isMembersKey(name))) {
        if (key.toLowerCase() === 'members') {
          members.push(...changeAt({ op, value }, tolerated))
        } else {
          tolerated('flat-key')
          members.push(...splitMembers([{ op, path: key, value }], tolerated).members)
        }
      }
      const rest = entries.filter(([name]) => !isMembersKey(name))
      others.push({ op, value: Object.fromEntries(rest) })
      continue
    }
    const path = parsePath(groupType, operation.path, tolerated)
    if (path.kind === 'extension' || !isMembers(path.name)) {
      others.push(operation)
    } else if (path.kind === 'element' && operation.op === 'remove' && path.sub === undefined) {
      members.push({ kind: 'remove', ids: idsOf(path.filter) })
    } else if (path.kind === 'element' || path.name.sub !== undefined) {
      const sub = path.kind === 'element' ? path.sub : path.name.sub
      if (sub !== undefined && !resolveName(groupType, { name: 'members', sub })) {
        throw new ScimError('invalidPath', `members has no ${sub}.`)
      }
      throw new ScimError('mutability', 'Members can be added and removed, not changed (N-02).')
    } else members.push(...changeAt(operation, tolerated))
  }
  return { members, others }
}
