import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose'
import type { EntraApp } from '../directory/entra.ts'
import type { Federation } from '../directory/client.ts'
import { isObjectId } from '../scim/protocol/compare.ts'
import { KeysUnavailable, type EntraKeys } from './entra-keys.ts'

/** Why a token is refused: for the log, never for whoever sent it. */
export type Reason =
  | 'malformed'
  | 'algorithm'
  | 'signature'
  | 'unknown key'
  | 'expired'
  | 'not yet valid'
  | 'issuer'
  | 'audience'
  | 'tenant'
  | 'subject'
  | 'nonce'
  | 'version'
  | 'scope'
  | 'claim missing'

export class TokenRefused extends Error {
  readonly reason: Reason

  constructor(reason: Reason, options?: ErrorOptions) {
    super(`A token of Entra is refused: ${reason}.`, options)
    this.name = 'TokenRefused'
    this.reason = reason
  }
}

/** An account of Entra: the key is the object id in its tenant. */
export interface EntraAccount {
  readonly tenantId: string
  readonly objectId: string
}

/** Who signed in at Entra. All but the account is for display. */
export interface EntraPerson extends EntraAccount {
  readonly userName: string
  readonly displayName: string | undefined
  /** The app roles, empty where there are none. */
  readonly roles: readonly string[]
  /** What Entra calls the session (`sid`) and how it recognises the account (`login_hint`), where it says so. */
  readonly session: string | undefined
  readonly loginHint: string | undefined
}

/** The tokens of Entra that are taken, each kind checked in its own way. All throw TokenRefused and KeysUnavailable. */
export interface EntraTokens {
  /** The ID token of a sign-in through the app registration (entra.md §6.5; OpenID Connect Core §3.1.3.7). */
  person(idToken: string, nonce: string): Promise<EntraPerson>
  /** An access token for the application's API, which a client got for a person (entra.md §6.7). */
  apiCaller(accessToken: string): Promise<EntraAccount>
  /** The assertion of a workload identity (RFC 7523 §3). It may come more than once: Entra reuses it. */
  assertion(token: string, tenantId: string, federation: Federation): Promise<void>
  /** The token that provisioning sends when no secret was set (entra.md §2.2). The tenant is one of those allowed. */
  provisioning(token: string): Promise<string>
}

const LONGEST = 16_384
const SKEW_SECONDS = 300
const ID_TOKEN_AGE_SECONDS = 15 * 60

/** The one audience of all provisioning tokens of applications that are not in the gallery. */
const PROVISIONING_AUDIENCE = '8adf8e6e-67b2-4cf2-a259-e3dc5476c621'

/** Who issues tokens of version 1, by the address of the cloud. */
const V1_ISSUERS: Readonly<Record<string, string>> = {
  'https://login.partner.microsoftonline.cn': 'https://sts.chinacloudapi.cn',
}

function reasonOf(error: unknown): Reason {
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature'
  if (error instanceof errors.JWKSNoMatchingKey) return 'unknown key'
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'unknown key'
  if (error instanceof errors.JWTExpired) return 'expired'
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 'malformed'
  if (error.reason === 'missing') return 'claim missing'
  if (error.claim === 'nbf' || error.claim === 'iat') return 'not yet valid'
  return error.claim === 'aud' ? 'audience' : 'issuer'
}

