import { and, asc, count, eq, inArray, isNull, ne, notExists, sql, type SQL } from 'drizzle-orm'
import { DirectoryError } from '../directory/errors.ts'
import type { LinkRequest } from '../directory/link-request.ts'
import type { LinkRequests } from '../directory/store.ts'
import { displayName, externalId, linkOf, userName, type User } from '../directory/user.ts'
import { fold } from '../scim/protocol/compare.ts'
import { readDocument } from '../scim/protocol/document.ts'
import { quote } from '../scim/protocol/error.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { removePassword } from './access.ts'
import { chunks, record, write, type Context, type Write } from './context.ts'
import type { Tables } from './engine.ts'
import { tenantOf } from './organisations.ts'
import { relistAs } from './roster-rows.ts'
import { tallyUser } from './tallies.ts'
import { linkedId, usersBy } from './user-rows.ts'

type Row = Tables['linkRequests']['$inferSelect']

/** One of those that somebody asked for. */
type Asking = Row & { readonly asked: LinkRequest['asked'] }

const isAsking = (row: Row): row is Asking => row.asked !== 'suggestion'

/** Leaves word of an account that asks; asking again only moves the time. */
async function ask(
  context: Write,
  request: Pick<Row, 'userId' | 'externalId' | 'asked' | 'userName' | 'displayName'>,
): Promise<void> {
  const { linkRequests } = context.engine.tables
  const id = context.newId()
  const [row] = await context.db
    .insert(linkRequests)
    .values({
      ...request,
      organisation: context.scope.organisation,
      id,
      firstAsked: context.at,
      lastAsked: context.at,
    })
    .onConflictDoUpdate({
      target: [linkRequests.organisation, linkRequests.userId, linkRequests.externalId],
      set: { lastAsked: context.at },
    })
    .returning()
  if (row?.id !== id) return
  await record(context, 'link.requested', request.userId || request.externalId, [
    { path: 'userName', to: request.userName },
    { path: 'externalId', to: request.externalId || null },
  ])
}

/** Leaves word that an account of the provisioning client wants a local account's user name. */
export async function askForLink(context: Write, holder: User, asking: JsonObject): Promise<void> {
  await ask(context, {
    userId: holder.id,
    externalId: externalId(asking) ?? '',
    asked: 'provisioning',
    userName: userName(asking),
    displayName: displayName(asking) || null,
  })
}

/** Settles every open request for a user. */
export async function closeLinkRequests(
  context: Write,
  userId: string,
  decided: 'accepted' | 'dismissed',
): Promise<void> {
  const { linkRequests } = context.engine.tables
  await context.db
    .update(linkRequests)
    .set({ decided })
    .where(
      and(
        eq(linkRequests.organisation, context.scope.organisation),
        eq(linkRequests.userId, userId),
        isNull(linkRequests.decided),
      ),
    )
}

function toLinkRequest(row: Asking, resource: string | null): LinkRequest {
  return {
    id: row.id,
    asked: row.asked,
    userName: resource === null ? row.userName : userName(readDocument(resource)),
    ...(row.userId === '' ? {} : { userId: row.userId }),
    ...(row.externalId === '' ? {} : { externalId: row.externalId }),
    ...(row.displayName === null ? {} : { displayName: row.displayName }),
    firstAsked: row.firstAsked,
    lastAsked: row.lastAsked,
  }
}

/** Makes a user the account of Entra that asks. What was asked for by provisioning may be no account of Entra. */
async function link(context: Write, user: User, request: Row): Promise<void> {
  const { users } = context.engine.tables
  const to = linkOf({ externalId: request.externalId }, await tenantOf(context))
  if (!to && request.asked === 'sign-in') {
    throw new DirectoryError('conflict', 'This organisation has no Entra tenant.')
  }
  if (to && user.link && user.link.objectId !== to.objectId) {
    throw new DirectoryError('conflict', 'This user is linked to another account of Entra.')
  }
  const holder = to && (await linkedId(context, context.db, to))
  if (holder !== undefined && holder !== user.id) {
    throw new DirectoryError('conflict', 'Another user is linked to this account of Entra.')
  }
  await context.db
    .update(users)
    .set({
      provisioned: true,
      ...(to ? { linkTenant: to.tenantId, linkObject: to.objectId } : {}),
    })
    .where(and(eq(users.organisation, context.scope.organisation), eq(users.id, user.id)))
  if (to) await relistAs(context, user.id, 'linked', true)
  await tallyUser(context, user, { ...user, provisioned: true })
}

/** Of these users the accounts that they are not, by the id of the user. */
async function rejectedFor(
  { engine, scope, db }: Pick<Write, 'engine' | 'scope' | 'db'>,
  userIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const { linkRequests } = engine.tables
  const found = new Map<string, Set<string>>()
  for (const ids of chunks(userIds)) {
    const rows = await db
      .select({ userId: linkRequests.userId, objectId: linkRequests.externalId })
      .from(linkRequests)
      .where(
        and(
          eq(linkRequests.organisation, scope.organisation),
          inArray(linkRequests.userId, ids),
          eq(linkRequests.decided, 'dismissed'),
        ),
      )
    for (const { userId, objectId } of rows) {
      found.set(userId, (found.get(userId) ?? new Set()).add(objectId))
    }
  }
  return found
}

