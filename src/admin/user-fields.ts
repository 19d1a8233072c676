import { withElement } from '../directory/entra-attributes.ts'
import { rolesIn, withoutRole, withRole } from '../directory/roles.ts'
import { isObject, type Json, type JsonObject } from '../scim/schema/attribute.ts'
import { fold } from '../scim/protocol/compare.ts'

/** The fields of a user that are Entra's once the user is. */
export const ownFields = [
  'userName',
  'displayName',
  'givenName',
  'familyName',
  'email',
  'mobile',
] as const

/** What is to be of a user: null takes it away, and what is not said stays. */
export type OwnFields = { readonly [Name in (typeof ownFields)[number]]?: string | null }

function withValue(current: JsonObject, name: string, value: Json | undefined): JsonObject {
  const { [name]: _, ...rest } = current
  return value === undefined ? rest : { ...rest, [name]: value }
}

function withPart(current: JsonObject, part: string, value: string | undefined): JsonObject {
  const name = isObject(current['name']) ? current['name'] : {}
  if (name[part] === value) return current
  // The full name was made of the parts as they were.
  const { formatted: _, ...known } = name
  const next = withValue(known, part, value)
  return withValue(current, 'name', Object.keys(next).length === 0 ? undefined : next)
}

function withField(
  current: JsonObject,
  field: (typeof ownFields)[number],
  value: string | undefined,
): JsonObject {
  switch (field) {
    case 'userName':
    case 'displayName':
      return withValue(current, field, value)
    case 'givenName':
    case 'familyName':
      return withPart(current, field, value)
    case 'email': {
      const { emails } = current
      const primary = Array.isArray(emails) && emails.length > 0 ? {} : { primary: true }
      return withValue(current, 'emails', withElement(emails, 'work', value, primary))
    }
    case 'mobile':
      return withValue(
        current,
        'phoneNumbers',
        withElement(current['phoneNumbers'], 'mobile', value),
      )
  }
}

function withRoles(current: JsonObject, roles: readonly string[]): JsonObject {
  const wanted = new Set(roles.map(fold))
  const surplus = rolesIn(current['roles']).filter((role) => !wanted.has(fold(role)))
  return roles.reduce(withRole, surplus.reduce(withoutRole, current))
}

/** A user with the fields as they were given, and the roles if those were; a role that stays is kept as it is. */
export function changed(
  before: JsonObject,
  { roles, ...fields }: OwnFields & { readonly roles?: readonly string[] },
): JsonObject {
  const next = ownFields.reduce((current, field) => {
    const value = fields[field]
    return value === undefined ? current : withField(current, field, value ?? undefined)
  }, before)
  return roles === undefined ? next : withRoles(next, roles)
}
