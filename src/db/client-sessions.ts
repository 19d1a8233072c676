import { and, eq, isNull, lt } from 'drizzle-orm'
import type {
  AuthorizationCode,
  ClientSessions,
  HeldRefreshToken,
} from '../directory/client-session.ts'
import { DirectoryError } from '../directory/errors.ts'
import { record, write, type Context } from './context.ts'
import type { Engine } from './engine.ts'
import { openSession, toHeldSession } from './sessions.ts'

/** How long it is remembered that a refresh token was used. */
const REMEMBERED_MILLISECONDS = 30 * 24 * 60 * 60_000

export async function findCode(
  engine: Engine,
  hash: string,
): Promise<AuthorizationCode | undefined> {
  const { authorizationCodes } = engine.tables
  const [row] = await engine.read
    .select()
    .from(authorizationCodes)
    .where(eq(authorizationCodes.hash, hash))
  if (!row) return undefined
  const { sessionId, ...code } = row
  return sessionId === null ? code : { ...code, sessionId }
}

export async function findRefreshToken(
  engine: Engine,
  hash: string,
): Promise<HeldRefreshToken | undefined> {
  const { refreshTokens, sessions } = engine.tables
  const [found] = await engine.read
    .select({ session: sessions, used: refreshTokens.used })
    .from(refreshTokens)
    .innerJoin(
      sessions,
      and(
        eq(sessions.organisation, refreshTokens.organisation),
        eq(sessions.id, refreshTokens.sessionId),
      ),
    )
    .where(eq(refreshTokens.hash, hash))
  return found && { session: toHeldSession(found.session), used: found.used !== null }
}

export function clientSessionsOf(context: Context): ClientSessions {
  const { authorizationCodes, refreshTokens, sessions } = context.engine.tables
  const { organisation } = context.scope

  return {
    issueCode: (code, cause) =>
      write(context, cause, async (tx) => {
        await tx.db
          .delete(authorizationCodes)
          .where(
            and(
              eq(authorizationCodes.organisation, organisation),
              lt(authorizationCodes.expires, tx.at),
            ),
          )
        await tx.db.insert(authorizationCodes).values({ ...code, organisation, sessionId: null })
        await record(tx, 'code.issued', code.userId, [
          { path: 'redirectUri', to: code.redirectUri },
        ])
      }),

    redeemCode: (hash, session, cause) =>
      write(context, cause, async (tx) => {
        const opened = await openSession(tx, session)
        const [used] = await tx.db
          .update(authorizationCodes)
          .set({ sessionId: opened.id })
          .where(
            and(
              eq(authorizationCodes.organisation, organisation),
              eq(authorizationCodes.hash, hash),
              isNull(authorizationCodes.sessionId),
            ),
          )
          .returning({ hash: authorizationCodes.hash })
        if (!used) throw new DirectoryError('notFound', 'This code has been used.')
        return opened
      }),

    renew: (refreshHash, { hash, secretExpires, refreshHash: next }) =>
      context.engine.transaction(async (db) => {
        const at = context.now().toISOString()
        const mine = eq(refreshTokens.organisation, organisation)
        const [used] = await db
          .update(refreshTokens)
          .set({ used: at })
          .where(and(mine, eq(refreshTokens.hash, refreshHash), isNull(refreshTokens.used)))
          .returning({ sessionId: refreshTokens.sessionId })
        if (!used) return false
        const { sessionId } = used
        const forgotten = new Date(Date.parse(at) - REMEMBERED_MILLISECONDS).toISOString()
        await db
          .delete(refreshTokens)
          .where(
            and(mine, eq(refreshTokens.sessionId, sessionId), lt(refreshTokens.used, forgotten)),
          )
        await db.insert(refreshTokens).values({ organisation, sessionId, hash: next, used: null })
        await db
          .update(sessions)
          .set({ hash, secretExpires, lastUsed: at })
          .where(and(eq(sessions.organisation, organisation), eq(sessions.id, sessionId)))
        return true
      }, refreshHash),
  }
}
