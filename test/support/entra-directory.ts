import {
  DEFAULT_ACCESS,
  EntraFailure,
  type EntraAppRole,
  type EntraDirectory,
  type EntraFailureCode,
  type EntraGroup,
  type EntraPage,
  type EntraUser,
} from '../../src/directory/entra-directory.ts'
import { TENANT } from './microsoft.ts'

const PAGE = 2

/** A person of Entra: `ada` has the object id that ends in `ada`'s number. */
export function entraPerson(
  number: number,
  name: string,
  more: Partial<EntraUser> = {},
): EntraUser {
  const address = `${name}@contoso.example`
  return {
    id: `e0000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    userPrincipalName: address,
    displayName: name,
    mail: address,
    proxyAddresses: [address],
    guest: false,
    enabled: true,
    ...more,
  }
}

export interface TestEntraGroup extends EntraGroup {
  readonly members: readonly string[]
  /** Ids of groups in it. */
  readonly groups?: readonly string[]
}

/** An app role; with DEFAULT_ACCESS as its id it is what people have without one. */
export interface TestEntraRole extends EntraAppRole {
  /** Ids of people, and of groups whose direct members have it. */
  readonly assigned: readonly string[]
}

/** People of Entra in memory, of which a page shows two. */
export interface TestEntraDirectory extends EntraDirectory {
  people: readonly EntraUser[]
  groups: readonly TestEntraGroup[]
  roles: readonly TestEntraRole[]
  /** Says of people that they have changed, to whoever has a link from before. */
  changed(...ids: readonly string[]): void
  /** Makes every link to changes that was given so far too old. */
  expireLinks(): void
  /** When the credential expires. */
  expires: string | undefined
  /** Makes every question fail so, until it is undefined again. */
  failure: EntraFailureCode | undefined
}

function pageOf<Item>(all: readonly Item[], next: string | undefined): EntraPage<Item> {
  const start = Number(next ?? 0)
  if (!Number.isInteger(start)) throw new EntraFailure('refused', 'This is no next page.')
  const end = start + PAGE
  const items = all.slice(start, end)
  return { items, ...(end < all.length ? { next: String(end) } : {}) }
}

const begins = (text: string, searched: string) =>
  text.toLowerCase().startsWith(searched.toLowerCase())

export function testEntraDirectory(
  people: readonly EntraUser[] = [],
  groups: readonly TestEntraGroup[] = [],
): TestEntraDirectory {
  /** The ids of people of whom it was said that they have changed, in that order. */
  const feed: string[] = []
  let oldest = 0

  function answer<T>(found: () => T): Promise<T> {
    const { failure } = directory
    if (failure === undefined) return Promise.resolve().then(found)
    return Promise.reject(new EntraFailure(failure, `Entra says: ${failure}.`))
  }

  function groupOf(id: string): TestEntraGroup {
    const group = directory.groups.find((each) => each.id === id)
    if (group) return group
    throw new EntraFailure('notFound', 'There is no such group at Entra.')
  }

  /** A group, and what is in it, each once. */
  function within(id: string): TestEntraGroup[] {
    const found = new Set([groupOf(id)])
    for (const group of found) for (const inner of group.groups ?? []) found.add(groupOf(inner))
    return [...found]
  }

  /** Who has one of these values, by the value in small letters. */
  function byValue(
    values: readonly string[],
    valuesOf: (person: EntraUser) => readonly (string | undefined)[],
  ): Map<string, readonly EntraUser[]> {
    const wanted = values.map((value) => value.trim().toLowerCase())
    const owners = (value: string) =>
      directory.people.filter((person) =>
        valuesOf(person).some((each) => each?.toLowerCase() === value),
      )
    return new Map(wanted.map((value) => [value, owners(value)]))
  }

  const directory: TestEntraDirectory = {
    tenantId: TENANT,
    people,
    groups,
    roles: [],
    changed: (...ids) => void feed.push(...ids),
    expireLinks() {
      oldest = feed.length + 1
      feed.push('')
    },
    expires: undefined,
    failure: undefined,
    async check() {
      const { failure, expires } = directory
      const problem = failure === undefined ? {} : { problem: `Entra says: ${failure}.` }
      return [
        {
          what: 'User.Read.All',
          purpose: 'Importing',
          ok: !failure,
          ...problem,
          ...(expires === undefined ? {} : { expires }),
        },
      ]
    },
    credentialExpires: () => answer(() => directory.expires),
    searchUsers: (text, next, field) =>
      answer(() =>
        pageOf(
          directory.people.filter(({ displayName, userPrincipalName, department, jobTitle }) =>
            Object.entries({
              name: displayName,
              address: userPrincipalName,
              department,
              jobTitle,
            }).some(([name, value]) => {
              const asked = field === undefined ? name !== 'address' : name === field
              return asked && begins(value ?? '', text)
            }),
          ),
          next,
        ),
      ),
    searchGroups: (text, next) =>
      answer(() => {
        const found = directory.groups.filter(({ displayName }) => begins(displayName, text))
        return pageOf(
          found.map(({ id, displayName, description }) => {
            return { id, displayName, ...(description === undefined ? {} : { description }) }
          }),
          next,
        )
      }),
    membersOf: (groupId, next, nested = false) =>
      answer(() => {
        const found = nested ? within(groupId) : [groupOf(groupId)]
        const members = found.flatMap((group) => group.members)
        return pageOf(
          directory.people.filter(({ id }) => members.includes(id)),
          next,
        )
      }),
    memberIdsOf: (groupId, nested) =>
      answer(() => {
        const found = nested ? within(groupId) : [groupOf(groupId)]
        const members = new Set(found.flatMap((group) => group.members))
        return new Set(directory.people.map(({ id }) => id).filter((id) => members.has(id)))
      }),
    appRoles: () =>
      answer(() =>
        directory.roles
          .filter(({ id }) => id !== DEFAULT_ACCESS)
          .map(({ id, value, displayName }) => ({ id, value, displayName })),
      ),
    assigneesOf: (roleId, next) =>
      answer(() => {
        const asked = directory.roles.filter(({ id }) => roleId === undefined || id === roleId)
        if (asked.length === 0 && roleId !== undefined && roleId !== DEFAULT_ACCESS) {
          throw new EntraFailure('notFound', 'There is no such app role at Entra.')
        }
        const assigned = asked.flatMap((role) => role.assigned)
        const ids = assigned.flatMap(
          (id) => directory.groups.find((group) => group.id === id)?.members ?? id,
        )
        return pageOf(
          directory.people.filter(({ id }) => ids.includes(id)),
          next,
        )
      }),
    changes: (link) =>
      answer(() => {
        const from = link === undefined ? feed.length : Number(link.replace(/^changes after /, ''))
        if (!Number.isInteger(from) || from < oldest) {
          throw new EntraFailure('expired', 'The link to changes is too old.')
        }
        const ids = new Set(feed.slice(from).filter((id) => id !== ''))
        return { ids: [...ids], link: `changes after ${feed.length}` }
      }),
    userById: (id) => answer(() => directory.people.find((person) => person.id === id)),
    usersById: (ids) =>
      answer(() => {
        const found = directory.people.filter(({ id }) => ids.includes(id))
        return new Map(found.map((person) => [person.id, person]))
      }),
    usersByAddress: (addresses) =>
      answer(() =>
        byValue(addresses, ({ userPrincipalName, mail, proxyAddresses }) => [
          userPrincipalName,
          mail,
          ...proxyAddresses,
        ]),
      ),
    usersByKey: (key, values) => answer(() => byValue(values, (person) => [person[key]])),
  }
  return directory
}
