import { timingSafeEqual } from 'node:crypto'
import { DEFAULT_ORGANISATION } from '../directory/organisation.ts'
import type { Store } from '../directory/store.ts'
import { hashSecret, tokenState } from '../directory/token.ts'
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

interface Caller {
  readonly token: string
  readonly principal: Principal
  /** Until when this is believed, in milliseconds. */
  readonly until: number
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
  /** By id, in milliseconds. */
  let used = new Map<string, number>()
  let flushed = 0
  const fresh = new Map<string, Caller>()

  /** Who has the token of this hash, if it may be used, as the store had it at most a second ago. */
  async function callerOf(hash: string, time: number): Promise<Caller | undefined> {
    const known = fresh.get(hash)
    if (known && time < known.until) return known
    fresh.delete(hash)
    const token = await store.findToken(hash)
    if (!token || tokenState(token, new Date(time).toISOString()) !== 'active') return undefined
    const expires = token.expires === undefined ? Infinity : Date.parse(token.expires)
    const caller = {
      token: token.id,
      principal: { organisation: token.organisation, actor: `token:${token.name}` },
      until: Math.min(time + FRESH_MILLISECONDS, expires),
    }
    fresh.set(hash, caller)
    return caller
  }

  async function flush(): Promise<void> {
    const uses = [...used].map(([id, time]) => [id, new Date(time).toISOString()] as const)
    used = new Map()
    flushed = now().getTime()
    if (uses.length > 0) await store.touchTokens(new Map(uses))
  }

  return {
    async verify(authorization) {
      const secret = BEARER.exec(authorization ?? '')?.[1]
      if (secret === undefined) return undefined
      const hash = hashSecret(secret)
      if (configured && timingSafeEqual(Buffer.from(hash), configured)) {
        return { organisation: DEFAULT_ORGANISATION, actor: 'token:SCIM_TOKEN' }
      }
      const time = now().getTime()
      const caller = await callerOf(hash, time)
      if (!caller) return undefined
      used.set(caller.token, time)
      // No caller waits for this, and none fails with it: the next use is written down again.
      if (time - flushed >= TOUCH_MILLISECONDS) flush().catch(() => undefined)
      return caller.principal
    },
    flush,
  }
}
