import { and, asc, eq, isNull } from 'drizzle-orm'
import { DirectoryError } from '../directory/errors.ts'
import type { LinkRequests } from '../directory/store.ts'
import { externalId, linkOf, userName, type User } from '../directory/user.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { readDocument } from '../scim/protocol/document.ts'
import { quote } from '../scim/protocol/error.ts'
import { removePassword } from './access.ts'
import { record, write, type Context, type Write } from './context.ts'
import { tenantOf } from './organisations.ts'
import { displayName } from './rows.ts'
import { tallyOpened } from './tallies.ts'

/** Leaves word that an Entra account wants a local account's user name; asking again only moves the time. */
export async function askForLink(context: Write, holder: User, asking: JsonObject): Promise<void> {
  const { linkRequests } = context.engine.tables
  const id = context.newId()
  const [row] = await context.db
    .insert(linkRequests)
    .values({
      organisation: context.scope.organisation,
      id,
      userId: holder.id,
      externalId: externalId(asking) ?? '',
      displayName: displayName(asking) || null,
      firstAsked: context.at,
      lastAsked: context.at,
    })
    .onConflictDoUpdate({
      target: [linkRequests.organisation, linkRequests.userId, linkRequests.externalId],
      set: { lastAsked: context.at },
    })
    .returning()
  if (row?.id !== id) return
  await record(context, 'link.requested', holder.id, [
    { path: 'userName', to: userName(asking) },
    { path: 'externalId', to: externalId(asking) ?? null },
  ])
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

  return {
    async list() {
      const rows = await context.engine.read
        .select({ request: linkRequests, resource: users.resource })
        .from(linkRequests)
        .innerJoin(
          users,
          and(eq(users.organisation, linkRequests.organisation), eq(users.id, linkRequests.userId)),
        )
        .where(open)
        .orderBy(asc(linkRequests.firstAsked), asc(linkRequests.id))
      return rows.map(({ request, resource }) => ({
        id: request.id,
        userId: request.userId,
        userName: userName(readDocument(resource)),
        ...(request.externalId === '' ? {} : { externalId: request.externalId }),
        ...(request.displayName === null ? {} : { displayName: request.displayName }),
        firstAsked: request.firstAsked,
        lastAsked: request.lastAsked,
      }))
    },
    accept: (id, cause) =>
      write(context, cause, async (tx) => {
        const request = await requireOpen(tx, id)
        const link = linkOf({ externalId: request.externalId }, await tenantOf(tx))
        const [opened] = await tx.db
          .update(users)
          .set({
            provisioned: true,
            ...(link ? { linkTenant: link.tenantId, linkObject: link.objectId } : {}),
          })
          .where(
            and(
              eq(users.organisation, organisation),
              eq(users.id, request.userId),
              eq(users.provisioned, false),
            ),
          )
          .returning({ id: users.id })
        if (opened) await tallyOpened(tx)
        const ended = await removePassword(tx, request.userId)
        await closeLinkRequests(tx, request.userId, 'accepted')
        await record(tx, 'link.accepted', request.userId, [
          { path: 'externalId', to: request.externalId || null },
          ...ended,
        ])
      }),
    dismiss: (id, cause) =>
      write(context, cause, async (tx) => {
        const request = await requireOpen(tx, id)
        await tx.db
          .update(linkRequests)
          .set({ decided: 'dismissed' })
          .where(and(open, eq(linkRequests.id, id)))
        await record(tx, 'link.dismissed', request.userId, [
          { path: 'externalId', to: request.externalId || null },
        ])
      }),
  }
}
