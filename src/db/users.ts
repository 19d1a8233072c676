import { and, eq, sql } from 'drizzle-orm'
import { mayHavePassword } from '../directory/account.ts'
import { diff } from '../directory/diff.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { Action, Change } from '../directory/event.ts'
import { decideHolder, healedName, retiredName } from '../directory/user-name.ts'
import type { CreatedUser, NewUser, Users } from '../directory/store.ts'
import {
  changesHands,
  isActive,
  linkOf,
  objectId,
  userName,
  type Link,
  type User,
} from '../directory/user.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { fold } from '../scim/protocol/compare.ts'
import { quote } from '../scim/protocol/error.ts'
import { endAccess, removePassword } from './access.ts'
import { removeAdministrator } from './administrators.ts'
import { record, requireVersion, write, type Context, type Write } from './context.ts'
import type { Db } from './engine.ts'
import { leaveGroups } from './groups.ts'
import { askForLink, closeLinkRequests } from './link-requests.ts'
import { tenantOf } from './organisations.ts'
import { userColumns, userDocument, userNameKey } from './rows.ts'
import { statement } from './statements.ts'
import { tally, tallyOpened, type Tallied } from './tallies.ts'
import { unlinkUser } from './unlink.ts'
import { removeValues, sameValues, storeValues } from './user-values.ts'
import { linkedId, linkedUsers, pageOfUsers, unlinkedUsers, usersBy } from './user-rows.ts'

function kindOf({ provisioned }: User): Tallied {
  return provisioned ? 'provisioned' : 'unprovisioned'
}

async function linkFor(context: Write, attributes: JsonObject) {
  return linkOf(attributes, await tenantOf(context))
}

interface Next {
  readonly active: boolean
  readonly provisioned: boolean
  readonly link: Link | undefined
}

/** Ends in the same transaction what a change does not let go on: sessions, links, the password (DESIGN §5.1, §5.3). */
async function endWhatEnds(context: Write, user: User, next: Next): Promise<Change[]> {
  const taken = mayHavePassword(user) && !mayHavePassword({ origin: user.origin, ...next })
  if (taken) return removePassword(context, user.id)
  const shutOut = isActive(user.attributes) && !next.active
  const another = user.link !== undefined && user.link.objectId !== next.link?.objectId
  return shutOut || another ? endAccess(context, user.id) : []
}

/**
 * Writes a changed state of a user, or nothing when it is the same. A `link` makes it this account of Entra, whatever its
 * externalId says; `because` goes into the event.
 */
export async function save(
  context: Write,
  user: User,
  next: JsonObject,
  {
    action,
    link: given,
    because,
  }: { readonly action?: Action; readonly link?: Link; readonly because?: Change } = {},
): Promise<User> {
  const relinked = given !== undefined && user.link?.objectId !== given.objectId
  const changes = diff(user.attributes, next)
  if (relinked) changes.unshift({ path: 'link', to: given.objectId })
  if (changes.length === 0) return user
  if (because) changes.push(because)
  const handed = context.cause.door === 'scim' && changesHands(user.attributes, next)
  if (handed && user.groups.length > 0) {
    await leaveGroups(context, user.id)
    changes.push({ path: 'groups', from: user.groups.map(({ id }) => id) })
  }
  const { users } = context.engine.tables
  const provisioned = user.provisioned || relinked || context.cause.door === 'scim'
  const link = given ?? (provisioned ? ((await linkFor(context, next)) ?? user.link) : user.link)
  const version = user.version + 1
  const update = statement(context.engine, context.db, 'update user', () =>
    context.db
      .update(users)
      .set({
        version: sql`${sql.placeholder('version')}`,
        provisioned: sql`${sql.param(sql.placeholder('provisioned'), users.provisioned)}`,
        lastModified: sql`${sql.placeholder('lastModified')}`,
        linkTenant: sql`${sql.placeholder('linkTenant')}`,
        linkObject: sql`${sql.placeholder('linkObject')}`,
        userNameKey: sql`${sql.placeholder('userNameKey')}`,
        externalId: sql`${sql.placeholder('externalId')}`,
        manager: sql`${sql.placeholder('manager')}`,
        resource: sql`${sql.placeholder('resource')}`,
        search: sql`${sql.placeholder('search')}`,
      })
      .where(
        and(
          eq(users.organisation, sql.placeholder('organisation')),
          eq(users.id, sql.placeholder('id')),
        ),
      ),
  )
  const document = userDocument(user.id, next)
  await update({
    organisation: context.scope.organisation,
    id: user.id,
    version,
    provisioned,
    lastModified: context.at,
    ...userColumns(next, document, link),
  })
  if (!sameValues(user.attributes, next)) {
    await removeValues(context, user)
    await storeValues(context, user.id, next)
  }
  const was = isActive(user.attributes)
  const is = isActive(next)
  changes.push(...(await endWhatEnds(context, user, { provisioned, link, active: is })))
  const turned = is ? 'user.reactivated' : 'user.deactivated'
  await record(context, action ?? (was === is ? 'user.updated' : turned), user.id, changes)
  if (provisioned && !user.provisioned) {
    await tallyOpened(context)
    await closeLinkRequests(context, user.id, 'accepted')
  }
  return {
    ...user,
    version,
    provisioned,
    lastModified: context.at,
    attributes: next,
    document,
    groups: handed ? [] : user.groups,
    ...(link ? { link } : {}),
  }
}

/** What came of asking for a user name. */
interface Settled {
  /** A local account has it; an administrator has been asked. The transaction must keep that. */
  readonly asked: boolean
  /** An inactive user gave it up. */
  readonly retired: boolean
  /** The user who is to come back instead of a new one. */
  readonly returns?: User
}

const free: Settled = { asked: false, retired: false }

