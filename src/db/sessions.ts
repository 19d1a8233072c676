import { and, asc, eq, gt, inArray, lte, ne, sql } from 'drizzle-orm'
import type { HeldSession, NewSession, Session } from '../directory/account.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { Sessions } from '../directory/access.ts'
import { isActive } from '../directory/user.ts'
import { quote } from '../scim/protocol/error.ts'
import { record, write, type Context, type Write } from './context.ts'
import type { Engine, Tables } from './engine.ts'
import { noteSignIn } from './roster-rows.ts'
import { columns, statement } from './statements.ts'
import { usersBy } from './user-rows.ts'

type Row = Omit<Tables['sessions']['$inferSelect'], 'hash' | 'entraSession'>

function toSession(row: Omit<Row, 'organisation'>): Session {
  const { id, userId, kind, method, created, lastUsed, expires } = row
  const { device, address, secretExpires, loginHint } = row
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
    ...(secretExpires === null ? {} : { secretExpires }),
    ...(loginHint === null ? {} : { loginHint }),
  }
}

export function toHeldSession(row: Row): HeldSession {
  return { organisation: row.organisation, ...toSession(row) }
}

/** The session whose secret has this hash, in whatever organisation, over or not. */
export async function findSession(engine: Engine, hash: string): Promise<HeldSession | undefined> {
  const { sessions } = engine.tables
  const { organisation, id, userId, kind, method, created } = sessions
  const { lastUsed, expires, device, address, secretExpires, loginHint } = sessions
  const first = { organisation, id, userId, kind, method, created }
  const query = statement<Row>(engine, engine.read, 'session by hash', () =>
    engine.read
      .select(columns({ ...first, lastUsed, expires, device, address, secretExpires, loginHint }))
      .from(sessions)
      .where(eq(sessions.hash, sql.placeholder('hash'))),
  )
  const [row] = await query({ hash })
  return row && toHeldSession(row)
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

async function removeRefreshTokens(
  { db, engine, scope }: Write,
  ended: readonly { readonly id: string }[],
): Promise<void> {
  if (ended.length === 0) return
  const { refreshTokens } = engine.tables
  const ids = ended.map(({ id }) => id)
  await db
    .delete(refreshTokens)
    .where(
      and(
        eq(refreshTokens.organisation, scope.organisation),
        inArray(refreshTokens.sessionId, ids),
      ),
    )
}

/** Ends every session of a user, but one if that is given; says how many those were. */
export async function endSessions(
  context: Write,
  userId: string,
  except?: string,
): Promise<number> {
  const { db, engine, scope } = context
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
  await removeRefreshTokens(context, ended)
  return ended.length
}

/** Clears away what has run out by itself; a client may leave many such behind. */
async function removeOver(context: Write, userId: string): Promise<void> {
  const { db, engine, scope } = context
  const { sessions } = engine.tables
  const over = await db
    .delete(sessions)
    .where(
      and(
        eq(sessions.organisation, scope.organisation),
        eq(sessions.userId, userId),
        lte(sessions.expires, context.at),
      ),
    )
    .returning({ id: sessions.id })
  await removeRefreshTokens(context, over)
}

/** Writes a user as it is, so that of a sign-in and a deactivation at the same time one has to look again. */
async function hold({ db, engine, scope }: Write, userId: string): Promise<void> {
  const { users } = engine.tables
  await db
    .update(users)
    .set({ version: sql`${users.version}` })
    .where(and(eq(users.organisation, scope.organisation), eq(users.id, userId)))
}

/** Opens a session. Throws `notFound`, and `inactive` for a user who may not sign in. */
export async function openSession(context: Write, session: NewSession): Promise<Session> {
  const { db, engine, scope } = context
  const { organisation } = scope
  const { sessions, refreshTokens } = engine.tables
  const { userId, kind, method, address, client } = session
  const [user] = await usersBy(context, db, 'id', userId, 'all')
  if (!user) throw new DirectoryError('notFound', `There is no user ${quote(userId)}.`)
  if (!isActive(user.attributes)) {
    throw new DirectoryError('inactive', 'An inactive user cannot sign in.')
  }
  await hold(context, userId)
  await noteSignIn(context, userId)
  await removeOver(context, userId)
  const row = {
    organisation,
    id: context.newId(),
    userId,
    kind,
    method,
    created: context.at,
    lastUsed: context.at,
    expires: session.expires,
    device: session.device ?? null,
    address: address ?? null,
    secretExpires: client?.secretExpires ?? null,
    loginHint: session.loginHint ?? null,
  }
  const entraSession = session.entraSession ?? null
  await db.insert(sessions).values({ ...row, hash: session.hash, entraSession })
  if (client) {
    const { refreshHash: hash } = client
    await db.insert(refreshTokens).values({ organisation, sessionId: row.id, hash, used: null })
  }
  await record(context, 'session.opened', userId, [
    { path: 'method', to: method },
    { path: 'kind', to: kind },
    ...(address === undefined ? [] : [{ path: 'address', to: address }]),
  ])
  return toSession(row)
}

export function sessionsOf(context: Context): Sessions {
  const { sessions } = context.engine.tables
  const { organisation } = context.scope
  const mine = eq(sessions.organisation, organisation)

  return {
    open: (session, cause) => write(context, cause, (tx) => openSession(tx, session)),
    async list(userId) {
      const now = context.now().toISOString()
      const rows = await context.engine.read
        .select()
        .from(sessions)
        .where(and(mine, eq(sessions.userId, userId), gt(sessions.expires, now)))
        .orderBy(asc(sessions.created), asc(sessions.id))
      return rows.map(toSession)
    },
    end: (id, cause, reason) =>
      write(context, cause, async (tx) => {
        const [ended] = await tx.db
          .delete(sessions)
          .where(and(mine, eq(sessions.id, id)))
          .returning({ id: sessions.id, userId: sessions.userId })
        if (!ended) return
        await removeRefreshTokens(tx, [ended])
        await record(tx, 'session.ended', ended.userId, [
          { path: 'sessions', from: 1 },
          ...(reason === undefined ? [] : [{ path: 'reason', to: reason }]),
        ])
      }),
    endEntra: (entraSession, cause) =>
      write(context, cause, async (tx) => {
        const ended = await tx.db
          .delete(sessions)
          .where(and(mine, eq(sessions.entraSession, entraSession)))
          .returning({ id: sessions.id, userId: sessions.userId })
        await removeRefreshTokens(tx, ended)
        for (const [userId, own] of Map.groupBy(ended, (session) => session.userId)) {
          await record(tx, 'session.ended', userId, [{ path: 'sessions', from: own.length }])
        }
        return ended.length
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
