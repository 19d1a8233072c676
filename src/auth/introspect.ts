import { DESKTOP_CLIENT } from './client-secrets.ts'
import { describeUser } from './describe.ts'
import type { Desk } from './desk.ts'
import type { AuthContext } from './http.tsx'
import { OAuthError } from './oauth.ts'
import type { Principal } from './principal.ts'
import type { SignedIn } from './sessions.ts'
import { readTokenForm } from './token-form.ts'

function seconds(...times: (string | undefined)[]): number {
  const known = times.flatMap((time) => (time === undefined ? [] : [Date.parse(time)]))
  return Math.floor(Math.min(...known) / 1_000)
}

async function describeToken({ store, publicUrl }: Desk, signedIn: SignedIn) {
  const { created, expires, secretExpires } = signedIn.session
  const { groups, roles, permissions, administrator, ...user } = await describeUser(store, signedIn)
  return {
    active: true,
    scope: 'session',
    client_id: DESKTOP_CLIENT,
    token_type: 'Bearer',
    iss: publicUrl,
    sub: user.id,
    username: user.userName,
    name: user.displayName,
    email: user.email,
    groups: groups.map(({ displayName }) => displayName),
    roles,
    permissions,
    administrator,
    iat: seconds(created),
    exp: seconds(expires, secretExpires),
  }
}

/**
 * Tells the server of the application who holds an access token of a desktop client (RFC 7662 §2.2): only of its own
 * organisation, and of all other tokens no more than that they are not active. `iat` is when the session began.
 */
export async function answerIntrospection(
  desk: Desk,
  context: AuthContext,
  { organisation }: Principal,
): Promise<Response> {
  const token = (await readTokenForm(context)).get('token')
  if (token === undefined) throw new OAuthError('invalid_request', 'token is missing.')
  const signedIn = await desk.sessions.verify(token, 'client')
  if (signedIn?.session.organisation !== organisation) return context.json({ active: false })
  return context.json(await describeToken(desk, signedIn))
}
