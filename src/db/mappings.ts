import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import { diff } from '../directory/diff.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { Cause } from '../directory/event.ts'
import {
  MOST_MAPPINGS,
  type Mapping,
  type MappingChange,
  type Mappings,
  type NewMapping,
} from '../directory/mapping.ts'
import { withoutRole } from '../directory/roles.ts'
import { fold } from '../scim/protocol/compare.ts'
import { quote } from '../scim/protocol/error.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { record, write, type Context, type Write } from './context.ts'
import type { Db } from './engine.ts'
import { extentOf } from './extent.ts'
import { keepMembers, leaveGroup } from './joining.ts'
import { mappingsIn, toMapping } from './mapping-rows.ts'
import { holdOwnGroups, requireOwnGroups } from './own-groups.ts'
import { roleSource } from './role-history.ts'
import { usersBy } from './user-rows.ts'
import { save } from './user-writes.ts'

/** What would get in each other's way. */
const MAPPINGS = 'mappings'
/** So many memberships of a mapping are counted. */
const COUNTED = 1_000
/** Users from whom a role is taken in one transaction, at most. */
const AT_A_TIME = 100

/** What an event says of a mapping. */
function told({ entraGroup, entraName, nested, group, role }: NewMapping): JsonObject {
  return {
    entraGroup,
    entraName,
    nested,
    ...(group === undefined ? {} : { group }),
    ...(role === undefined ? {} : { role }),
  }
}

/** Whether two mappings do the same. */
function same(one: NewMapping, other: NewMapping): boolean {
  return (
    one.entraGroup === other.entraGroup &&
    one.nested === other.nested &&
    one.group === other.group &&
    fold(one.role ?? '') === fold(other.role ?? '')
  )
}

/** Refuses one that does the same as another than itself. */
function refuseSame(given: NewMapping, known: readonly Mapping[], id?: string): void {
  if (!known.some((each) => each.id !== id && same(each, given))) return
  throw new DirectoryError('conflict', 'There is such a mapping already.')
}