/** Settles who gets the user name that `asking` wants; throws when its holder keeps it. */
export async function settleName(
  context: Write,
  asking: JsonObject,
  self: string | undefined,
): Promise<Settled> {
  const name = await settleHolder(context, asking, self)
  if (name.asked || name.returns || self !== undefined || context.cause.door !== 'scim') return name
  const returns = await formerUser(context, asking)
  return returns ? { ...name, returns } : name
}

/** The user of the same Entra object id, under whatever name, unless somebody active has it. */
async function formerUser(context: Write, asking: JsonObject): Promise<User | undefined> {
  const id = objectId(asking)
  const known = id === undefined ? [] : await usersBy(context, context.db, 'externalId', id)
  return known.some(({ attributes }) => isActive(attributes)) ? undefined : known[0]
}

async function settleHolder(
  context: Write,
  asking: JsonObject,
  self: string | undefined,
): Promise<Settled> {
  const [holder] = await usersBy(context, context.db, 'userNameKey', userNameKey(asking), 'all')
  if (!holder || holder.id === self) return free
  const decision = decideHolder(holder, asking, context.cause.door)
  switch (decision) {
    case 'returns':
      if (self === undefined) return { ...free, returns: holder }
      break
    case 'yields':
      break
    case 'asks':
      await askForLink(context, holder, asking)
      return { ...free, asked: true }
    case 'keeps':
      throw new DirectoryError('conflict', `userName ${quote(userName(asking))} is already in use.`)
  }
  await save(
    context,
    holder,
    { ...holder.attributes, userName: retiredName(holder) },
    { action: 'user.retired' },
  )
  return { ...free, retired: true }
}

/** Writes a new user, whose name must be free. */
export async function insertUser(context: Write, { attributes, origin }: NewUser): Promise<User> {
  const { users } = context.engine.tables
  const link = origin === 'local' ? undefined : await linkFor(context, attributes)
  const id = context.newId()
  const document = userDocument(id, attributes)
  const user: User = {
    id,
    version: 1,
    created: context.at,
    lastModified: context.at,
    origin,
    provisioned: origin !== 'local',
    ...(link ? { link } : {}),
    attributes,
    document,
    groups: [],
  }
  const { db } = context
  const row = statement(context.engine, db, 'insert user', () =>
    db.insert(users).values({
      organisation: sql.placeholder('organisation'),
      id: sql.placeholder('id'),
      version: sql.placeholder('version'),
      created: sql.placeholder('created'),
      lastModified: sql.placeholder('lastModified'),
      origin: sql.placeholder('origin'),
      provisioned: sql.placeholder('provisioned'),
      linkTenant: sql.placeholder('linkTenant'),
      linkObject: sql.placeholder('linkObject'),
      userNameKey: sql.placeholder('userNameKey'),
      externalId: sql.placeholder('externalId'),
      manager: sql.placeholder('manager'),
      resource: sql.placeholder('resource'),
      search: sql.placeholder('search'),
    }),
  )
  await row({
    organisation: context.scope.organisation,
    id: user.id,
    version: user.version,
    created: user.created,
    lastModified: user.lastModified,
    origin,
    provisioned: user.provisioned,
    ...userColumns(attributes, document, link),
  })
  await storeValues(context, user.id, attributes)
  await tally(context, kindOf(user), 1)
  await record(context, 'user.created', user.id, diff({}, attributes))
  return user
}

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

export function usersOf(context: Context): Users {
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
      settled<CreatedUser>(() =>
        write(context, cause, async (tx) => {
          const name = await settleName(tx, user.attributes, undefined)
          if (name.asked) return undefined
          if (!name.returns) {
            return { user: await insertUser(tx, user), returned: false, retired: name.retired }
          }
          const known = name.returns.attributes['externalId']
          const returning = await save(tx, name.returns, {
            ...(known === undefined ? {} : { externalId: known }),
            ...user.attributes,
          })
          return { user: returning, returned: true, retired: name.retired }
        }),
      ),
    read: async (id) => (await usersBy(context, context.engine.read, 'id', id))[0],
    named: async (name) =>
      (await usersBy(context, context.engine.read, 'userNameKey', fold(name)))[0],
    async linked(link) {
      const id = await linkedId(context, context.engine.read, link)
      return id === undefined
        ? undefined
        : (await usersBy(context, context.engine.read, 'id', id))[0]
    },
    links: (after, limit) => linkedUsers(context, after, limit),
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
            const next = await heal(tx, user, change(user.attributes))
            if (userNameKey(next) === userNameKey(user.attributes)) {
              return { user: await save(tx, user, next), retired: false }
            }
            const name = await settleName(tx, next, user.id)
            if (name.asked) return undefined
            return { user: await save(tx, user, next), retired: name.retired }
          },
          id,
        ),
      ),
    unlink: (id, cause) =>
      write(context, cause, async (tx) => unlinkUser(tx, await requireUser(tx.db, id)), id),
    remove: (id, expected, cause) =>
      write(context, cause, async (tx) => {
        const user = await requireUser(tx.db, id)
        requireVersion(user.version, expected)
        await removeUser(tx, user)
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

async function removeUser(context: Write, user: User): Promise<void> {
  const { users } = context.engine.tables
  const { organisation } = context.scope
  await leaveGroups(context, user.id)
  await removeValues(context, user)
  const ended = await removePassword(context, user.id)
  await removeAdministrator(context, user.id)
  await closeLinkRequests(context, user.id, 'dismissed')
  await context.db
    .delete(users)
    .where(and(eq(users.organisation, organisation), eq(users.id, user.id)))
  await tally(context, kindOf(user), -1)
  await record(context, 'user.deleted', user.id, [...diff(user.attributes, {}), ...ended])
}
