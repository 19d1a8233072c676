import { z } from 'zod'
import { mayHavePassword } from '../directory/account.ts'
import { alwaysFollowed, followedByChoice } from '../directory/entra-attributes.ts'
import { sorts, type Chosen, type RosterPage } from '../directory/roster.ts'
import type { User } from '../directory/user.ts'
import { termsOf } from '../directory/words.ts'
import { ScimError } from '../scim/protocol/error.ts'
import { parseFilter } from '../scim/protocol/filter.ts'
import { resolveFilter, type ResolvedFilter } from '../scim/protocol/resolve.ts'
import { userType } from '../scim/schema/registry.ts'
import { cursorTo, placeIn } from './cursor.ts'
import { id, numberIn, text } from './input.ts'
import { listedUserOf } from './listed-user.ts'
import { Problem } from './problems.ts'
import { route, type Caller, type Route } from './route.ts'
import { syncSettingsOf } from './sync-settings.ts'
import { listedUser, wholeUser } from './user-schemas.ts'

const LARGEST_PAGE = 200
const LONGEST_FILTER = 8_192
const LONGEST_CURSOR = 2_048
const LONGEST_ROLE = 4_096
const MOST_TERMS = 10

const query = z.strictObject({
  search: text(200)
    .refine((given) => termsOf(given).length <= MOST_TERMS, `Has more than ${MOST_TERMS} words.`)
    .exactOptional()
    .meta({
      description:
        'Beginnings of words of names, user name and e-mail addresses, all of which have to be there.',
    }),
  origin: z.enum(['local', 'import', 'scim']).exactOptional(),
  linked: z.enum(['true', 'false']).exactOptional(),
  status: z
    .enum(['active', 'inactive', 'held'])
    .exactOptional()
    .meta({ description: 'Whose departure is held is active or inactive too.' }),
  signedIn: z.enum(['never', 'ever']).exactOptional(),
  group: id.exactOptional().meta({ description: 'A group they are members of, by id.' }),
  role: text(LONGEST_ROLE).exactOptional().meta({ description: 'A role they have.' }),
  filter: text(LONGEST_FILTER).exactOptional().meta({
    description:
      'A SCIM filter over users (RFC 7644 §3.4.2.2), which gives the oldest first. It stands alone.',
  }),
  sort: z.enum(sorts).exactOptional().meta({ description: 'By name where nothing is said.' }),
  after: text(LONGEST_CURSOR)
    .exactOptional()
    .meta({ description: 'The `next` of the part before, of the very same list.' }),
  count: numberIn(z.int().min(1).max(LARGEST_PAGE).default(50)),
})

/** What users are asked for with. */
export type UserQuery = z.output<typeof query>

const place = z.strictObject({
  key: z.string(),
  id: z.string(),
  through: z
    .strictObject({ trait: z.int().nonnegative(), atLeast: z.int().nonnegative() })
    .exactOptional(),
})

const filterPlace = z.strictObject({ startIndex: z.int().positive() })

function refused(parameter: string, detail: string): Problem {
  const mistakes = [{ detail, parameter }]
  return new Problem('badRequest', 'The parameters are not as they should be.', { mistakes })
}

const ignore = () => {}

/** A filter as it is written. Throws `badRequest`. */
function filterIn(given: string): ResolvedFilter {
  return resolveFilter(userType, parseFilter(given, ignore), ignore)
}

/** Where a list goes on, as a cursor says. Throws `badRequest`. */
function placeAfter<Schema extends z.ZodType>(
  { after }: UserQuery,
  schema: Schema,
  asked: object,
): z.output<Schema> | undefined {
  if (after === undefined) return undefined
  const found = placeIn(after, schema, asked)
  if (found !== undefined) return found
  throw refused('after', 'Is not the `next` of this list.')
}

