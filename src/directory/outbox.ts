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
  /** The plan that it came of. */
  readonly planId?: string
  /** Why it was not sent, in words. */
  readonly problem?: string
}

/** The mails of an organisation. */
export interface Outbox {
  /** Newest first, those older than `before`, at most `limit`. */
  list(which: {
    readonly state?: MailState
    readonly before?: string
    readonly limit: number
  }): Promise<QueuedMail[]>
  /** Queues another mail of the kind to the user. Throws `notFound` for no user, and `conflict` for one without address. */
  send(userId: string, kind: QueuedMail['kind'], due: string, cause: Cause): Promise<QueuedMail>
  /** Stops a mail that waits, or has failed. Throws `notFound`; one that is sent is no change. */
  cancel(id: string, cause: Cause): Promise<QueuedMail>
}

/** The mails of all organisations, for whoever sends them. Several servers may do so at once: each mail is one's. */
export interface MailQueue {
  /** Takes up to so many mails that are due; they are `sending` from then on. */
  take(count: number): Promise<QueuedMail[]>
  sent(id: string): Promise<void>
  /** Tries again at `due`; for good where that is undefined. */
  failed(id: string, problem: string, due: string | undefined): Promise<void>
}
