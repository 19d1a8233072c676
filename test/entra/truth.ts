import { comparable, isRecord, mapUser, MANAGER, readManager, type Resource } from './mapping.ts'
import type { Answer, ScimClient } from './scim-client.ts'
import {
  type EntraGroup,
  type EntraUser,
  inScope,
  isActive,
  type Tenant,
  unrecycle,
} from './tenant.ts'

/** One thing on the server that is not as the tenant says. `undefined` is no value. */
export type Difference = {
  /** Whose: a display name and an object id, or the id on the server. */
  object: string
  attribute: string
  expected: unknown
  actual: unknown
}

export type TruthOptions = {
  /** Accounts and groups that are none of the tenant's business, such as local ones. */
  ignore?: (resource: Resource) => boolean
  pageSize?: number
}

const CORE = new Set(['schemas', 'id', 'meta', 'groups'])

async function get(client: ScimClient, path: string): Promise<Resource> {
  const { status, resource }: Answer = await client.send('GET', path)
  if (status !== 200 || resource === null) throw new Error(`GET ${path} answered ${status}.`)
  return resource
}

/** Every resource of an endpoint, by pages. Throws when the pages do not add up. */
async function listAll(client: ScimClient, path: string, pageSize: number): Promise<Resource[]> {
  const all = new Map<string, Resource>()
  for (;;) {
    const joint = path.includes('?') ? '&' : '?'
    const page = await get(client, `${path}${joint}startIndex=${all.size + 1}&count=${pageSize}`)
    const resources: unknown[] = Array.isArray(page['Resources']) ? page['Resources'] : []
    for (const resource of resources.filter(isRecord)) {
      const id = String(resource['id'])
      if (all.has(id)) throw new Error(`${path} has ${id} on two pages.`)
      all.set(id, resource)
    }
    if (all.size >= Number(page['totalResults'])) return [...all.values()]
    if (resources.length === 0) {
      throw new Error(`${path} ends at ${all.size} of ${String(page['totalResults'])}.`)
    }
  }
}

/** A resource as mapping targets with their values. Elements without a type go by their position. */
function flatten(resource: Resource): Map<string, unknown> {
  const flat = new Map<string, unknown>()
  for (const [name, value] of Object.entries(resource)) {
    if (CORE.has(name)) continue
    if (Array.isArray(value) && name !== 'roles') {
      const elements: unknown[] = value
      for (const [index, element] of elements.entries()) {
        if (!isRecord(element)) continue
        const type = typeof element['type'] === 'string' ? element['type'] : `#${index}`
        for (const [sub, inner] of Object.entries(element)) {
          if (sub === 'type' || sub === 'primary') continue
          const key = `${name}[type eq "${type}"].${sub}`
          // Two elements of one type: the second must not hide behind the first.
          flat.set(flat.has(key) ? `${key} again` : key, inner)
        }
      }
    } else if (isRecord(value)) {
      const joint = name.startsWith('urn:') ? ':' : '.'
      for (const [sub, inner] of Object.entries(value)) flat.set(`${name}${joint}${sub}`, inner)
    } else {
      flat.set(name, value)
    }
  }
  flat.delete(MANAGER)
  return flat
}

/** Whether a server must have an account for the user. */
function hasAccount(user: EntraUser): boolean {
  return user.wasActive && !(user.purged && user.assigned)
}

function accountName(user: EntraUser): string {
  return String(mapUser(unrecycle(user))['userName'])
}

/**
 * Compares a server with the tenant, attribute by attribute, once every cycle has come to its end.
 * Those who left keep their account as it was, switched off and in their groups. Two endings are
 * right for somebody who is gone for good and whose name a rehired person has: the old account is
 * renamed to `<its id without dashes><userName>`, or, when accounts are matched by name, the new
 * person has taken it over, without its groups.
 */
