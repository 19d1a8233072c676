import { and, asc, count, eq, inArray, type SQL } from 'drizzle-orm'
import { diff } from '../directory/diff.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { Action } from '../directory/event.ts'
import { decideHolder, healedName, retiredName } from '../directory/user-name.ts'
import type { CreatedUser, NewUser, Query, Users } from '../directory/store.ts'
import {
  changesHands,
  isActive,
  linkOf,
  objectId,
  userName,
  type GroupReference,
  type User,
} from '../directory/user.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { quote } from '../scim/protocol/error.ts'
import { chunks, record, requireVersion, write, type Context, type Write } from './context.ts'
import type { Db } from './engine.ts'
import { filterCondition } from './filter-sql.ts'
import { leaveGroups } from './groups.ts'
import { askForLink, closeLinkRequests } from './link-requests.ts'
import { tenantOf } from './organisations.ts'
import { indexedValues, toAttributes, toUser, userColumns, userNameKey } from './rows.ts'

/** The users a scope shows. */
function visible({ engine, scope }: Context): SQL | undefined {
  const { users } = engine.tables
  const mine = eq(users.organisation, scope.organisation)
  return scope.localUsers === 'visible' ? mine : and(mine, eq(users.provisioned, true))
}

async function groupsOf(
  { engine, scope }: Context,
  db: Db,
  ids: readonly string[],
): Promise<Map<string, GroupReference[]>> {
  const { groups, members } = engine.tables
  const found = new Map<string, GroupReference[]>()
  for (const chunk of chunks(ids)) {
    const rows = await db
      .select({ userId: members.memberId, id: groups.id, displayName: groups.displayName })
      .from(members)
      .innerJoin(
        groups,
        and(eq(groups.organisation, members.organisation), eq(groups.id, members.groupId)),
      )
      .where(and(eq(members.organisation, scope.organisation), inArray(members.memberId, chunk)))
      .orderBy(asc(groups.id))
    for (const { userId, id, displayName } of rows) {
      found.set(userId, [...(found.get(userId) ?? []), { id, displayName }])
    }
  }
  return found
}

async function find(context: Context, db: Db, where: SQL | undefined): Promise<User | undefined> {
  const [row] = await db.select().from(context.engine.tables.users).where(where).limit(1)
  if (!row) return undefined
  const groups = await groupsOf(context, db, [row.id])
  return toUser(row, groups.get(row.id) ?? [])
}

function byId(context: Context, id: string): SQL | undefined {
  return and(visible(context), eq(context.engine.tables.users.id, id))
}

async function storeValues(context: Write, id: string, attributes: JsonObject): Promise<void> {
  const { userValues } = context.engine.tables
  const { organisation } = context.scope
  await context.db
    .delete(userValues)
    .where(and(eq(userValues.organisation, organisation), eq(userValues.userId, id)))
  const values = indexedValues(attributes)
  for (const chunk of chunks(values)) {
    await context.db
      .insert(userValues)
      .values(chunk.map((value) => ({ organisation, userId: id, ...value })))
  }
}

function sameValues(before: JsonObject, after: JsonObject): boolean {
  return JSON.stringify(indexedValues(before)) === JSON.stringify(indexedValues(after))
}

async function linkFor(context: Write, attributes: JsonObject) {
  return linkOf(attributes, await tenantOf(context))
}

