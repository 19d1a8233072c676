import { appRoles as registered } from '../make-tenant.ts'
import type { AppRole, EntraGroup, EntraUser, Tenant } from '../tenant.ts'
import { uuidOf } from './derive.ts'
import { roleIdOf, type Assignment, type ServicePrincipal } from './service-principal-kind.ts'

/** Group ids, each with the value of the app role that its members get, or null for none. */
export type GroupAssignments = ReadonlyMap<string, string | null>

export interface Assignments {
  readonly all: readonly Assignment[]
  /** Those of the user, and those of the groups that the user is in directly. */
  ofUser(user: EntraUser): readonly Assignment[]
}

export function isLive({ softDeleted, purged }: EntraUser): boolean {
  return !softDeleted && !purged
}

/** The user, unless deleted. */
export function live(user: EntraUser | undefined): EntraUser | undefined {
  return user !== undefined && isLive(user) ? user : undefined
}

/** The application's roles: those of its registration, and what else somebody has. */
export function rolesOf(tenant: Tenant): readonly AppRole[] {
  const roles = new Map(registered.map((role) => [role.value, role]))
  for (const { appRoles } of tenant.users.values()) {
    for (const role of appRoles) if (!roles.has(role.value)) roles.set(role.value, role)
  }
  return [...roles.values()]
}

/**
 * The groups all of whose members are assigned, so that the groups and the users that are assigned
 * directly are together those who are `assigned` in the tenant.
 */
function chooseGroups(tenant: Tenant): GroupAssignments {
  const mayStandFor = ({ members }: EntraGroup): boolean => {
    const people = [...members].flatMap((id) => live(tenant.users.get(id)) ?? [])
    return people.length > 0 && people.every(({ assigned }) => assigned)
  }
  const groups = [...tenant.groups.values()].filter(mayStandFor)
  return new Map(groups.map(({ objectId }) => [objectId, null] as const))
}

/**
 * Who is assigned to the application; people without a role are not assigned beside their group.
 */
export function assign(
  tenant: Tenant,
  resource: ServicePrincipal,
  {
    groupAssignments = chooseGroups(tenant),
    programAssigned,
  }: {
    readonly groupAssignments: GroupAssignments | undefined
    readonly programAssigned: string | undefined
  },
): Assignments {
  const throughGroup = new Set<string>()
  const ofGroups: { readonly members: ReadonlySet<string>; readonly assignment: Assignment }[] = []
  const make = (
    principal: { readonly objectId: string; readonly displayName: string },
    principalType: Assignment['principalType'],
    role: string | null,
  ): Assignment => {
    const { objectId: principalId, displayName: principalDisplayName } = principal
    const id = Buffer.from(`${principalId}${roleIdOf(role)}`.replaceAll('-', ''), 'hex').toString(
      'base64url',
    )
    return { id, principalId, principalDisplayName, principalType, role, resource }
  }
  for (const [groupId, role] of groupAssignments) {
    // The assignment of a group that was deleted is still told for a while.
    const group = tenant.groups.get(groupId) ?? {
      objectId: groupId,
      displayName: 'Deleted group',
      members: new Set<string>(),
    }
    for (const member of group.members) throughGroup.add(member)
    ofGroups.push({ members: group.members, assignment: make(group, 'Group', role) })
  }
  const direct = (user: EntraUser): Assignment[] => {
    if (!user.assigned) return []
    if (user.appRoles.length > 0) return user.appRoles.map(({ value }) => make(user, 'User', value))
    return throughGroup.has(user.objectId) ? [] : [make(user, 'User', null)]
  }
  const program = { objectId: uuidOf('another program'), displayName: 'Another program' }
  return {
    all: [
      ...(programAssigned === undefined
        ? []
        : [make(program, 'ServicePrincipal', programAssigned)]),
      ...ofGroups.map(({ assignment }) => assignment),
      ...[...tenant.users.values()].filter(isLive).flatMap(direct),
    ],
    ofUser: (user) => [
      ...direct(user),
      ...ofGroups
        .filter(({ members }) => members.has(user.objectId))
        .map(({ assignment }) => assignment),
    ],
  }
}
