import type { Group } from '../directory/group.ts'
import type { User } from '../directory/user.ts'
import { etag } from './http.ts'
import { schemasOf } from './protocol/resource.ts'
import { isObject, type Json, type JsonObject, type ResourceType } from './schema/attribute.ts'
import { ENTERPRISE_USER_SCHEMA } from './schema/enterprise-user.ts'
import { groupType, userType } from './schema/registry.ts'

export function locationOf(base: string, type: ResourceType, id: string): string {
  return `${base}${type.endpoint}/${encodeURIComponent(id)}`
}

function frame(
  type: ResourceType,
  resource: User | Group,
  base: string,
  more: JsonObject,
): JsonObject {
  const { id, attributes, created, lastModified, version } = resource
  return {
    schemas: schemasOf(type, attributes),
    id,
    ...attributes,
    ...more,
    meta: {
      resourceType: type.name,
      created,
      lastModified,
      location: locationOf(base, type, id),
      version: etag(version),
    },
  }
}

/** The manager as Entra can read it back: an object with the URI of the manager beside the id. */
function withManagerUri(attributes: JsonObject, base: string): JsonObject {
  const enterprise = attributes[ENTERPRISE_USER_SCHEMA]
  const manager = isObject(enterprise) ? enterprise['manager'] : undefined
  if (!isObject(enterprise) || !isObject(manager) || typeof manager['value'] !== 'string') return {}
  const $ref = locationOf(base, userType, manager['value'])
  return { [ENTERPRISE_USER_SCHEMA]: { ...enterprise, manager: { ...manager, $ref } } }
}

/** A user as the SCIM door shows it. */
export function renderUser(user: User, base: string): JsonObject {
  const groups: Json[] = user.groups.map((group) => ({
    value: group.id,
    $ref: locationOf(base, groupType, group.id),
    display: group.displayName,
    type: 'direct',
  }))
  return frame(userType, user, base, {
    ...withManagerUri(user.attributes, base),
    ...(groups.length > 0 ? { groups } : {}),
  })
}

/** A group as the SCIM door shows it; an empty group has an empty list, unless members were not asked for. */
export function renderGroup(group: Group, base: string): JsonObject {
  if (!group.members) return frame(groupType, group, base, {})
  const members = group.members.map(({ value, type, display }) => ({
    value,
    ...(type === undefined
      ? {}
      : { $ref: locationOf(base, type === 'User' ? userType : groupType, value), type }),
    ...(display === undefined ? {} : { display }),
  }))
  return frame(groupType, group, base, { members })
}
