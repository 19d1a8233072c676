import type { Chosen, Listed, Place, RosterPage, Sort } from '../../src/directory/roster.ts'
import type { Directory } from '../../src/directory/store.ts'
import { isActive, userName, type User } from '../../src/directory/user.ts'
import { isObject } from '../../src/scim/schema/attribute.ts'

/** What the list of users is, said as plainly as can be: all of them, looked at one by one. */
export interface Plain {
  readonly users: readonly User[]
  /** When each signed in last. */
  readonly signIns: ReadonlyMap<string, string>
}

/** Enough for the names of the tests. */
function simple(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

function textsIn(values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === 'string')
}

/** Of who has a name, addresses are not taken apart. */
function isFound({ attributes }: User, term: string): boolean {
  const { userName: name, displayName, name: parts, emails } = attributes
  const addresses = Array.isArray(emails) ? emails.filter(isObject) : []
  const names = textsIn([displayName, ...(isObject(parts) ? Object.values(parts) : [])])
  const others = textsIn([name, ...addresses.map(({ value }) => value)])
  const typed = [...names, ...others].flatMap((text) => simple(text).split(' '))
  const apart = typed.filter((word) => names.length === 0 || !word.includes('@'))
  const words = [...typed, ...apart.flatMap((word) => word.split(/[^\p{L}\p{N}]+/u))]
  return words.some((word) => word.startsWith(simple(term)))
}

function fits({ signIns }: Plain, user: User, chosen: Chosen): boolean {
  const { search = '', origin, linked, status, signedIn, group, role } = chosen
  const { attributes, groups, held, link } = user
  const roles = Array.isArray(attributes['roles']) ? attributes['roles'].filter(isObject) : []
  const answers = [
    search.split(' ').every((term) => isFound(user, term)),
    origin === undefined || user.origin === origin,
    linked === undefined || (link !== undefined) === linked,
    status === undefined ||
      (status === 'held' ? held !== undefined : isActive(attributes) === (status === 'active')),
    signedIn === undefined || signIns.has(user.id) === (signedIn === 'ever'),
    group === undefined || groups.some(({ id }) => id === group),
    role === undefined || roles.some(({ value }) => simple(String(value)) === simple(role)),
  ]
  return answers.every(Boolean)
}

function isBefore(one: User, other: User, sort: Sort): number {
  const key = ({ id, attributes }: User) => {
    const name = simple(String(attributes['displayName'] ?? userName(attributes)))
    return Buffer.from(sort.endsWith('name') ? `${name}\0${id}` : id)
  }
  const order = Buffer.compare(key(one), key(other))
  return sort.startsWith('-') ? -order : order
}

/** The ids of who is chosen, in order. */
export function expected(plain: Plain, chosen: Chosen, sort: Sort): string[] {
  return plain.users
    .filter((user) => fits(plain, user, chosen))
    .sort((one, other) => isBefore(one, other, sort))
    .map(({ id }) => id)
}

/** All pages of a list. */
export async function followed(
  { roster }: Directory,
  chosen: Chosen & { readonly sort: Sort; readonly count: number },
): Promise<RosterPage[]> {
  const pages: RosterPage[] = []
  let after: Place | undefined
  do {
    const page: RosterPage = await roster.list({ ...chosen, ...(after ? { after } : {}) })
    pages.push(page)
    after = page.next
  } while (after)
  return pages
}

export const idsIn = (items: readonly Listed[]): string[] => items.map(({ user }) => user.id)
