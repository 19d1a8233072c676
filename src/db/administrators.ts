import { and, asc, eq, ne, sql } from 'drizzle-orm'
import { DirectoryError } from '../directory/errors.ts'
import { isActive, type User } from '../directory/user.ts'
import { quote } from '../scim/protocol/error.ts'
import type { Administrators } from '../directory/access.ts'
import { endAccess } from './access.ts'
import { record, write, type Context, type Write } from './context.ts'
import { columns, statement } from './statements.ts'
import { usersBy } from './user-rows.ts'

export async function appoint(context: Write, userId: string): Promise<void> {
  const { administrators } = context.engine.tables
  const { organisation } = context.scope
  const [made] = await context.db
    .insert(administrators)
    .values({ organisation, userId, since: context.at })
    .onConflictDoNothing()
    .returning({ userId: administrators.userId })
  if (made) await record(context, 'administrator.appointed', userId, [])
}

/** Whether the user was one. */
export async function removeAdministrator(context: Write, userId: string): Promise<boolean> {
  const { administrators } = context.engine.tables
  const gone = await context.db
    .delete(administrators)
    .where(
      and(
        eq(administrators.organisation, context.scope.organisation),
        eq(administrators.userId, userId),
      ),
    )
    .returning({ userId: administrators.userId })
  return gone.length > 0
}

/**
 * Throws when nobody active would be left to administer. The row of the organisation is written, so that of two who take
 * each other's rights at the same time one has to look again.
 */
async function requireAnother(context: Write, userId: string): Promise<void> {
  const { administrators, organisations } = context.engine.tables
  const { organisation } = context.scope
  await context.db
    .update(organisations)
    .set({ id: organisation })
    .where(eq(organisations.id, organisation))
  const others = await context.db
    .select({ id: administrators.userId })
    .from(administrators)
    .where(and(eq(administrators.organisation, organisation), ne(administrators.userId, userId)))
  for (const { id } of others) {
    const [other] = await usersBy(context, context.db, 'id', id, 'all')
    if (other && isActive(other.attributes)) return
  }
  throw new DirectoryError(
    'lastAdministrator',
    'This is the last active administrator. Appoint another one first.',
  )
}

/** Refuses an administrator to shut out the last active one; Entra may (DESIGN §5.9). Throws `lastAdministrator`. */
export async function keepAdministrator(context: Write, user: User): Promise<void> {
  if (context.cause.door !== 'admin' || !isActive(user.attributes)) return
  const { administrators } = context.engine.tables
  const [found] = await context.db
    .select({ userId: administrators.userId })
    .from(administrators)
    .where(
      and(
        eq(administrators.organisation, context.scope.organisation),
        eq(administrators.userId, user.id),
      ),
    )
  if (found) await requireAnother(context, user.id)
}

export function administratorsOf(context: Context): Administrators {
  const { administrators } = context.engine.tables
  const { organisation } = context.scope

  return {
    async list() {
      const rows = await context.engine.read
        .select({ userId: administrators.userId })
        .from(administrators)
        .where(eq(administrators.organisation, organisation))
        .orderBy(asc(administrators.since), asc(administrators.userId))
      return rows.map(({ userId }) => userId)
    },
    async has(userId) {
      const { engine } = context
      const query = statement<{ userId: string }>(
        engine,
        engine.read,
        'administrator by user',
        () =>
          engine.read
            .select(columns({ userId: administrators.userId }))
            .from(administrators)
            .where(
              and(
                eq(administrators.organisation, sql.placeholder('organisation')),
                eq(administrators.userId, sql.placeholder('userId')),
              ),
            ),
      )
      return (await query({ organisation, userId })).length > 0
    },
    appoint: (userId, cause) =>
      write(context, cause, async (tx) => {
        const [user] = await usersBy(tx, tx.db, 'id', userId, 'all')
        if (!user) throw new DirectoryError('notFound', `There is no user ${quote(userId)}.`)
        await appoint(tx, userId)
      }),
    dismiss: (userId, cause) =>
      write(context, cause, async (tx) => {
        await requireAnother(tx, userId)
        if (!(await removeAdministrator(tx, userId))) return
        const ended = await endAccess(tx, userId)
        await record(tx, 'administrator.dismissed', userId, ended)
      }),
  }
}
