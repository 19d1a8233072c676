import { and, asc, eq, sql } from 'drizzle-orm'
import { diff } from '../directory/diff.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { Change } from '../directory/event.ts'
import type { Group } from '../directory/group.ts'
import type { GroupChange, Groups, Query } from '../directory/store.ts'
import { fold } from '../scim/protocol/compare.ts'
import { displayName } from '../directory/user.ts'
import { quote } from '../scim/protocol/error.ts'
import { record, requireVersion, write, type Context, type Write } from './context.ts'
import type { Db, Engine } from './engine.ts'
import { listOfGroups, sizesOf } from './group-list.ts'
import { takeFromMappings } from './mapping-rows.ts'
import { changeMembers, membersOf } from './members.ts'
import {
  countMembers,
  holdUsers,
  membershipsFor,
  membershipsOf,
  membershipsOfMember,
  sourcesOf,
} from './memberships.ts'
import { holdOwnGroups } from './own-groups.ts'
import { pageOfAll, pageOfFilter, type Listed } from './paging.ts'
import { removePermissions } from './permissions.ts'
import { groupColumns, groupDocument, toGroup, type GroupRow } from './rows.ts'
import { takeFromRules } from './rules.ts'
import { columns, statement } from './statements.ts'
import { tally } from './tallies.ts'

function byId({ engine, scope }: Context, id: string) {
  const { groups } = engine.tables
  return and(eq(groups.organisation, scope.organisation), eq(groups.id, id))
}

/** A group without its members, and without the text that only filters look at. */
function select(db: Db, { tables }: Engine) {
  const { id, version, created, lastModified, origin, resource } = tables.groups
  return db
    .select(columns({ id, version, created, lastModified, origin, resource }))
    .from(tables.groups)
}

async function find(
  { engine, scope }: Context,
  db: Db,
  value: string,
  key: 'id' | 'displayNameKey' = 'id',
): Promise<Group | undefined> {
  const { groups } = engine.tables
  const query = statement<GroupRow>(engine, db, `group by ${key}`, () =>
    select(db, engine).where(
      and(
        eq(groups.organisation, sql.placeholder('organisation')),
        eq(groups[key], sql.placeholder('value')),
      ),
    ),
  )
  const [row] = await query({ organisation: scope.organisation, value })
  return row && toGroup(row)
}

async function withMembersOf(context: Context, group: Group): Promise<Group> {
  return { ...group, members: await membersOf(context, context.engine.read, group.id) }
}

/** Takes a user or group out of every group it is in, which gives each of them a new version. */
export async function leaveGroups(context: Write, memberId: string): Promise<void> {
  const { groups, members } = context.engine.tables
  const left = await context.db
    .delete(members)
    .where(membershipsOfMember(context, context.db, memberId))
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
  const written = attributes.length > 0 ? groupColumns(change.attributes, document) : {}
  const { db, engine, scope } = context
  const { groups } = engine.tables
  const update = statement(engine, db, `update group ${Object.keys(written).join()}`, () =>
    db
      .update(groups)
      .set({
        version: sql`${sql.placeholder('version')}`,
        lastModified: sql`${sql.placeholder('lastModified')}`,
        ...Object.fromEntries(
          Object.keys(written).map((name) => [name, sql`${sql.placeholder(name)}`]),
        ),
      })
      .where(
        and(
          eq(groups.organisation, sql.placeholder('organisation')),
          eq(groups.id, sql.placeholder('id')),
        ),
      ),
  )
  await update({
    organisation: scope.organisation,
    id: group.id,
    version,
    lastModified: context.at,
    ...written,
  })
  await record(context, 'group.updated', group.id, changes)
  return { ...group, version, lastModified: context.at, attributes: change.attributes, document }
}

/** A group without its members. Throws `notFound`. */
export async function requireGroup(context: Context, db: Db, id: string): Promise<Group> {
  const group = await find(context, db, id)
  if (group) return group
  throw new DirectoryError('notFound', `There is no group ${quote(id)}.`)
}

async function page(context: Context, query: Query, withMembers: boolean) {
  const { engine } = context
  const { groups } = engine.tables
  const listed: Listed = {
    kind: 'Group',
    tallied: ['groups'],
    shown: undefined,
    select: (where, limit) => {
      const found = select(engine.read, engine).where(where).orderBy(asc(groups.id))
      return limit ? found.limit(limit) : found
    },
  }
  const { total, rows } = query.filter
    ? await pageOfFilter<GroupRow>(context, listed, query, query.filter)
    : await pageOfAll<GroupRow>(context, listed, query)
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
          await tally(tx, 'groups', 1)
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
    named: (name) => find(context, context.engine.read, fold(name), 'displayNameKey'),
    query: (query, withMembers) => page(context, query, withMembers),
    list: (query) => listOfGroups(context, query),
    sizes: (ids) => sizesOf(context, ids),
    update: (id, expected, change, cause) =>
      guarded(
        write(
          context,
          cause,
          async (tx) => {
            const group = await requireGroup(tx, tx.db, id)
            requireVersion(group.version, expected)
            return save(tx, group, change(group.attributes))
          },
          id,
        ),
      ),
    remove: (id, expected, cause) =>
      write(context, cause, async (tx) => {
        const group = await requireGroup(tx, tx.db, id)
        requireVersion(group.version, expected)
        await leaveGroups(tx, id)
        await tx.db
          .delete(members)
          .where(and(eq(members.organisation, organisation), eq(members.groupId, id)))
        await removePermissions(tx, id)
        await takeFromRules(tx, id)
        await takeFromMappings(tx, id)
        await tx.db.delete(groups).where(byId(tx, id))
        await tally(tx, 'groups', -1)
        await record(tx, 'group.deleted', id, [
          { path: 'displayName', from: displayName(group.attributes) },
        ])
      }),
    memberships: (id, after, limit) => membershipsOf(context, id, after, limit),
    countMembers: (id) => countMembers(context, id),
    membershipsFor: (id, userIds) => membershipsFor(context, id, userIds),
    sources: (id) => sourcesOf(context, id),
    changeMembers: (id, change, cause) =>
      write(
        context,
        cause,
        async (tx) => {
          await holdOwnGroups(tx, [id])
          await holdUsers(tx, change.add)
          const group = await requireGroup(tx, tx.db, id)
          await save(tx, group, {
            attributes: group.attributes,
            members: [
              { kind: 'remove', ids: change.remove },
              { kind: 'add', members: change.add.map((value) => ({ value })) },
            ],
          })
        },
        id,
      ),
  }
}
