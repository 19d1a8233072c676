import type { EntraApp } from '../directory/entra.ts'
import type { MailDesk } from '../directory/mail-desk.ts'
import type { Store } from '../directory/store.ts'
import type { Attempts } from './attempts.ts'
import type { Cookies } from './cookies.ts'
import type { EntraTokens } from './entra-tokens.ts'
import type { Passwords } from './passwords.ts'
import type { SessionDesk } from './sessions.ts'
import type { Throttle } from './throttle.ts'

/** How people sign in with Entra. */
export interface EntraSignIn {
  /** The app registration, as it is now; undefined where there is none. */
  app(): Promise<EntraApp | undefined>
  /** Whether the app roles of a sign-in become the roles of the user. */
  readonly roles: 'ignored' | 'sign-in'
}

export interface AuthDeps {
  readonly store: Store
  readonly sessions: SessionDesk
  readonly passwords: Passwords
  readonly tokens: EntraTokens
  readonly entra: EntraSignIn
  /** Without a slash at its end. */
  readonly publicUrl: string
  /** Whom people ask who cannot sign in. */
  readonly contact: string
  /** What becomes of a password that somebody has forgotten. */
  readonly mails: Pick<MailDesk, 'configured' | 'resetPassword'>
  readonly now: () => Date
}

/** What the handlers of this door share. */
export interface Desk extends AuthDeps {
  /** The path of the public address, without a slash at its end. */
  readonly base: string
  readonly cookies: Cookies
  readonly throttle: Throttle
  /** Failures of programs, by address. */
  readonly failures: Attempts
}
