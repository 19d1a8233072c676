import { and, asc, count, desc, eq, gt, inArray, sql } from 'drizzle-orm'
import { DirectoryError } from '../directory/errors.ts'
import type { GroupSource, Membership } from '../directory/group.ts'
import type { Extent } from '../directory/roster.ts'
import { displayName, userName, type Via } from '../directory/user.ts'
import { readDocument } from '../scim/protocol/document.ts'
import { quote } from '../scim/protocol/error.ts'
import { chunks, type Context, type Write } from './context.ts'
import type { Db } from './engine.ts'
import { extentOf } from './extent.ts'

function namesIn(user: string | null, group: string | null) {
  const attributes = user === null ? {} : readDocument(user)
  const [name, shown] = [userName(attributes), displayName(attributes) || (group ?? '')]
  return {
    ...(name === '' ? {} : { userName: name }),
    ...(shown === '' ? {} : { displayName: shown }),
  }
}

/**
 * Which memberships are those of a user or group. Its groups come from the index that has nothing but them, and each row by
 * its key: for whatever else of a row is asked, SQLite would rather read all memberships of the organisation.
 */
export function membershipsOfMember({ engine, scope }: Context, db: Db, memberId: string) {
  const { members } = engine.tables
  const mine = and(eq(members.organisation, scope.organisation), eq(members.memberId, memberId))
  const joined = db.select({ id: members.groupId }).from(members).where(mine)
  return and(mine, inArray(members.groupId, joined))
}

/** Who is in a group, by id, those after `after`, at most `limit`. */
export async function membershipsOf(
  { engine, scope }: Context,
  groupId: string,
  after: string,
  limit: number,
): Promise<Membership[]> {
  const { groups, members, users } = engine.tables
  const { organisation, memberId, type, via, since } = members
  const rows = await engine.read
    .select({ id: memberId, type, via, since, user: users.resource, group: groups.displayName })
    .from(members)
    .leftJoin(
      users,
      and(
        eq(users.organisation, organisation),
        eq(users.id, memberId),
        // A local account that is hidden is no more than an id.
        scope.localUsers === 'hidden' ? eq(users.provisioned, true) : undefined,
      ),
    )
    .leftJoin(groups, and(eq(groups.organisation, organisation), eq(groups.id, memberId)))
    .where(
      and(eq(organisation, scope.organisation), eq(members.groupId, groupId), gt(memberId, after)),
    )
    .orderBy(asc(memberId))
    .limit(limit)
  return rows.map((row) => ({
    id: row.id,
    ...(row.type === null ? {} : { type: row.type }),
    ...namesIn(row.user, row.group),
    // Written by this store alone, as the type has it.
    via: row.via as Via,
    since: row.since,
  }))
}

/** So many members of a group are counted. */
const COUNTED = 20_000

/** How many are in a group. */
export async function countMembers({ engine, scope }: Context, groupId: string): Promise<Extent> {
  const { members } = engine.tables
  const counted = engine.read
    .select({ id: members.memberId })
    .from(members)
    .where(and(eq(members.organisation, scope.organisation), eq(members.groupId, groupId)))
    .limit(COUNTED + 1)
    .as('counted')
  const [row] = await engine.read.select({ total: count() }).from(counted)
  return extentOf(row?.total ?? 0, COUNTED)
}

/** How these users came into a group, and when. */
export async function membershipsFor(
  { engine, scope }: Context,
  groupId: string,
  userIds: readonly string[],
): Promise<Map<string, Pick<Membership, 'via' | 'since'>>> {
  const { members } = engine.tables
  const found = new Map<string, Pick<Membership, 'via' | 'since'>>()
  for (const chunk of chunks(userIds)) {
    const rows = await engine.read
      .select({ id: members.memberId, via: members.via, since: members.since })
      .from(members)
      .where(
        and(
          eq(members.organisation, scope.organisation),
          eq(members.groupId, groupId),
          inArray(members.memberId, chunk),
        ),
      )
    for (const { id, via, since } of rows) found.set(id, { via: via as Via, since })
  }
  return found
}

/** So many members are asked how they came into a group. */
const ASKED = 10_000

/** How the members of a group came into it, the most frequent way first. */
export async function sourcesOf(
  { engine, scope }: Context,
  groupId: string,
): Promise<GroupSource[]> {
  const { members } = engine.tables
  const asked = engine.read
    .select({ via: members.via })
    .from(members)
    .where(and(eq(members.organisation, scope.organisation), eq(members.groupId, groupId)))
    .orderBy(asc(members.memberId))
    .limit(ASKED)
    .as('asked')
  const rows = await engine.read
    .select({ via: asked.via, members: count() })
    .from(asked)
    .groupBy(asked.via)
    .orderBy(desc(count()), asc(asked.via))
  return rows.map((row) => ({ via: row.via as Via, members: row.members }))
}

/** Throws for a user who is not there; those who are there are written as they are, so that nobody deletes them meanwhile. */
export async function holdUsers(
  { db, engine, scope }: Write,
  ids: readonly string[],
): Promise<void> {
  const { users } = engine.tables
  const found = new Set<string>()
  for (const chunk of chunks(ids)) {
    const rows = await db
      .update(users)
      .set({ version: sql`${users.version}` })
      .where(and(eq(users.organisation, scope.organisation), inArray(users.id, chunk)))
      .returning({ id: users.id })
    for (const { id } of rows) found.add(id)
  }
  const missing = ids.find((id) => !found.has(id))
  if (missing === undefined) return
  throw new DirectoryError('notFound', `There is no user ${quote(missing)}.`)
}
