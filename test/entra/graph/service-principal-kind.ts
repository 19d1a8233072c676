import type { AppRole } from '../tenant.ts'
import { momentOf, uuidOf } from './derive.ts'
import type { Filtering, Kind, Property } from './kind.ts'

/** The application as an object of the tenant: what people are assigned to. */
export interface ServicePrincipal {
  readonly id: string
  readonly appId: string
  readonly tenantId: string
  readonly displayName: string
  readonly roles: readonly AppRole[]
}

/** Somebody, or a group, with access to the application. */
export interface Assignment {
  readonly id: string
  readonly principalId: string
  readonly principalDisplayName: string
  readonly principalType: 'User' | 'Group' | 'ServicePrincipal'
  /** The value of the app role; null is access without a role. */
  readonly role: string | null
  readonly resource: Pick<ServicePrincipal, 'id' | 'displayName'>
}

const NO_ROLE = '00000000-0000-0000-0000-000000000000'
const EXACT: Filtering = { eq: 'always' }

const roleIds = new Map<string | null, string>([[null, NO_ROLE]])

/** The id of the app role with a value. */
export function roleIdOf(value: string | null): string {
  const id = roleIds.get(value) ?? uuidOf(`app role ${value}`)
  roleIds.set(value, id)
  return id
}

/** What Entra gives an application that is made in its gallery, or not, when nobody gave it roles. */
export const USER_ROLE = '18d14569-c3bd-439b-9a66-3a2aee01d14f'

/** Roles of another kind: without a value, for programs, and one that was switched off. */
const OTHER_ROLES = [
  { value: null, displayName: 'User', memberType: 'User', isEnabled: true },
  { value: 'Orders.Sync', displayName: 'Sync orders', memberType: 'Application', isEnabled: true },
  { value: 'Retired', displayName: 'Retired role', memberType: 'User', isEnabled: false },
]

function appRoles({ roles }: ServicePrincipal): readonly Readonly<Record<string, unknown>>[] {
  const forPeople = roles.map((role) => ({ ...role, memberType: 'User', isEnabled: true }))
  return [...forPeople, ...OTHER_ROLES].map(({ value, displayName, memberType, isEnabled }) => ({
    allowedMemberTypes: [memberType],
    description: displayName,
    displayName,
    id: value === null ? USER_ROLE : roleIdOf(value),
    isEnabled,
    origin: 'Application',
    value,
  }))
}

const properties: Readonly<Record<string, Property<ServicePrincipal>>> = {
  id: { type: 'text', of: ({ id }) => id, filter: EXACT },
  deletedDateTime: { type: 'date', of: () => null },
  accountEnabled: { type: 'boolean', of: () => true, filter: EXACT },
  appDisplayName: { type: 'text', of: ({ displayName }) => displayName },
  appId: { type: 'text', of: ({ appId }) => appId, filter: EXACT },
  appOwnerOrganizationId: { type: 'guid', of: ({ tenantId }) => tenantId, filter: EXACT },
  appRoleAssignmentRequired: { type: 'boolean', of: () => true },
  appRoles: { type: 'other', of: appRoles },
  createdDateTime: { type: 'date', of: ({ id }) => momentOf(id, 2020) },
  displayName: {
    type: 'text',
    of: ({ displayName }) => displayName,
    filter: { eq: 'always', startsWith: 'always' },
    sort: 'advanced',
    words: true,
  },
  servicePrincipalNames: { type: 'texts', of: ({ appId }) => [appId], filter: EXACT },
  servicePrincipalType: { type: 'text', of: () => 'Application', filter: EXACT },
}

/** A service principal as Graph shows it. */
export const servicePrincipalKind: Kind<ServicePrincipal> = {
  name: 'servicePrincipal',
  idOf: ({ id }) => id,
  properties: new Map(Object.entries(properties)),
  byDefault: Object.keys(properties),
  elsewhere: new Set(),
}

const assignmentProperties: Readonly<Record<string, Property<Assignment>>> = {
  id: { type: 'text', of: ({ id }) => id },
  deletedDateTime: { type: 'date', of: () => null },
  appRoleId: { type: 'guid', of: ({ role }) => roleIdOf(role) },
  createdDateTime: { type: 'date', of: ({ id }) => momentOf(id, 2021) },
  principalDisplayName: { type: 'text', of: (assignment) => assignment.principalDisplayName },
  principalId: { type: 'guid', of: ({ principalId }) => principalId },
  principalType: { type: 'text', of: ({ principalType }) => principalType },
  resourceDisplayName: { type: 'text', of: ({ resource }) => resource.displayName },
  resourceId: { type: 'guid', of: ({ resource }) => resource.id, filter: EXACT },
}

/** An app role assignment as Graph shows it. */
export const assignmentKind: Kind<Assignment> = {
  name: 'appRoleAssignment',
  idOf: ({ id }) => id,
  properties: new Map(Object.entries(assignmentProperties)),
  byDefault: Object.keys(assignmentProperties),
  elsewhere: new Set(),
}
