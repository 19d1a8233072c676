import { z } from 'zod'
import { isActionOrKind } from '../directory/actions.ts'
import { SealError } from '../directory/sealing.ts'
import {
  addressMistake,
  BOTH_SECRETS_MILLISECONDS,
  type Webhook,
  type WebhookWish,
} from '../directory/webhook.ts'
import { badBody, id, numberIn, text } from './input.ts'
import { Problem, type ProblemCode } from './problems.ts'
import { route, type Caller, type Route } from './route.ts'
import { delivery, webhook, wholeDelivery } from './webhook-schemas.ts'

const LARGEST_PAGE = 100
const MOST_ACTIONS = 100
const LONGEST_URL = 2_000

const body = z.strictObject({
  name: text(100).trim().min(1, 'Say a name.'),
  url: text(LONGEST_URL).trim().meta({ description: 'An https address.' }),
  actions: z
    .array(z.string().refine(isActionOrKind, 'Is no action, such as `user.created` or `user`.'))
    .max(MOST_ACTIONS)
    .default([])
    .meta({ description: 'What it is told of; nothing chosen is everything.' }),
})

const notFound: readonly ProblemCode[] = ['notFound']
const secret = z.string().meta({ description: 'What messages are signed with. Shown only now.' })

/** Refuses an address that nothing can be sent to, and one that is not like any other. */
function checked(given: z.output<typeof body>): WebhookWish {
  const mistake = addressMistake(given.url)
  if (mistake !== undefined) throw badBody(['url'], mistake)
  return { ...given, url: new URL(given.url).href }
}

/** What cannot be sealed, in words. */
function sealed<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof SealError) throw new Problem('conflict', error.message, { cause: error })
    throw error
  }
}

async function required({ directory }: Caller, webhookId: string): Promise<Webhook> {
  const found = await directory.webhooks.read(webhookId)
  if (found) return found
  throw new Problem('notFound', 'There is no such webhook.')
}

export const listWebhooks = route({
  method: 'GET',
  path: '/webhooks',
  operation: 'listWebhooks',
  summary: 'The addresses that are told of events, by name',
  status: 200,
  answer: z.strictObject({
    items: z.array(webhook),
    ready: z.boolean().meta({ description: 'Whether the server has a key to keep secrets with.' }),
  }),
  handle: async ({ directory, webhooks }) => ({
    items: await directory.webhooks.list(),
    ready: webhooks.ready,
  }),
})

export const createWebhook = route({
  method: 'POST',
  path: '/webhooks',
  operation: 'createWebhook',
  summary: 'Makes a webhook, which is told of what happens from now on, and shows its secret once',
  body,
  status: 201,
  answer: z.strictObject({ webhook, secret }),
  problems: ['conflict', 'tooMany'],
  locate: ({ webhook: made }) => `/webhooks/${made.id}`,
  async handle({ directory, webhooks, organisation, cause }, given) {
    const wish = checked(given.body)
    const { secret: shown, ...its } = sealed(() => webhooks.newWebhook(organisation))
    const made = await directory.webhooks.create({ ...wish, ...its }, cause)
    return { webhook: made, secret: shown }
  },
})

export const readWebhook = route({
  method: 'GET',
  path: '/webhooks/{id}',
  operation: 'readWebhook',
  summary: 'A webhook, and how it stands',
  status: 200,
  answer: webhook,
  problems: notFound,
  handle: (caller, given) => required(caller, given.id),
})

export const changeWebhook = route({
  method: 'POST',
  path: '/webhooks/{id}',
  operation: 'changeWebhook',
  summary: 'Changes the name of a webhook, its address, and what it is told of',
  body,
  status: 200,
  answer: webhook,
  problems: ['notFound', 'conflict'],
  async handle({ directory, webhooks, cause }, given) {
    const made = await directory.webhooks.change(given.id, checked(given.body), cause)
    webhooks.wake()
    return made
  },
})

export const renewWebhookSecret = route({
  method: 'POST',
  path: '/webhooks/{id}/secret',
  operation: 'renewWebhookSecret',
  summary: 'Gives a webhook a new secret, shown once; for a day the old one signs too',
  status: 200,
  answer: z.strictObject({ webhook, secret }),
  problems: ['notFound', 'conflict'],
  async handle(caller, given) {
    const { directory, webhooks, organisation, now, cause } = caller
    await required(caller, given.id)
    const made = sealed(() => webhooks.newSecret(organisation, given.id))
    const until = new Date(now().getTime() + BOTH_SECRETS_MILLISECONDS).toISOString()
    const renewed = await directory.webhooks.rotate(given.id, made.sealed, until, cause)
    return { webhook: renewed, secret: made.secret }
  },
})

