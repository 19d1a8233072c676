import { z } from 'zod'
import type { EntraDirectory, EntraUser } from '../directory/entra-directory.ts'
import { addressesOfUser, suggest, type Suggested } from '../directory/suggest.ts'
import { isActive, objectId, userName, type User } from '../directory/user.ts'
import { entraProblems, requireConnection } from './connection.ts'
import { id, numberIn } from './input.ts'
import { route, type Caller, type Route } from './route.ts'
import { entraUser } from './schemas.ts'

const LARGEST_PAGE = 50

/** By what a user may be found at Entra. */
function keysOf(user: User): string[] {
  return [userName(user.attributes).toLowerCase(), ...addressesOfUser(user)]
}

/** The accounts that may be each of these users, in few questions; by name only for whom nothing else finds anybody. */
async function candidatesFor(
  entra: EntraDirectory,
  users: readonly User[],
): Promise<Map<string, EntraUser[]>> {
  const ids = users.flatMap(({ attributes }) => objectId(attributes) ?? [])
  const byId = await entra.usersById(ids)
  const byAddress = await entra.usersByAddress(users.flatMap(keysOf))
  const found = new Map<string, EntraUser[]>()
  for (const user of users) {
    const known = byId.get(objectId(user.attributes) ?? '')
    const people = [
      ...(known ? [known] : []),
      ...keysOf(user).flatMap((key) => byAddress.get(key) ?? []),
    ]
    const name = user.attributes['displayName']
    if (people.length === 0 && typeof name === 'string' && name.trim() !== '') {
      people.push(...(await entra.searchUsers(name)).items)
    }
    found.set(user.id, people)
  }
  return found
}

/** Nobody is suggested who is linked to somebody else. */
async function withoutLinked(
  { directory }: Caller,
  people: readonly EntraUser[],
): Promise<Set<string>> {
  const judged = await directory.plans.judge([
    ...new Map(people.map((one) => [one.id, one])).values(),
  ])
  return new Set(
    judged.filter(({ standing }) => standing !== 'linked').map(({ person }) => person.id),
  )
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

/** Who here may be which account of Entra. */
export const suggestionRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/link-suggestions',
    operation: 'suggestLinks',
    summary: 'Users who are not linked, and the accounts of Entra that they may be',
    query: z.strictObject({
      after: id.exactOptional().meta({ description: 'The user that the page before ended with.' }),
      limit: numberIn(z.int().min(1).max(LARGEST_PAGE).default(20)),
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
    problems: entraProblems,
    async handle(caller, { query: { after, limit } }) {
      const entra = await requireConnection(caller)
      // One more tells whether there are more.
      const found = await caller.directory.users.unlinked(after ?? '', limit + 1)
      const users = found.slice(0, limit)
      const candidates = await candidatesFor(entra, users)
      const free = await withoutLinked(caller, [...candidates.values()].flat())
      const items = users.map((user) => {
        const people = candidates.get(user.id) ?? []
        return shown(
          suggest(
            user,
            people.filter((person) => free.has(person.id)),
          ),
        )
      })
      const last = users.at(-1)
      return { items, ...(found.length > limit && last ? { next: last.id } : {}) }
    },
  }),
]
