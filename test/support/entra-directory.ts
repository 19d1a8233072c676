import {
  EntraFailure,
  type EntraDirectory,
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
}

/** People of Entra in memory, of which a page shows two. */
export interface TestEntraDirectory extends EntraDirectory {
  people: readonly EntraUser[]
  groups: readonly TestEntraGroup[]
  /** Makes every question fail so, until it is undefined again. */
  failure: 'unavailable' | 'forbidden' | undefined
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
  function answer<T>(found: () => T): Promise<T> {
    const { failure } = directory
    if (failure === undefined) return Promise.resolve().then(found)
    return Promise.reject(new EntraFailure(failure, `Entra says: ${failure}.`))
  }

  const directory: TestEntraDirectory = {
    tenantId: TENANT,
    people,
    groups,
    failure: undefined,
    async check() {
      const { failure } = directory
      const problem = failure === undefined ? {} : { problem: `Entra says: ${failure}.` }
      return [{ what: 'User.Read.All', purpose: 'Importing', ok: !failure, ...problem }]
    },
    searchUsers: (text, next) =>
      answer(() =>
        pageOf(
          directory.people.filter(({ displayName }) => begins(displayName, text)),
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
    membersOf: (groupId, next) =>
      answer(() => {
        const group = directory.groups.find(({ id }) => id === groupId)
        if (!group) throw new EntraFailure('notFound', 'There is no such group at Entra.')
        return pageOf(
          directory.people.filter(({ id }) => group.members.includes(id)),
          next,
        )
      }),
    userById: (id) => answer(() => directory.people.find((person) => person.id === id)),
    usersById: (ids) =>
      answer(() => {
        const found = directory.people.filter(({ id }) => ids.includes(id))
        return new Map(found.map((person) => [person.id, person]))
      }),
    usersByAddress: (addresses) =>
      answer(() => {
        const owners = (address: string) =>
          directory.people.filter(({ userPrincipalName, proxyAddresses }) =>
            [userPrincipalName, ...proxyAddresses].some((each) => each.toLowerCase() === address),
          )
        const lower = addresses.map((address) => address.toLowerCase())
        return new Map(lower.map((address) => [address, owners(address)]))
      }),
  }
  return directory
}