/** A part of what a SCIM filter finds. */
async function listByFilter({ directory }: Caller, filter: string, given: UserQuery) {
  const { after: _, count, filter: __, ...others } = given
  const [other] = Object.keys(others)
  if (other !== undefined) {
    throw refused('filter', `Stands alone: say it there, and leave out \`${other}\`.`)
  }
  const asked = { filter }
  const { startIndex } = placeAfter(given, filterPlace, asked) ?? { startIndex: 1 }
  try {
    const { total, items } = await directory.users.query({
      filter: filterIn(filter),
      startIndex,
      count,
    })
    const signIns = await directory.roster.lastSignIns(items.map((user) => user.id))
    const next = startIndex + items.length
    return {
      items: items.map((user) => shown(user, signIns.get(user.id))),
      ...(items.length > 0 && next <= total ? { next: cursorTo({ startIndex: next }, asked) } : {}),
      total,
      sorted: true,
    }
  } catch (error) {
    if (!(error instanceof ScimError) || error.code !== 'invalidFilter') throw error
    throw refused('filter', error.message)
  }
}

function shown(user: User, lastSignIn: string | undefined) {
  return listedUserOf({ user, ...(lastSignIn === undefined ? {} : { lastSignIn }) })
}

/** A part of those whom all else tells. */
async function listByChoice({ directory }: Caller, given: UserQuery) {
  const { after: _, count, filter: __, sort = 'name', linked, ...others } = given
  const chosen: Chosen = {
    ...others,
    ...(linked === undefined ? {} : { linked: linked === 'true' }),
  }
  const asked = { ...others, linked, sort }
  const after = placeAfter(given, place, asked)
  const page: RosterPage = await directory.roster.list({
    ...chosen,
    sort,
    count,
    ...(after === undefined ? {} : { after }),
  })
  return {
    items: page.items.map(listedUserOf),
    ...(page.next ? { next: cursorTo(page.next, asked) } : {}),
    ...page.extent,
    sorted: page.sorted,
  }
}

/** A part of the users, as the query has them. Throws `badRequest`, `tooMany`. */
function listed(caller: Caller, given: UserQuery) {
  const { filter } = given
  return filter === undefined ? listByChoice(caller, given) : listByFilter(caller, filter, given)
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
  const { permissions, administrators, roster } = caller.directory
  const signIns = await roster.lastSignIns([user.id])
  return {
    ...shown(user, signIns.get(user.id)),
    attributes: user.attributes,
    ...(user.link ? { link: user.link } : {}),
    permissions: await permissions.effective(user),
    administrator: await administrators.has(user.id),
    ownedByEntra: await ownedByEntra(caller, user),
  }
}

export const listUsers = route({
  method: 'GET',
  path: '/users',
  operation: 'listUsers',
  summary: 'Users by name or by age: all of them, or those who are searched for',
  query,
  status: 200,
  answer: z.strictObject({
    items: z.array(listedUser).meta({
      description: 'Fewer than were asked for are not the end: that is where `next` is missing.',
    }),
    next: z.string().optional().meta({ description: 'What to go on after.' }),
    total: z.int().nonnegative().optional().meta({ description: 'How many there are.' }),
    atLeast: z
      .int()
      .nonnegative()
      .optional()
      .meta({ description: 'The same where there are too many to be counted.' }),
    sorted: z.boolean().meta({
      description: 'Whether they are in the order asked for, for which they may be too many.',
    }),
  }),
  problems: ['tooMany'],
  handle: (caller, given) => listed(caller, given.query),
})

export const readUser = route({
  method: 'GET',
  path: '/users/{id}',
  operation: 'readUser',
  summary: 'A user with its attributes, groups, roles and permissions, and what Entra owns of it',
  status: 200,
  answer: wholeUser,
  problems: ['notFound'],
  handle: async (caller, { id }) => shownWhole(caller, await requireUser(caller, id)),
})

/** The users here, local ones among them. */
export const userListRoutes: readonly Route[] = [listUsers, readUser]
