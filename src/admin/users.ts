import { z } from 'zod'
import type { Session } from '../directory/account.ts'
import { issueLink } from '../directory/one-time-link.ts'
import { Problem } from './problems.ts'
import { route, type Caller, type Route } from './route.ts'
import { session } from './schemas.ts'

async function requireUser({ directory }: Caller, id: string): Promise<void> {
  if (await directory.users.read(id)) return
  throw new Problem('notFound', 'There is no such user.')
}

/** A session without what only signing out at Entra needs. */
function shown(held: Session) {
  const { loginHint: _, ...told } = held
  return told
}

/** What an administrator does with one user. */
export const userRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/users/{id}/unlink',
    operation: 'unlinkUser',
    summary: 'Makes a linked user a local one, who is signed out everywhere',
    body: z.strictObject({
      passwordLink: z.enum(['none', 'shown', 'mailed']).default('none').meta({
        description:
          'Whether to make a link to choose a password: for you to pass on, or mailed to the user.',
      }),
    }),
    status: 200,
    answer: z.strictObject({
      passwordLink: z
        .strictObject({ url: z.string(), expires: z.iso.datetime() })
        .optional()
        .meta({ description: 'Shown only now.' }),
    }),
    problems: ['notFound', 'conflict'],
    async handle({ directory, cause, publicUrl, now, mails }, { id: userId, body }) {
      if (body.passwordLink === 'mailed') {
        if (!mails.configured) {
          throw new Problem('conflict', 'There is no mail server: SMTP_URL is not set.')
        }
        await directory.users.unlink(userId, cause, 'mailed')
        mails.wake()
        return {}
      }
      await directory.users.unlink(userId, cause)
      if (body.passwordLink === 'none') return {}
      const link = { purpose: 'invitation', userId, publicUrl, now: now() } as const
      return { passwordLink: await issueLink(directory, link, cause) }
    },
  }),
  route({
    method: 'GET',
    path: '/users/{id}/sessions',
    operation: 'listSessions',
    summary: 'Where a user is signed in',
    status: 200,
    answer: z.strictObject({ items: z.array(session) }),
    problems: ['notFound'],
    async handle(caller, { id }) {
      await requireUser(caller, id)
      return { items: (await caller.directory.sessions.list(id)).map(shown) }
    },
  }),
  route({
    method: 'POST',
    path: '/users/{id}/sign-out',
    operation: 'signUserOut',
    summary: 'Ends all sessions of a user, in browsers and clients',
    status: 200,
    answer: z.strictObject({ ended: z.int().nonnegative() }),
    problems: ['notFound'],
    async handle(caller, { id }) {
      await requireUser(caller, id)
      const { sessions } = caller.directory
      return { ended: await sessions.endAll(id, undefined, caller.cause) }
    },
  }),
]
