import type { EntraGroup, EntraUser, Tenant } from '../tenant.ts'
import {
  assign,
  isLive,
  live,
  rolesOf,
  type Assignments,
  type GroupAssignments,
} from './assignments.ts'
import { lazy, uuidOf } from './derive.ts'
import { fold } from './kind.ts'
import type { ServicePrincipal } from './service-principal-kind.ts'

export type DirectoryObject =
  | { readonly type: 'user'; readonly item: EntraUser }
  | { readonly type: 'group'; readonly item: EntraGroup }
  | { readonly type: 'servicePrincipal'; readonly item: ServicePrincipal }

/** A tenant, with the indexes that reading it takes; each is made when it is first needed. */
export interface Directory {
  readonly tenant: Tenant
  /** Everybody, also the deleted, always in the same order. */
  readonly people: () => readonly EntraUser[]
  readonly groups: () => readonly EntraGroup[]
  readonly servicePrincipal: () => ServicePrincipal
  readonly assignments: () => Assignments
  /** The user of an object id or a user principal name, unless deleted. */
  user(idOrName: string): EntraUser | undefined
  manager(user: EntraUser): EntraUser | undefined
  object(id: string): DirectoryObject | undefined
  /** Who and what is in a group, without the deleted. */
  members(group: EntraGroup): readonly DirectoryObject[]
  transitiveMembers(group: EntraGroup): readonly DirectoryObject[]
  /** The groups that an object is in, also through other groups. */
  groupsOf(id: string): readonly EntraGroup[]
}

interface Application {
  readonly tenantId: string
  readonly clientId: string
  readonly groupAssignments: GroupAssignments | undefined
  readonly programAssigned: string | undefined
}

/** What can be reached from a place, the place excepted; each once, the nearest first. */
function reach<T>(start: T, next: (place: T) => Iterable<T>): T[] {
  const found = new Set([start])
  for (const place of found) for (const further of next(place)) found.add(further)
  found.delete(start)
  return [...found]
}

export function openDirectory(tenant: Tenant, application: Application): Directory {
  const { tenantId, clientId, groupAssignments, programAssigned } = application
  const people = lazy(() => [...tenant.users.values()])
  const groups = lazy(() => [...tenant.groups.values()])
  const byName = lazy(
    () =>
      new Map(
        people()
          .filter(isLive)
          .map((user) => [fold(user.userPrincipalName), user] as const),
      ),
  )
  const holders = lazy(() => {
    const found = new Map<string, string[]>()
    for (const { objectId, members } of groups()) {
      for (const member of members) {
        const list = found.get(member)
        if (list === undefined) found.set(member, [objectId])
        else list.push(objectId)
      }
    }
    return found
  })
  const servicePrincipal = lazy(() => ({
    id: uuidOf(`service principal ${tenantId} ${clientId}`),
    appId: clientId,
    tenantId,
    displayName: 'Entrance',
    roles: rolesOf(tenant),
  }))
  const object = (id: string): DirectoryObject | undefined => {
    const user = live(tenant.users.get(id))
    if (user !== undefined) return { type: 'user', item: user }
    const group = tenant.groups.get(id)
    if (group !== undefined) return { type: 'group', item: group }
    const principal = servicePrincipal()
    return principal.id === id ? { type: 'servicePrincipal', item: principal } : undefined
  }
  const objects = (ids: Iterable<string>): DirectoryObject[] => {
    const found: DirectoryObject[] = []
    for (const id of ids) {
      const one = object(id)
      if (one !== undefined) found.push(one)
    }
    return found
  }
  const direct = new Map<string, readonly DirectoryObject[]>()
  const transitive = new Map<string, readonly DirectoryObject[]>()
  const kept = (
    lists: Map<string, readonly DirectoryObject[]>,
    id: string,
    make: () => readonly DirectoryObject[],
  ): readonly DirectoryObject[] => {
    const list = lists.get(id) ?? make()
    lists.set(id, list)
    return list
  }

  return {
    tenant,
    people,
    groups,
    servicePrincipal,
    assignments: lazy(() =>
      assign(tenant, servicePrincipal(), { groupAssignments, programAssigned }),
    ),
    user: (idOrName) => {
      const user = tenant.users.get(idOrName) ?? tenant.users.get(fold(idOrName))
      return live(user) ?? byName().get(fold(idOrName))
    },
    manager: (user) => (user.manager === null ? undefined : live(tenant.users.get(user.manager))),
    object,
    members: (group) => kept(direct, group.objectId, () => objects(group.members)),
    transitiveMembers: (group) =>
      kept(transitive, group.objectId, () =>
        objects(reach(group.objectId, (id) => tenant.groups.get(id)?.members ?? [])),
      ),
    groupsOf: (id) =>
      reach(id, (inner) => holders().get(inner) ?? []).flatMap(
        (holder) => tenant.groups.get(holder) ?? [],
      ),
  }
}
