import { and, asc, eq, sql } from 'drizzle-orm'
import type { Page, Query } from '../directory/store.ts'
import type { GroupReference, User } from '../directory/user.ts'
import type { ResolvedFilter } from '../scim/protocol/resolve.ts'
import type { Context } from './context.ts'
import type { Db, Engine } from './engine.ts'
import { pageOfAll, pageOfFilter, type Listed } from './paging.ts'
import { toUser, type UserRow } from './rows.ts'
import { columns, statement } from './statements.ts'

/** The columns by which users are looked up, each with an index. */
type Key = 'id' | 'userNameKey' | 'externalId'

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

/** The users that have a value in an indexed column, oldest first; those the scope shows, or all. */
export async function usersBy(
  { engine, scope }: Context,
  db: Db,
  key: Key,
  value: string,
  reach: 'visible' | 'all' = 'visible',
): Promise<User[]> {
  const { tables } = engine
  const provisioned = reach === 'visible' && scope.localUsers === 'hidden'
  const query = statement<Row>(engine, db, `users by ${key}`, () =>
    select(db, engine).where(
      and(
        eq(tables.users.organisation, sql.placeholder('organisation')),
        eq(tables.users[key], sql.placeholder('value')),
      ),
    ),
  )
  const found = await query({ organisation: scope.organisation, value })
  const rows = provisioned ? found.filter((row) => row.provisioned) : found
  // Not ordered by the database: SQLite would rather read all users in order than look these up and sort them.
  return toUsers(rows.length > 1 ? rows.sort((one, other) => (one.id < other.id ? -1 : 1)) : rows)
}

const keys = new Map<string, Key>([
  ['id', 'id'],
  ['userName', 'userNameKey'],
  ['externalId', 'externalId'],
])

/** The look-up that a filter of one equality is, as Entra's matching filters are. */
function lookup(filter: ResolvedFilter | undefined): { key: Key; value: string } | undefined {
  if (filter?.kind !== 'compare' || filter.op !== 'eq' || typeof filter.value !== 'string') {
    return undefined
  }
  const [name = '', ...rest] = filter.field.at
  const key = rest.length === 0 ? keys.get(name) : undefined
  return key && { key, value: filter.value }
}

/** A page of the users a filter finds, oldest first. */
export async function pageOfUsers(context: Context, query: Query): Promise<Page<User>> {
  const { engine, scope } = context
  const { filter, startIndex, count: size } = query
  const direct = lookup(filter)
  if (direct) {
    const found = await usersBy(context, engine.read, direct.key, direct.value)
    return { total: found.length, items: found.slice(startIndex - 1, startIndex - 1 + size) }
  }
  const { users } = engine.tables
  const hidden = scope.localUsers === 'hidden'
  const listed: Listed = {
    kind: 'User',
    tallied: hidden ? ['provisioned'] : ['provisioned', 'unprovisioned'],
    shown: hidden ? eq(users.provisioned, sql`${engine.json.literal(true, 'boolean')}`) : undefined,
    select: (where, limit) => {
      const found = select(engine.read, engine).where(where).orderBy(asc(users.id))
      return limit ? found.limit(limit) : found
    },
  }
  const { total, rows } = filter
    ? await pageOfFilter<Row>(context, listed, query, filter)
    : await pageOfAll<Row>(context, listed, query)
  return { total, items: toUsers(rows) }
}