export async function compareWithTruth(
  client: ScimClient,
  tenant: Tenant,
  options: TruthOptions = {},
): Promise<Difference[]> {
  const { ignore = () => false, pageSize = 100 } = options
  const differences: Difference[] = []
  const differ = (object: string, attribute: string, expected: unknown, actual: unknown): void => {
    differences.push({ object, attribute, expected, actual })
  }
  const read = async (path: string): Promise<Resource[]> =>
    (await listAll(client, path, pageSize)).filter((resource) => !ignore(resource))

  const byExternalId = (resources: readonly Resource[]): Map<string, Resource> => {
    const found = new Map<string, Resource>()
    for (const resource of resources) {
      const { externalId, id, displayName } = resource
      if (typeof externalId === 'string' && !found.has(externalId)) found.set(externalId, resource)
      else
        differ(`${String(displayName)} ${String(id)}`, 'externalId', 'one of its own', externalId)
    }
    return found
  }

  const accounts = byExternalId(await read('/Users'))
  const successors = new Map<string, EntraUser>()
  for (const user of tenant.users.values()) {
    if (!user.purged && user.wasActive) successors.set(accountName(user).toLowerCase(), user)
  }
  const successorOf = (user: EntraUser): EntraUser | undefined =>
    user.purged ? successors.get(accountName(user).toLowerCase()) : undefined
  /** People whose account was somebody else's. */
  const heirs = new Set<string>()
  for (const user of tenant.users.values()) {
    const heir = successorOf(user)
    if (heir !== undefined && !accounts.has(user.objectId)) heirs.add(heir.objectId)
  }
  /** The account that a person has, or left to whoever has the name now. */
  const idOf = (objectId: string, inherited = true): string | undefined => {
    const user = tenant.users.get(objectId)
    if (user === undefined || !hasAccount(user)) return undefined
    const heir = inherited ? successorOf(user)?.objectId : undefined
    const id = (accounts.get(objectId) ?? accounts.get(heir ?? ''))?.['id']
    return typeof id === 'string' ? id : undefined
  }

  const compareUser = (user: EntraUser, account: Resource): void => {
    const object = `${user.displayName} ${user.objectId}`
    const expected = new Map<string, unknown>(Object.entries(mapUser(unrecycle(user))))
    expected.set('active', isActive(user))
    const retired = `${String(account['id']).replaceAll('-', '')}${accountName(user)}`
    if (successorOf(user) !== undefined) expected.set('userName', retired)
    const actual = flatten(account)
    for (const attribute of new Set([...expected.keys(), ...actual.keys()])) {
      const [wanted, is] = [expected.get(attribute), actual.get(attribute)]
      const left = heirs.has(user.objectId) && (wanted === undefined || wanted === '')
      if (!left && comparable(wanted) !== comparable(is)) differ(object, attribute, wanted, is)
    }
    const manager = user.manager === null ? undefined : idOf(user.manager)
    const actualManager = readManager(account) ?? undefined
    // Out of scope nothing is sent any more, so a manager who is gone may still be named.
    const dangling = !inScope(user) && manager === undefined
    if (!dangling && manager !== actualManager) differ(object, MANAGER, manager, actualManager)
  }

  for (const user of tenant.users.values()) {
    const account = accounts.get(user.objectId)
    const object = `${user.displayName} ${user.objectId}`
    if (account !== undefined && hasAccount(user)) compareUser(user, account)
    else if (account !== undefined) differ(object, 'account', undefined, account['id'])
    else if (hasAccount(user) && successorOf(user) === undefined) {
      differ(object, 'account', 'one', undefined)
    }
  }
  for (const [externalId, account] of accounts) {
    if (tenant.users.has(externalId)) continue
    differ(`${String(account['displayName'])} ${externalId}`, 'account', undefined, account['id'])
  }

  const groups = byExternalId(await read('/Groups?excludedAttributes=members'))
  const groupsOfAccount = new Map<string, Set<string>>()
  const compareGroup = async (group: EntraGroup, id: string): Promise<void> => {
    const object = `${group.displayName} ${group.objectId}`
    const resource = await get(client, `/Groups/${id}`)
    if (resource['displayName'] !== group.displayName) {
      differ(object, 'displayName', group.displayName, resource['displayName'])
    }
    const wanted = new Set<string>()
    for (const member of group.members) {
      const account = idOf(member, false)
      if (account !== undefined) wanted.add(account)
    }
    const members: unknown[] = Array.isArray(resource['members']) ? resource['members'] : []
    const is = members.filter(isRecord).map((member) => String(member['value']))
    for (const member of new Set(is)) {
      const all = groupsOfAccount.get(member) ?? new Set()
      groupsOfAccount.set(member, all.add(id))
      if (!wanted.has(member)) differ(object, 'members', undefined, member)
    }
    if (new Set(is).size < is.length) differ(object, 'members', 'each once', is)
    const there = new Set(is)
    for (const member of wanted) {
      if (!there.has(member)) differ(object, 'members', member, undefined)
    }
  }
  for (const group of tenant.groups.values()) {
    const id = groups.get(group.objectId)?.['id']
    if (typeof id === 'string') await compareGroup(group, id)
    else differ(`${group.displayName} ${group.objectId}`, 'group', 'one', undefined)
  }
  for (const [externalId, group] of groups) {
    if (tenant.groups.has(externalId)) continue
    differ(`${String(group['displayName'])} ${externalId}`, 'group', undefined, group['id'])
  }

  const known = new Set(Array.from(groups.values(), (group) => group['id']))
  for (const account of accounts.values()) {
    const listed: unknown[] = Array.isArray(account['groups']) ? account['groups'] : []
    const all = listed.filter(isRecord).map((group) => String(group['value']))
    const is = all.filter((id) => known.has(id))
    const wanted = [...(groupsOfAccount.get(String(account['id'])) ?? [])]
    if (is.sort().join() !== wanted.sort().join()) {
      differ(String(account['displayName']), 'groups', wanted, is)
    }
  }
  return differences
}
