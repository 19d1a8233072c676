import { DirectoryError } from '../directory/errors.ts'
import { hashSecret, newTokenSecret } from '../directory/token.ts'
import { authenticateClient, invalidClient } from './client-auth.ts'
import type { Grant } from './grant.ts'
import { causeOf } from './http.tsx'
import { OAuthError } from './oauth.ts'
import { clientPrincipal, may } from './principal.ts'

/** Entra takes no token that is valid for less (entra.md §2.3). */
const SECONDS = 3_600

/**
 * An access token for the SCIM door (RFC 6749 §4.4). There is one scope, which a client gets whichever it asks for: Entra
 * asks for whatever an administrator wrote.
 */
export const clientCredentials: Grant = async (desk, context, form) => {
  const { store, now } = desk
  const shown = await authenticateClient(desk, context, form)
  if (!shown) throw invalidClient('Send the credentials of a client.')
  const { client, secretId } = shown
  const principal = clientPrincipal(client)
  context.set('principal', principal)
  if (!may(principal, 'scim')) {
    throw new OAuthError('unauthorized_client', 'This client is not one for provisioning.')
  }
  const token = newTokenSecret('scim')
  const expires = new Date(now().getTime() + SECONDS * 1_000).toISOString()
  const kept = { hash: hashSecret(token), expires }
  const { clients } = store.for({ organisation: client.organisation, localUsers: 'visible' })
  try {
    await clients.issueToken(
      client.id,
      secretId === undefined ? kept : { ...kept, secretId },
      causeOf(context, principal.actor),
    )
  } catch (error) {
    const gone = error instanceof DirectoryError && error.code === 'notFound'
    throw gone ? invalidClient('The client or its secret was revoked.', error) : error
  }
  return { access_token: token, token_type: 'Bearer', expires_in: SECONDS, scope: 'scim' }
}
