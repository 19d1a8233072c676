import { and, asc, eq, gt, ne, sql } from 'drizzle-orm'
import type { HeldSession, Session } from '../directory/account.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { Sessions } from '../directory/access.ts'
import { isActive } from '../directory/user.ts'
import { quote } from '../scim/protocol/error.ts'
import { record, write, type Context, type Write } from './context.ts'
import type { Engine, Tables } from './engine.ts'
import { columns, statement } from './statements.ts'
import { usersBy } from './user-rows.ts'

type Row = Omit<Tables['sessions']['$inferSelect'], 'hash'>

function toSession(row: Row): Session {
  const { id, userId, kind, method, created, lastUsed, expires, device, address } = row
  return {
    id,
    userId,
    kind,
    method,
    created,
    lastUsed,
    expires,
    ...(device === null ? {} : { device }),
    ...(address === null ? {} : { address }),
  }
}

/** The session whose secret has this hash, in whatever organisation, over or not. */
export async function findSession(engine: Engine, hash: string): Promise<HeldSession | undefined> {
  const { sessions } = engine.tables
  const { organisation, id, userId, kind, method, created } = sessions
  const { lastUsed, expires, device, address } = sessions
  const first = { organisation, id, userId, kind, method, created }
  const query = statement<Row>(engine, engine.read, 'session by hash', () =>
    engine.read
      .select(columns({ ...first, lastUsed, expires, device, address }))
      .from(sessions)
      .where(eq(sessions.hash, sql.placeholder('hash'))),
  )
  const [row] = await query({ hash })
  return row && { organisation: row.organisation, ...toSession(row) }
}

/** Writes down when sessions were last used; no event. */
export function touchSessions(engine: Engine, uses: ReadonlyMap<string, string>): Promise<void> {
  const { sessions } = engine.tables
  return engine.transaction(async (db) => {
    for (const [hash, lastUsed] of uses) {
      await db.update(sessions).set({ lastUsed }).where(eq(sessions.hash, hash))
    }
  })
}

/** Ends every session of a user, but one if that is given; says how many those were. */
export async function endSessions(
  { db, engine, scope }: Write,
  userId: string,
  except?: string,
): Promise<number> {
  const { sessions } = engine.tables
  const query = statement<{ id: string }>(engine, db, 'end sessions', () =>
    db
      .delete(sessions)
      .where(
        and(
          eq(sessions.organisation, sql.placeholder('organisation')),
          eq(sessions.userId, sql.placeholder('userId')),
          ne(sessions.id, sql.placeholder('except')),
        ),
      )
      .returning({ id: sessions.id }),
  )
  const ended = await query({ organisation: scope.organisation, userId, except: except ?? '' })
  return ended.length
}

/** Writes a user as it is, so that of a sign-in and a deactivation at the same time one has to look again. */
async function hold({ db, engine, scope }: Write, userId: string): Promise<void> {
  const { users } = engine.tables
  await db
    .update(users)
    .set({ version: sql`${users.version}` })
    .where(and(eq(users.organisation, scope.organisation), eq(users.id, userId)))
}

export function sessionsOf(context: Context): Sessions {
  const { sessions } = context.engine.tables
  const { organisation } = context.scope
  const mine = eq(sessions.organisation, organisation)

  return {
    open: ({ userId, hash, kind, method, expires, device, address }, cause) =>
      write(context, cause, async (tx) => {
        const [user] = await usersBy(tx, tx.db, 'id', userId, 'all')
        if (!user) throw new DirectoryError('notFound', `There is no user ${quote(userId)}.`)
        if (!isActive(user.attributes)) {
          throw new DirectoryError('inactive', 'An inactive user cannot sign in.')
        }
        await hold(tx, userId)
        const row = {
          organisation,
          id: tx.newId(),
          userId,
          kind,
          method,
          created: tx.at,
          lastUsed: tx.at,
          expires,
          device: device ?? null,
          address: address ?? null,
        }
        await tx.db.insert(sessions).values({ ...row, hash })
        await record(tx, 'session.opened', userId, [
          { path: 'method', to: method },
          { path: 'kind', to: kind },
          ...(address === undefined ? [] : [{ path: 'address', to: address }]),
        ])
        return toSession(row)
      }),
    async list(userId) {
      const now = context.now().toISOString()
      const rows = await context.engine.read
        .select()
        .from(sessions)
        .where(and(mine, eq(sessions.userId, userId), gt(sessions.expires, now)))
        .orderBy(asc(sessions.created), asc(sessions.id))
      return rows.map(toSession)
    },
    end: (id, cause) =>
      write(context, cause, async (tx) => {
        const [ended] = await tx.db
          .delete(sessions)
          .where(and(mine, eq(sessions.id, id)))
          .returning({ userId: sessions.userId })
        if (ended) await record(tx, 'session.ended', ended.userId, [{ path: 'sessions', from: 1 }])
      }),
    endAll: (userId, except, cause) =>
      write(context, cause, async (tx) => {
        const ended = await endSessions(tx, userId, except)
        if (ended > 0)
          await record(tx, 'session.ended', userId, [{ path: 'sessions', from: ended }])
        return ended
      }),
  }
}
