import { and, eq } from 'drizzle-orm'
import { diff } from '../directory/diff.ts'
import { DirectoryError } from '../directory/errors.ts'
import { believed, seenBy } from '../directory/held.ts'
import { healedName } from '../directory/user-name.ts'
import type { CreatedUser, Users } from '../directory/store.ts'
import { externalId, isActive, userName, type User } from '../directory/user.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { fold } from '../scim/protocol/compare.ts'
import { quote } from '../scim/protocol/error.ts'
import { removePassword } from './access.ts'
import { keepAdministrator, removeAdministrator } from './administrators.ts'
import { outlookOn } from './assignments.ts'
import { settleChange, settleRemoval } from './brake.ts'
import { record, requireVersion, write, type Context, type Write } from './context.ts'
import type { Db } from './engine.ts'
import { leaveGroups } from './groups.ts'
import { closeLinkRequests } from './link-requests.ts'
import { inviteUser } from './outbox.ts'
import { delist } from './roster-rows.ts'
import { userNameKey } from './rows.ts'
import { tallyUser } from './tallies.ts'
import { unlinkUser } from './unlink.ts'
import {
  linkedAmong,
  linkedId,
  linkedUsers,
  pageOfUsers,
  unlinkedUsers,
  shows,
  usersBy,
  usersOfIds,
} from './user-rows.ts'
import { free, settleName } from './settle-name.ts'
import { holdChange, insertUser, save } from './user-writes.ts'

/** Turns the violation of a unique index, which a race can bring about, into what the contract says. */
export function userConflict(context: Context, error: unknown): unknown {
  const index = context.engine.violatedIndex(error)
  if (index === 'users_user_name') return new DirectoryError('conflict', 'userName is in use.')
  if (index === 'users_link') {
    return new DirectoryError(
      'conflict',
      'The Entra object id in externalId belongs to another user.',
    )
  }
  return error
}

/** Whether what is asked for tells that it is this very user, and not only one of the same name. */
function isProven({ attributes }: User, asking: JsonObject): boolean {
  const given = externalId(asking)
  return given !== undefined && given === externalId(attributes)
}

/** Makes of a user who comes back what was asked for. */
async function bringBack(context: Write, user: User, asking: JsonObject): Promise<User> {
  const known = user.attributes['externalId']
  const next = { ...(known === undefined ? {} : { externalId: known }), ...asking }
  const { attributes, ...outcome } = await settleChange(context, user, next)
  return save(context, user, attributes, { ...outcome, anew: !isProven(user, asking) })
}

/** Makes of an unlinked user what it was before. */
async function restored(
  context: Write,
  user: User,
  restore: (attributes: JsonObject) => JsonObject,
): Promise<User> {
  const next = restore(user.attributes)
  if (!isActive(next)) await keepAdministrator(context, user)
  const key = userNameKey(next)
  const holders = await usersBy(context, context.db, 'userNameKey', key, 'all')
  const taken = holders.some(({ id }) => id !== user.id)
  return save(context, user, taken ? { ...next, userName: userName(user.attributes) } : next)
}

