import type { HeldSession, Method, Session } from '../directory/account.ts'
import type { Cause } from '../directory/event.ts'
import type { Store } from '../directory/store.ts'
import { hashSecret, newTokenSecret } from '../directory/token.ts'
import { isActive, type User } from '../directory/user.ts'

const HOUR = 60 * 60_000
const DAY = 24 * HOUR

/**
 * A session that nobody used for so long is over, and any after so long. A client has to renew its access token after
 * `access`, which is all that somebody who copied one can use it for.
 */
export const LIMITS = {
  browser: { idle: 12 * HOUR, absolute: 7 * DAY },
  client: { idle: 30 * DAY, absolute: 90 * DAY, access: HOUR },
} as const

/** How often at most the last use of a session is written down. */
const TOUCH_MILLISECONDS = 60_000

/** A person at a browser or a client. */
export interface SignedIn {
  readonly session: HeldSession
  readonly user: User
  readonly administrator: boolean
}

export interface SessionDesk {
  /** Opens a session of a browser and gives its secret, the only time it is seen. Throws `inactive`, `notFound`. */
  open(who: {
    readonly organisation: string
    readonly userId: string
    readonly method: Method
    readonly device: string | undefined
    readonly address: string
    readonly entraSession?: string | undefined
    readonly loginHint?: string | undefined
    readonly cause: Cause
  }): Promise<string>
  /**
   * Who holds a secret: undefined for one that is unknown, over, of somebody inactive, or of another kind: the cookie of a
   * browser is no access token. Asks the store every time.
   */
  verify(secret: string | undefined, kind: Session['kind']): Promise<SignedIn | undefined>
  /** Writes down when sessions were last used. */
  flush(): Promise<void>
}

const SECRETS: Readonly<Record<Session['kind'], RegExp>> = {
  browser: /^entrance_[\w-]{43}$/,
  client: /^entrance_access_[\w-]{43}$/,
}

/** Whether a session is over, whatever its access token says. */
export function isOver({ kind, expires, lastUsed }: Session, time: Date): boolean {
  const { idle } = LIMITS[kind]
  return Date.parse(expires) <= time.getTime() || Date.parse(lastUsed) + idle <= time.getTime()
}

export function sessionDesk(store: Store, now: () => Date): SessionDesk {
  let used = new Map<string, string>()
  let flushed = 0

  /** The end of the last flush, whatever came of it. */
  let flushing: Promise<unknown> = Promise.resolve()

  async function write(): Promise<void> {
    const uses = used
    used = new Map()
    if (uses.size > 0) await store.touchSessions(uses)
  }

  function flush(): Promise<void> {
    flushed = now().getTime()
    const written = flushing.then(write)
    flushing = written.catch(() => undefined)
    return written
  }

  return {
    async open({ organisation, userId, method, device, address, cause, ...entra }) {
      const secret = newTokenSecret()
      const expires = new Date(now().getTime() + LIMITS.browser.absolute).toISOString()
      await store.for({ organisation, localUsers: 'visible' }).sessions.open(
        {
          userId,
          hash: hashSecret(secret),
          kind: 'browser',
          method,
          expires,
          address,
          ...(device === undefined ? {} : { device }),
          ...(entra.entraSession === undefined ? {} : { entraSession: entra.entraSession }),
          ...(entra.loginHint === undefined ? {} : { loginHint: entra.loginHint }),
        },
        cause,
      )
      return secret
    },
    async verify(secret, kind) {
      if (secret === undefined || !SECRETS[kind].test(secret)) return undefined
      const hash = hashSecret(secret)
      const session = await store.findSession(hash)
      const time = now()
      if (session?.kind !== kind || isOver(session, time)) return undefined
      const { secretExpires } = session
      if (secretExpires !== undefined && Date.parse(secretExpires) <= time.getTime())
        return undefined
      const directory = store.for({ organisation: session.organisation, localUsers: 'visible' })
      const user = await directory.users.read(session.userId)
      if (!user || !isActive(user.attributes)) return undefined
      used.set(hash, time.toISOString())
      // Nobody waits for this, and nobody fails with it.
      if (time.getTime() - flushed >= TOUCH_MILLISECONDS) flush().catch(() => undefined)
      const administrator = await directory.administrators.has(user.id)
      return { session, user, administrator }
    },
    flush,
  }
}
