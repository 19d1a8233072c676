import { and, asc, count, eq, inArray, sql } from 'drizzle-orm'
import { diff } from '../directory/diff.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { Change } from '../directory/event.ts'
import type { Group } from '../directory/group.ts'
import type { GroupChange, Groups, Query } from '../directory/store.ts'
import { quote } from '../scim/protocol/error.ts'
import { record, requireVersion, totalOf, write, type Context, type Write } from './context.ts'
import type { Db } from './engine.ts'
import { filterCondition } from './filter-sql.ts'
import { changeMembers, membersOf } from './members.ts'
import { displayName, groupColumns, groupDocument, toGroup } from './rows.ts'

function byId({ engine, scope }: Context, id: string) {
  const { groups } = engine.tables
  return and(eq(groups.organisation, scope.organisation), eq(groups.id, id))
}

async function find(context: Context, db: Db, id: string): Promise<Group | undefined> {
  const [row] = await db.select().from(context.engine.tables.groups).where(byId(context, id))
  return row && toGroup(row)
}

async function withMembersOf(context: Context, group: Group): Promise<Group> {
  return { ...group, members: await membersOf(context, context.engine.read, group.id) }
}

/** Takes a user or group out of every group it is in, which gives each of them a new version. */
export async function leaveGroups(context: Write, memberId: string): Promise<void> {
  const { groups, members } = context.engine.tables
  const { organisation } = context.scope
  const left = await context.db
    .delete(members)
    .where(and(eq(members.organisation, organisation), eq(members.memberId, memberId)))
    .returning({ id: members.groupId })
  for (const { id } of left) {
    await context.db
      .update(groups)
      .set({ version: sql`${groups.version} + 1`, lastModified: context.at })
      .where(byId(context, id))
  }
}

async function save(context: Write, group: Group, change: GroupChange): Promise<Group> {
  const attributes = diff(group.attributes, change.attributes)
  const membership = await changeMembers(context, group.id, change.members)
  const changes: Change[] = [...attributes, ...membership]
  if (changes.length === 0) return group
  const version = group.version + 1
  const document =
    attributes.length > 0 ? groupDocument(group.id, change.attributes) : group.document
  await context.db
    .update(context.engine.tables.groups)
    .set({
      version,
      lastModified: context.at,
      ...(attributes.length > 0 ? groupColumns(change.attributes, document) : {}),
    })
    .where(byId(context, group.id))
  await record(context, 'group.updated', group.id, changes)
  return { ...group, version, lastModified: context.at, attributes: change.attributes, document }
}

async function page(context: Context, query: Query, withMembers: boolean) {
  const { engine, scope } = context
  const { groups } = engine.tables
  const { filter, startIndex, count: size } = query
  const where = and(
    eq(groups.organisation, scope.organisation),
    filter && filterCondition(engine, 'Group', scope.organisation, filter),
  )
  const ids = engine.read
    .select({ id: groups.id })
    .from(groups)
    .where(where)
    .orderBy(asc(groups.id))
    .limit(size)
    .offset(startIndex - 1)
  const rows =
    size === 0
      ? []
      : await engine.read
          .select()
          .from(groups)
          .where(and(eq(groups.organisation, scope.organisation), inArray(groups.id, ids)))
          .orderBy(asc(groups.id))
  const total = await totalOf(query, rows.length, () =>
    engine.read.select({ total: count() }).from(groups).where(where),
  )
  const items: Group[] = []
  for (const row of rows) {
    const group = toGroup(row)
    items.push(withMembers ? await withMembersOf(context, group) : group)
  }
  return { total, items }
}

function conflictOf(context: Context, error: unknown): unknown {
  if (context.engine.violatedIndex(error) !== 'groups_display_name') return error
  return new DirectoryError('conflict', 'A group with this displayName exists already.')
}

export function groupsOf(context: Context): Groups {
  const { groups, members } = context.engine.tables
  const { organisation } = context.scope

  async function requireGroup(db: Db, id: string): Promise<Group> {
    const group = await find(context, db, id)
    if (!group) throw new DirectoryError('notFound', `There is no group ${quote(id)}.`)
    return group
  }

  async function guarded<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      throw conflictOf(context, error)
    }
  }

  return {
    create: ({ attributes, members: change, origin }, cause) =>
      guarded(
        write(context, cause, async (tx) => {
          const id = tx.newId()
          const document = groupDocument(id, attributes)
          const group: Group = {
            id,
            version: 1,
            created: tx.at,
            lastModified: tx.at,
            origin,
            attributes,
            document,
          }
          await tx.db.insert(groups).values({
            organisation,
            id: group.id,
            version: group.version,
            created: group.created,
            lastModified: group.lastModified,
            origin,
            ...groupColumns(attributes, document),
          })
          const membership = await changeMembers(tx, group.id, [change])
          const changes = [...diff({}, attributes), ...membership]
          await record(tx, 'group.created', group.id, changes)
          return { ...group, members: await membersOf(tx, tx.db, group.id) }
        }),
      ),
    async read(id, withMembers) {
      const group = await find(context, context.engine.read, id)
      return group && withMembers ? withMembersOf(context, group) : group
    },
    query: (query, withMembers) => page(context, query, withMembers),
    update: (id, expected, change, cause) =>
      guarded(
        write(
          context,
          cause,
          async (tx) => {
            const group = await requireGroup(tx.db, id)
            requireVersion(group.version, expected)
            return save(tx, group, change(group.attributes))
          },
          id,
        ),
      ),
    remove: (id, expected, cause) =>
      write(context, cause, async (tx) => {
        const group = await requireGroup(tx.db, id)
        requireVersion(group.version, expected)
        await leaveGroups(tx, id)
        await tx.db
          .delete(members)
          .where(and(eq(members.organisation, organisation), eq(members.groupId, id)))
        await tx.db.delete(groups).where(byId(tx, id))
        await record(tx, 'group.deleted', id, [
          { path: 'displayName', from: displayName(group.attributes) },
        ])
      }),
  }
}
