import type { MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { ScimError } from '../scim/protocol/error.ts'
import type { Attempts } from './attempts.ts'
import { addressOf } from './http.tsx'
import type { Principal } from './principal.ts'
import type { ProvisioningAuth } from './provisioning.ts'

interface Guarded {
  Variables: { principal: Principal }
}

/**
 * Lets only a provisioning client in. Without credentials the challenge names the realm; with bad ones, whatever is
 * wrong with them, `invalid_token` (RFC 6750 §3). A valid token is never slowed down.
 */
export function requireProvisioningClient(
  auth: ProvisioningAuth,
  attempts: Attempts,
): MiddlewareHandler {
  return createMiddleware<Guarded>(async function requireProvisioningClient(context, next) {
    const header = context.req.header('authorization')
    const principal = await auth.verify(header)
    if (principal) {
      context.set('principal', principal)
      return next()
    }
    if (header === undefined) {
      throw new ScimError('unauthorized', undefined, { 'WWW-Authenticate': 'Bearer realm="scim"' })
    }
    const wait = attempts.fail(addressOf(context))
    if (wait !== undefined) {
      throw new ScimError('tooManyRequests', undefined, { 'Retry-After': String(wait) })
    }
    throw new ScimError('unauthorized', undefined, {
      'WWW-Authenticate': 'Bearer realm="scim", error="invalid_token"',
    })
  })
}
