import { isObject, type JsonObject, type ResourceType } from '../schema/attribute.ts'
import { ENTERPRISE_USER_SCHEMA } from '../schema/enterprise-user.ts'
import { schemasOf } from './resource.ts'

/**
 * A resource as text that becomes an answer by adding to its end: the attributes after `schemas` and `id`, with the
 * manager last, so that what the server knows of the manager can be added before the closing braces.
 */
export interface Document {
  readonly text: string
  /** The id of the manager, or null. */
  readonly manager: string | null
}

/** How many braces stand behind a manager: of itself, of the extension and of the resource. */
export const BRACES_AFTER_MANAGER = 3

export function writeDocument(type: ResourceType, id: string, attributes: JsonObject): Document {
  const head = { schemas: schemasOf(type, attributes), id }
  const { [ENTERPRISE_USER_SCHEMA]: enterprise, ...others } = attributes
  const known = isObject(enterprise) ? enterprise : {}
  const { manager, ...rest } = known
  const value = isObject(manager) ? manager['value'] : undefined
  if (manager === undefined || typeof value !== 'string') {
    return { text: JSON.stringify({ ...head, ...attributes }), manager: null }
  }
  const last = { [ENTERPRISE_USER_SCHEMA]: { ...rest, manager } }
  return { text: JSON.stringify({ ...head, ...others, ...last }), manager: value }
}

/** The attributes that a text was written from. */
export function readDocument(text: string): JsonObject {
  const parsed: unknown = JSON.parse(text)
  if (!isObject(parsed)) throw new Error('A stored resource is not a JSON object.')
  const { schemas: _, id: __, ...attributes } = parsed
  return attributes
}
