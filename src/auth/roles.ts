import { fold } from '../scim/protocol/compare.ts'
import { isObject, type JsonObject } from '../scim/schema/attribute.ts'

/** The same user with these roles and no others; a role that stays keeps all that is known of it. */
export function withRoles(attributes: JsonObject, roles: readonly string[]): JsonObject {
  const { roles: before, ...rest } = attributes
  const known = new Map(
    (Array.isArray(before) ? before : [])
      .filter(isObject)
      .map((role) => [fold(String(role['value'])), role]),
  )
  const next = [...new Set(roles)].map((value) => known.get(fold(value)) ?? { value })
  return next.length === 0 ? rest : { ...rest, roles: next }
}