function text(payload: JWTPayload, claim: string): string | undefined {
  const value = payload[claim]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function texts(payload: JWTPayload, claim: string): string[] {
  const value = payload[claim]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function accountOf(payload: JWTPayload, tenantId: string): EntraAccount {
  const objectId = text(payload, 'oid')?.toLowerCase()
  if (objectId === undefined || !isObjectId(objectId)) throw new TokenRefused('claim missing')
  return { tenantId, objectId }
}

/** The forms of an audience: on which of them a token has, Microsoft's own pages disagree. */
function formsOf(audience: string): string[] {
  const bare = audience.replace(/^api:\/\//, '').replace(/\/\.default$/, '')
  return [bare, `api://${bare}`, `api://${bare}/.default`]
}

export interface EntraTokensDeps {
  readonly keys: EntraKeys
  readonly now: () => Date
  /** The cloud that programs of Entra come from. */
  readonly loginUrl: string
  /** The app registration that people sign in through, as it is now. */
  readonly app: () => Promise<Pick<EntraApp, 'tenantId' | 'clientId' | 'loginUrl'> | undefined>
  /** The scope that tokens for the application's API must have. */
  readonly apiScope: string
  /** The tenants whose provisioning tokens are accepted. */
  readonly provisioningTenants: readonly string[]
}

const v1 = (cloud: string, tenantId: string) =>
  `${V1_ISSUERS[cloud] ?? 'https://sts.windows.net'}/${tenantId}/`
const v2 = (cloud: string, tenantId: string) => `${cloud}/${tenantId}/v2.0`

export function entraTokens(deps: EntraTokensDeps): EntraTokens {
  const { keys, now, loginUrl, app, apiScope, provisioningTenants } = deps
  /** Checks all that every token of Entra has to have. */
  async function verify(
    token: string,
    cloud: string,
    tenantId: string,
    expected: {
      readonly issuer: string[]
      readonly audience: string[]
      readonly maxTokenAge?: number
    },
  ): Promise<JWTPayload> {
    if (token.length > LONGEST) throw new TokenRefused('malformed')
    try {
      const { payload } = await jwtVerify(token, keys.of(cloud, tenantId), {
        ...expected,
        algorithms: ['RS256'],
        clockTolerance: SKEW_SECONDS,
        currentDate: now(),
        requiredClaims: ['exp', 'iat', 'sub', 'tid'],
      })
      if (text(payload, 'tid')?.toLowerCase() !== tenantId) throw new TokenRefused('tenant')
      // One audience each: a token for several is for somebody else too.
      if (typeof payload.aud !== 'string') throw new TokenRefused('audience')
      return payload
    } catch (error) {
      if (error instanceof TokenRefused || error instanceof KeysUnavailable) throw error
      throw new TokenRefused(reasonOf(error), { cause: error })
    }
  }

  async function requireApp() {
    const found = await app()
    if (found) return found
    throw new TokenRefused('tenant')
  }

  return {
    async person(idToken, nonce) {
      const { tenantId, clientId, loginUrl: cloud } = await requireApp()
      const payload = await verify(idToken, cloud, tenantId, {
        issuer: [v2(cloud, tenantId)],
        audience: [clientId],
        maxTokenAge: ID_TOKEN_AGE_SECONDS,
      })
      if (text(payload, 'nonce') !== nonce) throw new TokenRefused('nonce')
      if (text(payload, 'ver') !== '2.0') throw new TokenRefused('version')
      return {
        ...accountOf(payload, tenantId),
        userName: text(payload, 'preferred_username') ?? '',
        displayName: text(payload, 'name'),
        roles: texts(payload, 'roles'),
        session: text(payload, 'sid'),
        loginHint: text(payload, 'login_hint'),
      }
    },

    async apiCaller(accessToken) {
      const { tenantId, clientId, loginUrl: cloud } = await requireApp()
      const payload = await verify(accessToken, cloud, tenantId, {
        issuer: [v2(cloud, tenantId), v1(cloud, tenantId)],
        audience: [clientId, `api://${clientId}`],
      })
      // The version decides the issuer; an ID token, which has a nonce, is no access token.
      const version = payload.iss === v2(cloud, tenantId) ? '2.0' : '1.0'
      if (text(payload, 'ver') !== version) throw new TokenRefused('version')
      if (payload['nonce'] !== undefined) throw new TokenRefused('nonce')
      if (!(text(payload, 'scp') ?? '').split(' ').includes(apiScope))
        throw new TokenRefused('scope')
      return accountOf(payload, tenantId)
    },

    async assertion(token, tenantId, { subject, audience }) {
      const payload = await verify(token, loginUrl, tenantId, {
        issuer: [v2(loginUrl, tenantId)],
        audience: formsOf(audience),
      })
      if (payload.sub?.toLowerCase() !== subject.toLowerCase()) throw new TokenRefused('subject')
    },

    async provisioning(token) {
      const tenantId = token.length > LONGEST ? undefined : claimedTenant(token)
      if (tenantId === undefined) throw new TokenRefused('malformed')
      if (!provisioningTenants.includes(tenantId)) throw new TokenRefused('tenant')
      await verify(token, loginUrl, tenantId, {
        issuer: [v1(loginUrl, tenantId)],
        audience: [PROVISIONING_AUDIENCE],
      })
      return tenantId
    },
  }
}

/** The tenant that a token says it is of, which is not to be trusted yet. */
function claimedTenant(token: string): string | undefined {
  try {
    return text(decodeJwt(token), 'tid')?.toLowerCase()
  } catch {
    return undefined
  }
}
