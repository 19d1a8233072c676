import type { Context, MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { DirectoryError } from '../directory/errors.ts'
import { ScimError } from '../scim/protocol/error.ts'
import type { Attempts } from './attempts.ts'
import { bearerOf } from './bearer.ts'
import { authenticateClient, invalidClient } from './client-auth.ts'
import { cookiesOf } from './cookies.ts'
import type { AuthDeps, Desk } from './desk.ts'
import { KeysUnavailable } from './entra-keys.ts'
import { TokenRefused } from './entra-tokens.ts'
import { addressOf, type AuthContext, type AuthEnv } from './http.tsx'
import { OAuthError } from './oauth.ts'
import { clientPrincipal, may, personPrincipal, type Need, type Principal } from './principal.ts'
import type { ProvisioningAuth } from './provisioning.ts'
import { readTokenForm } from './token-form.ts'

interface Guarded {
  Variables: { principal: Principal; failure: unknown }
}

const challenge = (realm: string, error?: string) => ({
  'WWW-Authenticate': `Bearer realm="${realm}"${error === undefined ? '' : `, error="${error}"`}`,
})

/**
 * Lets in who may provision. Without credentials the challenge names the realm; with bad ones, whatever is wrong with
 * them, `invalid_token` (RFC 6750 §3). A valid token is never slowed down.
 */
export function requiresScim(auth: ProvisioningAuth, attempts: Attempts): MiddlewareHandler {
  return createMiddleware<Guarded>(async function requiresScim(context, next) {
    const header = context.req.header('authorization')
    function refused(error: unknown): undefined {
      if (error instanceof KeysUnavailable) {
        throw new DirectoryError('unavailable', error.message, { cause: error })
      }
      if (!(error instanceof TokenRefused)) throw error
      context.set('failure', error)
    }
    const found = auth.verify(header)
    const principal = found instanceof Promise ? await found.catch(refused) : found
    if (principal) {
      context.set('principal', principal)
      if (may(principal, 'scim')) return next()
      throw new ScimError('forbidden', undefined, challenge('scim', 'insufficient_scope'))
    }
    if (header === undefined) throw new ScimError('unauthorized', undefined, challenge('scim'))
    const wait = attempts.fail(addressOf(context))
    if (wait !== undefined) {
      throw new ScimError('tooManyRequests', undefined, { 'Retry-After': String(wait) })
    }
    throw new ScimError('unauthorized', undefined, challenge('scim', 'invalid_token'))
  })
}

/** Who calls: a desktop client by its token, where it is asked for a client by its credentials, or a browser. */
async function callerOf(desk: Desk, context: AuthContext, need: Need): Promise<Principal> {
  const { sessions, cookies } = desk
  const authorization = context.req.header('authorization')
  if (authorization !== undefined && /^Bearer\b/i.test(authorization)) {
    const signedIn = await sessions.verify(bearerOf(authorization), 'client')
    if (signedIn) return personPrincipal(signedIn)
    throw new OAuthError('invalid_token', 'The access token is not valid, or no longer.', {
      headers: challenge('entrance', 'invalid_token'),
    })
  }
  if (need === 'introspect') {
    const shown = await authenticateClient(desk, context, await readTokenForm(context))
    if (shown) return clientPrincipal(shown.client)
  }
  const signedIn = await sessions.verify(cookies.session.read(context), 'browser')
  if (signedIn) return personPrincipal(signedIn)
  if (need === 'introspect') throw invalidClient('Send the credentials of a client.')
  throw new OAuthError('login_required', 'Nobody is signed in.', { headers: challenge('entrance') })
}

/**
 * Lets in who may have what a route for programs needs. Others are told by an OAuthError: 401 where nobody calls or the
 * credentials are bad, and 403 `insufficient_scope` where somebody else does (RFC 6750 §3).
 */
export function requires(desk: Desk, need: Need): MiddlewareHandler<AuthEnv> {
  return createMiddleware<AuthEnv>(async function requires(context, next) {
    const principal = await callerOf(desk, context, need)
    context.set('principal', principal)
    if (!may(principal, need)) {
      throw new OAuthError('insufficient_scope', 'This is not for you.', {
        headers: challenge('entrance', 'insufficient_scope'),
      })
    }
    return next()
  })
}

/** Why a guard lets nobody through: nobody is signed in, or somebody for whom the door is not. */
export type Refusal = 'nobody' | 'notAllowed'

/**
 * Lets in who is signed in in a browser and may have what a door needs; `refuse` throws or answers in the door's own
 * form.
 */
export function requiresBrowser(
  { sessions, publicUrl }: Pick<AuthDeps, 'sessions' | 'publicUrl'>,
  need: Need,
  refuse: (why: Refusal, context: Context) => Response,
): MiddlewareHandler {
  const { session } = cookiesOf(publicUrl)
  return createMiddleware<Guarded>(async function requiresBrowser(context, next) {
    const signedIn = await sessions.verify(session.read(context), 'browser')
    if (!signedIn) return refuse('nobody', context)
    const principal = personPrincipal(signedIn)
    context.set('principal', principal)
    return may(principal, need) ? next() : refuse('notAllowed', context)
  })
}
