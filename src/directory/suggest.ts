import { fold } from '../scim/protocol/compare.ts'
import { isObject } from '../scim/schema/attribute.ts'
import { userNameOf } from './entra-attributes.ts'
import type { EntraUser } from './entra-directory.ts'
import { externalId, objectId, userName, type User } from './user.ts'

/** How sure it is that one of the suggestions is the user. */
export type Pile =
  /** Exactly one account has what no two can have: the object id, the on-premises id or the user name of the user. */
  | 'exact'
  /** Somebody has to look. */
  | 'possible'
  | 'none'

export interface Suggestion {
  readonly person: EntraUser
  /** What speaks for it, the strongest first. */
  readonly why: readonly string[]
}

export interface Suggested {
  readonly user: User
  readonly pile: Pile
  /** The likeliest first. */
  readonly suggestions: readonly Suggestion[]
}

const EMPLOYEE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

function text(value: unknown): string {
  return typeof value === 'string' ? fold(value) : ''
}

/** The e-mail addresses of a user, in comparable form. */
export function addressesOfUser({ attributes }: User): string[] {
  const emails = Array.isArray(attributes['emails']) ? attributes['emails'] : []
  const values = emails.map((each) => (isObject(each) ? text(each['value']) : ''))
  return [...new Set(values.filter((value) => value !== ''))]
}

/** The employee number of a user, in comparable form. */
export function employeeNumber({ attributes }: User): string {
  const enterprise = attributes[EMPLOYEE]
  return isObject(enterprise) ? text(enterprise['employeeNumber']) : ''
}

/** The name of a Windows account that a user name may be, alone or as `DOMAIN\name`, in comparable form. */
export function windowsName({ attributes }: User): string {
  return text(userName(attributes)).replace(/^.*\\/, '')
}

const same = (one: string, other: string | undefined) => one !== '' && one === fold(other ?? '')

/** An account that can be no other than the user whom the evidence names, as long as nothing speaks against it. */
const exact = true
/** Two accounts can have it, or it passes from one to another, or anybody can write it into a profile. */
const weak = false

/** What can speak for an account being a user, the strongest first. */
const evidence: readonly {
  readonly why: string
  readonly exact: boolean
  holds(user: User, person: EntraUser): boolean
}[] = [
  {
    why: 'The object id is the same.',
    exact,
    holds: ({ attributes }, person) => objectId(attributes) === person.id,
  },
  {
    why: 'The on-premises id is the same.',
    exact,
    holds: ({ attributes }, { onPremisesImmutableId: id }) =>
      id !== undefined && externalId(attributes) === id,
  },
  {
    why: 'The user name is the same.',
    exact,
    holds: (user, person) => {
      const name = text(userName(user.attributes))
      return same(name, userNameOf(person)) || same(name, person.userPrincipalName)
    },
  },
  {
    why: 'An address of the mailbox is the same.',
    exact: weak,
    holds: (user, { proxyAddresses }) => {
      const known = [text(userName(user.attributes)), ...addressesOfUser(user)]
      return proxyAddresses.some((address) => known.includes(fold(address)))
    },
  },
  {
    why: 'The e-mail address is the same.',
    exact: weak,
    holds: (user, { mail }) => mail !== undefined && addressesOfUser(user).includes(fold(mail)),
  },
  {
    why: 'The user name is the e-mail address.',
    exact: weak,
    holds: (user, { mail }) => same(text(userName(user.attributes)), mail),
  },
  {
    why: 'The user name is that of the Windows account.',
    exact: weak,
    holds: (user, { onPremisesSamAccountName }) =>
      same(windowsName(user), onPremisesSamAccountName),
  },
  {
    why: 'The employee number is the same.',
    exact: weak,
    holds: (user, { employeeId }) => same(employeeNumber(user), employeeId),
  },
  {
    why: 'The name is the same.',
    exact: weak,
    holds: (user, { displayName }) => same(text(user.attributes['displayName']), displayName),
  },
]

/** Whether the user has the object id of another account: then a name that is the same has passed from one to the other. */
function isAnother({ attributes }: User, { id }: EntraUser): boolean {
  const known = objectId(attributes)
  return known !== undefined && known !== id
}

/**
 * Ranks accounts of Entra that nobody is linked to by what speaks for their being a user; those without anything go.
 * An account that may rather be one of the others is possible at most.
 */
export function suggest(
  user: User,
  people: readonly EntraUser[],
  othersIds: ReadonlySet<string> = new Set(),
): Suggested {
  const unique = [...new Map(people.map((person) => [person.id, person])).values()]
  const ranked = unique
    .map((person) => ({ person, found: evidence.map((each) => each.holds(user, person)) }))
    .filter(({ found }) => found.includes(true))
    .map(({ person, found }) => ({
      person,
      // As a number, what is stronger weighs more than all that is weaker.
      weight: Number.parseInt(found.map((holds) => (holds ? '1' : '0')).join(''), 2),
      exact: evidence.some((each, index) => each.exact && found[index]),
      why: evidence.flatMap((each, index) => (found[index] ? [each.why] : [])),
    }))
    .sort((one, other) => other.weight - one.weight)
  const [sure, ...others] = ranked.filter((each) => each.exact)
  const alone =
    sure !== undefined &&
    others.length === 0 &&
    !isAnother(user, sure.person) &&
    !othersIds.has(sure.person.id)
  const pile = alone ? 'exact' : ranked.length > 0 ? 'possible' : 'none'
  return { user, pile, suggestions: ranked.map(({ person, why }) => ({ person, why })) }
}