export function mappingsOf(context: Context): Mappings {
  const { engine, scope } = context
  const { groupMappings: mappings, members, userValues } = engine.tables
  const { organisation } = scope

  async function requireMapping(db: Db, id: string): Promise<Mapping> {
    const [row] = await db
      .select()
      .from(mappings)
      .where(and(eq(mappings.organisation, organisation), eq(mappings.id, id)))
    if (row) return toMapping(row)
    throw new DirectoryError('notFound', `There is no mapping ${quote(id)}.`)
  }

  /** Users with a role, by id, those after an id. */
  async function holdersOf(role: string, after: string): Promise<string[]> {
    const rows = await engine.read
      .select({ id: userValues.userId })
      .from(userValues)
      .where(
        and(
          eq(userValues.organisation, organisation),
          eq(userValues.attribute, 'roles'),
          eq(userValues.valueKey, fold(role)),
          gt(userValues.userId, after),
        ),
      )
      .orderBy(asc(userValues.userId))
      .limit(AT_A_TIME)
    return rows.map(({ id }) => id)
  }

  /** Takes the role from a user if it came of the mapping; whether it did. */
  async function takeRole(tx: Write, userId: string, { id, entraName, role = '' }: Mapping) {
    const source = await roleSource(tx, tx.db, userId, role)
    if (source?.kind !== 'mapping' || source.id !== id) return false
    const [user] = await usersBy(tx, tx.db, 'id', userId)
    // Who is no account of Entra any more keeps what there is.
    if (!user?.link) return false
    const from = [{ id, name: entraName, groups: [], role }]
    await save(tx, user, withoutRole(user.attributes, role), {
      because: [{ path: 'mappings', from }],
    })
    return true
  }

  /** Takes from everybody the role that came of a mapping, a few at a time so that nobody has to wait; from how many. */
  async function takeRoles(mapping: Mapping, cause: Cause): Promise<number> {
    let taken = 0
    if (mapping.role === undefined) return taken
    for (let after = ''; ; ) {
      const holders = await holdersOf(mapping.role, after)
      const last = holders.at(-1)
      if (last === undefined) return taken
      taken += await write(context, cause, async (tx) => {
        let some = 0
        for (const id of holders) if (await takeRole(tx, id, mapping)) some += 1
        return some
      })
      after = last
    }
  }

  /** What becomes of the memberships of a mapping that is removed; how many there are. */
  async function settleMembers(tx: Write, { id, group }: Mapping, keep: boolean): Promise<number> {
    if (group === undefined) return 0
    await holdOwnGroups(tx, [group])
    return (keep ? keepMembers : leaveGroup)(tx, group, `mapping:${id}`)
  }

  /** Writes what a mapping gives from now on; what it gave and does not any more is settled, and how many that were. */
  async function change(tx: Write, before: Mapping, given: MappingChange, keep: boolean) {
    const { id, entraGroup, entraName } = before
    const { nested, group, role } = given
    const after = { entraGroup, entraName, ...given }
    const changes = diff(told(before), told(after))
    const mapping = { id, ...after }
    if (changes.length === 0) return { mapping, memberships: 0 }
    refuseSame(after, await mappingsIn(tx, tx.db), id)
    await holdOwnGroups(tx, group === undefined ? [] : [group])
    const memberships = before.group === group ? 0 : await settleMembers(tx, before, keep)
    await tx.db
      .update(mappings)
      .set({ nested, groupId: group ?? null, role: role ?? null })
      .where(and(eq(mappings.organisation, organisation), eq(mappings.id, id)))
    await record(tx, 'mapping.updated', id, changes)
    return { mapping, memberships }
  }

  return {
    list: () => mappingsIn(context, engine.read),

    async memberships(ids) {
      const isMember = and(
        eq(members.organisation, mappings.organisation),
        // As the index has it, which holds no others.
        sql`${members.via} LIKE 'mapping:%'`,
        sql`${members.via} = 'mapping:' || ${mappings.id}`,
      )
      const rows = await engine.read
        .select({
          id: mappings.id,
          total: sql<number>`(SELECT CAST(count(*) AS integer) FROM (SELECT 1 FROM ${members}
            WHERE ${isMember} LIMIT ${COUNTED + 1}) AS counted)`,
        })
        .from(mappings)
        .where(and(eq(mappings.organisation, organisation), inArray(mappings.id, [...ids])))
      return new Map(rows.map(({ id, total }) => [id, extentOf(total, COUNTED)]))
    },

    create(given, cause) {
      const work = async (tx: Write) => {
        const known = await mappingsIn(tx, tx.db)
        if (known.length >= MOST_MAPPINGS) {
          throw new DirectoryError('tooMany', `There are ${MOST_MAPPINGS} mappings already.`)
        }
        refuseSame(given, known)
        await holdOwnGroups(tx, given.group === undefined ? [] : [given.group])
        const { entraGroup, entraName, nested, group, role } = given
        const id = tx.newId()
        const row = {
          organisation,
          id,
          entraGroup,
          entraName,
          nested,
          groupId: group ?? null,
          role: role ?? null,
        }
        await tx.db.insert(mappings).values(row)
        await record(tx, 'mapping.created', id, diff({}, told(given)))
        return toMapping(row)
      }
      return write(context, cause, work, MAPPINGS)
    },

    async update(id, given, keep, cause) {
      const before = await requireMapping(engine.read, id)
      const { entraGroup, entraName } = before
      const sameRole = fold(before.role ?? '') === fold(given.role ?? '')
      // What is refused takes nothing from anybody.
      const known = await mappingsIn(context, engine.read)
      refuseSame({ entraGroup, entraName, ...given }, known, id)
      await requireOwnGroups(context, given.group === undefined ? [] : [given.group])
      const roles = keep || sameRole ? 0 : await takeRoles(before, cause)
      const work = async (tx: Write) => change(tx, await requireMapping(tx.db, id), given, keep)
      return { ...(await write(context, cause, work, MAPPINGS)), roles }
    },

    async remove(id, keep, cause) {
      const roles = keep ? 0 : await takeRoles(await requireMapping(engine.read, id), cause)
      const work = async (tx: Write) => {
        const mapping = await requireMapping(tx.db, id)
        const memberships = await settleMembers(tx, mapping, keep)
        await tx.db
          .delete(mappings)
          .where(and(eq(mappings.organisation, organisation), eq(mappings.id, id)))
        await record(tx, 'mapping.deleted', id, [
          ...diff(told(mapping), {}),
          { path: keep ? 'kept' : 'removed', to: memberships },
        ])
        return { memberships, roles }
      }
      return write(context, cause, work, MAPPINGS)
    },
  }
}
