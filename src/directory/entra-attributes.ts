import { isObject, type Json, type JsonObject } from '../scim/schema/attribute.ts'
import type { EntraUser } from './entra-directory.ts'
import type { SyncField } from './sync-field.ts'

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** The user name of an account: its user principal name, without the tail that a guest's has. */
export function userNameOf({ userPrincipalName }: Pick<EntraUser, 'userPrincipalName'>): string {
  return userPrincipalName.replace(/#EXT#@.*$/i, '')
}

/** An object of what has a value; undefined when nothing has. */
function withValues(given: Readonly<Record<string, Json | undefined>>): JsonObject | undefined {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined)
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as JsonObject)
}

/** An array with the one element of a type replaced where it stands, added, or taken away where there is no value. */
export function withElement(
  array: Json | undefined,
  type: string,
  value: string | undefined,
  more: JsonObject = {},
): Json[] | undefined {
  const known = Array.isArray(array) ? array : []
  const isOfType = (element: Json) => isObject(element) && element['type'] === type
  const before = known.find(isOfType)
  const kept = isObject(before) ? before : {}
  const element = value === undefined ? [] : [{ ...more, ...kept, type, value }]
  const next = before
    ? known.flatMap((each) => (each === before ? element : isOfType(each) ? [] : [each]))
    : [...element, ...known]
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

/** One thing that follows Entra, always or by choice, and where it goes. */
export interface FollowedField {
  /** Its name among what Entra has of a person. */
  readonly field: Exclude<keyof EntraUser, 'id' | 'proxyAddresses' | 'guest'>
  /** The path of the attribute. */
  readonly attribute: string
  /** What a user has there. */
  read(attributes: JsonObject): Json | undefined
}

/** A field that goes to an attribute, or to one within another. */
function plain(field: FollowedField['field'], name: string, within?: string): FollowedField {
  const separator = within?.includes(':') ? ':' : '.'
  return {
    field,
    attribute: within === undefined ? name : `${within}${separator}${name}`,
    read(attributes) {
      const holder = within === undefined ? attributes : attributes[within]
      return isObject(holder) ? holder[name] : undefined
    },
  }
}

/** A field that goes to the element of a type in an array. */
function element(field: FollowedField['field'], name: string, type: string): FollowedField {
  return {
    field,
    attribute: `${name}[type eq "${type}"].value`,
    read({ [name]: array }) {
      const known = Array.isArray(array) ? array : []
      const found = known.find((each) => isObject(each) && each['type'] === type)
      return isObject(found) ? found['value'] : undefined
    },
  }
}

/** What follows Entra of every linked user. */
export const alwaysFollowed: readonly FollowedField[] = [
  plain('userPrincipalName', 'userName'),
  plain('displayName', 'displayName'),
  plain('givenName', 'givenName', 'name'),
  plain('surname', 'familyName', 'name'),
  element('mail', 'emails', 'work'),
  element('mobilePhone', 'phoneNumbers', 'mobile'),
  plain('enabled', 'active'),
]

/** What follows by choice. */
export const followedByChoice: Readonly<Record<SyncField, FollowedField>> = {
  businessPhone: element('businessPhone', 'phoneNumbers', 'work'),
  jobTitle: plain('jobTitle', 'title'),
  department: plain('department', 'department', ENTERPRISE),
  employeeId: plain('employeeId', 'employeeNumber', ENTERPRISE),
  companyName: plain('companyName', 'organization', ENTERPRISE),
  preferredLanguage: plain('preferredLanguage', 'preferredLanguage'),
}