/** Writes a changed state of a user, or nothing when it is the same. */
async function save(context: Write, user: User, next: JsonObject, action?: Action): Promise<User> {
  const changes = diff(user.attributes, next)
  if (changes.length === 0) return user
  const handed = context.cause.door === 'scim' && changesHands(user.attributes, next)
  if (handed && user.groups.length > 0) {
    await leaveGroups(context, user.id)
    changes.push({ path: 'groups', from: user.groups.map(({ id }) => id) })
  }
  const { users } = context.engine.tables
  const provisioned = user.provisioned || context.cause.door === 'scim'
  const link = provisioned ? ((await linkFor(context, next)) ?? user.link) : user.link
  const version = user.version + 1
  await context.db
    .update(users)
    .set({ version, provisioned, lastModified: context.at, ...userColumns(next, link) })
    .where(and(eq(users.organisation, context.scope.organisation), eq(users.id, user.id)))
  if (!sameValues(user.attributes, next)) await storeValues(context, user.id, next)
  const was = isActive(user.attributes)
  const is = isActive(next)
  const turned = is ? 'user.reactivated' : 'user.deactivated'
  await record(context, action ?? (was === is ? 'user.updated' : turned), user.id, changes)
  if (provisioned && !user.provisioned) await closeLinkRequests(context, user.id, 'accepted')
  return {
    ...user,
    version,
    provisioned,
    lastModified: context.at,
    attributes: next,
    groups: handed ? [] : user.groups,
    ...(link ? { link } : {}),
  }
}

/** Thrown inside a transaction that must keep what it wrote: the link request of a refused create. */
class Asks extends Error {}

/** What is to happen about the user name that `asking` wants; throws when its holder keeps it. */
async function settleName(
  context: Write,
  asking: JsonObject,
  self: string | undefined,
): Promise<{ returns?: User; retired: boolean }> {
  const name = await settleHolder(context, asking, self)
  if (name.returns || self !== undefined || context.cause.door !== 'scim') return name
  const returns = await formerUser(context, asking)
  return returns ? { ...name, returns } : name
}

/** The user of the same Entra object id, under whatever name, unless somebody active has it. */
async function formerUser(context: Write, asking: JsonObject): Promise<User | undefined> {
  const { users } = context.engine.tables
  const id = objectId(asking)
  if (id === undefined) return undefined
  const rows = await context.db
    .select({ id: users.id, resource: users.resource })
    .from(users)
    .where(and(visible(context), eq(users.externalId, id)))
    .orderBy(asc(users.id))
  const [first] = rows
  const gone = rows.every(({ resource }) => !isActive(toAttributes(resource)))
  return first && gone ? find(context, context.db, byId(context, first.id)) : undefined
}

async function settleHolder(
  context: Write,
  asking: JsonObject,
  self: string | undefined,
): Promise<{ returns?: User; retired: boolean }> {
  const { users } = context.engine.tables
  const holder = await find(
    context,
    context.db,
    and(
      eq(users.organisation, context.scope.organisation),
      eq(users.userNameKey, userNameKey(asking)),
    ),
  )
  if (!holder || holder.id === self) return { retired: false }
  const decision = decideHolder(holder, asking, context.cause.door)
  switch (decision) {
    case 'returns':
      if (self === undefined) return { returns: holder, retired: false }
      break
    case 'yields':
      break
    case 'asks':
      await askForLink(context, holder, asking)
      throw new Asks()
    case 'keeps':
      throw new DirectoryError('conflict', `userName ${quote(userName(asking))} is already in use.`)
  }
  await save(
    context,
    holder,
    { ...holder.attributes, userName: retiredName(holder) },
    'user.retired',
  )
  return { retired: true }
}

async function insert(context: Write, { attributes, origin }: NewUser): Promise<User> {
  const { users } = context.engine.tables
  const link = origin === 'scim' ? await linkFor(context, attributes) : undefined
  const user: User = {
    id: context.newId(),
    version: 1,
    created: context.at,
    lastModified: context.at,
    origin,
    provisioned: origin !== 'local',
    ...(link ? { link } : {}),
    attributes,
    groups: [],
  }
  await context.db.insert(users).values({
    organisation: context.scope.organisation,
    id: user.id,
    version: user.version,
    created: user.created,
    lastModified: user.lastModified,
    origin,
    provisioned: user.provisioned,
    ...userColumns(attributes, link),
  })
  await storeValues(context, user.id, attributes)
  await record(context, 'user.created', user.id, diff({}, attributes))
  return user
}

