import { and, eq, sql } from 'drizzle-orm'
import { mayHavePassword } from '../directory/account.ts'
import { diff } from '../directory/diff.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { Action, Change } from '../directory/event.ts'
import { believed, seenBy, wants } from '../directory/held.ts'
import { decideHolder, healedName, retiredName } from '../directory/user-name.ts'
import type { CreatedUser, NewUser, Users } from '../directory/store.ts'
import {
  changesHands,
  externalId,
  isActive,
  linkOf,
  objectId,
  userName,
  type Hold,
  type Link,
  type User,
} from '../directory/user.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { fold } from '../scim/protocol/compare.ts'
import { quote } from '../scim/protocol/error.ts'
import { endAccess, removePassword } from './access.ts'
import { keepAdministrator, removeAdministrator } from './administrators.ts'
import { outlookOn } from './assignments.ts'
import { settleChange, settleRemoval, takeBack } from './brake.ts'
import { record, requireVersion, write, type Context, type Write } from './context.ts'
import type { Db } from './engine.ts'
import { leaveGroups } from './groups.ts'
import { askForLink, closeLinkRequests } from './link-requests.ts'
import { tenantOf } from './organisations.ts'
import { inviteUser } from './outbox.ts'
import { userColumns, userDocument, userNameKey } from './rows.ts'
import { statement } from './statements.ts'
import { tallyUser } from './tallies.ts'
import { unlinkUser } from './unlink.ts'
import { removeValues, sameValues, storeValues } from './user-values.ts'
import {
  linkedAmong,
  linkedId,
  linkedUsers,
  pageOfUsers,
  unlinkedUsers,
  usersBy,
} from './user-rows.ts'

async function linkFor(context: Write, attributes: JsonObject) {
  return linkOf(attributes, await tenantOf(context))
}

interface Next {
  readonly active: boolean
  readonly provisioned: boolean
  readonly link: Link | undefined
  /** Whether it may be another person from now on. */
  readonly anew: boolean
}

/** Ends in the same transaction what a change does not let go on: sessions, links, the password (DESIGN §5.1, §5.3). */
async function endWhatEnds(context: Write, user: User, next: Next): Promise<Change[]> {
  const taken = mayHavePassword(user) && !mayHavePassword({ origin: user.origin, ...next })
  if (taken) return removePassword(context, user.id)
  const shutOut = isActive(user.attributes) && !next.active
  const another = user.link !== undefined && user.link.objectId !== next.link?.objectId
  return shutOut || another || next.anew ? endAccess(context, user.id) : []
}

/** What an event says of what is held. */
export function holdChange(from: Hold | undefined, to: Hold | null): Change[] {
  if ((from ?? null) === to) return []
  return [{ path: 'held', ...(from ? { from } : {}), ...(to ? { to } : {}) }]
}

/** What is held of a user who is changed by somebody else: a deactivation not any more, once it is done. */
function stillHeld({ held }: User, next: JsonObject): Hold | null {
  if (held === undefined) return null
  return isActive(next) || wants(held) === 'delete' ? held : null
}

/**
 * Writes a changed state of a user, or nothing when it is the same. A `link` makes it this account of Entra, whatever its
 * externalId says; `because` goes into the event; `held` is what is held from now on; `anew` ends what let in a user of
 * whom something was held.
 */
export async function save(
  context: Write,
  user: User,
  next: JsonObject,
  {
    action,
    link: given,
    because,
    held = stillHeld(user, next),
    anew = false,
  }: {
    readonly action?: Action
    readonly link?: Link
    readonly because?: readonly Change[]
    readonly held?: Hold | null
    readonly anew?: boolean
  } = {},
): Promise<User> {
  const relinked = given !== undefined && user.link?.objectId !== given.objectId
  const changes = [...holdChange(user.held, held), ...diff(user.attributes, next)]
  if (relinked) changes.unshift({ path: 'link', to: given.objectId })
  if (changes.length === 0) return user
  if (because) changes.push(...because)
  const handed = context.cause.door === 'scim' && changesHands(believed(user).attributes, next)
  if (handed && user.groups.length > 0) {
    await leaveGroups(context, user.id)
    changes.push({ path: 'groups', from: user.groups.map(({ id }) => id) })
  }
  const { users } = context.engine.tables
  const touched = context.cause.door === 'scim' && held === null
  const provisioned = user.provisioned || relinked || touched
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
        held: sql`${sql.placeholder('held')}`,
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
    held,
    ...userColumns(next, document, link),
  })
  if (!sameValues(user.attributes, next)) {
    await removeValues(context, user)
    await storeValues(context, user.id, next)
  }
  const was = isActive(user.attributes)
  const is = isActive(next)
  const ends = anew && user.held !== undefined
  changes.push(...(await endWhatEnds(context, user, { provisioned, link, active: is, anew: ends })))
  const turned = is ? 'user.reactivated' : 'user.deactivated'
  await record(context, action ?? (was === is ? 'user.updated' : turned), user.id, changes)
  if (!was && is) await takeBack(context, user.id)
  if (provisioned && !user.provisioned) await closeLinkRequests(context, user.id, 'accepted')
  const { held: _, ...rest } = user
  const saved: User = {
    ...rest,
    version,
    provisioned,
    lastModified: context.at,
    attributes: next,
    document,
    groups: handed ? [] : user.groups,
    ...(link ? { link } : {}),
    ...(held ? { held } : {}),
  }
  await tallyUser(context, user, saved)
  return saved
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
  const all = id === undefined ? [] : await usersBy(context, context.db, 'externalId', id, 'all')
  const { localUsers } = context.scope
  const known = all.filter(({ provisioned }) => provisioned || localUsers === 'visible')
  return known.some((user) => isActive(believed(user).attributes)) ? undefined : known[0]
}

async function settleHolder(
  context: Write,
  asking: JsonObject,
  self: string | undefined,
): Promise<Settled> {
  const [holder] = await usersBy(context, context.db, 'userNameKey', userNameKey(asking), 'all')
  if (!holder || holder.id === self) return free
  const decision = decideHolder(believed(holder), asking, context.cause.door)
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

/** Writes a new user, whose name must be free; `because` goes into the event. */
export async function insertUser(
  context: Write,
  { attributes, origin }: NewUser,
  because: readonly Change[] = [],
): Promise<User> {
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
  await tallyUser(context, undefined, user)
  await record(context, 'user.created', user.id, [...diff({}, attributes), ...because])
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
    unlink: (id, cause, passwordLink) =>
      write(
        context,
        cause,
        async (tx) => {
          const user = await unlinkUser(tx, await requireUser(tx.db, id))
          if (passwordLink) await inviteUser(tx, user, tx.at)
          return user
        },
        id,
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
  await removeValues(context, user)
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
