import { and, eq, like, sql } from 'drizzle-orm'
import type { Change } from '../directory/event.ts'
import { displayName, type GroupReference, type Via } from '../directory/user.ts'
import { record, type Write } from './context.ts'
import { requireGroup } from './groups.ts'
import { described } from './members.ts'
import { membershipsOfMember } from './memberships.ts'
import { columns, statement } from './statements.ts'

/** Gives a group whose members have changed a new version, and writes the event. */
async function noteMembers(
  { db, engine, ...context }: Write,
  groupId: string,
  changes: readonly Change[],
): Promise<void> {
  const { groups } = engine.tables
  const touch = statement(engine, db, 'new version of group', () =>
    db
      .update(groups)
      .set({
        version: sql`${groups.version} + 1`,
        lastModified: sql`${sql.placeholder('at')}`,
      })
      .where(
        and(
          eq(groups.organisation, sql.placeholder('organisation')),
          eq(groups.id, sql.placeholder('groupId')),
        ),
      ),
  )
  const { organisation } = context.scope
  await touch({ organisation, groupId, at: context.at })
  await record({ db, engine, ...context }, 'group.updated', groupId, changes)
}

/**
 * Makes a user a member of a group. Throws `notFound`; who is one already is no change, and stays one as that came about.
 */
export async function joinGroup(
  context: Write,
  groupId: string,
  userId: string,
  via: Via,
): Promise<GroupReference> {
  const { db, engine, scope } = context
  const { members } = engine.tables
  const group = await requireGroup(context, db, groupId)
  const insert = statement<{ id: string }>(engine, db, 'insert user as member', () =>
    db
      .insert(members)
      .values({
        organisation: sql.placeholder('organisation'),
        groupId: sql.placeholder('groupId'),
        memberId: sql.placeholder('userId'),
        type: 'User',
        via: sql.placeholder('via'),
        since: sql.placeholder('since'),
      })
      .onConflictDoNothing()
      .returning(columns({ id: members.memberId })),
  )
  const { organisation } = scope
  const made = await insert({ organisation, groupId, userId, via, since: context.at })
  if (made.length > 0) {
    await noteMembers(context, groupId, [
      { path: 'members', to: [userId] },
      { path: 'via', to: via },
    ])
  }
  return { id: group.id, displayName: displayName(group.attributes) }
}

/** Takes those out of a group whose membership came about in this way, or only this one of them; how many. */
export async function leaveGroup(
  context: Write,
  groupId: string,
  via: Via,
  userId?: string,
): Promise<number> {
  const { db, engine, scope } = context
  const { members } = engine.tables
  const gone = await db
    .delete(members)
    .where(
      and(
        eq(members.organisation, scope.organisation),
        eq(members.groupId, groupId),
        userId === undefined ? undefined : eq(members.memberId, userId),
        eq(members.via, via),
      ),
    )
    .returning({ id: members.memberId })
  if (gone.length > 0) {
    await noteMembers(context, groupId, [
      { path: 'members', from: described(new Set(gone.map(({ id }) => id))) },
      { path: 'via', from: via },
    ])
  }
  return gone.length
}

/** Takes a user out of a group, however it came in; who is no member is no change. */
export async function takeOut(context: Write, groupId: string, userId: string): Promise<void> {
  const { db, engine, scope } = context
  const { members } = engine.tables
  const [gone] = await db
    .delete(members)
    .where(
      and(
        eq(members.organisation, scope.organisation),
        eq(members.groupId, groupId),
        eq(members.memberId, userId),
      ),
    )
    .returning({ via: members.via })
  if (!gone) return
  await noteMembers(context, groupId, [
    { path: 'members', from: [userId] },
    { path: 'via', from: gone.via },
  ])
}

/** Makes the memberships that came about in this way as if somebody had made them by hand; how many. */
export async function keepMembers(
  { db, engine, scope }: Write,
  groupId: string,
  via: Via,
): Promise<number> {
  const { members } = engine.tables
  const rows = await db
    .update(members)
    .set({ via: 'hand' })
    .where(
      and(
        eq(members.organisation, scope.organisation),
        eq(members.groupId, groupId),
        eq(members.via, via),
      ),
    )
    .returning({ id: members.memberId })
  return rows.length
}

/** The same with those of a user that came about by mappings, who is no account of Entra any more. */
export async function keepMapped(context: Write, userId: string): Promise<void> {
  const { db, engine } = context
  const { members } = engine.tables
  await db
    .update(members)
    .set({ via: 'hand' })
    .where(and(membershipsOfMember(context, db, userId), like(members.via, 'mapping:%')))
}
