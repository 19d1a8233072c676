import { and, asc, eq, gt, inArray, isNotNull, isNull, or, sql, type SQL } from 'drizzle-orm'
import { isGone, seenBy } from '../directory/held.ts'
import type { LinkedUser, Page, Query } from '../directory/store.ts'
import type { GroupReference, Hold, Link, User } from '../directory/user.ts'
import { matches } from '../scim/protocol/match.ts'
import type { ResolvedFilter } from '../scim/protocol/resolve.ts'
import type { Context } from './context.ts'
import type { Db, Engine } from './engine.ts'
import { keyLookup, valueLookup, type Key } from './lookups.ts'
import { named, paddedParts } from './padded.ts'
import { pageOfAll, pageOfFilter, type Listed } from './paging.ts'
import { toUser, type UserRow } from './rows.ts'
import { columns, statement } from './statements.ts'

/** A user without the text that only filters look at, with its groups as JSON text. */
type Row = UserRow & { readonly groups: string }

function select(db: Db, { tables, json }: Engine) {
  const { users, groups, members } = tables
  return db
    .select(
      columns({
        id: users.id,
        version: users.version,
        created: users.created,
        lastModified: users.lastModified,
        origin: users.origin,
        provisioned: users.provisioned,
        linkTenant: users.linkTenant,
        linkObject: users.linkObject,
        held: users.held,
        manager: users.manager,
        resource: users.resource,
        groups: json.collect(
          { id: sql`${groups.id}`, displayName: sql`${groups.displayName}` },
          sql`FROM ${members} JOIN ${groups} ON ${groups.organisation} = ${members.organisation} AND ${groups.id} = ${members.groupId} WHERE ${members.organisation} = ${users.organisation} AND ${members.memberId} = ${users.id}`,
        ),
      }),
    )
    .from(users)
}

const NO_GROUPS: readonly GroupReference[] = []

function toUsers(rows: readonly Row[]): User[] {
  return rows.map((row) => {
    // Made by `collect` above from these very columns.
    const groups = row.groups === '[]' ? NO_GROUPS : (JSON.parse(row.groups) as GroupReference[])
    return toUser(row, groups)
  })
}

/** Whether whoever looks may know that a user is there. */
export function shows(
  { scope }: Pick<Context, 'scope'>,
  user: { readonly provisioned: boolean | number; readonly held?: Hold | null },
): boolean {
  const visible = Boolean(user.provisioned) || scope.localUsers === 'visible'
  return visible && !(scope.view === 'client' && isGone(user))
}

/** The users that have a value in an indexed column, oldest first; those the scope shows, or all. */
export async function usersBy(
  { engine, scope }: Context,
  db: Db,
  key: Key,
  value: string,
  reach: 'visible' | 'all' = 'visible',
): Promise<User[]> {
  const { tables } = engine
  const query = statement<Row>(engine, db, `users by ${key}`, () =>
    select(db, engine).where(
      and(
        eq(tables.users.organisation, sql.placeholder('organisation')),
        eq(tables.users[key], sql.placeholder('value')),
      ),
    ),
  )
  const found = await query({ organisation: scope.organisation, value })
  const rows = reach === 'visible' ? found.filter((row) => shows({ scope }, row)) : found
  // Not ordered by the database: SQLite would rather read all users in order than look these up and sort them.
  return toUsers(rows.length > 1 ? rows.sort((one, other) => (one.id < other.id ? -1 : 1)) : rows)
}

/** The id of the user who is an account of Entra, of those the scope shows and of all. */
export async function linkedId(
  { engine, scope }: Context,
  db: Db,
  { tenantId, objectId }: Link,
): Promise<string | undefined> {
  const { users } = engine.tables
  const query = statement<{ id: string }>(engine, db, 'user by link', () =>
    db
      .select(columns({ id: users.id }))
      .from(users)
      .where(
        and(
          eq(users.organisation, sql.placeholder('organisation')),
          eq(users.linkTenant, sql.placeholder('tenantId')),
          eq(users.linkObject, sql.placeholder('objectId')),
        ),
      ),
  )
  const [row] = await query({ organisation: scope.organisation, tenantId, objectId })
  return row?.id
}

/** The users of these ids whoever looks, each by its id, as far as there are any. */
export async function usersOfIds(
  { engine, scope }: Context,
  ids: readonly string[],
): Promise<ReadonlyMap<string, User>> {
  const { users } = engine.tables
  const found = new Map<string, User>()
  for (const part of paddedParts(ids)) {
    const values = named('id', part)
    const query = statement<Row>(engine, engine.read, `${values.length} users`, () =>
      select(engine.read, engine).where(
        and(
          eq(users.organisation, sql.placeholder('organisation')),
          inArray(
            users.id,
            values.map(([id]) => sql.placeholder(id)),
          ),
        ),
      ),
    )
    const rows = await query({ organisation: scope.organisation, ...Object.fromEntries(values) })
    for (const user of toUsers(rows)) found.set(user.id, user)
  }
  return found
}

/** Users who are accounts of a tenant of Entra. */
function selectLinked({ engine, scope }: Context, tenantId: string, among: SQL | undefined) {
  const { users } = engine.tables
  return engine.read
    .select({ userId: users.id, objectId: users.linkObject })
    .from(users)
    .where(
      and(
        eq(users.organisation, scope.organisation),
        eq(users.linkTenant, tenantId),
        isNotNull(users.linkObject),
        among,
      ),
    )
}

function toLinked(rows: readonly { userId: string; objectId: string | null }[]): LinkedUser[] {
  return rows.flatMap(({ userId, objectId }) => (objectId === null ? [] : [{ userId, objectId }]))
}

