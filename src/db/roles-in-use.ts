import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { RoleInUse } from '../directory/roster.ts'
import { rolesIn } from '../directory/roles.ts'
import { fold } from '../scim/protocol/compare.ts'
import type { Context } from './context.ts'
import { extentOf } from './extent.ts'
import { compareText } from './roster-order.ts'
import { columns, statement } from './statements.ts'
import { pause } from './turns.ts'
import { usersOfIds } from './user-rows.ts'

/** So many users of a role are counted. */
const COUNTED = 10_000

/** The first role after one that some user has: one step in the index, however many users have the one before. */
async function nextHeld({ engine, scope }: Context, after: string) {
  const { userValues } = engine.tables
  const query = statement<{ key: string; userId: string }>(
    engine,
    engine.read,
    'next role in use',
    () =>
      engine.read
        .select(columns({ key: userValues.valueKey, userId: userValues.userId }))
        .from(userValues)
        .where(
          and(
            eq(userValues.organisation, sql.placeholder('organisation')),
            eq(userValues.attribute, 'roles'),
            gt(userValues.valueKey, sql.placeholder('after')),
          ),
        )
        .orderBy(asc(userValues.valueKey), asc(userValues.userId))
        .limit(1),
  )
  const [row] = await query({ organisation: scope.organisation, after })
  return row
}

async function countOf({ engine, scope }: Context, key: string): Promise<RoleInUse['users']> {
  const { userValues } = engine.tables
  const query = statement<{ total: number }>(engine, engine.read, 'users of role', () =>
    engine.read.select(columns({ total: sql`CAST(count(*) AS integer)` })).from(
      engine.read
        .select({ id: sql`${userValues.userId}`.as('id') })
        .from(userValues)
        .where(
          and(
            eq(userValues.organisation, sql.placeholder('organisation')),
            eq(userValues.attribute, 'roles'),
            eq(userValues.valueKey, sql.placeholder('key')),
          ),
        )
        .limit(sql.placeholder('limit'))
        .as('found'),
    ),
  )
  const [row] = await query({ organisation: scope.organisation, key, limit: COUNTED + 1 })
  const total = row?.total ?? 0
  return extentOf(total, COUNTED)
}

/** Roles that permissions were granted to, those after one. */
async function granted({ engine, scope }: Context, after: string, limit: number) {
  const { permissions } = engine.tables
  const rows = await engine.read
    .select({ key: permissions.holderKey })
    .from(permissions)
    .where(
      and(
        eq(permissions.organisation, scope.organisation),
        eq(permissions.holder, 'role'),
        gt(permissions.holderKey, after),
      ),
    )
    .groupBy(permissions.holderKey)
    .orderBy(asc(permissions.holderKey))
    .limit(limit)
  return new Set(rows.map(({ key }) => key))
}

/** Roles that users have, those after one, each with somebody who has it. */
async function held(context: Context, after: string, limit: number) {
  const holders = new Map<string, string>()
  for (let last = after; holders.size < limit; ) {
    const next = await nextHeld(context, last)
    if (!next) break
    holders.set(next.key, next.userId)
    last = next.key
  }
  return holders
}

/** The same as they are called, by the form they are compared in, those after one. */
async function namedRoles(context: Context, after: string, limit: number) {
  const holders = await held(context, after, limit)
  const withPermissions = await granted(context, after, limit)
  const keys = [...new Set([...holders.keys(), ...withPermissions])].sort(compareText)
  const first = keys.slice(0, limit)
  const users = await usersOfIds(context, [
    ...new Set(first.flatMap((key) => holders.get(key) ?? [])),
  ])
  return first.map((key) => {
    const holder = users.get(holders.get(key) ?? '')
    const values = holder ? rolesIn(holder.attributes['roles']) : []
    return {
      value: values.find((value) => fold(value) === key) ?? key,
      key,
      isHeld: holders.has(key),
      hasPermissions: withPermissions.has(key),
    }
  })
}

/** The first roles that users have or that permissions were granted to; nobody is counted. */
export async function roleNames(context: Context, limit: number): Promise<string[]> {
  return (await namedRoles(context, '', limit)).map(({ value }) => value)
}

/** Those after one, by the form they are compared in, with how many have each. */
export async function rolesInUse(
  context: Context,
  after: string,
  limit: number,
): Promise<RoleInUse[]> {
  const roles: RoleInUse[] = []
  for (const { isHeld, ...role } of await namedRoles(context, after, limit)) {
    // Others come in between.
    await pause()
    const users = isHeld ? await countOf(context, role.key) : { total: 0 }
    roles.push({ ...role, users })
  }
  return roles
}
