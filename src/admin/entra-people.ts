import { z } from 'zod'
import { searchedFields, type EntraUser } from '../directory/entra-directory.ts'
import { MOST_PEOPLE } from '../directory/import.ts'
import { entraProblems, requireConnection } from './connection.ts'
import { text } from './input.ts'
import { readAssignees, readPeople } from './people.ts'
import { route, type Caller, type Route } from './route.ts'
import { entraAppRole, entraGroup, foundPeople, judgements } from './schemas.ts'

const search = z.strictObject({
  search: text(200)
    .default('')
    .meta({ description: 'How words of the name begin, or the address, department or job title.' }),
  next: text(8_000).exactOptional().meta({ description: 'As the part before had it.' }),
})
const people = search.extend({
  in: z
    .enum(searchedFields)
    .exactOptional()
    .meta({ description: 'Where the text stands; anywhere, where that is not said.' }),
})
const next = search.pick({ next: true })
const members = next.extend({
  nested: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'Whether members of groups within the group count too.' }),
})

async function judged(
  { directory }: Caller,
  { items, ...more }: { readonly items: readonly EntraUser[]; readonly next?: string },
) {
  return { items: await directory.plans.judge(items), ...more }
}

export const searchEntraUsers = route({
  method: 'GET',
  path: '/entra/users',
  operation: 'searchEntraUsers',
  summary: 'People of the tenant, and how they stand to the users here',
  query: people,
  status: 200,
  answer: judgements,
  problems: entraProblems,
  async handle(caller, { query }) {
    const entra = await requireConnection(caller)
    return judged(caller, await entra.searchUsers(query.search, query.next, query.in))
  },
})

export const findEntraUsers = route({
  method: 'POST',
  path: '/entra/users/find',
  operation: 'findEntraUsers',
  summary: 'People of the tenant by user principal name, e-mail address or alias',
  body: z.strictObject({ addresses: z.array(text(320).min(1)).min(1).max(MOST_PEOPLE) }),
  status: 200,
  answer: foundPeople,
  problems: ['tooMany', ...entraProblems],
  async handle(caller, { body: { addresses } }) {
    const entra = await requireConnection(caller)
    const nobody = { ids: [], groups: [], nestedGroups: [], appRoles: [] }
    const { people: found, ...missed } = await readPeople(entra, { ...nobody, addresses })
    return { items: await caller.directory.plans.judge(found), ...missed }
  },
})

export const searchEntraGroups = route({
  method: 'GET',
  path: '/entra/groups',
  operation: 'searchEntraGroups',
  summary: 'Groups of the tenant',
  query: search,
  status: 200,
  answer: z.strictObject({ items: z.array(entraGroup), next: z.string().optional() }),
  problems: entraProblems,
  async handle(caller, { query }) {
    const entra = await requireConnection(caller)
    return entra.searchGroups(query.search, query.next)
  },
})

const listEntraGroupMembers = route({
  method: 'GET',
  path: '/entra/groups/{id}/members',
  operation: 'listEntraGroupMembers',
  summary: 'People who are members of a group of the tenant',
  query: members,
  status: 200,
  answer: judgements,
  problems: ['notFound', ...entraProblems],
  async handle(caller, { id, query }) {
    const entra = await requireConnection(caller)
    return judged(caller, await entra.membersOf(id, query.next, query.nested === 'true'))
  },
})

export const listEntraAppRoles = route({
  method: 'GET',
  path: '/entra/app-roles',
  operation: 'listEntraAppRoles',
  summary: 'Roles of the application at Entra that people can be assigned to',
  status: 200,
  answer: z.strictObject({ items: z.array(entraAppRole) }),
  problems: ['notFound', ...entraProblems],
  async handle(caller) {
    const entra = await requireConnection(caller)
    return { items: await entra.appRoles() }
  },
})

const listEntraAppRoleAssignees = route({
  method: 'GET',
  path: '/entra/app-roles/{id}/assignees',
  operation: 'listEntraAppRoleAssignees',
  summary:
    'People who are assigned to a role of the application, or with `any` to the application at all',
  query: next,
  status: 200,
  answer: judgements,
  problems: ['notFound', ...entraProblems],
  async handle(caller, { id, query }) {
    const entra = await requireConnection(caller)
    return judged(caller, await readAssignees(entra, id, query.next))
  },
})

/** People of the tenant, to be chosen for an import. */
export const entraPeopleRoutes: readonly Route[] = [
  searchEntraUsers,
  findEntraUsers,
  searchEntraGroups,
  listEntraGroupMembers,
  listEntraAppRoles,
  listEntraAppRoleAssignees,
]
