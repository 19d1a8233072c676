import { z } from 'zod'
import { DirectoryError } from '../directory/errors.ts'
import type { Group, Membership } from '../directory/group.ts'
import { displayName } from '../directory/user.ts'
import { quote } from '../scim/protocol/error.ts'
import { memberships, userGroupDetail } from './access-schemas.ts'
import { badPlaces, id, numberIn, text } from './input.ts'
import { Problem } from './problems.ts'
import { route, type Caller, type Route } from './route.ts'

const LARGEST_PAGE = 200
const FIRST_MEMBERS = 50
/** So many may join or leave at once. */
const MOST_AT_ONCE = 1_000

const body = z.strictObject({
  displayName: text(200).regex(/\S/, 'Say a name.'),
})

async function requireGroup({ directory }: Caller, groupId: string): Promise<Group> {
  const group = await directory.groups.read(groupId, false)
  if (group) return group
  throw new Problem('notFound', 'There is no such group.')
}

/** The same for a group that is not Entra's; `where` says how to do it there. */
async function requireOwn(caller: Caller, groupId: string, where: string): Promise<Group> {
  const group = await requireGroup(caller, groupId)
  if (group.origin !== 'scim') return group
  throw new Problem(
    'conflict',
    `${quote(displayName(group.attributes))} comes from Entra: ${where}`,
  )
}

function shown({ via, ...member }: Membership) {
  const [kind, source] = via.split(':')
  return {
    ...member,
    via: memberships.shape.items.element.shape.via.parse(kind),
    ...(source === undefined ? {} : { source }),
  }
}

async function membersOf({ directory }: Caller, groupId: string, after: string, limit: number) {
  // One more tells whether there are more.
  const found = await directory.groups.memberships(groupId, after, limit + 1)
  const items = found.slice(0, limit).map(shown)
  const last = items.at(-1)
  return { items, ...(found.length > items.length && last ? { next: last.id } : {}) }
}

async function detailed(caller: Caller, group: Group) {
  const { directory } = caller
  const [grants, counted, members] = await Promise.all([
    directory.permissions.list({ kind: 'group', id: group.id }),
    directory.groups.countMembers(group.id),
    membersOf(caller, group.id, '', FIRST_MEMBERS),
  ])
  return {
    id: group.id,
    displayName: displayName(group.attributes),
    origin: group.origin,
    created: group.created,
    lastModified: group.lastModified,
    permissions: grants.map(({ permission }) => permission),
    ...('total' in counted
      ? { memberCount: counted.total }
      : { memberCountAtLeast: counted.atLeast }),
    members,
  }
}

/** Runs what gives a group a name, and says at its place that another has it. */
async function withName<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof DirectoryError) || error.code !== 'conflict') throw error
    const detail = 'Another group has this name.'
    const mistakes = [{ detail, pointer: '#/displayName' }]
    throw new Problem('conflict', detail, { mistakes, cause: error })
  }
}

async function requireUsers({ directory }: Caller, ids: readonly string[]): Promise<void> {
  const places: { path: PropertyKey[]; detail: string }[] = []
  for (const [index, each] of ids.entries()) {
    if (await directory.users.read(each)) continue
    places.push({ path: ['add', index], detail: 'There is no such user.' })
  }
  if (places.length > 0) throw badPlaces(places)
}

export const createGroup = route({
  method: 'POST',
  path: '/groups',
  operation: 'createGroup',
  summary: 'Makes a user group whose members are chosen here',
  body,
  status: 201,
  answer: userGroupDetail,
  problems: ['conflict'],
  locate: (made) => `/groups/${made.id}`,
  async handle(caller, given) {
    const members = { kind: 'set', members: [] } as const
    const group = { attributes: given.body, members, origin: 'local' } as const
    return detailed(caller, await withName(caller.directory.groups.create(group, caller.cause)))
  },
})

export const readGroup = route({
  method: 'GET',
  path: '/groups/{id}',
  operation: 'readGroup',
  summary: `A user group with what its members may do, and the first ${FIRST_MEMBERS} of them`,
  status: 200,
  answer: userGroupDetail,
  problems: ['notFound'],
  handle: async (caller, given) => detailed(caller, await requireGroup(caller, given.id)),
})

export const renameGroup = route({
  method: 'POST',
  path: '/groups/{id}',
  operation: 'renameGroup',
  summary: 'Gives a user group another name',
  body,
  status: 200,
  answer: userGroupDetail,
  problems: ['notFound', 'conflict'],
  async handle(caller, given) {
    await requireOwn(caller, given.id, 'rename it there.')
    const rename = (current: Group['attributes']) => {
      return { attributes: { ...current, ...given.body }, members: [] }
    }
    const { groups } = caller.directory
    const group = await withName(groups.update(given.id, undefined, rename, caller.cause))
    return detailed(caller, group)
  },
})

const listGroupMembers = route({
  method: 'GET',
  path: '/groups/{id}/members',
  operation: 'listGroupMembers',
  summary: 'Who is in a user group, how they came into it and when, by id',
  query: z.strictObject({
    after: text(512).default('').meta({ description: 'The `next` of the part before.' }),
    limit: numberIn(z.int().min(1).max(LARGEST_PAGE).default(50)),
  }),
  status: 200,
  answer: memberships,
  problems: ['notFound'],
  async handle(caller, { id: groupId, query: { after, limit } }) {
    await requireGroup(caller, groupId)
    return membersOf(caller, groupId, after, limit)
  },
})

export const changeGroupMembers = route({
  method: 'POST',
  path: '/groups/{id}/members',
  operation: 'changeGroupMembers',
  summary: `Puts users into a user group and takes members out of it, ${MOST_AT_ONCE} each at most`,
  body: z
    .strictObject({
      add: z.array(id).max(MOST_AT_ONCE).default([]),
      remove: z.array(text(512)).max(MOST_AT_ONCE).default([]),
    })
    .refine(({ add, remove }) => !remove.some((each) => add.includes(each)), {
      path: ['remove'],
      message: 'Has somebody who is to be added too.',
    }),
  status: 200,
  answer: userGroupDetail,
  problems: ['notFound', 'conflict'],
  async handle(caller, given) {
    const where = 'add and remove its members there, in the group that is assigned.'
    await requireOwn(caller, given.id, where)
    await requireUsers(caller, given.body.add)
    await caller.directory.groups.changeMembers(given.id, given.body, caller.cause)
    return detailed(caller, await requireGroup(caller, given.id))
  },
})

export const removeGroup = route({
  method: 'POST',
  path: '/groups/{id}/remove',
  operation: 'removeGroup',
  summary: 'Removes a user group; its members stay users, and lose what it let them do',
  status: 204,
  problems: ['notFound', 'conflict'],
  async handle(caller, given) {
    const where = 'take it out of what is provisioned, or delete it there.'
    await requireOwn(caller, given.id, where)
    await caller.directory.groups.remove(given.id, undefined, caller.cause)
  },
})

/** What an administrator does with one user group. */
export const groupEditRoutes: readonly Route[] = [
  createGroup,
  readGroup,
  renameGroup,
  listGroupMembers,
  changeGroupMembers,
  removeGroup,
]
