import { findAttribute, isObject, isUnassigned } from '../schema/attribute.ts'
import type { Attribute, Json, JsonObject, ResourceType } from '../schema/attribute.ts'
import { ScimError } from './error.ts'
import { requireSchema } from './messages.ts'
import { applyKey } from './patch.ts'
import { settlePrimary } from './primary.ts'
import { asArray } from './patching.ts'
import type { Tolerated } from './tolerances.ts'

const MAX_CHARACTERS = 1_048_576

const common: ReadonlySet<string> = new Set(['schemas', 'id', 'meta'])

function noteSchemas(
  type: ResourceType,
  body: JsonObject,
  resource: JsonObject,
  tolerated: Tolerated,
): void {
  const announced = asArray(
    Object.entries(body).find(([key]) => key.toLowerCase() === 'schemas')?.[1],
  ).map((urn) => String(urn).toLowerCase())
  const known = [type.schema, ...type.extensions].map((schema) => schema.id.toLowerCase())
  const present = schemasOf(type, resource).map((urn) => urn.toLowerCase())
  if (announced.some((urn) => !known.includes(urn) && !present.includes(urn))) {
    tolerated('unknown-schema-urn')
  }
  if (present.some((urn) => !announced.includes(urn))) tolerated('unannounced-extension')
}

/**
 * Reads the body of a POST or PUT: the attributes a client may set, under their published names, without `schemas`,
 * `id` and `meta`. Throws `invalidSyntax` or `invalidValue`. What the schema does not know is dropped (W-23); what
 * stands under a URN is kept.
 */
export function readResource(
  type: ResourceType,
  body: JsonObject,
  tolerated: Tolerated,
): JsonObject {
  requireSchema(body, type.schema.id)
  const resource: JsonObject = {}
  const readOnly = new Set<string>(common)
  for (const attribute of type.schema.attributes) {
    if (attribute.mutability === 'readOnly') readOnly.add(attribute.name.toLowerCase())
  }
  for (const [key, value] of Object.entries(body)) {
    if (readOnly.has(key.toLowerCase()) || value === null) continue
    const attribute = findAttribute(type.schema.attributes, key)
    if (attribute?.multiValued && value !== '' && !Array.isArray(value)) {
      throw new ScimError('invalidValue', `${attribute.name} must be an array.`)
    }
    applyKey({ type, resource, tolerated }, 'replace', key, value)
  }
  for (const [key, value] of Object.entries(resource)) {
    if (isUnassigned(value)) delete resource[key]
  }
  noteSchemas(type, body, resource, tolerated)
  return checkResource(type, resource)
}

function isBlank(value: Json | undefined): boolean {
  return value === undefined || (typeof value === 'string' && value.trim() === '')
}

function checkRequired(attribute: Attribute, value: Json | undefined): void {
  if (!attribute.required) return
  if (isBlank(value)) throw new ScimError('invalidValue', `${attribute.name} is required.`)
  if (typeof value === 'string' && /\p{Cc}/u.test(value)) {
    throw new ScimError('invalidValue', `${attribute.name} contains a control character.`)
  }
}

/**
 * Checks the whole state a write would leave (P-10): required attributes are there, at most one value is primary
 * (T-13), and it has not grown beyond measure through many small changes.
 */
export function checkResource(type: ResourceType, resource: JsonObject): JsonObject {
  if (JSON.stringify(resource).length > MAX_CHARACTERS) {
    throw new ScimError('invalidValue', `A resource holds at most ${MAX_CHARACTERS} characters.`)
  }
  for (const attribute of type.schema.attributes) {
    const value = resource[attribute.name]
    checkRequired(attribute, value)
    if (attribute.multiValued && Array.isArray(value)) settlePrimary(attribute, [], value)
  }
  return resource
}

/** The `schemas` of a resource: its base schema, and each extension that is present. */
export function schemasOf(type: ResourceType, resource: JsonObject): string[] {
  const extensions = Object.keys(resource).filter(
    (key) => key.includes(':') && isObject(resource[key]),
  )
  return [type.schema.id, ...extensions]
}
