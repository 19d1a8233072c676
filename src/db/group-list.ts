import { and, asc, count, eq, gt, inArray, ne, sql, type SQL } from 'drizzle-orm'
import type { GroupPage, GroupQuery, GroupSize } from '../directory/group.ts'
import { fold } from '../scim/protocol/compare.ts'
import { chunks, type Context } from './context.ts'
import { extentOf } from './extent.ts'
import { tallied } from './tallies.ts'

/** So many members of a group are counted for a list. */
const COUNTED = 1_000

/** Which groups are asked for, whatever the page; undefined for all of them. */
function asked({ engine }: Context, { search = '', filled }: GroupQuery): SQL | undefined {
  const { displayNameKey, origin } = engine.tables.groups
  return and(
    search === '' ? undefined : engine.json.contains(sql`${displayNameKey}`, sql`${fold(search)}`),
    filled === undefined ? undefined : (filled === 'entra' ? eq : ne)(origin, 'scim'),
  )
}

/** How many groups are asked for; where that is all of them, nothing is looked at. */
async function totalOf(context: Context, condition: SQL | undefined): Promise<number> {
  if (condition === undefined) return (await tallied(context, ['groups'])).total
  const { groups } = context.engine.tables
  const [row] = await context.engine.read
    .select({ total: count() })
    .from(groups)
    .where(and(eq(groups.organisation, context.scope.organisation), condition))
  return row?.total ?? 0
}

/** A page of groups by name. */
export async function listOfGroups(context: Context, query: GroupQuery): Promise<GroupPage> {
  const { engine, scope } = context
  const { groups } = engine.tables
  const { id, displayName, displayNameKey: key, origin } = groups
  const condition = asked(context, query)
  const rows = await engine.read
    .select({ id, displayName, key, origin })
    .from(groups)
    .where(and(eq(groups.organisation, scope.organisation), gt(key, query.after ?? ''), condition))
    .orderBy(asc(key))
    // One more tells whether there are more.
    .limit(query.count + 1)
  const shown = rows.slice(0, query.count)
  const last = shown.at(-1)
  return {
    total: await totalOf(context, condition),
    items: shown.map(({ id, displayName, origin }) => ({ id, displayName, origin })),
    ...(rows.length > shown.length && last ? { next: last.key } : {}),
  }
}

/** How many members and permissions groups have, by id. */
export async function sizesOf(
  { engine, scope }: Context,
  ids: readonly string[],
): Promise<Map<string, GroupSize>> {
  const { groups, members, permissions } = engine.tables
  const isMember = and(
    eq(members.organisation, groups.organisation),
    eq(members.groupId, groups.id),
  )
  const isHeld = and(
    eq(permissions.organisation, groups.organisation),
    eq(permissions.holder, 'group'),
    eq(permissions.holderKey, groups.id),
  )
  const found = new Map<string, GroupSize>()
  for (const chunk of chunks(ids)) {
    const rows = await engine.read
      .select({
        id: groups.id,
        members: sql<number>`(SELECT CAST(count(*) AS integer) FROM (SELECT 1 FROM ${members}
          WHERE ${isMember} LIMIT ${COUNTED + 1}) AS counted)`,
        permissions: sql<number>`(SELECT CAST(count(*) AS integer) FROM ${permissions} WHERE ${isHeld})`,
      })
      .from(groups)
      .where(and(eq(groups.organisation, scope.organisation), inArray(groups.id, chunk)))
    for (const row of rows) {
      found.set(row.id, { members: extentOf(row.members, COUNTED), permissions: row.permissions })
    }
  }
  return found
}
