import { findAttribute, openAttribute } from './attribute.ts'
import type { Attribute, ResourceType, Schema } from './attribute.ts'
import { commonAttributes } from './common.ts'
import { enterpriseUserSchema } from './enterprise-user.ts'
import { groupSchema } from './group.ts'
import { userSchema } from './user.ts'

export const userType: ResourceType = {
  name: 'User',
  endpoint: '/Users',
  description: 'User Account',
  schema: userSchema,
  extensions: [enterpriseUserSchema],
}

export const groupType: ResourceType = {
  name: 'Group',
  endpoint: '/Groups',
  description: 'Group',
  schema: groupSchema,
  extensions: [],
}

export const resourceTypes: readonly ResourceType[] = [userType, groupType]

export const allSchemas: readonly Schema[] = [userSchema, enterpriseUserSchema, groupSchema]

/** An attribute as a filter, a path or a projection names it, found in the schemas of a resource type. */
export interface Target {
  /** URN of the extension that holds the attribute; undefined for the core schema and common attributes. */
  readonly extension?: string
  readonly attribute: Attribute
  readonly sub?: Attribute
}

/** A name as parsed: an optional schema URN, an attribute, an optional sub-attribute (RFC 7644 §3.10). */
export interface AttributeName {
  readonly urn?: string
  readonly name: string
  readonly sub?: string
}

function within(
  attributes: readonly Attribute[],
  name: AttributeName,
  extension?: string,
): Target | undefined {
  const found = findAttribute(attributes, name.name)
  if (!found) return undefined
  const at = extension === undefined ? {} : { extension }
  if (name.sub === undefined) return { ...at, attribute: found }
  const sub = findAttribute(found.subAttributes, name.sub)
  return sub && { ...at, attribute: found, sub }
}

/** The attributes that need no URN, by type. */
const cores = new Map(
  resourceTypes.map((type) => [type, [...type.schema.attributes, ...commonAttributes]] as const),
)

/**
 * Finds what a name stands for. Without a URN the core schema and the common attributes come first, then the
 * extensions (F-21). Under a URN that no schema has, any attribute is accepted as an open one, so that custom
 * extension attributes of a provisioning client are kept.
 */
export function resolveName(type: ResourceType, name: AttributeName): Target | undefined {
  const core = cores.get(type) ?? []
  if (name.urn === undefined) {
    const found = within(core, name)
    if (found) return found
    for (const extension of type.extensions) {
      const target = within(extension.attributes, name, extension.id)
      if (target) return target
    }
    return undefined
  }
  const urn = name.urn.toLowerCase()
  if (urn === type.schema.id.toLowerCase()) return within(core, name)
  const known = type.extensions.find((extension) => extension.id.toLowerCase() === urn)
  if (known) return within(known.attributes, name, known.id)
  const open = openAttribute(name.name)
  if (name.sub === undefined) return { extension: name.urn, attribute: open }
  return { extension: name.urn, attribute: open, sub: openAttribute(name.sub) }
}

/** The schema URN that a text begins with (`urn:…:User:department` → `urn:…:User`), in its published case. */
export function knownUrn(type: ResourceType, text: string): string | undefined {
  const lower = text.toLowerCase()
  const candidates = [type.schema, ...type.extensions].map((schema) => schema.id)
  return candidates.find((id) => {
    const urn = id.toLowerCase()
    return lower === urn || lower.startsWith(`${urn}:`)
  })
}
