import type { Cause } from './event.ts'

/** What a mail is for: the two with a password are for local users, and have a one-time link. */
export type MailKind = 'invitation' | 'password-invitation' | 'password-reset'

/** What becomes of a mail. */
export type MailState =
  /** To be sent when an administrator says so. */
  | 'kept'
  /** To be sent when it is due. */
  | 'waiting'
  /** Handed to the mail server just now, or when the server was stopped in the middle: nobody knows whether it arrived. */
  | 'sending'
  | 'sent'
  /** The mail server refused it, or it was tried too often. */
  | 'failed'
  | 'cancelled'

/** A mail to a user, as it waits to be sent. It is written when it is sent, from what is known then. */
export interface QueuedMail {
  readonly id: string
  readonly organisation: string
  readonly kind: MailKind
  readonly userId: string
  /** The address. */
  readonly to: string
  readonly state: MailState
  readonly created: string
  /** When it is to be sent, or tried again. */
  readonly due: string
  readonly attempts: number
  readonly sent?: string
  /** Whether it may have arrived all the same, of one that failed: nobody knows. */
  readonly uncertain?: true
  /** The plan that it came of. */
  readonly planId?: string
  /** Why it was not sent, in words. */
  readonly problem?: string
}

/** Which mails are meant; what is not said does not matter. */
export interface MailsWanted {
  readonly state?: MailState
  readonly planId?: string
  readonly userId?: string
  readonly before?: string
  readonly limit: number
}

/** How many mails are not done with. */
export interface OpenMails {
  readonly kept: number
  readonly failed: number
  /** Those that wait for their time. */
  readonly waiting: number
  /** Those that are due, or are being sent. */
  readonly going: number
}

/** The mails of an organisation. */
export interface Outbox {
  /** Counts those that are not done with. */
  open(): Promise<OpenMails>
  read(id: string): Promise<QueuedMail | undefined>
  /** Newest first, those older than `before`, at most `limit`. */
  list(which: MailsWanted): Promise<QueuedMail[]>
  /**
   * Queues another mail of the kind to the user. Throws `notFound` for no user, and `conflict` for one without address or
   * whom the kind does not fit: passwords are for local users, and the invitation without one is for all others.
   */
  send(userId: string, kind: MailKind, due: string, cause: Cause): Promise<QueuedMail>
  /** The same with the invitation that fits the user. */
  invite(userId: string, due: string, cause: Cause): Promise<QueuedMail>
  /**
   * Queues a mail with a link to choose a new password for who has forgotten it; false, and nothing happens, for who has no
   * password or address, is not active, or got `MOST_RESETS` of them within the hour.
   */
  sendReset(userId: string, cause: Cause): Promise<boolean>
  /**
   * Lets a mail go now that is kept, waits for its time or has failed, also one that may have arrived. Throws `notFound`, and
   * `conflict` for one that was sent, is being sent or was cancelled.
   */
  dispatch(id: string, cause: Cause): Promise<QueuedMail>
  /**
   * The same with all that are kept or have failed, of one plan where that is said, but for those that may have arrived
   * and those for a forgotten password; how many.
   */
  dispatchAll(
    which: { readonly state: 'kept' | 'failed'; readonly planId?: string },
    cause: Cause,
  ): Promise<number>
  /** Stops a mail that is kept, waits, or has failed. Throws `notFound`; one that is sent is no change. */
  cancel(id: string, cause: Cause): Promise<QueuedMail>
}

/** So many mails for a forgotten password a user gets within an hour. */
export const MOST_RESETS = 3

/** The mails of all organisations, for whoever sends them. Several servers may do so at once: each mail is one's. */
export interface MailQueue {
  /** Takes up to so many mails that are due; they are `sending` from then on. */
  take(count: number): Promise<QueuedMail[]>
  sent(id: string): Promise<void>
  /** Tries again at `due`; for good where that is undefined. */
  failed(id: string, problem: string, due: string | undefined): Promise<void>
  /** Fails for good, of a mail that may have arrived. */
  lost(id: string, problem: string): Promise<void>
}
