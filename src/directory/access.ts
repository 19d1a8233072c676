import type { NewOneTimeLink, NewSession, OneTimeLink, Session } from './account.ts'
import type { Cause } from './event.ts'
import type { User } from './user.ts'

/** Who is signed in. */
export interface Sessions {
  /** Opens a session. Throws `notFound`, and `inactive` for a user who may not sign in. */
  open(session: NewSession, cause: Cause): Promise<Session>
  /** Those of a user that are not over, oldest first. */
  list(userId: string): Promise<Session[]>
  /** Ends one; one that is over already is no change. `reason` is for the record. */
  end(id: string, cause: Cause, reason?: string): Promise<void>
  /** Ends those that belong to a session of Entra, which has ended there; says how many. */
  endEntra(entraSession: string, cause: Cause): Promise<number>
  /** Ends all of a user but the one of this id, if it is given; says how many. */
  endAll(userId: string, except: string | undefined, cause: Cause): Promise<number>
}

/** A local account that a set-up link makes. */
export interface FirstAdministrator {
  readonly userName: string
  readonly displayName: string
  readonly passwordHash: string
}

/** How local users get in. */
export interface Accounts {
  /**
   * Keeps a one-time link; earlier ones of the same user stay valid until they expire or one of them is used. Throws
   * `notFound`, and `entraAccount` for a user who may have no password.
   */
  issueLink(link: NewOneTimeLink, cause: Cause): Promise<OneTimeLink>
  /**
   * Sets the password of the user that a link was made for, and ends its sessions and all its other links. Throws
   * `notFound` for a link that was used or has expired, and `entraAccount`.
   */
  choosePassword(linkId: string, passwordHash: string, cause: Cause): Promise<User>
  /** Makes the first administrator with a set-up link. Throws `notFound` as above, and `conflict` for a taken name. */
  setUp(linkId: string, first: FirstAdministrator, cause: Cause): Promise<User>
}

/** Who administers an organisation. */
export interface Administrators {
  /** Their ids, active or not, those of longest standing first. */
  list(): Promise<string[]>
  has(userId: string): Promise<boolean>
  /** Throws `notFound`; appointing twice is no change. */
  appoint(userId: string, cause: Cause): Promise<void>
  /** Ends the sessions of the user too. Throws `lastAdministrator` when no other active one is left. */
  dismiss(userId: string, cause: Cause): Promise<void>
}

/** Attempts at something that may be tried only so often, counted on all servers together. */
export interface Attempts {
  /**
   * Counts one; the milliseconds to wait when it comes too early and does not count. `waitAfter` says how long the next
   * one has to wait after so many. All is forgotten after an hour without any.
   */
  count(subject: string, waitAfter: (attempts: number) => number): Promise<number | undefined>
  /** Takes one back that turned out well, and what was to be waited for it. */
  takeBack(subject: string): Promise<void>
  forget(subject: string): Promise<void>
}

/** Sign-ins at Entra that have begun. */
export interface SignIns {
  /** Remembers where a sign-in is to lead; `hash` is that of its `state`. */
  begin(signIn: {
    readonly hash: string
    readonly returnTo: string
    readonly expires: string
  }): Promise<void>
  /** Where it is to lead, the first time it is asked for and until it expires. */
  take(hash: string): Promise<string | undefined>
}
