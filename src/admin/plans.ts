import { z } from 'zod'
import type { Plan, PlanKind } from '../directory/plan.ts'
import { numberIn } from './input.ts'
import { Problem } from './problems.ts'
import { route, type Caller } from './route.ts'
import { itemState, plan, planAction, planItem } from './schemas.ts'

const LARGEST_PAGE = 200

const page = z.strictObject({
  after: numberIn(z.int().min(-1).default(-1)),
  limit: numberIn(z.int().min(1).max(LARGEST_PAGE).default(50)),
  state: itemState.exactOptional(),
  action: planAction.exactOptional(),
  but: planAction.exactOptional().meta({ description: 'All but those of this action.' }),
})

/** A plan of a kind. Throws `notFound`. */
export async function requirePlan(
  { directory }: Caller,
  kind: PlanKind,
  id: string,
): Promise<Plan> {
  const found = await directory.plans.read(id)
  if (found?.kind === kind) return found
  throw new Problem('notFound', `There is no such ${kind}.`)
}

/** What can be done with a kind of plan once it is made. `name` is its name in operations, such as `Import`. */
export function planOperations(kind: PlanKind, name: string) {
  const path = `/${kind}s`

  return {
    list: route({
      method: 'GET',
      path,
      operation: `list${name}s`,
      summary: `The last ${kind}s, newest first`,
      status: 200,
      answer: z.strictObject({ items: z.array(plan) }),
      handle: async ({ directory }) => ({ items: await directory.plans.list(kind) }),
    }),
    read: route({
      method: 'GET',
      path: `${path}/{id}`,
      operation: `read${name}`,
      summary: `One ${kind}, and how far it is`,
      status: 200,
      answer: plan,
      problems: ['notFound'],
      handle: (caller, given) => requirePlan(caller, kind, given.id),
    }),
    items: route({
      method: 'GET',
      path: `${path}/{id}/items`,
      operation: `list${name}Items`,
      summary: `The people of one ${kind}, in order`,
      query: page,
      status: 200,
      answer: z.strictObject({ items: z.array(planItem), next: z.int().optional() }),
      problems: ['notFound'],
      async handle(caller, { id, query }) {
        await requirePlan(caller, kind, id)
        // One more tells whether there are more.
        const found = await caller.directory.plans.items(id, { ...query, limit: query.limit + 1 })
        const items = found.slice(0, query.limit)
        const last = items.at(-1)
        return { items, ...(found.length > items.length && last ? { next: last.position } : {}) }
      },
    }),
    start: route({
      method: 'POST',
      path: `${path}/{id}/start`,
      operation: `start${name}`,
      summary: `Carries one ${kind} out, and what failed in it once more`,
      status: 200,
      answer: plan,
      problems: ['notFound', 'conflict'],
      async handle(caller, { id }) {
        await requirePlan(caller, kind, id)
        const started = await caller.directory.plans.start(id, caller.cause)
        caller.runner.wake()
        return started
      },
    }),
    cancel: route({
      method: 'POST',
      path: `${path}/{id}/cancel`,
      operation: `cancel${name}`,
      summary: `Stops one ${kind}; what is done stays`,
      status: 200,
      answer: plan,
      problems: ['notFound'],
      async handle(caller, { id }) {
        await requirePlan(caller, kind, id)
        return caller.directory.plans.cancel(id, caller.cause)
      },
    }),
  }
}