export function usersOf(context: Context): Users {
  /** A user as whoever looks is to see it. */
  const seen = (user: User) => seenBy(context.scope, user)

  async function requireUser(db: Db, id: string): Promise<User> {
    const [user] = await usersBy(context, db, 'id', id)
    if (!user) throw new DirectoryError('notFound', `There is no user ${quote(id)}.`)
    return user
  }

  /** Runs a write that answers undefined when a local account has the user name. */
  async function settled<T>(work: () => Promise<T | undefined>): Promise<T> {
    try {
      const result = await work()
      if (result !== undefined) return result
    } catch (error) {
      throw userConflict(context, error)
    }
    throw new DirectoryError(
      'localAccount',
      'A local account has this userName. An administrator must link it before it can be provisioned.',
    )
  }

  return {
    create: (user, cause) =>
      settled<CreatedUser>(async () => {
        const { insert, line } = await outlookOn(context, user, insertUser)
        const work = async (tx: Write) => {
          const name = await settleName(tx, user.attributes, undefined)
          if (name.asked) return undefined
          if (!name.returns) {
            return { user: await insert(tx), returned: false, retired: name.retired }
          }
          const returning = await bringBack(tx, name.returns, user.attributes)
          return { user: seen(returning), returned: true, retired: name.retired }
        }
        return write(context, cause, work, line)
      }),
    read: async (id) => (await usersBy(context, context.engine.read, 'id', id)).map(seen)[0],
    async some(ids) {
      const found = await usersOfIds(context, ids)
      const shown = [...found.values()].filter((user) => shows(context, user))
      return new Map(shown.map((user) => [user.id, seen(user)]))
    },
    named: async (name) =>
      (await usersBy(context, context.engine.read, 'userNameKey', fold(name))).map(seen)[0],
    async linked(link) {
      const id = await linkedId(context, context.engine.read, link)
      const found = id === undefined ? [] : await usersBy(context, context.engine.read, 'id', id)
      return found.map(seen)[0]
    },
    links: (tenantId, after, limit) => linkedUsers(context, tenantId, after, limit),
    linkedTo: (tenantId, objectIds) => linkedAmong(context, tenantId, objectIds),
    unlinked: (after, limit) => unlinkedUsers(context, after, limit),
    query: (query) => pageOfUsers(context, query),
    update: (id, expected, change, cause) =>
      settled(() =>
        write(
          context,
          cause,
          async (tx) => {
            const user = await requireUser(tx.db, id)
            requireVersion(user.version, expected)
            const before = cause.door === 'scim' ? believed(user) : user
            const next = await heal(tx, before, change(before.attributes))
            const stays = userNameKey(next) === userNameKey(user.attributes)
            const name = stays ? free : await settleName(tx, next, user.id)
            if (name.asked) return undefined
            const { attributes, ...outcome } = await settleChange(tx, user, next)
            if (!isActive(attributes)) await keepAdministrator(tx, user)
            const saved = await save(tx, user, attributes, outcome)
            return { user: seen(saved), retired: name.retired }
          },
          id,
        ),
      ),
    unlink: (id, cause, { restore, passwordLink } = {}) =>
      settled(() =>
        write(
          context,
          cause,
          async (tx) => {
            const unlinked = await unlinkUser(tx, await requireUser(tx.db, id))
            const user = restore ? await restored(tx, unlinked, restore) : unlinked
            if (passwordLink) await inviteUser(tx, user, tx.at)
            return user
          },
          id,
        ),
      ),
    remove: (id, expected, cause) =>
      write(context, cause, async (tx) => {
        const user = await requireUser(tx.db, id)
        requireVersion(user.version, expected)
        await keepAdministrator(tx, user)
        const held = await settleRemoval(tx, user)
        if (!held) return removeUser(tx, user)
        await save(tx, user, user.attributes, { held, action: 'user.held' })
      }),
  }
}

/** Gives a returning user its bare name back when nobody has taken it meanwhile. */
async function heal(context: Write, user: User, next: JsonObject): Promise<JsonObject> {
  const bare = healedName(user.attributes, next)
  if (bare === undefined) return next
  const healed = { ...next, userName: bare }
  const [taken] = await usersBy(context, context.db, 'userNameKey', userNameKey(healed), 'all')
  return taken ? next : healed
}

/** Removes a user with all that is its own. */
export async function removeUser(context: Write, user: User): Promise<void> {
  const { users } = context.engine.tables
  const { organisation } = context.scope
  await leaveGroups(context, user.id)
  await delist(context, user)
  const ended = await removePassword(context, user.id)
  await removeAdministrator(context, user.id)
  await closeLinkRequests(context, user.id, 'dismissed')
  await context.db
    .delete(users)
    .where(and(eq(users.organisation, organisation), eq(users.id, user.id)))
  await tallyUser(context, user, undefined)
  const changes = [...holdChange(user.held, null), ...diff(user.attributes, {}), ...ended]
  await record(context, 'user.deleted', user.id, changes)
}
