import { isObject, type Json, type JsonObject } from '../scim/schema/attribute.ts'
import type { EntraUser } from './entra-directory.ts'
import type { SyncField } from './sync-field.ts'

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** The user name of an account: its user principal name, without the tail that a guest's has. */
export function userNameOf({ userPrincipalName }: EntraUser): string {
  return userPrincipalName.replace(/#EXT#@.*$/i, '')
}

/** An object of what has a value; undefined when nothing has. */
function withValues(given: Readonly<Record<string, Json | undefined>>): JsonObject | undefined {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined)
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as JsonObject)
}

/** An array with the one element of a type replaced, added, or taken away where there is no value. */
function withElement(
  array: Json | undefined,
  type: string,
  value: string | undefined,
  more: JsonObject = {},
): Json[] | undefined {
  const known = Array.isArray(array) ? array : []
  const others = known.filter((element) => !isObject(element) || element['type'] !== type)
  const before = known.find((element) => isObject(element) && element['type'] === type)
  const kept = isObject(before) ? before : {}
  const next = value === undefined ? others : [{ ...more, ...kept, type, value }, ...others]
  return next.length === 0 ? undefined : next
}

/**
 * A user as Entra has the person: what Entra owns of a linked user (name, e-mail, user name, mobile number, active) is
 * replaced, with the fields that follow by choice, and everything else stays.
 */
export function withEntra(
  before: JsonObject,
  person: EntraUser,
  fields: readonly SyncField[] = [],
): JsonObject {
  const current = fields.reduce((attributes, field) => withField(attributes, person, field), before)
  const { name, emails, phoneNumbers, ...rest } = current
  const named = withValues({
    ...(isObject(name) ? name : {}),
    formatted: undefined,
    givenName: person.givenName,
    familyName: person.surname,
  })
  const primary = Array.isArray(emails) && emails.length > 0 ? {} : { primary: true }
  const addresses = withElement(emails, 'work', person.mail, primary)
  const numbers = withElement(phoneNumbers, 'mobile', person.mobilePhone)
  return {
    ...rest,
    userName: userNameOf(person),
    displayName: person.displayName,
    active: person.enabled,
    ...(named ? { name: named } : {}),
    ...(addresses ? { emails: addresses } : {}),
    ...(numbers ? { phoneNumbers: numbers } : {}),
  }
}

/** The same of one field that follows Entra by choice. */
function withField(current: JsonObject, person: EntraUser, field: SyncField): JsonObject {
  switch (field) {
    case 'businessPhone':
      return replaced(
        current,
        'phoneNumbers',
        withElement(current['phoneNumbers'], 'work', person.businessPhone),
      )
    case 'jobTitle':
      return replaced(current, 'title', person.jobTitle)
    case 'preferredLanguage':
      return replaced(current, 'preferredLanguage', person.preferredLanguage)
    case 'department':
      return withEnterprise(current, 'department', person.department)
    case 'employeeId':
      return withEnterprise(current, 'employeeNumber', person.employeeId)
    case 'companyName':
      return withEnterprise(current, 'organization', person.companyName)
  }
}

function replaced(current: JsonObject, name: string, value: Json | undefined): JsonObject {
  const { [name]: _, ...rest } = current
  return value === undefined ? rest : { ...rest, [name]: value }
}

function withEnterprise(current: JsonObject, name: string, value: string | undefined): JsonObject {
  const known = current[ENTERPRISE]
  const next = replaced(isObject(known) ? known : {}, name, value)
  return replaced(current, ENTERPRISE, Object.keys(next).length === 0 ? undefined : next)
}

/** The attributes of a new user who is this person. */
export function attributesOf(person: EntraUser): JsonObject {
  const { id, jobTitle, department, employeeId, preferredLanguage, businessPhone } = person
  const enterprise = withValues({
    employeeNumber: employeeId,
    department,
    organization: person.companyName,
  })
  const own = withValues({
    title: jobTitle,
    preferredLanguage,
    phoneNumbers: withElement(undefined, 'work', businessPhone),
    [ENTERPRISE]: enterprise,
  })
  return withEntra({ externalId: id, ...own }, person)
}
