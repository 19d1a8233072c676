import { fold } from '../scim/protocol/compare.ts'
import { isObject } from '../scim/schema/attribute.ts'
import { userNameOf } from './entra-attributes.ts'
import type { EntraUser } from './entra-directory.ts'
import { objectId, userName, type User } from './user.ts'

/** How sure it is that one of the suggestions is the user. */
export type Pile =
  /** Exactly one account has the object id or the user name of the user. */
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

function employeeNumber({ attributes }: User): string {
  const enterprise = attributes[EMPLOYEE]
  return isObject(enterprise) ? text(enterprise['employeeNumber']) : ''
}

const same = (one: string, other: string | undefined) => one !== '' && one === fold(other ?? '')

/** What can speak for an account being a user, the strongest first; the first two are proof enough for a pile of its own. */
const evidence: readonly {
  readonly why: string
  readonly exact: boolean
  holds(user: User, person: EntraUser): boolean
}[] = [
  {
    why: 'The object id is the same.',
    exact: true,
    holds: (user, person) => objectId(user.attributes) === person.id,
  },
  {
    why: 'The user name is the same.',
    exact: true,
    holds: (user, person) => same(text(userName(user.attributes)), userNameOf(person)),
  },
  {
    why: 'The e-mail address is the same.',
    exact: false,
    holds: (user, { mail }) => mail !== undefined && addressesOfUser(user).includes(fold(mail)),
  },
  {
    why: 'The user name is the e-mail address.',
    exact: false,
    holds: (user, { mail }) => same(text(userName(user.attributes)), mail),
  },
  {
    why: 'An e-mail alias is the same.',
    exact: false,
    holds: (user, { mail, proxyAddresses }) =>
      proxyAddresses.some((alias) => alias !== mail && addressesOfUser(user).includes(fold(alias))),
  },
  {
    why: 'The employee number is the same.',
    exact: false,
    holds: (user, { employeeId }) => same(employeeNumber(user), employeeId),
  },
  {
    why: 'The name is the same.',
    exact: false,
    holds: (user, { displayName }) => same(text(user.attributes['displayName']), displayName),
  },
]

/** Ranks accounts of Entra that nobody is linked to by what speaks for their being a user; those without anything go. */
export function suggest(user: User, people: readonly EntraUser[]): Suggested {
  const unique = [...new Map(people.map((person) => [person.id, person])).values()]
  const ranked = unique
    .map((person) => ({ person, found: evidence.map((each) => each.holds(user, person)) }))
    .filter(({ found }) => found.includes(true))
    .map(({ person, found }) => ({
      person,
      // As a number, what is stronger weighs more than all that is weaker.
      weight: Number.parseInt(found.map((holds) => (holds ? '1' : '0')).join(''), 2),
      exact: evidence.some(({ exact }, index) => exact && found[index]),
      why: evidence.flatMap((each, index) => (found[index] ? [each.why] : [])),
    }))
    .sort((one, other) => other.weight - one.weight)
  const exact = ranked.filter((each) => each.exact).length === 1
  const pile = exact ? 'exact' : ranked.length > 0 ? 'possible' : 'none'
  return { user, pile, suggestions: ranked.map(({ person, why }) => ({ person, why })) }
}