/** Turns the violation of a unique index, which a race can bring about, into what the contract says. */
function conflictOf(context: Context, error: unknown): unknown {
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

async function page(context: Context, { filter, startIndex, count: size }: Query) {
  const { engine, scope } = context
  const { users } = engine.tables
  const where = and(
    visible(context),
    filter && filterCondition(engine, 'User', scope.organisation, filter),
  )
  const [counted] = await engine.read.select({ total: count() }).from(users).where(where)
  const total = counted?.total ?? 0
  if (size === 0 || startIndex > total) return { total, items: [] }
  const ids = engine.read
    .select({ id: users.id })
    .from(users)
    .where(where)
    .orderBy(asc(users.id))
    .limit(size)
    .offset(startIndex - 1)
  const rows = await engine.read
    .select()
    .from(users)
    .where(and(eq(users.organisation, scope.organisation), inArray(users.id, ids)))
    .orderBy(asc(users.id))
  const groups = await groupsOf(
    context,
    engine.read,
    rows.map((row) => row.id),
  )
  return { total, items: rows.map((row) => toUser(row, groups.get(row.id) ?? [])) }
}

export function usersOf(context: Context): Users {
  async function requireUser(db: Db, id: string): Promise<User> {
    const user = await find(context, db, byId(context, id))
    if (!user) throw new DirectoryError('notFound', `There is no user ${quote(id)}.`)
    return user
  }

  async function settled<T>(work: () => Promise<T | Asks>): Promise<T> {
    try {
      const result = await work()
      if (!(result instanceof Asks)) return result
    } catch (error) {
      throw conflictOf(context, error)
    }
    throw new DirectoryError(
      'localAccount',
      'A local account has this userName. An administrator must link it before it can be provisioned.',
    )
  }

  /** An Asks ends the work but not the transaction. */
  const keep = (error: unknown): Asks => {
    if (error instanceof Asks) return error
    throw error
  }

  return {
    create: (user, cause) =>
      settled<CreatedUser>(() =>
        write(context, cause, async (tx) => {
          const name = await settleName(tx, user.attributes, undefined).catch(keep)
          if (name instanceof Asks) return name
          if (!name.returns) {
            return { user: await insert(tx, user), returned: false, retired: name.retired }
          }
          const known = name.returns.attributes['externalId']
          const returning = await save(tx, name.returns, {
            ...(known === undefined ? {} : { externalId: known }),
            ...user.attributes,
          })
          return { user: returning, returned: true, retired: name.retired }
        }),
      ),
    read: (id) => find(context, context.engine.read, byId(context, id)),
    query: (query) => page(context, query),
    update: (id, expected, change, cause) =>
      settled(() =>
        write(context, cause, async (tx) => {
          const user = await requireUser(tx.db, id)
          requireVersion(user.version, expected)
          const next = await heal(tx, user, change(user.attributes))
          if (userNameKey(next) === userNameKey(user.attributes)) {
            return { user: await save(tx, user, next), retired: false }
          }
          const name = await settleName(tx, next, user.id).catch(keep)
          if (name instanceof Asks) return name
          return { user: await save(tx, user, next), retired: name.retired }
        }),
      ),
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
  const { users } = context.engine.tables
  const [taken] = await context.db
    .select({ id: users.id })
    .from(users)
    .where(
      and(
        eq(users.organisation, context.scope.organisation),
        eq(users.userNameKey, userNameKey(healed)),
      ),
    )
  return taken ? next : healed
}

async function removeUser(context: Write, user: User): Promise<void> {
  const { users, userValues } = context.engine.tables
  const { organisation } = context.scope
  await leaveGroups(context, user.id)
  await context.db
    .delete(userValues)
    .where(and(eq(userValues.organisation, organisation), eq(userValues.userId, user.id)))
  await closeLinkRequests(context, user.id, 'dismissed')
  await context.db
    .delete(users)
    .where(and(eq(users.organisation, organisation), eq(users.id, user.id)))
  await record(context, 'user.deleted', user.id, diff(user.attributes, {}))
}
