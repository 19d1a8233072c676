import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Change } from '../directory/event.ts'
import type { MemberReference } from '../directory/group.ts'
import { readDocument } from '../scim/protocol/document.ts'
import type { Member, MemberChange } from '../scim/protocol/members.ts'
import type { Context, Write } from './context.ts'
import type { Db } from './engine.ts'
import { named, paddedParts } from './padded.ts'
import { columns, statement } from './statements.ts'
import type { Via } from '../directory/user.ts'
import { displayName } from '../directory/user.ts'

/** An event names at most so many members; beyond that it says how many there were. */
const NAMED = 100

/** The members of a group with the names that the directory has for them. */
export async function membersOf(
  { engine, scope }: Context,
  db: Db,
  groupId: string,
): Promise<MemberReference[]> {
  const { groups, members, users } = engine.tables
  const rows = await db
    .select({
      value: members.memberId,
      type: members.type,
      user: users.resource,
      group: groups.displayName,
    })
    .from(members)
    .leftJoin(
      users,
      and(
        eq(users.organisation, members.organisation),
        eq(users.id, members.memberId),
        // A local account that is hidden is no more than an id.
        scope.localUsers === 'hidden' ? eq(users.provisioned, true) : undefined,
      ),
    )
    .leftJoin(
      groups,
      and(eq(groups.organisation, members.organisation), eq(groups.id, members.memberId)),
    )
    .where(and(eq(members.organisation, scope.organisation), eq(members.groupId, groupId)))
    .orderBy(asc(members.memberId))
  return rows.map(({ value, type, user, group }) => {
    const display = user === null ? (group ?? '') : displayName(readDocument(user))
    return {
      value,
      ...(type === null ? {} : { type }),
      ...(display === '' ? {} : { display }),
    }
  })
}

/** Those of some ids that a table has. */
async function known(
  { db, engine, scope }: Write,
  name: 'groups' | 'users',
  ids: readonly string[],
): Promise<string[]> {
  const table = engine.tables[name]
  const found: string[] = []
  for (const part of paddedParts(ids)) {
    const values = named('id', part)
    const query = statement<{ id: string }>(engine, db, `${values.length} known ${name}`, () =>
      db
        .select(columns({ id: table.id }))
        .from(table)
        .where(
          and(
            eq(table.organisation, sql.placeholder('organisation')),
            inArray(
              table.id,
              values.map(([id]) => sql.placeholder(id)),
            ),
          ),
        ),
    )
    const rows = await query({ organisation: scope.organisation, ...Object.fromEntries(values) })
    found.push(...rows.map(({ id }) => id))
  }
  return found
}

/** The kind of each id that the directory knows. */
async function kindsOf(context: Write, ids: readonly string[]) {
  const kinds = new Map<string, 'User' | 'Group'>()
  for (const id of await known(context, 'users', ids)) kinds.set(id, 'User')
  const rest = ids.filter((id) => !kinds.has(id))
  for (const id of await known(context, 'groups', rest)) kinds.set(id, 'Group')
  return kinds
}

async function add(
  context: Write,
  groupId: string,
  added: readonly Member[],
  via: Via,
): Promise<string[]> {
  const { db, engine, scope } = context
  const { members } = engine.tables
  const unique = [...new Map(added.map((member) => [member.value, member])).values()]
  const kinds = await kindsOf(
    context,
    unique.map(({ value }) => value),
  )
  const fresh: string[] = []
  for (const part of paddedParts(unique)) {
    const insert = statement<{ id: string }>(engine, db, `add ${part.length} members`, () =>
      db
        .insert(members)
        .values(
          part.map((_, index) => ({
            organisation: sql.placeholder('organisation'),
            groupId: sql.placeholder('groupId'),
            memberId: sql.placeholder(`id${index}`),
            type: sql.placeholder(`type${index}`),
            via: sql.placeholder('via'),
            since: sql.placeholder('since'),
          })),
        )
        .onConflictDoNothing()
        .returning({ id: sql<string>`${members.memberId}`.as('id') }),
    )
    const ids = part.map(({ value }) => value)
    const types = part.map(({ value, type }) => kinds.get(value) ?? type ?? null)
    const rows = await insert({
      organisation: scope.organisation,
      groupId,
      via,
      since: context.at,
      ...Object.fromEntries([...named('id', ids), ...named('type', types)]),
    })
    fresh.push(...rows.map(({ id }) => id))
  }
  return fresh
}

async function remove(context: Write, groupId: string, ids: readonly string[]): Promise<string[]> {
  const { db, engine, scope } = context
  const { members } = engine.tables
  const gone: string[] = []
  for (const part of paddedParts(ids)) {
    const values = named('id', part)
    const leave = statement<{ id: string }>(engine, db, `remove ${values.length} members`, () =>
      db
        .delete(members)
        .where(
          and(
            eq(members.organisation, sql.placeholder('organisation')),
            eq(members.groupId, sql.placeholder('groupId')),
            inArray(
              members.memberId,
              values.map(([id]) => sql.placeholder(id)),
            ),
          ),
        )
        .returning({ id: sql<string>`${members.memberId}`.as('id') }),
    )
    const rows = await leave({
      organisation: scope.organisation,
      groupId,
      ...Object.fromEntries(values),
    })
    gone.push(...rows.map(({ id }) => id))
  }
  return gone
}

async function idsOf({ db, engine, scope }: Write, groupId: string): Promise<string[]> {
  const { members } = engine.tables
  const rows = await db
    .select({ id: members.memberId })
    .from(members)
    .where(and(eq(members.organisation, scope.organisation), eq(members.groupId, groupId)))
  return rows.map(({ id }) => id)
}

async function set(context: Write, groupId: string, wanted: readonly Member[], via: Via) {
  const keep = new Set(wanted.map(({ value }) => value))
  const surplus = (await idsOf(context, groupId)).filter((id) => !keep.has(id))
  return {
    removed: await remove(context, groupId, surplus),
    added: await add(context, groupId, wanted, via),
  }
}

/** Nets out what one request both added and removed. */
function net(into: Set<string>, outOf: Set<string>, ids: readonly string[]): void {
  for (const id of ids) if (!outOf.delete(id)) into.add(id)
}

/** How an event names members. */
export function described(ids: ReadonlySet<string>): string | string[] {
  return ids.size > NAMED ? `${ids.size} members` : [...ids].sort()
}

/**
 * Applies steps to the members of a group and returns what an event says of it; empty when nobody joined or left. add
 * and remove touch only the rows they name, whatever the size of the group.
 */
export async function changeMembers(
  context: Write,
  groupId: string,
  steps: readonly MemberChange[],
): Promise<Change[]> {
  const via: Via = context.cause.door === 'scim' ? 'scim' : 'hand'
  const added = new Set<string>()
  const removed = new Set<string>()
  for (const step of steps) {
    switch (step.kind) {
      case 'add':
        net(added, removed, await add(context, groupId, step.members, via))
        break
      case 'remove':
        net(removed, added, await remove(context, groupId, step.ids))
        break
      case 'set': {
        const result = await set(context, groupId, step.members, via)
        net(removed, added, result.removed)
        net(added, removed, result.added)
        break
      }
    }
  }
  return [
    ...(removed.size > 0 ? [{ path: 'members', from: described(removed) }] : []),
    ...(added.size > 0 ? [{ path: 'members', to: described(added) }] : []),
  ]
}
