import { z } from 'zod'
import { mayHavePassword } from '../directory/account.ts'
import { alwaysFollowed, followedByChoice } from '../directory/entra-attributes.ts'
import { wants } from '../directory/held.ts'
import { rolesIn } from '../directory/roles.ts'
import { displayName, isActive, userName, type User } from '../directory/user.ts'
import { ScimError } from '../scim/protocol/error.ts'
import { parseFilter, type Filter } from '../scim/protocol/filter.ts'
import { resolveFilter, type ResolvedFilter } from '../scim/protocol/resolve.ts'
import { userType } from '../scim/schema/registry.ts'
import { numberIn, text } from './input.ts'
import { Problem } from './problems.ts'
import { route, type Caller, type Route } from './route.ts'
import { syncSettingsOf } from './sync-settings.ts'
import { listedUser, wholeUser } from './user-schemas.ts'

const LARGEST_PAGE = 200
const LONGEST_FILTER = 8_192
const LAST_INDEX = 999_999_999
const MOST_WORDS = 10

const query = z.strictObject({
  search: text(200)
    .refine((given) => wordsOf(given).length <= MOST_WORDS, `Has more than ${MOST_WORDS} words.`)
    .default('')
    .meta({ description: 'Words that the user name, display name or an e-mail address contains.' }),
  filter: text(LONGEST_FILTER)
    .exactOptional()
    .meta({ description: 'A SCIM filter over users (RFC 7644 §3.4.2.2).' }),
  active: z.enum(['true', 'false']).exactOptional(),
  startIndex: numberIn(z.int().min(1).max(LAST_INDEX).default(1)).meta({
    description: 'Where the part begins; the first user is 1.',
  }),
  count: numberIn(z.int().min(0).max(LARGEST_PAGE).default(50)),
})

function wordsOf(search: string): string[] {
  return search.split(/\s+/u).filter((word) => word !== '')
}

const ignore = () => {}

/** Users of whom something they go by contains a word. */
function named(word: string): Filter {
  const contains = (name: string) =>
    ({ kind: 'compare', name: { name }, op: 'co', value: word }) as const
  return { kind: 'or', terms: ['userName', 'displayName', 'emails'].map(contains) }
}

/** Users who are active, or who are not. */
function being(active: boolean): Filter {
  const yes = { kind: 'compare', name: { name: 'active' }, op: 'eq', value: true } as const
  return active ? yes : { kind: 'not', term: yes }
}

/** Runs what may find the filter wrong, and says so. */
async function withFilter<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ScimError) || error.code !== 'invalidFilter') throw error
    throw new Problem('badRequest', 'The parameters are not as they should be.', {
      mistakes: [{ detail: error.message, parameter: 'filter' }],
    })
  }
}

/** What all that was asked for comes to; nothing where everybody is meant. */
function filterOf(given: z.output<typeof query>): { readonly filter?: ResolvedFilter } {
  const terms: Filter[] = wordsOf(given.search).map(named)
  if (given.active !== undefined) terms.push(being(given.active === 'true'))
  if (given.filter !== undefined) terms.push(parseFilter(given.filter, ignore))
  const [first, ...more] = terms
  if (first === undefined) return {}
  const all: Filter = more.length === 0 ? first : { kind: 'and', terms }
  return { filter: resolveFilter(userType, all, ignore) }
}

function listed(user: User) {
  const { id, attributes, origin, provisioned, held, groups, lastModified } = user
  const name = displayName(attributes)
  return {
    id,
    userName: userName(attributes),
    ...(name === '' ? {} : { displayName: name }),
    active: isActive(attributes),
    origin,
    provisioned,
    linked: user.link !== undefined,
    ...(held === undefined ? {} : { held: wants(held) }),
    groups,
    roles: rolesIn(attributes['roles']),
    lastModified,
  }
}

/** The paths of what is changed at Entra and not here. */
async function ownedByEntra({ directory }: Caller, user: User): Promise<string[]> {
  if (mayHavePassword(user)) return []
  const { fields } = await syncSettingsOf(directory)
  // Only who is linked is followed by what was chosen.
  const chosen = user.link ? fields.map((field) => followedByChoice[field]) : []
  return [...alwaysFollowed, ...chosen].map(({ attribute }) => attribute)
}

/** The user of an id. Throws `notFound`. */
export async function requireUser({ directory }: Caller, id: string): Promise<User> {
  const user = await directory.users.read(id)
  if (user) return user
  throw new Problem('notFound', 'There is no such user.')
}

/** Everything about a user, as it is answered. */
export async function shownWhole(caller: Caller, user: User) {
  const { permissions, administrators } = caller.directory
  return {
    ...listed(user),
    created: user.created,
    attributes: user.attributes,
    ...(user.link ? { link: user.link } : {}),
    permissions: await permissions.effective(user),
    administrator: await administrators.has(user.id),
    ownedByEntra: await ownedByEntra(caller, user),
  }
}

/** The users here, local ones among them. */
export const userListRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/users',
    operation: 'listUsers',
    summary: 'Users, oldest first: all of them, or those that are searched for',
    query,
    status: 200,
    answer: z.strictObject({
      total: z.int().nonnegative().meta({ description: 'How many there are.' }),
      items: z.array(listedUser),
    }),
    problems: ['tooMany'],
    handle: async ({ directory }, { query: given }) =>
      withFilter(async () => {
        const { startIndex, count } = given
        const page = { ...filterOf(given), startIndex, count }
        const { total, items } = await directory.users.query(page)
        return { total, items: items.map(listed) }
      }),
  }),
  route({
    method: 'GET',
    path: '/users/{id}',
    operation: 'readUser',
    summary: 'A user with its attributes, groups, roles and permissions, and what Entra owns of it',
    status: 200,
    answer: wholeUser,
    problems: ['notFound'],
    handle: async (caller, { id }) => shownWhole(caller, await requireUser(caller, id)),
  }),
]
