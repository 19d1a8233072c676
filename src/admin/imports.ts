import { z } from 'zod'
import type { Plan } from '../directory/plan.ts'
import { MOST_PEOPLE } from '../directory/import.ts'
import { entraProblems, requireConnection } from './connection.ts'
import { badBody, id, numberIn, objectId, text } from './input.ts'
import { readPeople } from './people.ts'
import { Problem } from './problems.ts'
import { route, type Caller, type Route } from './route.ts'
import { itemState, plan, planAction, planItem } from './schemas.ts'

const LARGEST_PAGE = 200

const people = z
  .strictObject({
    ids: z.array(objectId).max(MOST_PEOPLE).default([]),
    addresses: z.array(text(320).min(1)).max(MOST_PEOPLE).default([]),
    groups: z.array(objectId).max(50).default([]),
  })
  .refine(
    ({ ids, addresses, groups }) => ids.length + addresses.length + groups.length > 0,
    'Nobody is chosen.',
  )

const options = z.strictObject({
  groups: z.array(id).max(50),
  role: text(200).min(1).exactOptional(),
  invite: z.boolean(),
  links: z
    .record(objectId, id)
    .meta({ description: 'Users to link, by the object id of who is the same person.' }),
})

const page = z.strictObject({
  after: numberIn(z.int().min(-1).default(-1)),
  limit: numberIn(z.int().min(1).max(LARGEST_PAGE).default(50)),
  state: itemState.exactOptional(),
  action: planAction.exactOptional(),
})

async function requireGroups({ directory }: Caller, ids: readonly string[]): Promise<void> {
  for (const [index, each] of ids.entries()) {
    const group = await directory.groups.read(each, false)
    if (!group) throw badBody(['options', 'groups', index], 'There is no such group.')
  }
}

async function requirePlan({ directory }: Caller, planId: string): Promise<Plan> {
  const found = await directory.plans.read(planId)
  if (found) return found
  throw new Problem('notFound', 'There is no such import.')
}

/** Imports of people from Entra: worked out, looked at, and carried out. */
export const importRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/imports',
    operation: 'planImport',
    summary: 'Works out what an import of people would do; nothing else changes',
    body: z.strictObject({ people, options }),
    status: 201,
    answer: z.strictObject({
      plan,
      notFound: z.array(z.string()).meta({ description: 'Ids and addresses that nobody has.' }),
      ambiguous: z.array(z.string()).meta({ description: 'Addresses that several have.' }),
    }),
    problems: ['conflict', 'tooMany', ...entraProblems],
    locate: (made) => `/imports/${made.plan.id}`,
    async handle(caller, { body }) {
      const entra = await requireConnection(caller)
      await requireGroups(caller, body.options.groups)
      const { people: chosen, ...missed } = await readPeople(entra, body.people)
      const { plans } = caller.directory
      return { plan: await plans.planImport(chosen, body.options, caller.cause), ...missed }
    },
  }),
  route({
    method: 'GET',
    path: '/imports',
    operation: 'listImports',
    summary: 'The last imports, newest first',
    status: 200,
    answer: z.strictObject({ items: z.array(plan) }),
    handle: async ({ directory }) => ({ items: await directory.plans.list() }),
  }),
  route({
    method: 'GET',
    path: '/imports/{id}',
    operation: 'readImport',
    summary: 'An import, and how far it is',
    status: 200,
    answer: plan,
    problems: ['notFound'],
    handle: (caller, given) => requirePlan(caller, given.id),
  }),
  route({
    method: 'GET',
    path: '/imports/{id}/items',
    operation: 'listImportItems',
    summary: 'The people of an import, in order',
    query: page,
    status: 200,
    answer: z.strictObject({ items: z.array(planItem), next: z.int().optional() }),
    problems: ['notFound'],
    async handle(caller, { id: planId, query }) {
      await requirePlan(caller, planId)
      // One more tells whether there are more.
      const found = await caller.directory.plans.items(planId, { ...query, limit: query.limit + 1 })
      const items = found.slice(0, query.limit)
      const last = items.at(-1)
      return { items, ...(found.length > items.length && last ? { next: last.position } : {}) }
    },
  }),
  route({
    method: 'POST',
    path: '/imports/{id}/start',
    operation: 'startImport',
    summary: 'Carries an import out, and what failed in it once more',
    status: 200,
    answer: plan,
    problems: ['notFound', 'conflict'],
    async handle({ directory, runner, cause }, given) {
      const started = await directory.plans.start(given.id, cause)
      runner.wake()
      return started
    },
  }),
  route({
    method: 'POST',
    path: '/imports/{id}/cancel',
    operation: 'cancelImport',
    summary: 'Stops an import; what is done stays',
    status: 200,
    answer: plan,
    problems: ['notFound'],
    handle: ({ directory, cause }, given) => directory.plans.cancel(given.id, cause),
  }),
]
