import { z } from 'zod'
import { event } from './access-schemas.ts'
import { numberIn, text } from './input.ts'
import { route, type Route } from './route.ts'

const LARGEST_PAGE = 200

/** The number of an event as a URL has it. */
const sequence = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'Is no number of an event.')
  .transform(Number)

/** The record of every change. */
export const eventRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/events',
    operation: 'listEvents',
    summary: 'Who did what, newest first',
    query: z.strictObject({
      resource: text(512)
        .min(1)
        .exactOptional()
        .meta({ description: 'What happened to one thing, by its id: a user, a user group.' }),
      before: sequence.exactOptional().meta({ description: 'The `next` of the part before.' }),
      limit: numberIn(z.int().min(1).max(LARGEST_PAGE).default(50)),
    }),
    status: 200,
    answer: z.strictObject({ items: z.array(event), next: z.int().optional() }),
    async handle({ directory }, { query: { resource, before, limit } }) {
      // One more tells whether there are more.
      const found = await directory.events.latest({
        limit: limit + 1,
        ...(before === undefined ? {} : { before }),
        ...(resource === undefined ? {} : { resourceId: resource }),
      })
      const items = found.slice(0, limit)
      const last = items.at(-1)
      return { items, ...(found.length > items.length && last ? { next: last.sequence } : {}) }
    },
  }),
]
