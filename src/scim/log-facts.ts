import type { Group } from '../directory/group.ts'
import type { LogFacts, LogKind, LogSubject } from '../directory/provisioning-log.ts'
import { personName } from '../directory/provisioning-log.ts'
import type { User } from '../directory/user.ts'
import type { Exchange } from './exchange.ts'
import { isObjectId } from './protocol/compare.ts'
import { parseFilter, type Filter } from './protocol/filter.ts'
import { member } from './protocol/json.ts'
import { partMembers, splitMembers, type MemberChange } from './protocol/members.ts'
import { readPatch, type Operation } from './protocol/messages.ts'
import { isObject, type Json, type JsonObject } from './schema/attribute.ts'

/** What a request was, with all that its words need. */
export interface Described {
  readonly kind: LogKind
  readonly subject?: LogSubject
  readonly facts: LogFacts
  /** Everybody whom it adds to a group or takes out of it. */
  readonly memberIds: readonly string[]
}

/** So many attributes and members are named; more are counted. */
const MOST_NAMED = 10
const MOST_MEMBERS = 1_000
const LONGEST_TEXT = 500

const ignore = () => {}

function cut(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`
}

/** What reading gives, or nothing for what cannot be read: the answer said so already. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function textIn(body: JsonObject | undefined, name: string): string | undefined {
  const value = body && member(body, name)
  return typeof value === 'string' && value !== '' ? cut(value) : undefined
}

/** The one value that a filter looks for, and where. */
function comparedBy(filter: Filter): { attribute: string; value: string } | undefined {
  if (filter.kind === 'compare' && filter.op === 'eq' && typeof filter.value === 'string') {
    return { attribute: filter.name.name, value: cut(filter.value) }
  }
  if (filter.kind !== 'element') return undefined
  const terms = filter.filter.kind === 'and' ? filter.filter.terms : [filter.filter]
  const values = terms.map(comparedBy).filter((term) => term?.attribute.toLowerCase() === 'value')
  const [only] = values
  return only && { attribute: filter.name.name, value: only.value }
}

/** Attributes that Entra matches by; it tries the connection with a value of one of them that nothing can have. */
const TRIED = /^(userName|emails|displayName)$/i

function describeSearch(
  type: 'User' | 'Group',
  text: string | undefined,
  { total, resource }: Exchange,
): Described {
  const counted = total === undefined ? {} : { total }
  const found = resource ? { subject: subjectOf(type, resource) } : {}
  const [find, list]: [LogKind, LogKind] =
    type === 'User' ? ['find-user', 'list-users'] : ['find-group', 'list-groups']
  if (text === undefined) return { kind: list, ...found, facts: counted, memberIds: [] }
  const filter = attempt(() => parseFilter(text, ignore))
  const compared = filter && comparedBy(filter)
  const tried =
    compared !== undefined &&
    total === 0 &&
    TRIED.test(compared.attribute) &&
    isObjectId(compared.value)
  return {
    kind: tried ? 'test' : find,
    ...found,
    facts: { filter: cut(text), ...compared, ...counted },
    memberIds: [],
  }
}

function namesIn({ path, value }: Operation): string[] {
  if (path !== undefined) return [path]
  return isObject(value) ? Object.keys(value) : []
}

/** What an operation makes of `active`, where it says so. */
function activeIn({ op, path, value }: Operation): boolean | undefined {
  const given: Json | undefined =
    path === undefined
      ? isObject(value)
        ? member(value, 'active')
        : undefined
      : path.toLowerCase() === 'active'
        ? op === 'remove'
          ? false
          : value
        : undefined
  if (typeof given === 'boolean') return given
  if (typeof given !== 'string' || !/^(true|false)$/i.test(given)) return undefined
  return given.toLowerCase() === 'true'
}

/** The name that a change asks for. */
function renamedTo(name: string, operations: readonly Operation[]): Pick<LogFacts, 'wanted'> {
  const values = operations.map(({ path, value = null }) => {
    if (path === undefined) return isObject(value) ? textIn(value, name) : undefined
    return path.toLowerCase() === name.toLowerCase() && typeof value === 'string'
      ? cut(value)
      : undefined
  })
  const wanted = values.findLast((value) => value !== undefined)
  return wanted === undefined ? {} : { wanted }
}

function changed(operations: readonly Operation[]): Pick<LogFacts, 'attributes'> {
  const names = [...new Set(operations.flatMap(namesIn))].slice(0, MOST_NAMED)
  return names.length === 0 ? {} : { attributes: names.map(cut) }
}

function describeUserChange(body: JsonObject | undefined): Pick<Described, 'kind' | 'facts'> {
  const operations = (body && attempt(() => readPatch(body, ignore))) ?? []
  const active = operations.map(activeIn).findLast((given) => given !== undefined)
  const { attributes = [] } = changed(operations)
  const wanted = renamedTo('userName', operations)
  if (active === undefined) return { kind: 'update-user', facts: { attributes, ...wanted } }
  const others = attributes.filter((name) => name.toLowerCase() !== 'active')
  return {
    kind: active ? 'switch-on-user' : 'switch-off-user',
    facts: { ...(others.length === 0 ? {} : { attributes: others }), ...wanted },
  }
}

function idsIn(change: MemberChange): readonly string[] {
  return change.kind === 'remove' ? change.ids : change.members.map(({ value }) => value)
}

/** Who is named, the first of them for the words. */
function membersIn(ids: readonly string[]): Pick<Described, 'facts' | 'memberIds'> {
  const all = [...new Set(ids)]
  return {
    facts: { members: all.slice(0, MOST_NAMED).map((id) => ({ id })), memberCount: all.length },
    memberIds: all.slice(0, MOST_MEMBERS),
  }
}

function describeGroupChange(
  body: JsonObject | undefined,
): Pick<Described, 'kind' | 'facts' | 'memberIds'> {
  const operations = body && attempt(() => splitMembers(readPatch(body, ignore), ignore))
  const { members = [], others = [] } = operations ?? {}
  const attributes = { ...changed(others), ...renamedTo('displayName', others) }
  if (members.length === 0) return { kind: 'update-group', facts: attributes, memberIds: [] }
  const named = membersIn(members.flatMap(idsIn))
  const kinds = new Set(members.map(({ kind }) => kind))
  const [only] = kinds.size === 1 ? kinds : []
  return {
    kind: only === 'add' ? 'add-members' : only === 'remove' ? 'remove-members' : 'change-members',
    facts: { ...named.facts, ...attributes },
    memberIds: named.memberIds,
  }
}

function wantedBy(type: 'User' | 'Group', body: JsonObject | undefined): string | undefined {
  return textIn(body, type === 'User' ? 'userName' : 'displayName')
}

/** A whole resource that is sent, to be made or to take the place of another. */
function describeWhole(
  type: 'User' | 'Group',
  body: JsonObject | undefined,
): Pick<Described, 'facts' | 'memberIds'> {
  const wanted = wantedBy(type, body)
  const given = wanted === undefined ? {} : { wanted }
  const members =
    type === 'Group' && body ? attempt(() => partMembers(body, ignore).members) : undefined
  if (!members || members.length === 0) return { facts: given, memberIds: [] }
  const named = membersIn(members.map(({ value }) => value))
  return { facts: { ...given, ...named.facts }, memberIds: named.memberIds }
}

function subjectOf(type: 'User' | 'Group', { id, attributes }: User | Group): LogSubject {
  const name = personName(attributes)
  return { type, id, ...(name === '' ? {} : { name }) }
}

function isUser(resource: User | Group): resource is User {
  return 'provisioned' in resource
}

/**
 * What a request was about: `path` below the door without its query, `filter` from it, `body` without what is secret.
 */
export function describeRequest(
  { method, path, filter }: { method: string; path: string; filter: string | undefined },
  body: JsonObject | undefined,
  exchange: Exchange,
): Described {
  const [, endpoint, given] = /^\/(Users|Groups)(?:\/([^/]+))?\/?$/.exec(path) ?? []
  if (endpoint === undefined) {
    const known = /^\/(Schemas|ResourceTypes)(\/|$)/.test(path)
    return { kind: known && method === 'GET' ? 'discover' : 'other', facts: {}, memberIds: [] }
  }
  const type = endpoint === 'Users' ? 'User' : 'Group'
  if (given === undefined && method === 'GET') return describeSearch(type, filter, exchange)
  if (given === '.search' && method === 'POST') {
    return describeSearch(type, textIn(body, 'filter'), exchange)
  }
  const id =
    given === undefined ? undefined : cut(attempt(() => decodeURIComponent(given)) ?? given)
  const { resource } = exchange
  const asked = body && personName(body)
  const named = id === undefined && asked ? { name: cut(asked) } : {}
  const subject: LogSubject = resource
    ? subjectOf(type, resource)
    : { type, ...(id === undefined ? {} : { id }), ...named }
  const held = resource && isUser(resource) && resource.held ? { held: true as const } : {}
  const user = type === 'User'
  function about(
    kind: LogKind,
    more: Partial<Pick<Described, 'facts' | 'memberIds'>> = {},
  ): Described {
    return { kind, subject, facts: { ...more.facts, ...held }, memberIds: more.memberIds ?? [] }
  }
  if (id === undefined) {
    if (method !== 'POST') return about('other')
    return about(user ? 'create-user' : 'create-group', describeWhole(type, body))
  }
  switch (method) {
    case 'GET':
    case 'HEAD':
      return { kind: user ? 'read-user' : 'read-group', subject, facts: {}, memberIds: [] }
    case 'PUT':
      return about(user ? 'replace-user' : 'replace-group', describeWhole(type, body))
    case 'PATCH': {
      const { kind, ...more } = user ? describeUserChange(body) : describeGroupChange(body)
      return about(kind, more)
    }
    case 'DELETE':
      return about(user ? 'delete-user' : 'delete-group')
    default:
      return about('other')
  }
}
