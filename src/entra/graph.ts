import { z } from 'zod'
import {
  EntraFailure,
  type EntraCheck,
  type EntraDirectory,
  type EntraPage,
  type EntraUser,
} from '../directory/entra-directory.ts'
import type { AppRegistration } from './app.ts'
import { appToken } from './app-token.ts'
import { batch } from './batch.ts'
import { graphClient } from './graph-client.ts'
import { GROUP_SELECT, toEntraGroup, toEntraUser, USER_SELECT } from './graph-user.ts'

const SEARCHED = 50
const PAGE = 999
/** Values in one filter (entra.md §5.4); each address is looked for in two properties. */
const IDS = 15
const ADDRESSES = 7

const list = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().optional(),
})

function query(options: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(options)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&')
}

/** A text within a filter: a quote is doubled. */
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

/** Words to search for, in each of these properties; quotes would end them. */
function searchFor(text: string, properties: readonly string[]): string {
  const words = text.replaceAll(/["\\]/g, ' ').trim()
  return properties.map((property) => `"${property}:${words}"`).join(' OR ')
}

function groupsOf<T>(items: readonly T[], size: number): T[][] {
  const found: T[][] = []
  for (let start = 0; start < items.length; start += size) {
    found.push(items.slice(start, start + size))
  }
  return found
}

/** The people of a tenant, read through Microsoft Graph in the name of the application. */
export function entraDirectory(registration: AppRegistration, graphUrl: string): EntraDirectory {
  const { tenantId, clientId } = registration
  const client = graphClient(graphUrl, appToken(registration, graphUrl))
  const root = `${graphUrl}/v1.0`

  /** A page of a list. A link to the next one is only followed where it stays in the same list. */
  async function page<Item>(
    first: string,
    next: string | undefined,
    read: (answer: unknown) => Item | undefined,
  ): Promise<EntraPage<Item>> {
    const [place = ''] = first.split('?')
    if (next !== undefined && !next.startsWith(`${place}?`)) {
      throw new EntraFailure('refused', 'This is no next page of that list.')
    }
    const answer = list.parse(await client.get(next ?? first))
    const link = answer['@odata.nextLink']
    if (link !== undefined && !link.startsWith(`${root}${place}?`)) {
      throw new EntraFailure('refused', 'Microsoft Graph leads to another place.')
    }
    return {
      items: answer.value.map(read).filter((item) => item !== undefined),
      ...(link === undefined ? {} : { next: link.slice(root.length) }),
    }
  }

  /** All people that filters find, each in one page. */
  async function usersBy(filters: readonly string[]): Promise<EntraUser[]> {
    const paths = filters.map(
      (filter) =>
        `/users?${query({ $select: USER_SELECT, $top: PAGE, $filter: filter, $count: true })}`,
    )
    const bodies = await batch(client, paths)
    return bodies.flatMap((body) =>
      list.parse(body).value.flatMap((answer) => toEntraUser(answer) ?? []),
    )
  }

  async function checked(what: string, purpose: string, path: string): Promise<EntraCheck> {
    try {
      await client.get(path)
      return { what, purpose, ok: true }
    } catch (error) {
      const known = error instanceof EntraFailure ? error : undefined
      const problem =
        known?.code === 'forbidden'
          ? `Add the application permission ${what} of Microsoft Graph under “API permissions” of the app registration, and grant admin consent.`
          : (known?.message ?? 'Microsoft Graph cannot be asked.')
      return { what, purpose, ok: false, problem }
    }
  }

  return {
    tenantId,

    async check() {
      const principal = `/servicePrincipals?${query({ $filter: `appId eq ${literal(clientId)}`, $select: 'id,appRoles' })}`
      return [
        await checked(
          'User.Read.All',
          'find people, import and sync them',
          `/users?${query({ $top: 1, $select: 'id,accountEnabled' })}`,
        ),
        await checked(
          'GroupMember.Read.All',
          'find groups and import their members',
          `/groups?${query({ $top: 1, $select: 'id' })}`,
        ),
        await checked('Application.Read.All', 'read the app roles and who has them', principal),
      ]
    },

    searchUsers(text, next) {
      const options = { $select: USER_SELECT, $top: SEARCHED, $count: true }
      const properties = ['displayName', 'mail', 'userPrincipalName']
      const search = text.trim() === '' ? {} : { $search: searchFor(text, properties) }
      return page(`/users?${query({ ...options, ...search })}`, next, toEntraUser)
    },

    searchGroups(text, next) {
      const options = { $select: GROUP_SELECT, $top: SEARCHED, $count: true }
      const search = text.trim() === '' ? {} : { $search: searchFor(text, ['displayName']) }
      return page(`/groups?${query({ ...options, ...search })}`, next, toEntraGroup)
    },

    membersOf(groupId, next) {
      const place = `/groups/${encodeURIComponent(groupId)}/members/microsoft.graph.user`
      const options = { $select: USER_SELECT, $top: PAGE, $count: true }
      return page(`${place}?${query(options)}`, next, toEntraUser)
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
      const wanted = [...new Set(ids.map((id) => id.toLowerCase()))]
      const filters = groupsOf(wanted, IDS).map((some) => `id in (${some.map(literal).join(',')})`)
      return new Map((await usersBy(filters)).map((user) => [user.id, user]))
    },

    async usersByAddress(addresses) {
      const wanted = [...new Set(addresses.map((address) => address.trim().toLowerCase()))]
      const filters = groupsOf(wanted, ADDRESSES).map((some) => {
        const values = some.map(literal).join(',')
        return `userPrincipalName in (${values}) or mail in (${values})`
      })
      const found = new Map<string, EntraUser[]>(wanted.map((address) => [address, []]))
      for (const user of await usersBy(filters)) {
        const names = [user.userPrincipalName, user.mail].map((name) => name?.toLowerCase())
        for (const name of new Set(names)) {
          const known = name === undefined ? undefined : found.get(name)
          if (known && !known.some(({ id }) => id === user.id)) known.push(user)
        }
      }
      return found
    },
  }
}
