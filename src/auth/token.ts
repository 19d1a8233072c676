import { clientCredentials } from './client-credentials.ts'
import { clientGrants } from './client-grants.ts'
import type { Desk } from './desk.ts'
import type { Grant } from './grant.ts'
import type { AuthContext } from './http.tsx'
import { OAuthError } from './oauth.ts'
import { readTokenForm } from './token-form.ts'

const grants: ReadonlyMap<string, Grant> = new Map(
  Object.entries({ client_credentials: clientCredentials, ...clientGrants }),
)

/** The token endpoint (RFC 6749 §3.2). */
export async function answerToken(desk: Desk, context: AuthContext): Promise<Response> {
  const form = await readTokenForm(context)
  const type = form.get('grant_type')
  if (type === undefined) throw new OAuthError('invalid_request', 'grant_type is missing.')
  const grant = grants.get(type)
  if (!grant) {
    const known = [...grants.keys()].join(', ')
    throw new OAuthError('unsupported_grant_type', `grant_type can be one of these: ${known}.`)
  }
  const answer = await grant(desk, context, form)
  // RFC 6749 §5.1 wants it beside Cache-Control.
  return context.json(answer, 200, { Pragma: 'no-cache' })
}
