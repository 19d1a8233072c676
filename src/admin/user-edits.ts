import { z } from 'zod'
import { mayHavePassword } from '../directory/account.ts'
import { DirectoryError } from '../directory/errors.ts'
import { isMailAddress, mailAddress } from '../directory/mail-address.ts'
import { issueLink } from '../directory/one-time-link.ts'
import type { User } from '../directory/user.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { badBody, badPlaces, id, text } from './input.ts'
import { Problem, type Mistake } from './problems.ts'
import { route, type Caller, type Route } from './route.ts'
import { changed, ownFields, type OwnFields } from './user-fields.ts'
import { requireUser, shownWhole } from './user-list.ts'
import { wholeUser } from './user-schemas.ts'

const MOST_GROUPS = 50

const filled = (longest: number) => text(longest).trim().min(1, 'Has to be said, or be left out.')
const address = filled(320).refine(isMailAddress, 'Is no e-mail address.')
const groups = z.array(id).max(MOST_GROUPS)

const newUser = z.strictObject({
  userName: filled(200),
  displayName: filled(200).exactOptional(),
  givenName: filled(200).exactOptional(),
  familyName: filled(200).exactOptional(),
  email: address.exactOptional(),
  mobile: filled(60).exactOptional(),
  groups: groups.default([]).meta({ description: 'Ids of user groups.' }),
  role: filled(200).exactOptional(),
  invite: z.enum(['none', 'mailed', 'shown']).default('none').meta({
    description:
      'Whether to make a link to choose a password: mailed to the user, or for you to pass on.',
  }),
})

const taken = { description: 'Null takes it away.' }

const changes = z.strictObject({
  userName: filled(200).exactOptional(),
  displayName: filled(200).nullable().exactOptional().meta(taken),
  givenName: filled(200).nullable().exactOptional().meta(taken),
  familyName: filled(200).nullable().exactOptional().meta(taken),
  email: address.nullable().exactOptional().meta(taken),
  mobile: filled(60).nullable().exactOptional().meta(taken),
  roles: z.array(filled(200)).max(MOST_GROUPS).exactOptional().meta({
    description: 'All that the user is to have; the only thing to change of whom Entra owns.',
  }),
})

const moves = z.strictObject({ join: groups.default([]), leave: groups.default([]) })

function conflict(detail: string, mistakes: readonly Mistake[]): Problem {
  return new Problem('conflict', detail, { mistakes })
}

/** Refuses groups that are not there, or whose members come from provisioning, each at its place. */
async function requireOwnGroups(
  { directory }: Caller,
  ids: readonly string[],
  place: string,
): Promise<void> {
  for (const [index, each] of ids.entries()) {
    const group = await directory.groups.read(each, false)
    if (!group) throw badBody([place, index], 'There is no such group.')
    if (group.origin !== 'scim') continue
    const detail = 'The members of this group come from Entra: change them there.'
    throw conflict(detail, [{ detail, pointer: `#/${place}/${index}` }])
  }
}

/** Runs a write, and where it turns out that another user has the user name, says so at its place. */
async function withName<T>(
  { directory }: Caller,
  name: string | undefined,
  own: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DirectoryError) || error.code !== 'conflict') throw error
    const holder = name === undefined ? undefined : await directory.users.named(name)
    if (!holder || holder.id === own) throw error
    const detail = 'Another user has this user name.'
    throw conflict(detail, [{ detail, pointer: '#/userName' }])
  }
}

/** Refuses what is Entra's of a user, each at its place. */
function requireOwn(user: User, given: OwnFields): void {
  if (mayHavePassword(user)) return
  const detail = 'Entra owns this: change it there, or unlink the user first.'
  const mistakes = ownFields
    .filter((field) => given[field] !== undefined)
    .map((field) => ({ detail, pointer: `#/${field}` }))
  if (mistakes.length > 0) throw conflict(detail, mistakes)
}

/** Switches a local user on or off. */
async function turn(caller: Caller, userId: string, active: boolean) {
  const { directory, cause } = caller
  const user = await requireUser(caller, userId)
  if (!mayHavePassword(user)) {
    const how = active ? 'enable the account there' : 'block its sign-in there'
    throw new Problem(
      'conflict',
      `Entra says whether this user is active: ${how}, or unlink the user first.`,
    )
  }
  const change = (current: JsonObject) => ({ ...current, active })
  // Of this version: it may be Entra's by the next.
  const { user: now } = await directory.users.update(userId, [user.version], change, cause)
  return shownWhole(caller, now)
}

