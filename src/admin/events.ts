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

/** An action, or all of a kind. */
const action = z
  .string()
  .regex(/^[a-z]{1,30}(\.[a-z-]{1,30})?$/, 'Is no action, such as `user.created` or `user`.')

const listEvents = route({
  method: 'GET',
  path: '/events',
  operation: 'listEvents',
  summary: 'Who did what, newest first; a part may have few of them, or none, and more may follow',
  query: z.strictObject({
    resource: text(512)
      .min(1)
      .exactOptional()
      .meta({ description: 'What happened to one thing, by its id: a user, a user group.' }),
    action: z
      .union([action, z.array(action).max(20)])
      .exactOptional()
      .meta({
        description:
          'What happened, such as `user.created`, or all of a kind, such as `user`; more than once for one of several.',
      }),
    actor: text(512)
      .min(1)
      .exactOptional()
      .meta({ description: 'Who did it, as `actor` of an event has it.' }),
    door: z.enum(['scim', 'admin', 'auth', 'cli']).exactOptional(),
    from: z.iso.datetime().exactOptional(),
    to: z.iso.datetime().exactOptional().meta({ description: 'Before this time.' }),
    before: sequence.exactOptional().meta({ description: 'The `next` of the part before.' }),
    limit: numberIn(z.int().min(1).max(LARGEST_PAGE).default(50)),
  }),
  status: 200,
  answer: z.strictObject({ items: z.array(event), next: z.int().optional() }),
  async handle({ directory }, { query }) {
    const { resource, action: one, actor, door, from, to, before, limit } = query
    const filter = {
      ...(resource === undefined ? {} : { resourceId: resource }),
      ...(one === undefined ? {} : { actions: [one].flat() }),
      ...(actor === undefined ? {} : { actor }),
      ...(door === undefined ? {} : { door }),
      // As times are kept: to the millisecond.
      ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
      ...(to === undefined ? {} : { to: new Date(to).toISOString() }),
    }
    return directory.events.search(filter, { limit, ...(before === undefined ? {} : { before }) })
  },
})

/** The record of every change. */
export const eventRoutes: readonly Route[] = [listEvents]
