import { randomBytes } from 'node:crypto'
import { fail } from '../authority/aadsts.ts'
import { failureJson } from '../authority/failure-json.ts'
import { GraphFailure } from './failure.ts'
import type { Answer } from './request.ts'

export interface Application {
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  readonly acceptAssertions: boolean
}

/** App-only tokens: who gets one, and which are good. */
export interface Tokens {
  /** The secret is the right one, but too old. */
  secretExpired: boolean
  /** Answers `POST /{tenant}/oauth2/v2.0/token`. */
  exchange(tenant: string, form: URLSearchParams, correlationId: string | undefined): Answer
  accept(token: string): void
  /** No token is good any more. */
  expire(): void
  /** Throws 401 unless the header has a good token. */
  check(authorization: string | undefined): void
}

const LIFETIME_SECONDS = 3_599
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const CHALLENGE =
  'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"'

function unauthorized(message: string): GraphFailure {
  const headers = { 'WWW-Authenticate': CHALLENGE }
  return new GraphFailure(401, 'InvalidAuthenticationToken', message, headers)
}

/** Whether a JWT says that it comes from the application; its signature is not looked at. */
function isFrom(clientId: string, assertion: string): boolean {
  try {
    const payload = Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString()
    const claims = JSON.parse(payload) as { readonly iss?: unknown; readonly sub?: unknown }
    return claims.iss === clientId && claims.sub === clientId
  } catch {
    return false
  }
}

export function newTokens(application: Application): Tokens {
  const { tenantId, clientId, clientSecret, acceptAssertions } = application
  const good = new Map<string, number>()
  let secretExpired = false

  /** What is wrong with a request, as a number of Entra's. */
  const refusal = (tenant: string, form: URLSearchParams): number | undefined => {
    if (tenant !== tenantId) return 90002
    if (form.get('grant_type') !== 'client_credentials') return 70003
    if (form.get('client_id') !== clientId) return 700016
    const scopes = form.get('scope')?.split(' ').filter(Boolean) ?? []
    if (scopes.length !== 1 || scopes[0]?.endsWith('/.default') !== true) return 70011
    const assertion = form.get('client_assertion')
    if (assertion !== null) {
      const typed = form.get('client_assertion_type') === ASSERTION
      return acceptAssertions && typed && isFrom(clientId, assertion) ? undefined : 700027
    }
    const secret = form.get('client_secret')
    if (secret === null) return 7000218
    if (secret !== clientSecret) return 7000215
    return secretExpired ? 7000222 : undefined
  }

  return {
    get secretExpired() {
      return secretExpired
    },
    set secretExpired(expired) {
      secretExpired = expired
    },
    exchange: (tenant, form, correlationId) => {
      const code = refusal(tenant, form)
      if (code !== undefined) {
        const failure = fail(code, 'exchange', { correlationId })
        const told = failureJson(
          code === 700027 ? { ...failure, error: 'invalid_client' } : failure,
        )
        return { status: told.status, body: told.body }
      }
      const token = randomBytes(48).toString('base64url')
      good.set(token, Date.now() + LIFETIME_SECONDS * 1_000)
      const lifetime = { expires_in: LIFETIME_SECONDS, ext_expires_in: LIFETIME_SECONDS }
      return { status: 200, body: { token_type: 'Bearer', ...lifetime, access_token: token } }
    },
    accept: (token) => {
      good.set(token, Number.POSITIVE_INFINITY)
    },
    expire: () => {
      for (const token of good.keys()) good.set(token, 0)
    },
    check: (authorization) => {
      const token = /^Bearer (\S+)$/iu.exec(authorization ?? '')?.[1]
      if (token === undefined) throw unauthorized('Access token is empty.')
      const expires = good.get(token)
      if (expires === undefined) throw unauthorized('CompactToken parsing failed.')
      if (expires <= Date.now()) {
        throw unauthorized('Lifetime validation failed, the token is expired.')
      }
    },
  }
}
