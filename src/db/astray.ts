import { and, asc, eq, gt, inArray, isNull, ne, or, type SQL } from 'drizzle-orm'
import type { Mapping } from '../directory/mapping.ts'
import type { SyncScope } from '../directory/sync-state.ts'
import { fold } from '../scim/protocol/compare.ts'
import type { Context } from './context.ts'
import { roleSource } from './role-history.ts'
import { inTurns } from './turns.ts'

/** So many users are looked at in one statement. */
const PAGE = 600

interface Holder {
  readonly userId: string
  readonly objectId: string | null
}

/** Whose part in a mapped group of Entra is not what they have here; see `Syncs.astray`. */
export async function astray(
  context: Context,
  {
    mapping,
    members: present,
    tenantId,
    provisioned,
  }: SyncScope & { readonly mapping: Mapping; readonly members: ReadonlySet<string> },
): Promise<string[]> {
  const { engine, scope } = context
  const { users, members, userValues } = engine.tables
  const { id, group, role } = mapping
  const found = new Set<string>()
  const isOurs = and(
    eq(users.organisation, scope.organisation),
    eq(users.linkTenant, tenantId),
    provisioned === 'left' ? ne(users.origin, 'scim') : undefined,
  )
  const isMember = and(
    eq(members.organisation, users.organisation),
    eq(members.memberId, users.id),
    eq(members.groupId, group ?? ''),
  )
  const hasRole = and(
    eq(userValues.organisation, users.organisation),
    eq(userValues.userId, users.id),
    eq(userValues.attribute, 'roles'),
    eq(userValues.valueKey, fold(role ?? '')),
  )

  async function findLacking(objectIds: readonly string[]): Promise<void> {
    const lacking: SQL[] = [
      ...(group === undefined ? [] : [isNull(members.memberId)]),
      ...(role === undefined ? [] : [isNull(userValues.userId)]),
    ]
    if (lacking.length === 0) return
    const rows = await engine.read
      .select({ objectId: users.linkObject })
      .from(users)
      .leftJoin(members, isMember)
      .leftJoin(userValues, hasRole)
      .where(and(isOurs, inArray(users.linkObject, [...objectIds]), or(...lacking)))
    for (const { objectId } of rows) if (objectId !== null) found.add(objectId)
  }

  /** Asks for those who hold something, a page at a time, and looks at those who are not in the group. */
  async function lookThrough(
    holders: (after: string) => Promise<Holder[]>,
    isOfMapping: (userId: string) => Promise<boolean>,
  ): Promise<void> {
    for (let after = ''; ; ) {
      const page = await holders(after)
      await inTurns(page, async ({ userId, objectId }) => {
        if (objectId === null || present.has(objectId)) return
        if (await isOfMapping(userId)) found.add(objectId)
      })
      const last = page.at(-1)
      if (page.length < PAGE || !last) return
      after = last.userId
    }
  }

  const all = [...present]
  for (let start = 0; start < all.length; start += PAGE) {
    await findLacking(all.slice(start, start + PAGE))
  }
  const holder = { userId: users.id, objectId: users.linkObject }
  if (group !== undefined) {
    await lookThrough(
      (after) =>
        engine.read
          .select(holder)
          .from(users)
          .innerJoin(members, isMember)
          .where(and(isOurs, eq(members.via, `mapping:${id}`), gt(users.id, after)))
          .orderBy(asc(users.id))
          .limit(PAGE),
      async () => true,
    )
  }
  if (role !== undefined) {
    await lookThrough(
      (after) =>
        engine.read
          .select(holder)
          .from(users)
          .innerJoin(userValues, hasRole)
          .where(and(isOurs, gt(users.id, after)))
          .orderBy(asc(users.id))
          .limit(PAGE),
      async (userId) => {
        const source = await roleSource(context, engine.read, userId, role)
        return source?.kind === 'mapping' && source.id === id
      },
    )
  }
  return [...found]
}
