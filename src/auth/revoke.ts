import type { HeldSession } from '../directory/account.ts'
import { hashSecret } from '../directory/token.ts'
import { required } from './client-secrets.ts'
import type { Desk } from './desk.ts'
import { causeOf, type AuthContext } from './http.tsx'
import { readTokenForm } from './token-form.ts'

async function clientSessionOf({ store }: Desk, token: string): Promise<HeldSession | undefined> {
  const hash = hashSecret(token)
  const session = (await store.findSession(hash)) ?? (await store.findRefreshToken(hash))?.session
  return session?.kind === 'client' ? session : undefined
}

/**
 * Ends the session of a client that signs out with its access token or its refresh token. Any other token is answered
 * alike (RFC 7009 §2.2). Throws OAuthError where there is none.
 */
export async function answerRevocation(desk: Desk, context: AuthContext): Promise<Response> {
  const session = await clientSessionOf(desk, required(await readTokenForm(context), 'token'))
  if (session) {
    const { organisation, id, userId } = session
    const { sessions } = desk.store.for({ organisation, localUsers: 'visible' })
    await sessions.end(id, causeOf(context, `user:${userId}`))
  }
  return context.body(null, 200)
}
