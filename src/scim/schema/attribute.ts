/** A value as it travels in a SCIM message (RFC 7643 §2.3). */
export type Json = null | boolean | number | string | Json[] | JsonObject
export interface JsonObject {
  [key: string]: Json
}

export type AttributeType =
  | 'string'
  | 'boolean'
  | 'decimal'
  | 'integer'
  | 'dateTime'
  | 'reference'
  | 'binary'
  | 'complex'

/** One attribute with its characteristics (RFC 7643 §2.2, §7). Everything the server does with an attribute is derived from this. */
export interface Attribute {
  readonly name: string
  readonly type: AttributeType
  readonly description: string
  readonly multiValued: boolean
  readonly required: boolean
  readonly caseExact: boolean
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly'
  readonly returned: 'always' | 'never' | 'default' | 'request'
  readonly uniqueness: 'none' | 'server' | 'global'
  readonly canonicalValues?: readonly string[]
  readonly referenceTypes?: readonly string[]
  readonly subAttributes?: readonly Attribute[]
  /** Longest value accepted, in UTF-16 code units. */
  readonly maxLength?: number
  /** An attribute of a schema the server does not know: any JSON of limited size is its value. */
  readonly open?: true
}

export interface Schema {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly attributes: readonly Attribute[]
}

/** A kind of resource with its endpoint, base schema and declared extensions (RFC 7643 §6). */
export interface ResourceType {
  readonly name: 'User' | 'Group'
  readonly endpoint: '/Users' | '/Groups'
  readonly description: string
  readonly schema: Schema
  readonly extensions: readonly Schema[]
}

/** An attribute with the defaults of RFC 7643 §2.2; what is given overrides them. */
export function attribute(
  name: string,
  description: string,
  given: Partial<Omit<Attribute, 'name' | 'description'>> = {},
): Attribute {
  return {
    name,
    description,
    type: 'string',
    multiValued: false,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...given,
  }
}

export function complex(
  name: string,
  description: string,
  subAttributes: readonly Attribute[],
  given: Partial<Attribute> = {},
): Attribute {
  return attribute(name, description, { type: 'complex', subAttributes, ...given })
}

/** A stand-in definition for an attribute of an extension that no schema describes. */
export function openAttribute(name: string): Attribute {
  return attribute(name, 'Attribute of an extension that this server does not describe.', {
    open: true,
  })
}

const byName = new WeakMap<readonly Attribute[], ReadonlyMap<string, Attribute>>()

/** Attribute names are case-insensitive everywhere (RFC 7643 §2.1). */
export function findAttribute(
  attributes: readonly Attribute[] | undefined,
  name: string,
): Attribute | undefined {
  if (!attributes) return undefined
  let names = byName.get(attributes)
  if (!names) {
    names = new Map(attributes.map((each) => [each.name.toLowerCase(), each]))
    byName.set(attributes, names)
  }
  return names.get(name.toLowerCase())
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A member of an object; never what all objects have, such as `constructor`. */
export function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** Unassigned, null, and an empty array or object are one and the same state (RFC 7643 §2.5). */
export function isUnassigned(value: Json | undefined): value is undefined | null {
  if (value === undefined || value === null) return true
  if (Array.isArray(value)) return value.length === 0
  return isObject(value) && Object.keys(value).length === 0
}
