import { hashSecret } from '../directory/token.ts'
import { newClientSecrets, required, requireDesktopClient } from './client-secrets.ts'
import type { Grant } from './grant.ts'
import { causeOf } from './http.tsx'
import { OAuthError } from './oauth.ts'
import { isOver } from './sessions.ts'

/**
 * New tokens for a refresh token, which is worth nothing afterwards (RFC 6749 §6). One that comes twice has been copied,
 * and nobody can tell who is the thief: the session ends for both (RFC 9700 §4.14.2).
 */
export const refresh: Grant = async (desk, context, form) => {
  requireDesktopClient(form)
  const refreshHash = hashSecret(required(form, 'refresh_token'))
  const held = await desk.store.findRefreshToken(refreshHash)
  if (!held) throw new OAuthError('invalid_grant', 'The refresh token is not valid.')
  const { organisation, id, userId } = held.session
  const directory = desk.store.for({ organisation, localUsers: 'visible' })

  async function end(text: string, reason: string): Promise<never> {
    await directory.sessions.end(id, causeOf(context, `user:${userId}`), reason)
    throw new OAuthError('invalid_grant', text)
  }

  const reused = () => end('The refresh token has been used.', 'a refresh token came twice')
  if (held.used) return reused()
  if (isOver(held.session, desk.now())) return end('The session is over.', 'it was over')
  const { kept, answer } = newClientSecrets(desk)
  return (await directory.clientSessions.renew(refreshHash, kept)) ? answer : reused()
}
