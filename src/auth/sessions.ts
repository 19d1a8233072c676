import type { HeldSession, Method } from '../directory/account.ts'
import type { Cause } from '../directory/event.ts'
import type { Store } from '../directory/store.ts'
import { hashSecret, newTokenSecret } from '../directory/token.ts'
import { isActive, type User } from '../directory/user.ts'

const HOUR = 60 * 60_000
/** A browser that nobody used for so long is signed out, and any after so long. */
export const LIMITS = { idle: 12 * HOUR, absolute: 7 * 24 * HOUR } as const

/** How often at most the last use of a session is written down. */
const TOUCH_MILLISECONDS = 60_000

/** A person at a browser. */
export interface SignedIn {
  readonly session: HeldSession
  readonly user: User
  readonly administrator: boolean
}

export interface SessionDesk {
  /** Opens a session and gives its secret, the only time it is seen. Throws `inactive`, `notFound`. */
  open(who: {
    readonly organisation: string
    readonly userId: string
    readonly method: Method
    readonly device: string | undefined
    readonly address: string
    readonly cause: Cause
  }): Promise<string>
  /** Who holds a secret: undefined for one that is unknown, over, or of somebody inactive. Asks the store every time. */
  verify(secret: string | undefined): Promise<SignedIn | undefined>
  /** Writes down when sessions were last used. */
  flush(): Promise<void>
}

const SECRET = /^entrance_[\w-]{43}$/

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

  function isOver({ expires, lastUsed }: HeldSession, time: number): boolean {
    return Date.parse(expires) <= time || Date.parse(lastUsed) + LIMITS.idle <= time
  }

  return {
    async open({ organisation, userId, method, device, address, cause }) {
      const secret = newTokenSecret()
      const expires = new Date(now().getTime() + LIMITS.absolute).toISOString()
      await store.for({ organisation, localUsers: 'visible' }).sessions.open(
        {
          userId,
          hash: hashSecret(secret),
          kind: 'browser',
          method,
          expires,
          address,
          ...(device === undefined ? {} : { device }),
        },
        cause,
      )
      return secret
    },
    async verify(secret) {
      if (secret === undefined || !SECRET.test(secret)) return undefined
      const hash = hashSecret(secret)
      const session = await store.findSession(hash)
      const time = now()
      if (!session || isOver(session, time.getTime())) return undefined
      const directory = store.for({ organisation: session.organisation, localUsers: 'visible' })
      const user = await directory.users.read(session.userId)
      if (!user || !isActive(user.attributes)) return undefined
      used.set(hash, time.toISOString())
      // Nobody waits for this, and nobody fails with it.
      if (time.getTime() - flushed >= TOUCH_MILLISECONDS) flush().catch(() => undefined)
      const administrator = (await directory.administrators.list()).includes(user.id)
      return { session, user, administrator }
    },
    flush,
  }
}