export const pauseWebhook = route({
  method: 'POST',
  path: '/webhooks/{id}/pause',
  operation: 'pauseWebhook',
  summary: 'Tells a webhook of nothing until it is resumed',
  status: 200,
  answer: webhook,
  problems: notFound,
  handle: ({ directory, cause }, given) => directory.webhooks.pause(given.id, cause),
})

export const resumeWebhook = route({
  method: 'POST',
  path: '/webhooks/{id}/resume',
  operation: 'resumeWebhook',
  summary: 'Goes on with a webhook at once, also with one that waits for its next try',
  body: z.strictObject({
    from: z.enum(['stopped', 'now']).default('stopped').meta({
      description: 'Where it stopped, so that it is told of everything; or only what comes now.',
    }),
  }),
  status: 200,
  answer: webhook,
  problems: notFound,
  async handle({ directory, webhooks, cause }, given) {
    const made = await directory.webhooks.resume(given.id, given.body.from, cause)
    webhooks.wake()
    return made
  },
})

export const replayWebhook = route({
  method: 'POST',
  path: '/webhooks/{id}/replay',
  operation: 'replayWebhook',
  summary: 'Tells a webhook again of an event and of all after it, and switches it on',
  body: z.strictObject({
    event: z.int().positive().meta({ description: 'The number of the event.' }),
  }),
  status: 200,
  answer: webhook,
  problems: notFound,
  async handle({ directory, webhooks, cause }, given) {
    const made = await directory.webhooks.replay(given.id, given.body.event, cause)
    webhooks.wake()
    return made
  },
})

export const testWebhook = route({
  method: 'POST',
  path: '/webhooks/{id}/test',
  operation: 'testWebhook',
  summary: 'Sends a webhook an event that did not happen, and says what came of it',
  status: 200,
  answer: delivery,
  problems: notFound,
  async handle(caller, given) {
    const found = await required(caller, given.id)
    return caller.webhooks.test(caller.organisation, found)
  },
})

export const removeWebhook = route({
  method: 'POST',
  path: '/webhooks/{id}/remove',
  operation: 'removeWebhook',
  summary: 'Removes a webhook with its secret and what is known of its deliveries',
  status: 204,
  problems: notFound,
  handle: ({ directory, cause }, given) => directory.webhooks.remove(given.id, cause),
})

export const listDeliveries = route({
  method: 'GET',
  path: '/webhooks/{id}/deliveries',
  operation: 'listDeliveries',
  summary: 'The last tries at telling a webhook of events, newest first',
  query: z.strictObject({
    before: id.exactOptional().meta({ description: 'The `next` of the part before.' }),
    limit: numberIn(z.int().min(1).max(LARGEST_PAGE).default(50)),
  }),
  status: 200,
  answer: z.strictObject({ items: z.array(delivery), next: z.string().optional() }),
  problems: notFound,
  async handle(caller, { id: webhookId, query }) {
    await required(caller, webhookId)
    const { limit } = query
    // One more tells whether there are more.
    const wanted = { ...query, limit: limit + 1 }
    const found = await caller.directory.webhooks.deliveries(webhookId, wanted)
    const items = found.slice(0, limit)
    const last = items.at(-1)
    return { items, ...(found.length > items.length && last ? { next: last.id } : {}) }
  },
})

export const readDelivery = route({
  method: 'GET',
  path: '/webhook-deliveries/{id}',
  operation: 'readDelivery',
  summary: 'A try at telling a webhook of an event, with what went out and what came back',
  status: 200,
  answer: wholeDelivery,
  problems: notFound,
  async handle({ directory }, given) {
    const found = await directory.webhooks.delivery(given.id)
    if (found) return found
    throw new Problem('notFound', 'There is no such delivery any more.')
  },
})

/** The addresses that are told of events. */
export const webhookRoutes: readonly Route[] = [
  listWebhooks,
  createWebhook,
  readWebhook,
  changeWebhook,
  renewWebhookSecret,
  pauseWebhook,
  resumeWebhook,
  replayWebhook,
  testWebhook,
  removeWebhook,
  listDeliveries,
  readDelivery,
]
