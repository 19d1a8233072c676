import { z } from 'zod'
import type { EntraDirectory, EntraKey, EntraUser } from '../directory/entra-directory.ts'
import {
  addressesOfUser,
  employeeNumber,
  suggest,
  windowsName,
  type Suggested,
} from '../directory/suggest.ts'
import { externalId, isActive, objectId, userName, type User } from '../directory/user.ts'
import { entraProblems, requireConnection } from './connection.ts'
import { id, numberIn } from './input.ts'
import { Problem } from './problems.ts'
import { route, type Caller, type Route } from './route.ts'
import { entraUser } from './schemas.ts'

const LARGEST_PAGE = 50

/** The addresses by which a user may be found at Entra. */
function addressesOf(user: User): string[] {
  return [userName(user.attributes).toLowerCase(), ...addressesOfUser(user)]
}

/** By what else a user may be found there. */
const keys: readonly (readonly [EntraKey, (user: User) => string | undefined])[] = [
  ['onPremisesImmutableId', ({ attributes }) => externalId(attributes)],
  ['onPremisesSamAccountName', windowsName],
  ['employeeId', employeeNumber],
]

/** Whose values of a key there are at Entra. */
async function byKey(
  entra: EntraDirectory,
  users: readonly User[],
  [key, valueOf]: (typeof keys)[number],
): Promise<(user: User) => readonly EntraUser[]> {
  const values = users.flatMap((user) => valueOf(user) ?? [])
  const found = await entra.usersByKey(key, values)
  return (user) => found.get(valueOf(user)?.trim().toLowerCase() ?? '') ?? []
}

/**
 * The accounts that may be each of these users, but for those that somebody has said they are not, in few questions; by
 * name only for whom nothing else finds anybody.
 */
async function candidatesFor(
  entra: EntraDirectory,
  users: readonly User[],
  rejected: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Map<string, EntraUser[]>> {
  const [byId, byAddress, ...others] = await Promise.all([
    entra.usersById(users.flatMap(({ attributes }) => objectId(attributes) ?? [])),
    entra.usersByAddress(users.flatMap(addressesOf)),
    ...keys.map((key) => byKey(entra, users, key)),
  ])
  const found = new Map<string, EntraUser[]>()
  for (const user of users) {
    const known = byId.get(objectId(user.attributes) ?? '')
    const isOpen = ({ id: person }: EntraUser) => !rejected.get(user.id)?.has(person)
    const people = [
      ...(known ? [known] : []),
      ...addressesOf(user).flatMap((address) => byAddress.get(address.trim()) ?? []),
      ...others.flatMap((peopleFor) => peopleFor(user)),
    ].filter(isOpen)
    const name = user.attributes['displayName']
    if (people.length === 0 && typeof name === 'string' && name.trim() !== '') {
      people.push(...(await entra.searchUsers(name)).items.filter(isOpen))
    }
    found.set(user.id, people)
  }
  return found
}

/** The accounts that nobody is linked to, each with the user whom it may be rather than anybody else. */
async function freeAmong(
  { directory }: Caller,
  people: readonly EntraUser[],
): Promise<Map<string, string | undefined>> {
  const unique = [...new Map(people.map((one) => [one.id, one])).values()]
  const judged = await directory.plans.judge(unique)
  return new Map(
    judged.flatMap(({ standing, person, user }) =>
      standing === 'linked' ? [] : [[person.id, user?.id] as const],
    ),
  )
}

/** A user who is not linked. Throws `notFound`. */
async function requireUnlinked({ directory }: Caller, userId: string): Promise<User> {
  const user = await directory.users.read(userId)
  if (user && !user.link) return user
  throw new Problem('notFound', 'There is no such user who is not linked.')
}

function shown({ user, pile, suggestions }: Suggested) {
  const { displayName } = user.attributes
  return {
    user: {
      id: user.id,
      userName: userName(user.attributes),
      ...(typeof displayName === 'string' ? { displayName } : {}),
      active: isActive(user.attributes),
    },
    pile,
    suggestions,
  }
}

export const suggestLinks = route({
  method: 'GET',
  path: '/link-suggestions',
  operation: 'suggestLinks',
  summary: 'Users who are not linked, and the accounts of Entra that they may be',
  query: z.strictObject({
    after: id.exactOptional().meta({ description: 'The user that the page before ended with.' }),
    limit: numberIn(z.int().min(1).max(LARGEST_PAGE).default(20)),
    user: id.exactOptional().meta({ description: 'This user alone.' }),
  }),
  status: 200,
  answer: z.strictObject({
    items: z.array(
      z.strictObject({
        user: z.strictObject({
          id: z.string(),
          userName: z.string(),
          displayName: z.string().optional(),
          active: z.boolean(),
        }),
        pile: z.enum(['exact', 'possible', 'none']),
        suggestions: z.array(z.strictObject({ person: entraUser, why: z.array(z.string()) })),
      }),
    ),
    next: z.string().optional(),
  }),
  problems: ['notFound', ...entraProblems],
  async handle(caller, { query: { after = '', limit, user: one } }) {
    const entra = await requireConnection(caller)
    // One more tells whether there are more.
    const found =
      one === undefined
        ? await caller.directory.users.unlinked(after, limit + 1)
        : [await requireUnlinked(caller, one)]
    const users = found.slice(0, limit)
    const rejected = await caller.directory.linkRequests.rejected(users.map((user) => user.id))
    const candidates = await candidatesFor(entra, users, rejected)
    const free = await freeAmong(caller, [...candidates.values()].flat())
    const items = users.map((user) => {
      const people = candidates.get(user.id) ?? []
      const others = [...free].filter(([, owner]) => owner !== undefined && owner !== user.id)
      return shown(
        suggest(
          user,
          people.filter((person) => free.has(person.id)),
          new Set(others.map(([person]) => person)),
        ),
      )
    })
    const last = users.at(-1)
    return { items, ...(found.length > limit && last ? { next: last.id } : {}) }
  },
})

/** Who here may be which account of Entra. */
export const suggestionRoutes: readonly Route[] = [suggestLinks]
