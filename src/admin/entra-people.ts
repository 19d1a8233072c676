import { z } from 'zod'
import type { EntraUser } from '../directory/entra-directory.ts'
import { entraProblems, requireConnection } from './connection.ts'
import { text } from './input.ts'
import { readAssignees } from './people.ts'
import { route, type Caller, type Route } from './route.ts'
import { entraAppRole, entraGroup, judgements } from './schemas.ts'

const search = z.strictObject({
  search: text(200)
    .default('')
    .meta({ description: 'How words of the name begin, or the address, department or job title.' }),
  next: text(8_000).exactOptional().meta({ description: 'As the part before had it.' }),
})
const next = search.pick({ next: true })

async function judged(
  { directory }: Caller,
  { items, ...more }: { readonly items: readonly EntraUser[]; readonly next?: string },
) {
  return { items: await directory.plans.judge(items), ...more }
}

/** People of the tenant, to be chosen for an import. */
export const entraPeopleRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/entra/users',
    operation: 'searchEntraUsers',
    summary: 'People of the tenant, and how they stand to the users here',
    query: search,
    status: 200,
    answer: judgements,
    problems: entraProblems,
    async handle(caller, { query }) {
      const entra = await requireConnection(caller)
      return judged(caller, await entra.searchUsers(query.search, query.next))
    },
  }),
  route({
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
  }),
  route({
    method: 'GET',
    path: '/entra/groups/{id}/members',
    operation: 'listEntraGroupMembers',
    summary: 'People who are direct members of a group of the tenant',
    query: next,
    status: 200,
    answer: judgements,
    problems: ['notFound', ...entraProblems],
    async handle(caller, { id, query }) {
      const entra = await requireConnection(caller)
      return judged(caller, await entra.membersOf(id, query.next))
    },
  }),
  route({
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
  }),
  route({
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
  }),
]
