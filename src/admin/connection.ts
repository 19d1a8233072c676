import { z } from 'zod'
import { EntraFailure, type EntraDirectory, type EntraUser } from '../directory/entra-directory.ts'
import { text } from './input.ts'
import { Problem, type ProblemCode } from './problems.ts'
import { route, type Caller, type Route } from './route.ts'
import { check, entraGroup, judgements } from './schemas.ts'

/** What can come of asking Entra. */
export const entraProblems: readonly ProblemCode[] = [
  'notConnected',
  'entraCredentials',
  'entraForbidden',
  'entraUnavailable',
]

/** The people of the tenant that the organisation belongs to, if the server is connected to it. */
async function connectionOf({
  store,
  entraDirectory,
  organisation,
}: Caller): Promise<EntraDirectory | undefined> {
  if (!entraDirectory) return undefined
  const owner = await store.organisations.ofTenant(entraDirectory.tenantId)
  return owner?.id === organisation ? entraDirectory : undefined
}

/** The same. Throws `notConnected`. */
export async function requireConnection(caller: Caller): Promise<EntraDirectory> {
  const connected = await connectionOf(caller)
  if (connected) return connected
  throw new Problem(
    'notConnected',
    'The server does not read this organisation from Microsoft Entra ID. Register an app for it at Entra, give the server ENTRA_TENANT_ID, ENTRA_CLIENT_ID and ENTRA_CLIENT_SECRET, and start it again.',
  )
}

const search = z.strictObject({
  search: text(200).default('').meta({ description: 'How words of the name or address begin.' }),
  next: text(8_000).exactOptional().meta({ description: 'As the part before had it.' }),
})
const next = search.pick({ next: true })

async function judged(
  { directory }: Caller,
  { items, ...more }: { readonly items: readonly EntraUser[]; readonly next?: string },
) {
  return { items: await directory.plans.judge(items), ...more }
}

/** What the server reads from Entra, and whether it can. */
export const connectionRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/connection',
    operation: 'checkConnection',
    summary: 'Whether the server is connected to Entra, and what works',
    status: 200,
    answer: z.strictObject({
      configured: z.boolean(),
      tenantId: z.string().optional(),
      checks: z.array(check).optional(),
    }),
    async handle(caller) {
      const entra = await connectionOf(caller)
      if (!entra) return { configured: false }
      return { configured: true, tenantId: entra.tenantId, checks: await entra.check() }
    },
  }),
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
]

/** Whether Entra has no such thing. */
export function isNotAtEntra(error: unknown): boolean {
  return error instanceof EntraFailure && error.code === 'notFound'
}