export function linkRequestsOf(context: Context): LinkRequests {
  const { linkRequests, users } = context.engine.tables
  const { organisation } = context.scope
  const open = and(eq(linkRequests.organisation, organisation), isNull(linkRequests.decided))

  async function requireOpen({ db }: Write, id: string) {
    const [row] = await db
      .select()
      .from(linkRequests)
      .where(and(open, eq(linkRequests.id, id)))
    if (row) return row
    throw new DirectoryError('notFound', `There is no open link request ${quote(id)}.`)
  }

  async function decide({ db }: Write, id: string, decided: 'accepted' | 'dismissed') {
    await db
      .update(linkRequests)
      .set({ decided })
      .where(and(open, eq(linkRequests.id, id)))
  }

  /** Those that nobody has decided on, and that nobody is linked to. */
  function asking() {
    const { read, tables } = context.engine
    const tenant = read
      .select({ id: tables.organisations.entraTenantId })
      .from(tables.organisations)
      .where(eq(tables.organisations.id, organisation))
    const linked = read
      .select({ one: sql`1` })
      .from(users)
      .where(
        and(
          eq(users.organisation, linkRequests.organisation),
          inArray(users.linkTenant, tenant),
          eq(users.linkObject, linkRequests.externalId),
        ),
      )
    // Whoever asked at the sign-in may have been provisioned meanwhile.
    return and(open, ne(linkRequests.asked, 'suggestion'), notExists(linked))
  }

  /** Those that fit, oldest first: ids are in the order of creation, and the key has them so. */
  function requestsOf(fits: SQL | undefined) {
    return context.engine.read
      .select({ request: linkRequests, resource: users.resource })
      .from(linkRequests)
      .leftJoin(
        users,
        and(eq(users.organisation, linkRequests.organisation), eq(users.id, linkRequests.userId)),
      )
      .where(and(asking(), fits))
      .orderBy(asc(linkRequests.id))
  }

  const listed = (rows: Awaited<ReturnType<typeof requestsOf>>) =>
    rows.flatMap(({ request, resource }) =>
      isAsking(request) ? [toLinkRequest(request, resource)] : [],
    )

  return {
    async list(part) {
      const all = requestsOf(undefined)
      return listed(await (part ? all.limit(part.count).offset(part.from) : all))
    },
    async read(id) {
      const [found] = listed(await requestsOf(eq(linkRequests.id, id)))
      return found
    },
    async count(most) {
      const counted = context.engine.read
        .select({ id: linkRequests.id })
        .from(linkRequests)
        .where(asking())
        .limit(most)
        .as('counted')
      const [row] = await context.engine.read.select({ total: count() }).from(counted)
      return row?.total ?? 0
    },
    ask: ({ objectId, userName: name, displayName: shown }, cause) =>
      write(context, cause, async (tx) => {
        const [holder] = await usersBy(tx, tx.db, 'userNameKey', fold(name), 'all')
        const other = holder && (await rejectedFor(tx, [holder.id])).get(holder.id)?.has(objectId)
        await ask(tx, {
          userId: holder && !holder.link && !other ? holder.id : '',
          externalId: objectId,
          asked: 'sign-in',
          userName: name,
          displayName: shown ?? null,
        })
      }),
    accept: (id, userId, cause) =>
      write(context, cause, async (tx) => {
        const request = await requireOpen(tx, id)
        const whom = userId ?? request.userId
        const [user] = whom === '' ? [] : await usersBy(tx, tx.db, 'id', whom, 'all')
        if (!user) {
          throw new DirectoryError('notFound', 'Say which user is the account that asks.')
        }
        await link(tx, user, request)
        const ended = await removePassword(tx, user.id)
        await decide(tx, id, 'accepted')
        await closeLinkRequests(tx, user.id, 'accepted')
        await record(tx, 'link.accepted', user.id, [
          { path: 'externalId', to: request.externalId || null },
          ...ended,
        ])
      }),
    dismiss: (id, cause) =>
      write(context, cause, async (tx) => {
        const request = await requireOpen(tx, id)
        await decide(tx, id, 'dismissed')
        await record(tx, 'link.dismissed', request.userId || request.externalId, [
          { path: 'externalId', to: request.externalId || null },
        ])
      }),
    reject: ({ userId, objectId }, cause) =>
      write(context, cause, async (tx) => {
        const [user] = await usersBy(tx, tx.db, 'id', userId, 'all')
        if (!user) throw new DirectoryError('notFound', `There is no user ${quote(userId)}.`)
        const [row] = await tx.db
          .insert(linkRequests)
          .values({
            organisation,
            id: tx.newId(),
            userId,
            externalId: objectId,
            asked: 'suggestion',
            userName: userName(user.attributes),
            displayName: null,
            firstAsked: tx.at,
            lastAsked: tx.at,
            decided: 'dismissed',
          })
          .onConflictDoUpdate({
            target: [linkRequests.organisation, linkRequests.userId, linkRequests.externalId],
            set: { decided: 'dismissed' },
          })
          .returning()
        if (!row) throw new Error('A row that was written was not given back.')
        await record(tx, 'link.dismissed', userId, [{ path: 'externalId', to: objectId }])
        return row.id
      }),
    rejected: (userIds) => rejectedFor({ ...context, db: context.engine.read }, userIds),
    reopen: (id, cause) =>
      write(context, cause, async (tx) => {
        const its = and(eq(linkRequests.organisation, organisation), eq(linkRequests.id, id))
        const [row] = await tx.db.select().from(linkRequests).where(its)
        if (!row || row.decided === null) {
          throw new DirectoryError('notFound', `There is no decision ${quote(id)} on a link.`)
        }
        if (isAsking(row)) await tx.db.update(linkRequests).set({ decided: null }).where(its)
        else await tx.db.delete(linkRequests).where(its)
        await record(tx, 'link.reopened', row.userId || row.externalId, [
          { path: 'externalId', to: row.externalId || null },
        ])
      }),
  }
}