/** Users who are accounts of a tenant of Entra, by id, those after an id. */
export async function linkedUsers(
  context: Context,
  tenantId: string,
  after: string,
  limit: number,
): Promise<LinkedUser[]> {
  const { users } = context.engine.tables
  return toLinked(
    await selectLinked(context, tenantId, gt(users.id, after)).orderBy(asc(users.id)).limit(limit),
  )
}

/** The users who are these accounts of a tenant of Entra; not more than a thousand. */
export async function linkedAmong(
  context: Context,
  tenantId: string,
  objectIds: readonly string[],
): Promise<LinkedUser[]> {
  const { users } = context.engine.tables
  if (objectIds.length === 0) return []
  return toLinked(await selectLinked(context, tenantId, inArray(users.linkObject, [...objectIds])))
}

/** Users who are no account of Entra, by id, those after an id. */
export async function unlinkedUsers(
  context: Context,
  after: string,
  limit: number,
): Promise<User[]> {
  const { engine, scope } = context
  const { users } = engine.tables
  // The index of the links has those without one too.
  const rows = await engine.read
    .select({ id: users.id })
    .from(users)
    .where(
      and(
        eq(users.organisation, scope.organisation),
        isNull(users.linkTenant),
        isNull(users.linkObject),
        gt(users.id, after),
      ),
    )
    .orderBy(asc(users.id))
    .limit(limit)
  const found: User[] = []
  for (const { id } of rows) found.push(...(await usersBy(context, engine.read, 'id', id)))
  return found
}

/** The users who have one of these e-mail addresses, in comparable form; not more than a few. */
export async function usersByAddress(
  context: Context,
  db: Db,
  addresses: readonly string[],
): Promise<User[]> {
  const found = new Map<string, User>()
  for (const value of addresses) {
    for (const { id } of await idsByValue(context, db, { attribute: 'emails', value })) {
      for (const user of await usersBy(context, db, 'id', id, 'all')) found.set(id, user)
    }
  }
  return [...found.values()]
}

/** Up to so many users are looked at one by one: a subquery costs SQLite more than that. */
const FEW = 10

/** The ids of users with a value, one more than a few at most. */
async function idsByValue(
  { engine, scope }: Context,
  db: Db,
  wanted: { readonly attribute: 'emails' | 'roles'; readonly value: string },
): Promise<{ id: string }[]> {
  const { userValues } = engine.tables
  const query = statement<{ id: string }>(engine, db, 'users by value', () =>
    db
      .select(columns({ id: userValues.userId }))
      .from(userValues)
      .where(
        and(
          eq(userValues.organisation, sql.placeholder('organisation')),
          eq(userValues.attribute, sql.placeholder('attribute')),
          eq(userValues.valueKey, sql.placeholder('value')),
        ),
      )
      .orderBy(asc(userValues.userId))
      .limit(FEW + 1),
  )
  return query({ organisation: scope.organisation, ...wanted })
}

/** The users a filter on e-mail addresses or roles finds, oldest first, when not more than a few have the value. */
async function usersByValue(context: Context, filter: ResolvedFilter): Promise<User[] | undefined> {
  const { engine } = context
  const wanted = valueLookup(filter)
  if (!wanted) return undefined
  const ids = await idsByValue(context, engine.read, wanted)
  if (ids.length > FEW) return undefined
  const users: User[] = []
  for (const { id } of ids) users.push(...(await usersBy(context, engine.read, 'id', id)))
  return users
    .map((user) => seenBy(context.scope, user))
    .filter(({ attributes }) => matches(attributes, filter))
}

/** The users that an index finds for a filter, all of them; undefined when there are many, or no index is enough. */
async function found(context: Context, filter: ResolvedFilter): Promise<User[] | undefined> {
  const direct = keyLookup(filter)
  if (!direct) return usersByValue(context, filter)
  const users = await usersBy(context, context.engine.read, direct.key, direct.value)
  return users.map((user) => seenBy(context.scope, user))
}

/** The list of users that a scope shows. */
function listOf({ engine, scope }: Context): Listed {
  const { users } = engine.tables
  const hidden = scope.localUsers === 'hidden'
  const client = scope.view === 'client'
  const provisioned = eq(users.provisioned, sql`${engine.json.literal(true, 'boolean')}`)
  // In the terms of an index that has this column last.
  const there = or(isNull(users.held), inArray(users.held, ['deactivate', 'deactivating']))
  return {
    kind: 'User',
    view: scope.view,
    tallied: [
      'provisioned',
      ...(hidden ? [] : (['unprovisioned'] as const)),
      ...(client ? [] : (['departing'] as const)),
    ],
    shown: and(hidden ? provisioned : undefined, client ? there : undefined),
    select: (where, limit) => {
      const found = select(engine.read, engine).where(where).orderBy(asc(users.id))
      return limit ? found.limit(limit) : found
    },
  }
}

/** A page of the users a filter finds, oldest first. */
export async function pageOfUsers(context: Context, query: Query): Promise<Page<User>> {
  const { filter, startIndex, count: size } = query
  const all = filter && (await found(context, filter))
  if (all) {
    return { total: all.length, items: all.slice(startIndex - 1, startIndex - 1 + size) }
  }
  const listed = listOf(context)
  const { total, rows } = filter
    ? await pageOfFilter<Row>(context, listed, query, filter)
    : await pageOfAll<Row>(context, listed, query)
  return { total, items: toUsers(rows).map((user) => seenBy(context.scope, user)) }
}
