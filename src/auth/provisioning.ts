import { timingSafeEqual } from 'node:crypto'
import { decodeJwt } from 'jose'
import { DEFAULT_ORGANISATION } from '../directory/organisation.ts'
import type { Store } from '../directory/store.ts'
import { hashSecret, tokenState } from '../directory/token.ts'
import { bearerOf } from './bearer.ts'
import { TokenRefused, type EntraTokens } from './entra-tokens.ts'
import { clientPrincipal, type Principal } from './principal.ts'

/** How often at most the last use of a token is written down. */
const TOUCH_MILLISECONDS = 60_000

/** How long a credential is believed without asking again, and so how long a revocation takes at most. */
const FRESH_MILLISECONDS = 1_000

/** How many credentials are believed at a time; those that were verified longest ago make room. */
const BELIEVED = 1_000

export interface ProvisioningAuth {
  /**
   * The caller that an Authorization header stands for, or undefined: at once for who was verified a moment ago. Throws
   * TokenRefused for a token of Entra, whose reason is for the log alone, and KeysUnavailable.
   */
  verify(authorization: string | undefined): Principal | undefined | Promise<Principal | undefined>
  /** Writes down when tokens were last used. */
  flush(): Promise<void>
}

/** Whose a credential is. */
interface Found {
  readonly principal: Principal
  /** Until when it is valid, in milliseconds. */
  readonly expires: number
  /** The token whose last use is written down. */
  readonly token?: string
}

/** A kind of credential, known by its form. */
interface Verifier {
  fits(credential: string): boolean
  /** Undefined for one that may not be used, or no longer. */
  find(credential: string, hash: string, time: number): Promise<Found | undefined>
}

type CredentialKind =
  | 'token of the configuration'
  | 'secret token'
  | 'OAuth 2.0 access token'
  | 'token of Entra'

interface Deps {
  readonly staticToken: string | undefined
  readonly tokens: EntraTokens
  readonly now: () => Date
}

/** The kinds of credentials; the first that knows whose one is decides. */
function verifiersOf(
  store: Store,
  { staticToken, tokens }: Deps,
): Readonly<Record<CredentialKind, Verifier>> {
  const configured = staticToken === undefined ? undefined : Buffer.from(hashSecret(staticToken))
  return {
    'token of the configuration': {
      // It is whatever the operator wrote.
      fits: () => configured !== undefined,
      async find(_credential, hash) {
        if (!configured || !timingSafeEqual(Buffer.from(hash), configured)) return undefined
        const caller = { organisation: DEFAULT_ORGANISATION, actor: 'token:SCIM_TOKEN' }
        return { principal: { kind: 'provisioning client', ...caller }, expires: Infinity }
      },
    },

    'secret token': {
      fits: (credential) => /^entrance_[\w-]{43}$/.test(credential),
      async find(_credential, hash, time) {
        const token = await store.findToken(hash)
        if (!token || tokenState(token, new Date(time).toISOString()) !== 'active') return undefined
        const { id, organisation, name, expires } = token
        return {
          principal: { kind: 'provisioning client', organisation, actor: `token:${name}` },
          expires: expires === undefined ? Infinity : Date.parse(expires),
          token: id,
        }
      },
    },

    'OAuth 2.0 access token': {
      fits: (credential) => /^entrance_scim_[\w-]{43}$/.test(credential),
      async find(_credential, hash, time) {
        const token = await store.findClientToken(hash)
        const expires = token ? Date.parse(token.expires) : 0
        return token && expires > time ? { principal: clientPrincipal(token), expires } : undefined
      },
    },

    'token of Entra': {
      fits: (credential) => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(credential),
      async find(credential) {
        const tenantId = await tokens.provisioning(credential)
        const organisation = await store.organisations.ofTenant(tenantId)
        if (!organisation) throw new TokenRefused('tenant')
        const caller = { organisation: organisation.id, actor: `entra:${tenantId}` }
        return {
          principal: { kind: 'provisioning client', ...caller },
          // Without the allowance for clocks that differ: then it is verified each time.
          expires: (decodeJwt(credential).exp ?? 0) * 1_000,
        }
      },
    },
  }
}

/**
 * Verifies what provisioning clients show (RFC 6750): tokens of the store, that of the configuration, those that clients
 * got for their credentials, and those of Entra. Of secrets only hashes are kept and compared, the configured one in
 * constant time (BT-10).
 */
export function provisioningAuth(store: Store, deps: Deps): ProvisioningAuth {
  const { now } = deps
  const verifiers = Object.values(verifiersOf(store, deps))
  /** By id, in milliseconds. */
  let used = new Map<string, number>()
  let flushed = 0
  /**
   * By the header as it came, for so long as it is believed: to hash it every time would cost more than all the rest. A
   * look-up tells nothing of a header that is not there, since it compares no further than a number that is different in
   * every process. `until` in milliseconds.
   */
  const believed = new Map<string, Found & { readonly until: number }>()

  async function find(credential: string, hash: string, time: number): Promise<Found | undefined> {
    for (const verifier of verifiers) {
      const found = verifier.fits(credential) && (await verifier.find(credential, hash, time))
      if (found) return found
    }
    return undefined
  }

  /** Those that are not believed any more go at the next occasion: no credential is kept for longer than that. */
  function believe(header: string, found: Found, time: number): void {
    believed.delete(header)
    for (const [oldest, { until }] of believed) {
      if (until > time && believed.size < BELIEVED) break
      believed.delete(oldest)
    }
    believed.set(header, { ...found, until: Math.min(time + FRESH_MILLISECONDS, found.expires) })
  }

  /** Notes that a credential was used, and says whose it is. */
  function noteUse(found: Found, time: number): Principal {
    if (found.token !== undefined) {
      used.set(found.token, time)
      // No caller waits for this, and none fails with it: the next use is written down again.
      if (time - flushed >= TOUCH_MILLISECONDS) flush().catch(() => undefined)
    }
    return found.principal
  }

  async function verifyAnew(header: string, time: number): Promise<Principal | undefined> {
    believed.delete(header)
    const credential = bearerOf(header)
    const found = credential && (await find(credential, hashSecret(credential), time))
    if (!found) return undefined
    believe(header, found, time)
    return noteUse(found, time)
  }

  async function flush(): Promise<void> {
    const uses = [...used].map(([id, time]) => [id, new Date(time).toISOString()] as const)
    used = new Map()
    flushed = now().getTime()
    if (uses.length > 0) await store.touchTokens(new Map(uses))
  }

  return {
    verify(authorization) {
      if (authorization === undefined) return undefined
      const time = now().getTime()
      const known = believed.get(authorization)
      return known && time < known.until ? noteUse(known, time) : verifyAnew(authorization, time)
    },
    flush,
  }
}
