import { mapUser, MANAGER, type Resource, userBody } from '../test/entra/mapping.ts'
import { appRoles } from '../test/entra/make-tenant.ts'
import { departments, places, scripts, titles } from '../test/entra/names.ts'
import type { EntraUser } from '../test/entra/tenant.ts'

/**
 * People as a serial number makes them. All of them are copies of a few templates in which eight hex digits stand for
 * what differs, so that a row, a body and an expectation can be made by replacing text, in SQL as well as here.
 */
export const VARIANTS = 16

/** What a copy puts in place of the tokens of a template. */
export interface Tokens {
  readonly serial: string
  /** The serial number scattered, for what comes in no order: names, addresses, object ids. */
  readonly scattered: string
}

const SCATTER = 48_271
const SPAN = 100_000_000

function digits(number: number): string {
  return String(number).padStart(8, '0')
}

function variantOf(serial: number): number {
  return serial % VARIANTS
}

export function templateTokens(variant: number): Tokens {
  const two = variant.toString(16).padStart(2, '0')
  return { serial: `feedc0${two}`, scattered: `facade${two}` }
}

export const MANAGER_TOKEN = 'b055ed00'
export const GROUP_TOKEN = 'deed6a11'
/** A member that the directory does not know. */
export const GHOST_TOKEN = 'bad1dea5'

function tokensOf(serial: number): Tokens {
  return { serial: digits(serial), scattered: digits((serial * SCATTER) % SPAN) }
}

/** The numbers in them as SQL over a serial number `n`. */
export const numbersInSql = {
  serial: 'n',
  scattered: `(n * ${SCATTER}) % ${SPAN}`,
  manager: 'n - n % 100',
}

/** Ids have the form of version 7, and like those grow with every resource made. */
function userId(token: string): string {
  return `01940000-0000-7000-8000-0000${token}`
}

function groupId(token: string): string {
  return `01940000-0000-7000-9000-0000${token}`
}

export function ghostId(token: string): string {
  return `01940000-0000-7000-a000-0000${token}`
}

export const idOf = (serial: number): string => userId(digits(serial))
export const groupIdOf = (serial: number): string => groupId(digits(serial))

function at<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length]
  if (item === undefined) throw new RangeError('The list is empty.')
  return item
}

/** Everybody has a value for everything that the default mapping sends, and one role. */
function makePerson(variant: number, { serial, scattered }: Tokens): EntraUser {
  const script = at(scripts, variant)
  const [given, givenLatin] = at(script.given, variant)
  const [family, familyLatin] = at(script.family, variant + 1)
  const place = at(places, variant)
  const address = `${givenLatin}.${familyLatin}.${scattered}@contoso.example`
  return {
    objectId: `${scattered}-0000-4000-8000-0000${serial}`,
    userPrincipalName: address,
    displayName: script.familyFirst ? `${family} ${given}` : `${given} ${family}`,
    givenName: given,
    surname: family,
    mail: address,
    jobTitle: at(titles, variant),
    department: at(departments, variant),
    employeeId: `E-${serial}`,
    mobile: `+44 (0)7700 ${scattered}`,
    telephoneNumber: `+44 (0)1632 ${scattered}`,
    fax: null,
    office: place[5],
    street: place[0],
    city: place[1],
    state: place[2],
    postalCode: place[3],
    country: place[4],
    preferredLanguage: script.language,
    manager: null,
    appRoles: [at(appRoles, variant)],
    guest: false,
    accountEnabled: true,
    assigned: true,
    softDeleted: false,
    purged: false,
    former: null,
    wasActive: true,
    changedIn: 0,
  }
}

export interface Person {
  readonly id: string
  readonly userName: string
  readonly externalId: string
  readonly email: string
  /** The body of its POST. */
  readonly body: string
}

function template(variant: number): Person {
  const tokens = templateTokens(variant)
  const person = makePerson(variant, tokens)
  return {
    id: userId(tokens.serial),
    userName: person.userPrincipalName,
    externalId: person.objectId,
    email: person.userPrincipalName,
    body: JSON.stringify(userBody(mapUser(person))),
  }
}

export const templates: readonly Person[] = Array.from({ length: VARIANTS }, (_, variant) =>
  template(variant),
)

export const templateManager = userId(MANAGER_TOKEN)
export const templateGroup = {
  id: groupId(GROUP_TOKEN),
  displayName: `Group ${GROUP_TOKEN}`,
  externalId: `${GROUP_TOKEN}-0000-4000-9000-000000000000`,
}

/** Fills in a text of the template of this serial number. */
export function fillIn(text: string, serial: number): string {
  const from = templateTokens(variantOf(serial))
  const to = tokensOf(serial)
  return text.replaceAll(from.serial, to.serial).replaceAll(from.scattered, to.scattered)
}

/** One fact of a person, for the cost of two replacements. */
export function factOf(serial: number, fact: keyof Person): string {
  return fillIn(at(templates, serial)[fact], serial)
}

/** What the server is expected to have of a loaded person. */
export function expectedResource(serial: number): Resource {
  const body = JSON.parse(factOf(serial, 'body')) as Resource
  const [urn = ''] = MANAGER.split(':manager')
  const enterprise = body[urn] as Resource
  return { ...body, [urn]: { ...enterprise, manager: { value: idOf(serial - (serial % 100)) } } }
}
