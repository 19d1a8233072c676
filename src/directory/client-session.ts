import type { HeldSession, Method, NewSession, Session } from './account.ts'
import type { Cause } from './event.ts'

/** What a desktop client gets at the end of a sign-in and exchanges once (RFC 6749 §4.1.2, RFC 7636). */
export interface NewAuthorizationCode {
  /** Hex SHA-256 of the code. */
  readonly hash: string
  readonly userId: string
  /** How the person had signed in. */
  readonly method: Method
  readonly redirectUri: string
  /** The S256 challenge. */
  readonly challenge: string
  readonly expires: string
}

export interface AuthorizationCode extends NewAuthorizationCode {
  readonly organisation: string
  /** The session it opened, if it was used. */
  readonly sessionId?: string
}

export interface HeldRefreshToken {
  readonly session: HeldSession
  readonly used: boolean
}

/** New secrets of a client's session. */
export interface Renewal {
  readonly hash: string
  readonly secretExpires: string
  readonly refreshHash: string
}

/** How the desktop client of a user who is signed in gets a session of its own, and keeps it. */
export interface ClientSessions {
  issueCode(code: NewAuthorizationCode, cause: Cause): Promise<void>
  /**
   * Opens a session for a code, which then is used. Throws what opening a session throws, and `notFound` for a code that
   * was used meanwhile.
   */
  redeemCode(hash: string, session: NewSession, cause: Cause): Promise<Session>
  /** Puts new secrets in the place of those that a refresh token is of; false when it was used meanwhile. */
  renew(refreshHash: string, renewal: Renewal): Promise<boolean>
}
