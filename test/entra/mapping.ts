import { type EntraUser, isActive } from './tenant.ts'

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const ENTRA_GROUP = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'

/** The mapping target of the manager, a reference that has a pass of its own. */
export const MANAGER = `${ENTERPRISE}:manager`

/** A SCIM resource as it travels. */
export type Resource = Record<string, unknown>

/** A role as `AssertiveAppRoleAssignmentsComplex` makes it. */
export type RoleValue = { primary: boolean; type: string; display: string; value: string }

export type TargetValue = string | boolean | readonly RoleValue[]

/** Values by mapping target, such as `emails[type eq "work"].value`. What has no value is not a key. */
export type TargetValues = Record<string, TargetValue>

type Source = (user: EntraUser) => TargetValue | null

/** Guests: the tail that Entra adds to the user principal name is not provisioned. */
function userName(user: EntraUser): string {
  return user.userPrincipalName.replace(/#EXT#@.*$/u, '')
}

function roles(user: EntraUser): RoleValue[] {
  return user.appRoles.map(({ value, displayName }) => ({
    primary: false,
    type: 'WindowsAzureActiveDirectoryRole',
    display: displayName,
    value,
  }))
}

/**
 * The default attribute mappings of a SCIM app, with `objectId` as `externalId`, roles, and a
 * department expression that yields "" for nobody's department, which is how one gets cleared.
 */
const mappings: readonly (readonly [target: string, source: Source])[] = [
  ['externalId', (user) => user.objectId],
  ['userName', userName],
  ['active', isActive],
  ['displayName', (user) => user.displayName],
  ['title', (user) => user.jobTitle],
  ['preferredLanguage', (user) => user.preferredLanguage],
  ['name.givenName', (user) => user.givenName],
  ['name.familyName', (user) => user.surname],
  ['name.formatted', (user) => [user.givenName, user.surname].filter(Boolean).join(' ') || null],
  ['emails[type eq "work"].value', (user) => user.mail],
  ['phoneNumbers[type eq "work"].value', (user) => user.telephoneNumber],
  ['phoneNumbers[type eq "mobile"].value', (user) => user.mobile],
  ['phoneNumbers[type eq "fax"].value', (user) => user.fax],
  ['addresses[type eq "work"].formatted', (user) => user.office],
  ['addresses[type eq "work"].streetAddress', (user) => user.street],
  ['addresses[type eq "work"].locality', (user) => user.city],
  ['addresses[type eq "work"].region', (user) => user.state],
  ['addresses[type eq "work"].postalCode', (user) => user.postalCode],
  ['addresses[type eq "work"].country', (user) => user.country],
  ['roles', roles],
  [`${ENTERPRISE}:employeeNumber`, (user) => user.employeeId],
  [`${ENTERPRISE}:department`, (user) => user.department ?? ''],
]

/** What the mappings make of a user. Empty sources are left out: Entra does not flow them. */
export function mapUser(user: EntraUser): TargetValues {
  const values: TargetValues = {}
  for (const [target, source] of mappings) {
    const value = source(user)
    if (value !== null) values[target] = value
  }
  return values
}

/** Every target of the mappings, the manager excepted. */
export const userTargets: readonly string[] = mappings.map(([target]) => target)

type Path = { urn: string | null; name: string; type: string | null; sub: string | null }

/** A mapping target in its parts; the URN ends at the last colon before the attribute. */
function parseTarget(target: string): Path {
  const match = /^(?:(urn:.+):)?([^:.[\]]+)(?:\[type eq "([^"]+)"\])?(?:\.(\w+))?$/u.exec(target)
  const name = match?.[2]
  if (match === null || name === undefined) throw new Error(`No mapping target: ${target}`)
  return { urn: match[1] ?? null, name, type: match[3] ?? null, sub: match[4] ?? null }
}

export function isRecord(value: unknown): value is Resource {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Writes one value where its target says, making what holds it. */
export function writeTarget(resource: Resource, target: string, value: TargetValue): void {
  const path = parseTarget(target)
  let holder = resource
  const enter = (name: string): void => {
    const inner = isRecord(holder[name]) ? holder[name] : {}
    holder[name] = inner
    holder = inner
  }
  if (path.urn !== null) enter(path.urn)
  if (path.type !== null) {
    const list: unknown[] = Array.isArray(holder[path.name]) ? (holder[path.name] as unknown[]) : []
    holder[path.name] = list
    const found = list.filter(isRecord).find((element) => element['type'] === path.type)
    const element = found ?? {
      ...(path.name === 'emails' ? { primary: true } : {}),
      type: path.type,
    }
    if (found === undefined) list.push(element)
    element[path.sub ?? 'value'] = value
  } else if (path.sub === null) {
    holder[path.name] = value
  } else {
    enter(path.name)
    holder[path.sub] = value
  }
}

/** The body of POST /Users. Empty texts are left out: there is nothing to clear yet. */
export function userBody(values: TargetValues): Resource {
  const body: Resource = { schemas: [USER, ENTERPRISE] }
  for (const [target, value] of Object.entries(values)) {
    if (value !== '') writeTarget(body, target, value)
  }
  return { ...body, meta: { resourceType: 'User' } }
}

/** The body of POST /Groups; members come later. */
export function groupBody(group: { objectId: string; displayName: string }): Resource {
  return {
    schemas: [GROUP, ENTRA_GROUP],
    externalId: group.objectId,
    displayName: group.displayName,
    meta: { resourceType: 'Group' },
  }
}

/** What a resource has at a mapping target, or undefined. */
export function readTarget(resource: Resource, target: string): unknown {
  const path = parseTarget(target)
  const holder = path.urn === null ? resource : resource[path.urn]
  if (!isRecord(holder)) return undefined
  const held = holder[path.name]
  if (path.type === null) {
    if (path.sub === null) return held
    return isRecord(held) ? held[path.sub] : undefined
  }
  const elements: unknown[] = Array.isArray(held) ? held : []
  const element = elements.filter(isRecord).find((each) => each['type'] === path.type)
  return element?.[path.sub ?? 'value']
}

/** The id in a resource's manager, or null. */
export function readManager(resource: Resource): string | null {
  const manager = readTarget(resource, MANAGER)
  const id = isRecord(manager) ? manager['value'] : null
  return typeof id === 'string' ? id : null
}

/** A value in a form that compares: no value, "" and an empty list are the same; roles have no order. */
export function comparable(value: unknown): string {
  if (value === undefined || value === null || value === '') return ''
  if (!Array.isArray(value)) return JSON.stringify(value)
  const items: unknown[] = value
  return items
    .filter(isRecord)
    .map((item) => JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))))
    .sort()
    .join()
}
