import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { DirectoryError } from '../directory/errors.ts'
import { KeysUnavailable } from './entra-keys.ts'
import { TokenRefused } from './entra-tokens.ts'
import type { AuthContext } from './http.tsx'

/**
 * RFC 6749 §5.2, RFC 8628 §3.5, two for what is no fault of the client (RFC 6749 §4.1.2.1), and for who asks about a
 * person RFC 6750 §3.1 and OpenID Connect Core §3.1.2.6.
 */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'login_required'
  | 'slow_down'
  | 'temporarily_unavailable'
  | 'server_error'

const statuses: Readonly<Record<OAuthErrorCode, ContentfulStatusCode>> = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  invalid_scope: 400,
  invalid_token: 401,
  insufficient_scope: 403,
  login_required: 401,
  slow_down: 429,
  temporarily_unavailable: 503,
  server_error: 500,
}

/** What a program that asked for a token, or about one, is told. The text is for whoever writes that program. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode
  readonly status: ContentfulStatusCode
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: OAuthErrorCode,
    description: string,
    options: ErrorOptions & {
      /** Another than the one of the code. */
      readonly status?: ContentfulStatusCode
      readonly headers?: Readonly<Record<string, string>>
    } = {},
  ) {
    super(description, options)
    this.name = 'OAuthError'
    this.code = code
    this.status = options.status ?? statuses[code]
    this.headers = options.headers ?? {}
  }
}

const AWAY = { 'Retry-After': '10' }

/** The error to answer with, whatever was thrown. */
function toOAuthError(error: unknown, requestId: string): OAuthError {
  if (error instanceof OAuthError) return error
  const away = error instanceof DirectoryError && error.code === 'unavailable'
  if (away || error instanceof KeysUnavailable) {
    const text = 'What is needed to answer cannot be reached. Try again.'
    return new OAuthError('temporarily_unavailable', text, { cause: error, headers: AWAY })
  }
  if (error instanceof TokenRefused) {
    return new OAuthError('invalid_grant', 'The token of Entra is not accepted.', { cause: error })
  }
  if (error instanceof HTTPException && error.status === 413) {
    const text = 'The request is larger than it can be.'
    return new OAuthError('invalid_request', text, { status: error.status })
  }
  const text = `It is noted in the log of the server, with this number: ${requestId}.`
  return new OAuthError('server_error', text, { cause: error })
}

/** Answers a failure of an endpoint for programs in their form (RFC 6749 §5.2); the log has the cause. */
export function renderOAuthError(thrown: unknown, context: AuthContext): Response {
  const error = toOAuthError(thrown, context.get('requestId'))
  if (error.cause !== undefined || error.status >= 500) context.set('failure', error)
  for (const [name, value] of Object.entries(error.headers)) context.header(name, value)
  return context.json({ error: error.code, error_description: error.message }, error.status)
}
