import { fold } from '../scim/protocol/compare.ts'
import { isObject, type Json, type JsonObject } from '../scim/schema/attribute.ts'

function elementsOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function isRole(element: Json, role: string): boolean {
  return isObject(element) && fold(String(element['value'])) === fold(role)
}

/** The values of roles, as a user or an event has them. */
export function rolesIn(roles: Json | undefined): string[] {
  return elementsOf(roles).flatMap((element) =>
    isObject(element) && typeof element['value'] === 'string' ? [element['value']] : [],
  )
}

/** Whether a role is among these, in whatever letter case. */
export function hasRole(roles: Json | undefined, role: string): boolean {
  return elementsOf(roles).some((element) => isRole(element, role))
}

/** A user with a role; the same one who has it already. */
export function withRole(attributes: JsonObject, role: string | undefined): JsonObject {
  const { roles } = attributes
  if (role === undefined || hasRole(roles, role)) return attributes
  return { ...attributes, roles: [...elementsOf(roles), { value: role }] }
}

/** A user without a role; the same one who does not have it. */
export function withoutRole(attributes: JsonObject, role: string): JsonObject {
  const { roles, ...rest } = attributes
  if (!hasRole(roles, role)) return attributes
  const kept = elementsOf(roles).filter((element) => !isRole(element, role))
  return kept.length === 0 ? rest : { ...attributes, roles: kept }
}
