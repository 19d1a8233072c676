import { and, eq, sql } from 'drizzle-orm'
import type { Change } from '../directory/event.ts'
import type { Write } from './context.ts'
import { endSessions } from './sessions.ts'
import { statement } from './statements.ts'

async function removeLinks({ db, engine, scope }: Write, userId: string): Promise<void> {
  const { oneTimeLinks } = engine.tables
  const remove = statement(engine, db, 'delete one-time links', () =>
    db
      .delete(oneTimeLinks)
      .where(
        and(
          eq(oneTimeLinks.organisation, sql.placeholder('organisation')),
          eq(oneTimeLinks.userId, sql.placeholder('userId')),
        ),
      ),
  )
  await remove({ organisation: scope.organisation, userId })
}

async function removeCodes({ db, engine, scope }: Write, userId: string): Promise<void> {
  const { authorizationCodes } = engine.tables
  const remove = statement(engine, db, 'delete authorization codes', () =>
    db
      .delete(authorizationCodes)
      .where(
        and(
          eq(authorizationCodes.organisation, sql.placeholder('organisation')),
          eq(authorizationCodes.userId, sql.placeholder('userId')),
        ),
      ),
  )
  await remove({ organisation: scope.organisation, userId })
}

/** Ends all that lets a user in now, sessions, codes and links; the event of what was done says how many sessions those were. */
export async function endAccess(context: Write, userId: string): Promise<Change[]> {
  const ended = await endSessions(context, userId)
  await removeLinks(context, userId)
  await removeCodes(context, userId)
  return ended > 0 ? [{ path: 'sessions', from: ended }] : []
}

/** Takes the password of a user whom Entra owns from now on, and ends what it let in. */
export async function removePassword(context: Write, userId: string): Promise<Change[]> {
  const { db, engine, scope } = context
  const { passwords } = engine.tables
  const remove = statement<{ userId: string }>(engine, db, 'delete password', () =>
    db
      .delete(passwords)
      .where(
        and(
          eq(passwords.organisation, sql.placeholder('organisation')),
          eq(passwords.userId, sql.placeholder('userId')),
        ),
      )
      .returning({ userId: passwords.userId }),
  )
  const gone = await remove({ organisation: scope.organisation, userId })
  const ended = await endAccess(context, userId)
  return gone.length > 0 ? [{ path: 'password', from: 'set' }, ...ended] : ended
}
