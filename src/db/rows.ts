import type { InferSelectModel } from 'drizzle-orm'
import type { Group } from '../directory/group.ts'
import {
  externalId,
  userName,
  type GroupReference,
  type Link,
  type User,
} from '../directory/user.ts'
import { comparable, fold } from '../scim/protocol/compare.ts'
import { schemasOf } from '../scim/protocol/resource.ts'
import { findAttribute, isObject, openAttribute } from '../scim/schema/attribute.ts'
import type { Attribute, Json, JsonObject, ResourceType } from '../scim/schema/attribute.ts'
import { groupType, userType } from '../scim/schema/registry.ts'
import type { Tables } from './engine.ts'

/** The columns of a user that are more than keys for searching. */
type StoredUser = Omit<
  InferSelectModel<Tables['users']>,
  'organisation' | 'userNameKey' | 'externalId' | 'search'
>
type GroupRow = InferSelectModel<Tables['groups']>

function searchValue(attribute: Attribute, value: Json): Json {
  if (Array.isArray(value)) return value.map((element) => searchValue(attribute, element))
  if (!isObject(value)) return comparable(attribute, value)
  return searchObject((name) => findAttribute(attribute.subAttributes, name), value)
}

function searchObject(
  find: (name: string) => Attribute | undefined,
  object: JsonObject,
): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [
      name,
      searchValue(find(name) ?? openAttribute(name), value),
    ]),
  )
}

/** The document that filters look at: the attributes with every text in comparable form, and `schemas`. */
function searchDocument(type: ResourceType, attributes: JsonObject): JsonObject {
  const document: JsonObject = { schemas: schemasOf(type, attributes) }
  for (const [name, value] of Object.entries(attributes)) {
    const extension = type.extensions.find((schema) => schema.id === name)
    const attribute = findAttribute(type.schema.attributes, name)
    document[name] =
      extension && isObject(value)
        ? searchObject((inner) => findAttribute(extension.attributes, inner), value)
        : searchValue(attribute ?? openAttribute(name), value)
  }
  return document
}

export function userNameKey(attributes: JsonObject): string {
  return fold(userName(attributes))
}

export function displayName(attributes: JsonObject): string {
  return typeof attributes['displayName'] === 'string' ? attributes['displayName'] : ''
}

/** The columns of a user that follow from its attributes. */
export function userColumns(attributes: JsonObject, link: Link | undefined) {
  return {
    linkTenant: link?.tenantId ?? null,
    linkObject: link?.objectId ?? null,
    userNameKey: userNameKey(attributes),
    externalId: externalId(attributes) ?? null,
    resource: JSON.stringify(attributes),
    search: JSON.stringify(searchDocument(userType, attributes)),
  }
}

export function groupColumns(attributes: JsonObject) {
  return {
    displayName: displayName(attributes),
    displayNameKey: fold(displayName(attributes)),
    externalId: externalId(attributes) ?? null,
    resource: JSON.stringify(attributes),
    search: JSON.stringify(searchDocument(groupType, attributes)),
  }
}

/** The values of `emails` and `roles` that have rows of their own, once each. */
export function indexedValues(attributes: JsonObject) {
  return (['emails', 'roles'] as const).flatMap((attribute) => {
    const elements = attributes[attribute]
    const values = (Array.isArray(elements) ? elements : []).flatMap((element) =>
      isObject(element) && typeof element['value'] === 'string' ? [fold(element['value'])] : [],
    )
    return [...new Set(values)].map((valueKey) => ({ attribute, valueKey }))
  })
}

export function toAttributes(resource: string): JsonObject {
  const parsed: unknown = JSON.parse(resource)
  if (!isObject(parsed)) throw new Error('A stored resource is not a JSON object.')
  return parsed
}

export function toUser(row: StoredUser, groups: readonly GroupReference[]): User {
  return {
    id: row.id,
    version: row.version,
    created: row.created,
    lastModified: row.lastModified,
    origin: row.origin,
    provisioned: row.provisioned,
    ...(row.linkTenant !== null && row.linkObject !== null
      ? { link: { tenantId: row.linkTenant, objectId: row.linkObject } }
      : {}),
    attributes: toAttributes(row.resource),
    groups,
  }
}

export function toGroup(row: GroupRow): Group {
  return {
    id: row.id,
    version: row.version,
    created: row.created,
    lastModified: row.lastModified,
    origin: row.origin,
    attributes: toAttributes(row.resource),
  }
}
