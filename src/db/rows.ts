import type { InferSelectModel } from 'drizzle-orm'
import type { Group } from '../directory/group.ts'
import {
  displayName,
  externalId,
  userName,
  type GroupReference,
  type Link,
  type User,
} from '../directory/user.ts'
import { comparable, fold } from '../scim/protocol/compare.ts'
import { readDocument, writeDocument, type Document } from '../scim/protocol/document.ts'
import { schemasOf } from '../scim/protocol/resource.ts'
import { findAttribute, isObject, openAttribute } from '../scim/schema/attribute.ts'
import type { Attribute, Json, JsonObject, ResourceType } from '../scim/schema/attribute.ts'
import { groupType, userType } from '../scim/schema/registry.ts'
import type { Tables } from './engine.ts'

/** The columns of a user that are more than keys for searching; the database may give 0 and 1 for a boolean. */
export type UserRow = Omit<
  InferSelectModel<Tables['users']>,
  'organisation' | 'userNameKey' | 'externalId' | 'search' | 'provisioned'
> & { readonly provisioned: boolean | number }
export type GroupRow = Omit<
  InferSelectModel<Tables['groups']>,
  'organisation' | 'displayName' | 'displayNameKey' | 'externalId' | 'search'
>

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

/** The columns of a user that follow from its attributes. */
export function userColumns(attributes: JsonObject, document: Document, link: Link | undefined) {
  return {
    linkTenant: link?.tenantId ?? null,
    linkObject: link?.objectId ?? null,
    userNameKey: userNameKey(attributes),
    externalId: externalId(attributes) ?? null,
    manager: document.manager,
    resource: document.text,
    search: JSON.stringify(searchDocument(userType, attributes)),
  }
}

export function groupColumns(attributes: JsonObject, document: Document) {
  return {
    displayName: displayName(attributes),
    displayNameKey: fold(displayName(attributes)),
    externalId: externalId(attributes) ?? null,
    resource: document.text,
    search: JSON.stringify(searchDocument(groupType, attributes)),
  }
}

export function userDocument(id: string, attributes: JsonObject): Document {
  return writeDocument(userType, id, attributes)
}

export function groupDocument(id: string, attributes: JsonObject): Document {
  return writeDocument(groupType, id, attributes)
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

/** Reads the attributes of a document when somebody asks for them: an answer needs only the text. */
function attributesOf({ text }: Document): () => JsonObject {
  let attributes: JsonObject | undefined
  return () => (attributes ??= readDocument(text))
}

export function toUser(row: UserRow, groups: readonly GroupReference[]): User {
  const document = { text: row.resource, manager: row.manager }
  const read = attributesOf(document)
  return {
    id: row.id,
    version: row.version,
    created: row.created,
    lastModified: row.lastModified,
    origin: row.origin,
    provisioned: Boolean(row.provisioned),
    ...(row.linkTenant !== null && row.linkObject !== null
      ? { link: { tenantId: row.linkTenant, objectId: row.linkObject } }
      : {}),
    ...(row.held === null ? {} : { held: row.held }),
    get attributes() {
      return read()
    },
    document,
    groups,
  }
}

export function toGroup(row: GroupRow): Group {
  const document = { text: row.resource, manager: null }
  const read = attributesOf(document)
  return {
    id: row.id,
    version: row.version,
    created: row.created,
    lastModified: row.lastModified,
    origin: row.origin,
    get attributes() {
      return read()
    },
    document,
  }
}
