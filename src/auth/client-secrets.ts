import type { NewSession } from '../directory/account.ts'
import type { Renewal } from '../directory/client-session.ts'
import { DirectoryError } from '../directory/errors.ts'
import { hashSecret, newTokenSecret } from '../directory/token.ts'
import { invalidClient } from './client-auth.ts'
import { addressOf, type AuthContext } from './http.tsx'
import type { Desk } from './desk.ts'
import { deviceOf } from './device.ts'
import type { TokenAnswer, TokenForm } from './grant.ts'
import { OAuthError } from './oauth.ts'
import { LIMITS } from './sessions.ts'

/** The application's desktop client: the one public client there is (RFC 6749 §2.1, RFC 8252 §8.4). */
export const DESKTOP_CLIENT = 'desktop'

/** A new access token and the refresh token that goes with it: what is kept of them, and what the client is told. */
export interface ClientSecrets {
  readonly kept: Renewal
  readonly answer: TokenAnswer
}

export function newClientSecrets({ now }: Desk): ClientSecrets {
  const [access, refresh] = [newTokenSecret('access'), newTokenSecret('refresh')]
  return {
    kept: {
      hash: hashSecret(access),
      secretExpires: new Date(now().getTime() + LIMITS.client.access).toISOString(),
      refreshHash: hashSecret(refresh),
    },
    answer: {
      access_token: access,
      token_type: 'Bearer',
      expires_in: LIMITS.client.access / 1_000,
      refresh_token: refresh,
      scope: 'session',
    },
  }
}

/** A session of the client that asks. */
export function newClientSession(
  { now }: Desk,
  context: AuthContext,
  who: Pick<NewSession, 'userId' | 'method'>,
  { hash, secretExpires, refreshHash }: Renewal,
): NewSession {
  const device = deviceOf(context.req.header('user-agent'))
  return {
    ...who,
    hash,
    kind: 'client',
    expires: new Date(now().getTime() + LIMITS.client.absolute).toISOString(),
    address: addressOf(context),
    client: { secretExpires, refreshHash },
    ...(device === undefined ? {} : { device }),
  }
}

/** Whether no session could be opened: for somebody inactive or gone, or for a code that was used meanwhile. */
export function isShut(error: unknown): error is DirectoryError {
  return error instanceof DirectoryError && /^(inactive|notFound)$/.test(error.code)
}

/** Throws OAuthError when another client asks, or one that does not say which it is (RFC 6749 §3.2.1). */
export function requireDesktopClient(form: TokenForm): void {
  if (form.get('client_id') === DESKTOP_CLIENT) return
  throw invalidClient(`Send client_id=${DESKTOP_CLIENT}.`)
}

/** A parameter that has to be there. Throws OAuthError. */
export function required(form: TokenForm, name: string): string {
  const value = form.get(name)
  if (value !== undefined) return value
  throw new OAuthError('invalid_request', `The parameter ${name} is missing.`)
}
