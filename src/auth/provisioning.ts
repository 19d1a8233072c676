import { timingSafeEqual } from 'node:crypto'
import { DEFAULT_ORGANISATION } from '../directory/organisation.ts'
import type { Store } from '../directory/store.ts'
import { hashSecret, tokenState, type Token } from '../directory/token.ts'
import type { Principal } from './principal.ts'

/** How often at most the last use of a token is written down. */
const TOUCH_MILLISECONDS = 60_000

/** How long a token is believed without asking the store, and so how long a revocation takes at most. */
const FRESH_MILLISECONDS = 1_000

export interface ProvisioningAuth {
  /** The caller that an Authorization header stands for, or undefined; never says what was wrong. */
  verify(authorization: string | undefined): Promise<Principal | undefined>
  /** Writes down when tokens were last used. */
  flush(): Promise<void>
}

const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i

/**
 * Verifies provisioning tokens: those of the store, and the one of the configuration. Only hashes are compared, the
 * configured one in constant time (RFC 6750; BT-10).
 */
export function provisioningAuth(
  store: Store,
  { staticToken, now }: { staticToken: string | undefined; now: () => Date },
): ProvisioningAuth {
  const configured = staticToken === undefined ? undefined : Buffer.from(hashSecret(staticToken))
  let used = new Map<string, string>()
  let flushed = 0
  const fresh = new Map<string, { readonly token: Token; readonly until: number }>()

  /** The token of a hash, as the store had it at most a second ago. */
  async function tokenOf(hash: string, time: number): Promise<Token | undefined> {
    const known = fresh.get(hash)
    if (known && time < known.until) return known.token
    const token = await store.findToken(hash)
    if (token) fresh.set(hash, { token, until: time + FRESH_MILLISECONDS })
    else fresh.delete(hash)
    return token
  }

  async function flush(): Promise<void> {
    const uses = used
    used = new Map()
    flushed = now().getTime()
    if (uses.size > 0) await store.touchTokens(uses)
  }

  return {
    async verify(authorization) {
      const secret = BEARER.exec(authorization ?? '')?.[1]
      if (secret === undefined) return undefined
      const hash = hashSecret(secret)
      if (configured && timingSafeEqual(Buffer.from(hash), configured)) {
        return { organisation: DEFAULT_ORGANISATION, actor: 'token:SCIM_TOKEN' }
      }
      const time = now()
      const token = await tokenOf(hash, time.getTime())
      if (!token || tokenState(token, time.toISOString()) !== 'active') return undefined
      used.set(token.id, time.toISOString())
      // No caller waits for this, and none fails with it: the next use is written down again.
      if (time.getTime() - flushed >= TOUCH_MILLISECONDS) flush().catch(() => undefined)
      return { organisation: token.organisation, actor: `token:${token.name}` }
    },
    flush,
  }
}
