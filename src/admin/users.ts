import { z } from 'zod'
import type { Session } from '../directory/account.ts'
import { issueLink } from '../directory/one-time-link.ts'
import type { User } from '../directory/user.ts'
import { changesOfLink, takenBack } from './before-link.ts'
import { id } from './input.ts'
import { Problem } from './problems.ts'
import { route, type Caller, type Route } from './route.ts'
import { session } from './schemas.ts'

const passwordLink = z.strictObject({ url: z.string(), expires: z.iso.datetime() })

async function requireUser({ directory }: Caller, userId: string): Promise<User> {
  const user = await directory.users.read(userId)
  if (user) return user
  throw new Problem('notFound', 'There is no such user.')
}

/** A session without what only signing out at Entra needs. */
function shown(held: Session) {
  const { loginHint: _, ...told } = held
  return told
}

export const unlinkUser = route({
  method: 'POST',
  path: '/users/{id}/unlink',
  operation: 'unlinkUser',
  summary: 'Makes a linked user a local one, who is signed out everywhere',
  body: z.strictObject({
    passwordLink: z.enum(['none', 'shown', 'mailed']).default('none').meta({
      description:
        'Whether to make a link to choose a password: for you to pass on, or mailed to the user.',
    }),
    restore: z.boolean().default(false).meta({
      description:
        'Whether user name, name, e-mail and phone numbers become again what they were before the link, as far as the record says.',
    }),
  }),
  status: 200,
  answer: z.strictObject({
    passwordLink: passwordLink.optional().meta({ description: 'Shown only now.' }),
  }),
  problems: ['notFound', 'conflict'],
  async handle(caller, { id: userId, body: { passwordLink, restore } }) {
    const { directory, cause, publicUrl, now, mails } = caller
    const user = await requireUser(caller, userId)
    const back = restore ? await changesOfLink(directory, user) : []
    const mailed = passwordLink === 'mailed'
    if (mailed && !mails.configured) {
      throw new Problem('conflict', 'There is no mail server: SMTP_URL is not set.')
    }
    await directory.users.unlink(userId, cause, {
      restore: (attributes) => takenBack(attributes, back),
      ...(mailed ? { passwordLink } : {}),
    })
    if (mailed) mails.wake()
    if (passwordLink !== 'shown') return {}
    const link = { purpose: 'invitation', userId, publicUrl, now: now() } as const
    return { passwordLink: await issueLink(directory, link, cause) }
  },
})

export const listSessions = route({
  method: 'GET',
  path: '/users/{id}/sessions',
  operation: 'listSessions',
  summary: 'Where a user is signed in',
  status: 200,
  answer: z.strictObject({ items: z.array(session) }),
  problems: ['notFound'],
  async handle(caller, { id: userId }) {
    await requireUser(caller, userId)
    return { items: (await caller.directory.sessions.list(userId)).map(shown) }
  },
})

export const signUserOut = route({
  method: 'POST',
  path: '/users/{id}/sign-out',
  operation: 'signUserOut',
  summary: 'Ends all sessions of a user, in browsers and clients',
  status: 200,
  answer: z.strictObject({ ended: z.int().nonnegative() }),
  problems: ['notFound'],
  async handle(caller, { id: userId }) {
    await requireUser(caller, userId)
    const { sessions } = caller.directory
    return { ended: await sessions.endAll(userId, undefined, caller.cause) }
  },
})

export const endSession = route({
  method: 'POST',
  path: '/users/{id}/sessions/end',
  operation: 'endSession',
  summary: 'Ends one session of a user; one that is over already is no change',
  body: z.strictObject({ session: id }),
  status: 204,
  problems: ['notFound'],
  async handle(caller, { id: userId, body: { session: ended } }) {
    await requireUser(caller, userId)
    const { sessions } = caller.directory
    const own = (await sessions.list(userId)).some((each) => each.id === ended)
    if (own) await sessions.end(ended, caller.cause)
  },
})

export const makePasswordLink = route({
  method: 'POST',
  path: '/users/{id}/password-link',
  operation: 'makePasswordLink',
  summary: 'Makes a link with which a local user chooses a password, for you to pass on',
  body: z.strictObject({
    purpose: z.enum(['invitation', 'reset']).default('reset').meta({
      description: 'For somebody new it is valid for a week, to choose another for an hour.',
    }),
  }),
  status: 201,
  answer: passwordLink,
  problems: ['notFound', 'conflict'],
  async handle(caller, { id: userId, body: { purpose } }) {
    await requireUser(caller, userId)
    const { directory, cause, publicUrl, now } = caller
    return issueLink(directory, { purpose, userId, publicUrl, now: now() }, cause)
  },
})

/** What an administrator does with one user. */
export const userRoutes: readonly Route[] = [
  unlinkUser,
  listSessions,
  signUserOut,
  endSession,
  makePasswordLink,
]
