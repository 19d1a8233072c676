import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { DirectoryError } from '../directory/errors.ts'
import type { Grant, Holder, Permissions } from '../directory/permission.ts'
import { isActive, type User } from '../directory/user.ts'
import { fold } from '../scim/protocol/compare.ts'
import { quote } from '../scim/protocol/error.ts'
import { chunks, record, write, type Context, type Write } from './context.ts'
import { indexedValues } from './rows.ts'
import { columns, statement } from './statements.ts'

interface Held {
  readonly holder: Holder['kind']
  readonly holderKey: string
}

function heldBy(holder: Holder): Held {
  return holder.kind === 'group'
    ? { holder: 'group', holderKey: holder.id }
    : { holder: 'role', holderKey: fold(holder.value) }
}

function toHolder({ holder, holderKey }: Held): Holder {
  return holder === 'group' ? { kind: 'group', id: holderKey } : { kind: 'role', value: holderKey }
}

/** What the events of a holder are found by: the same for a role in whatever letter case. */
function resourceOf({ holder, holderKey }: Held): string {
  return holder === 'group' ? holderKey : `role:${holderKey}`
}

/** Whom a user has permissions through. */
function holdersOf(user: User): Held[] {
  const groups = user.groups.map(({ id }) => heldBy({ kind: 'group', id }))
  const roles = indexedValues(user.attributes).flatMap(({ attribute, valueKey }) =>
    attribute === 'roles' ? [{ holder: 'role', holderKey: valueKey } as const] : [],
  )
  return [...groups, ...roles]
}

/** Takes all from a group that is deleted, whose event is the record of it. */
export async function removePermissions(
  { db, engine, scope }: Write,
  groupId: string,
): Promise<void> {
  const { permissions } = engine.tables
  await db
    .delete(permissions)
    .where(
      and(
        eq(permissions.organisation, scope.organisation),
        eq(permissions.holder, 'group'),
        eq(permissions.holderKey, groupId),
      ),
    )
}

/** Throws when there is no such group; one that is there is written as it is, so that nobody deletes it meanwhile. */
async function holdGroup({ db, engine, scope }: Write, id: string): Promise<void> {
  const { groups } = engine.tables
  const [group] = await db
    .update(groups)
    .set({ version: sql`${groups.version}` })
    .where(and(eq(groups.organisation, scope.organisation), eq(groups.id, id)))
    .returning({ id: groups.id })
  if (!group) throw new DirectoryError('notFound', `There is no group ${quote(id)}.`)
}

/** The permissions of holders whose keys these are; a prepared statement for each power of two. */
async function permissionsBy(
  { engine, scope }: Context,
  keys: readonly string[],
): Promise<(Held & { permission: string })[]> {
  const { permissions } = engine.tables
  const size = 2 ** Math.ceil(Math.log2(keys.length))
  const names = Array.from({ length: size }, (_, index) => `key${index}`)
  const query = statement<Held & { permission: string }>(
    engine,
    engine.read,
    `permissions of ${size} holders`,
    () =>
      engine.read
        .select(
          columns({
            holder: permissions.holder,
            holderKey: permissions.holderKey,
            permission: permissions.permission,
          }),
        )
        .from(permissions)
        .where(
          and(
            eq(permissions.organisation, sql.placeholder('organisation')),
            inArray(permissions.holder, ['group', 'role']),
            inArray(
              permissions.holderKey,
              names.map((name) => sql.placeholder(name)),
            ),
          ),
        ),
  )
  const padded = names.map((name, index) => [name, keys[index] ?? keys[0]])
  return query({ organisation: scope.organisation, ...Object.fromEntries(padded) })
}

export function permissionsOf(context: Context): Permissions {
  const { permissions } = context.engine.tables
  const { organisation } = context.scope

  return {
    async list(holder) {
      const held = holder && heldBy(holder)
      const rows = await context.engine.read
        .select()
        .from(permissions)
        .where(
          and(
            eq(permissions.organisation, organisation),
            held && eq(permissions.holder, held.holder),
            held && eq(permissions.holderKey, held.holderKey),
          ),
        )
        .orderBy(asc(permissions.holder), asc(permissions.holderKey), asc(permissions.permission))
      return rows.map((row): Grant => ({ holder: toHolder(row), permission: row.permission }))
    },

    async among(holders) {
      const held = holders.map(heldBy)
      const wanted = new Set(held.map(resourceOf))
      const found: Grant[] = []
      for (const keys of chunks(held.map(({ holderKey }) => holderKey))) {
        const rows = await permissionsBy(context, keys)
        for (const row of rows) {
          if (!wanted.has(resourceOf(row))) continue
          found.push({ holder: toHolder(row), permission: row.permission })
        }
      }
      return found
    },

    async names(limit) {
      const rows = await context.engine.read
        .select({ permission: permissions.permission })
        .from(permissions)
        .where(eq(permissions.organisation, organisation))
        .groupBy(permissions.permission)
        .orderBy(asc(permissions.permission))
        .limit(limit)
      return rows.map(({ permission }) => permission)
    },

    async grant({ holder, permission }, cause) {
      const held = heldBy(holder)
      const resource = resourceOf(held)
      const change = { path: 'permission', to: permission }
      const work = async (tx: Write) => {
        if (holder.kind === 'group') await holdGroup(tx, holder.id)
        const [made] = await tx.db
          .insert(permissions)
          .values({ organisation, ...held, permission })
          .onConflictDoNothing()
          .returning({ permission: permissions.permission })
        if (made) await record(tx, 'permission.granted', resource, [change])
      }
      await write(context, cause, work, resource)
    },

    async revoke({ holder, permission }, cause) {
      const held = heldBy(holder)
      const resource = resourceOf(held)
      const change = { path: 'permission', from: permission }
      const work = async (tx: Write) => {
        const [gone] = await tx.db
          .delete(permissions)
          .where(
            and(
              eq(permissions.organisation, organisation),
              eq(permissions.holder, held.holder),
              eq(permissions.holderKey, held.holderKey),
              eq(permissions.permission, permission),
            ),
          )
          .returning({ permission: permissions.permission })
        if (gone) await record(tx, 'permission.revoked', resource, [change])
      }
      await write(context, cause, work, resource)
    },

    async effective(user) {
      const holders = isActive(user.attributes) ? holdersOf(user) : []
      const wanted = new Set(holders.map(resourceOf))
      const found = new Set<string>()
      for (const keys of chunks(holders.map(({ holderKey }) => holderKey))) {
        for (const row of await permissionsBy(context, keys)) {
          // A role may be called like a group's id.
          if (wanted.has(resourceOf(row))) found.add(row.permission)
        }
      }
      return [...found].sort()
    },
  }
}
