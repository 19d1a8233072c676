import { z } from 'zod'
import {
  EntraFailure,
  type EntraDirectory,
  type EntraUser,
  type SearchedField,
} from '../directory/entra-directory.ts'
import type { GraphClient } from './graph-client.ts'
import type { GraphLists } from './graph-lists.ts'
import { filtersFor, query, searchFor } from './graph-query.ts'
import { GROUP_SELECT, toEntraGroup, toEntraUser, USER_SELECT } from './graph-user.ts'

const SEARCHED = 50
const PAGE = 999

/** Where words of a search may stand: anywhere in the name, and at the beginning of the rest. */
const PROPERTIES: Readonly<Record<SearchedField, readonly string[]>> = {
  name: ['displayName'],
  address: ['mail', 'userPrincipalName'],
  department: ['department'],
  jobTitle: ['jobTitle'],
}
const EVERYWHERE = Object.values(PROPERTIES).flat()

/** The people who are members of a group: directly, or through groups in it too. */
const membersPath = (groupId: string, nested: boolean) =>
  `/groups/${encodeURIComponent(groupId)}/${nested ? 'transitiveMembers' : 'members'}/microsoft.graph.user`

const withId = z.object({ id: z.string().toLowerCase() })

type People = Pick<
  EntraDirectory,
  | 'searchUsers'
  | 'searchGroups'
  | 'membersOf'
  | 'memberIdsOf'
  | 'userById'
  | 'usersById'
  | 'usersByAddress'
  | 'usersByKey'
>

/** Those who have each of the values, by the value in small letters. */
function owners(
  values: readonly string[],
  people: readonly EntraUser[],
  valuesOf: (person: EntraUser) => readonly (string | undefined)[],
): Map<string, readonly EntraUser[]> {
  const found = new Map<string, Map<string, EntraUser>>(
    values.map((value) => [value.toLowerCase(), new Map()]),
  )
  for (const person of people) {
    for (const value of valuesOf(person)) {
      if (value !== undefined) found.get(value.toLowerCase())?.set(person.id, person)
    }
  }
  return new Map([...found].map(([value, those]) => [value, [...those.values()]]))
}

const once = (values: readonly string[]) => [
  ...new Set(values.map((value) => value.trim()).filter((value) => value !== '')),
]
const inSmallLetters = (values: readonly string[]) =>
  once(values.map((value) => value.toLowerCase()))

/** People and groups of a tenant. */
export function graphPeople(client: GraphClient, lists: GraphLists): People {
  /** All people whom filters find, each in one page. */
  function usersBy(filters: readonly string[], more: { readonly $count?: true } = {}) {
    const options = { $select: USER_SELECT, $top: PAGE, ...more }
    const paths = filters.map((filter) => `/users?${query({ ...options, $filter: filter })}`)
    return lists.all(paths, toEntraUser)
  }

  return {
    searchUsers(text, next, field) {
      const options = { $select: USER_SELECT, $top: SEARCHED, $count: true }
      const properties = field === undefined ? EVERYWHERE : PROPERTIES[field]
      const search = text.trim() === '' ? {} : { $search: searchFor(text, properties) }
      return lists.page(`/users?${query({ ...options, ...search })}`, next, toEntraUser)
    },

    searchGroups(text, next) {
      const options = { $select: GROUP_SELECT, $top: SEARCHED, $count: true }
      const search = text.trim() === '' ? {} : { $search: searchFor(text, ['displayName']) }
      return lists.page(`/groups?${query({ ...options, ...search })}`, next, toEntraGroup)
    },

    membersOf(groupId, next, nested = false) {
      const options = { $select: USER_SELECT, $top: PAGE, $count: true }
      return lists.page(`${membersPath(groupId, nested)}?${query(options)}`, next, toEntraUser)
    },

    async memberIdsOf(groupId, nested) {
      const first = `${membersPath(groupId, nested)}?${query({ $select: 'id', $top: PAGE, $count: true })}`
      const found = new Set<string>()
      let next: string | undefined
      do {
        const page = await lists.page(first, next, (answer) => withId.safeParse(answer).data?.id)
        for (const id of page.items) found.add(id)
        next = page.next
      } while (next !== undefined)
      return found
    },

    async userById(id) {
      try {
        const path = `/users/${encodeURIComponent(id)}?${query({ $select: USER_SELECT })}`
        return toEntraUser(await client.get(path))
      } catch (error) {
        if (error instanceof EntraFailure && error.code === 'notFound') return undefined
        throw error
      }
    },

    async usersById(ids) {
      const filters = filtersFor(inSmallLetters(ids), (some) => `id in (${some.join(',')})`)
      return new Map((await usersBy(filters)).map((user) => [user.id, user]))
    },

    async usersByAddress(addresses) {
      const wanted = inSmallLetters(addresses)
      const aliases = wanted.map((address) => `smtp:${address}`)
      const filters = [
        ...filtersFor(wanted, (some) => `userPrincipalName in (${some.join(',')})`),
        ...filtersFor(wanted, (some) => `mail in (${some.join(',')})`),
        ...filtersFor(aliases, (some) =>
          some.map((alias) => `proxyAddresses/any(a:a eq ${alias})`).join(' or '),
        ),
      ]
      return owners(wanted, await usersBy(filters), (person) => [
        person.userPrincipalName,
        person.mail,
        ...person.proxyAddresses,
      ])
    },

    async usersByKey(key, values) {
      const wanted = once(values)
      const filters = filtersFor(wanted, (some) => `${key} in (${some.join(',')})`)
      // The index that knows these is another than that of ids and addresses.
      const people = await usersBy(filters, { $count: true })
      return owners(wanted, people, (person) => [person[key]])
    },
  }
}