export const createUser = route({
  method: 'POST',
  path: '/users',
  operation: 'createUser',
  summary: 'Makes a local user, who signs in with a password',
  body: newUser,
  status: 201,
  answer: wholeUser.extend({
    passwordLink: z
      .strictObject({ url: z.string(), expires: z.iso.datetime() })
      .optional()
      .meta({ description: 'Shown only now.' }),
  }),
  problems: ['conflict', 'notFound'],
  locate: (made) => `/users/${made.id}`,
  async handle(caller, { body: { groups: joined, role, invite, ...given } }) {
    const { directory, cause, mails, publicUrl, now } = caller
    const roles = role === undefined ? {} : { roles: [role] }
    const attributes = changed({ active: true }, { ...given, ...roles })
    if (invite === 'mailed') {
      if (!mails.configured) {
        throw new Problem('conflict', 'There is no mail server: SMTP_URL is not set.')
      }
      if (mailAddress(attributes) === undefined) {
        throw badBody(['email'], 'There is no address to mail to.')
      }
    }
    await requireOwnGroups(caller, joined, 'groups')
    const mailed = invite === 'mailed' ? { passwordLink: 'mailed' as const } : {}
    const user = await withName(caller, given.userName, undefined, () =>
      directory.byHand.createUser({ attributes, groups: joined, ...mailed }, cause),
    )
    if (invite === 'mailed') mails.wake()
    const whole = await shownWhole(caller, user)
    if (invite !== 'shown') return whole
    const link = { purpose: 'invitation', userId: user.id, publicUrl, now: now() } as const
    return { ...whole, passwordLink: await issueLink(directory, link, cause) }
  },
})

export const updateUser = route({
  method: 'POST',
  path: '/users/{id}',
  operation: 'updateUser',
  summary: 'Changes a local user; of one whom Entra owns, the roles',
  body: changes,
  status: 200,
  answer: wholeUser,
  problems: ['notFound', 'conflict', 'versionMismatch'],
  async handle(caller, { id: userId, body }) {
    const { directory, cause } = caller
    const user = await requireUser(caller, userId)
    requireOwn(user, body)
    const change = (current: JsonObject) => changed(current, body)
    const { user: now } = await withName(caller, body.userName, userId, () =>
      directory.users.update(userId, [user.version], change, cause),
    )
    return shownWhole(caller, now)
  },
})

export const changeUserGroups = route({
  method: 'POST',
  path: '/users/{id}/groups',
  operation: 'changeUserGroups',
  summary: 'Makes a user a member of groups and takes it out of others',
  body: moves,
  status: 200,
  answer: wholeUser,
  problems: ['notFound', 'conflict'],
  async handle(caller, { id: userId, body: { join, leave } }) {
    await requireUser(caller, userId)
    const both = leave.flatMap((group, index) => (join.includes(group) ? [index] : []))
    if (both.length > 0) {
      const detail = 'Is among those to join too.'
      throw badPlaces(both.map((index) => ({ path: ['leave', index], detail })))
    }
    await requireOwnGroups(caller, join, 'join')
    await requireOwnGroups(caller, leave, 'leave')
    await caller.directory.byHand.changeGroups(userId, { join, leave }, caller.cause)
    return shownWhole(caller, await requireUser(caller, userId))
  },
})

export const deactivateUser = route({
  method: 'POST',
  path: '/users/{id}/deactivate',
  operation: 'deactivateUser',
  summary: 'Shuts a local user out, who is signed out everywhere',
  status: 200,
  answer: wholeUser,
  problems: ['notFound', 'conflict', 'versionMismatch'],
  handle: (caller, given) => turn(caller, given.id, false),
})

export const activateUser = route({
  method: 'POST',
  path: '/users/{id}/activate',
  operation: 'activateUser',
  summary: 'Lets a local user in again',
  status: 200,
  answer: wholeUser,
  problems: ['notFound', 'conflict', 'versionMismatch'],
  handle: (caller, given) => turn(caller, given.id, true),
})

export const removeUser = route({
  method: 'POST',
  path: '/users/{id}/remove',
  operation: 'removeUser',
  summary: 'Removes a user whom provisioning did not make, who is signed out everywhere',
  status: 204,
  problems: ['notFound', 'conflict', 'versionMismatch'],
  async handle(caller, { id: userId }) {
    const { origin, version } = await requireUser(caller, userId)
    if (origin === 'scim') {
      throw new Problem(
        'conflict',
        'Provisioning made this user, and would make it again: take the application from the person at Entra.',
      )
    }
    await caller.directory.users.remove(userId, [version], caller.cause)
  },
})

/** What an administrator makes, changes and removes by hand. */
export const userEditRoutes: readonly Route[] = [
  createUser,
  updateUser,
  changeUserGroups,
  deactivateUser,
  activateUser,
  removeUser,
]
