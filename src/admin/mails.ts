import { z } from 'zod'
import type { QueuedMail } from '../directory/outbox.ts'
import { id, numberIn } from './input.ts'
import { route, type Route } from './route.ts'
import { mail, mailState } from './schemas.ts'

const LARGEST_PAGE = 200

const page = z.strictObject({
  state: mailState.exactOptional(),
  planId: id.exactOptional().meta({ description: 'Those of one import.' }),
  userId: id.exactOptional(),
  before: id.exactOptional().meta({ description: 'The `next` of the part before.' }),
  limit: numberIn(z.int().min(1).max(LARGEST_PAGE).default(50)),
})

/** A mail without what goes without saying. */
function shown(queued: QueuedMail) {
  const { organisation: _, ...told } = queued
  return told
}

export const listMails = route({
  method: 'GET',
  path: '/mails',
  operation: 'listMails',
  summary: 'Mails to users, newest first',
  query: page,
  status: 200,
  answer: z.strictObject({ items: z.array(mail), next: z.string().optional() }),
  async handle({ directory }, { query }) {
    // One more tells whether there are more.
    const found = await directory.outbox.list({ ...query, limit: query.limit + 1 })
    const items = found.slice(0, query.limit).map(shown)
    const last = items.at(-1)
    return { items, ...(found.length > items.length && last ? { next: last.id } : {}) }
  },
})

export const inviteUser = route({
  method: 'POST',
  path: '/users/{id}/invitation',
  operation: 'inviteUser',
  summary:
    'Mails a user where to get the client and how to sign in; a local user, where to choose a password too',
  status: 201,
  answer: mail,
  problems: ['notFound', 'conflict'],
  async handle({ directory, mails, now, cause }, given) {
    const queued = await directory.outbox.invite(given.id, now().toISOString(), cause)
    mails.wake()
    return shown(queued)
  },
})

export const sendMails = route({
  method: 'POST',
  path: '/mails/send',
  operation: 'sendMails',
  summary:
    'Lets all go that are kept or have failed, but for those that may have arrived and those for a forgotten password',
  body: z.strictObject({
    state: z.enum(['kept', 'failed']),
    planId: id.exactOptional().meta({ description: 'Those of one import.' }),
  }),
  status: 200,
  answer: z.strictObject({ count: z.int().nonnegative() }),
  async handle({ directory, mails, cause }, { body }) {
    const count = await directory.outbox.dispatchAll(body, cause)
    mails.wake()
    return { count }
  },
})

export const sendMail = route({
  method: 'POST',
  path: '/mails/{id}/send',
  operation: 'sendMail',
  summary: 'Lets one go that is kept, waits or has failed, even if it may have arrived',
  status: 200,
  answer: mail,
  problems: ['notFound', 'conflict'],
  async handle({ directory, mails, cause }, given) {
    const queued = await directory.outbox.dispatch(given.id, cause)
    mails.wake()
    return shown(queued)
  },
})

export const cancelMail = route({
  method: 'POST',
  path: '/mails/{id}/cancel',
  operation: 'cancelMail',
  summary: 'Stops a mail that is kept, waits or has failed; one that was sent stays as it is',
  status: 200,
  answer: mail,
  problems: ['notFound'],
  handle: async ({ directory, cause }, given) =>
    shown(await directory.outbox.cancel(given.id, cause)),
})

/** Mails to users, and what became of them. */
export const mailRoutes: readonly Route[] = [listMails, inviteUser, sendMails, sendMail, cancelMail]
