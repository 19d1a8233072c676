import type { Store } from '../directory/store.ts'
import type { SessionCookie } from './cookies.ts'
import type { SessionDesk } from './sessions.ts'
import type { Throttle } from './throttle.ts'

export interface AuthDeps {
  readonly store: Store
  readonly sessions: SessionDesk
  /** Without a slash at its end. */
  readonly publicUrl: string
}

/** What the handlers of this door share. */
export interface Desk extends AuthDeps {
  /** The path of the public address, without a slash at its end. */
  readonly base: string
  readonly cookie: SessionCookie
  readonly throttle: Throttle
}
