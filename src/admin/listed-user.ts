import { wants } from '../directory/held.ts'
import { rolesIn } from '../directory/roles.ts'
import type { Listed } from '../directory/roster.ts'
import { displayName, isActive, userName } from '../directory/user.ts'
import { isObject, type Json, type JsonObject } from '../scim/schema/attribute.ts'
import { ENTERPRISE_USER_SCHEMA } from '../scim/schema/enterprise-user.ts'

/** A value where it is a text that says something. */
function said(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The primary e-mail address, else the first. */
function emailOf({ emails }: JsonObject): Json | undefined {
  const entries = Array.isArray(emails) ? emails.filter(isObject) : []
  return (entries.find(({ primary }) => primary === true) ?? entries[0])?.['value']
}

/** A user as it is listed. */
export function listedUserOf({ user, lastSignIn }: Listed) {
  const { id, attributes, origin, provisioned, held, groups, created, lastModified } = user
  const enterprise = attributes[ENTERPRISE_USER_SCHEMA]
  return {
    id,
    userName: userName(attributes),
    displayName: said(displayName(attributes)),
    email: said(emailOf(attributes)),
    title: said(attributes['title']),
    department: said(isObject(enterprise) ? enterprise['department'] : undefined),
    active: isActive(attributes),
    origin,
    provisioned,
    linked: user.link !== undefined,
    ...(held === undefined ? {} : { held: wants(held) }),
    groups,
    roles: rolesIn(attributes['roles']),
    created,
    lastModified,
    lastSignIn,
  }
}
