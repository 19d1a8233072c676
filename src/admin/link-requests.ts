import { z } from 'zod'
import { id } from './input.ts'
import { route, type Route } from './route.ts'
import { linkRequest } from './schemas.ts'

const listLinkRequests = route({
  method: 'GET',
  path: '/link-requests',
  operation: 'listLinkRequests',
  summary: 'Those that nobody has decided on, oldest first',
  status: 200,
  answer: z.strictObject({ items: z.array(linkRequest) }),
  handle: async ({ directory }) => ({ items: await directory.linkRequests.list() }),
})

export const acceptLinkRequest = route({
  method: 'POST',
  path: '/link-requests/{id}/accept',
  operation: 'acceptLinkRequest',
  summary: 'Makes a user the account that asks',
  body: z.strictObject({
    userId: id
      .exactOptional()
      .meta({ description: 'Whom, where it is not the user whom the request names.' }),
  }),
  status: 204,
  problems: ['notFound', 'conflict'],
  handle: ({ directory, cause }, given) =>
    directory.linkRequests.accept(given.id, given.body.userId, cause),
})

export const dismissLinkRequest = route({
  method: 'POST',
  path: '/link-requests/{id}/dismiss',
  operation: 'dismissLinkRequest',
  summary: 'Leaves the account without a user',
  status: 204,
  problems: ['notFound'],
  handle: ({ directory, cause }, given) => directory.linkRequests.dismiss(given.id, cause),
})

export const reopenLinkRequest = route({
  method: 'POST',
  path: '/link-requests/{id}/reopen',
  operation: 'reopenLinkRequest',
  summary: 'Takes back what was decided: who asked asks again, who was suggested may be once more',
  status: 204,
  problems: ['notFound'],
  handle: ({ directory, cause }, given) => directory.linkRequests.reopen(given.id, cause),
})

/** Accounts of Entra that want to be users here. */
export const linkRequestRoutes: readonly Route[] = [
  listLinkRequests,
  acceptLinkRequest,
  dismissLinkRequest,
  reopenLinkRequest,
]
