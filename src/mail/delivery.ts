import type { WrittenMail } from '../directory/mail-desk.ts'

/** A mail in words, before anybody is its sender or receiver. */
export interface Letter extends WrittenMail {
  /** What the receiver is called, in one line; empty where that is not known. */
  readonly name: string
}

export interface Message extends Letter {
  /** The same for every try at it, so that who gets it twice can tell. */
  readonly id: string
  readonly to: string
  readonly date: Date
}

/** Hands a mail to the mail server; what the server answered. Throws a DeliveryFailure. */
export type Send = (message: Message) => Promise<string>

/** A way to a mail server. */
export interface Delivery {
  readonly send: Send
  /** Lets go of the connections that are kept for the next mail. */
  close(): void
}

export type DeliveryFailureCode =
  /** There is no mail server there, or it lets nobody in: as it is, no other mail would fare better. */
  | 'unreachable'
  /** The mail server takes no mail of ours just now. */
  | 'busy'
  /** The mail server does not take this mail now. */
  | 'later'
  /** The mail server does not take this mail. */
  | 'refused'
  /** It was handed over, and then the connection broke: nobody knows whether it arrived. */
  | 'unknown'

/** Why a mail was not delivered; the message is for an administrator and has no secrets. */
export class DeliveryFailure extends Error {
  readonly code: DeliveryFailureCode

  constructor(code: DeliveryFailureCode, message: string) {
    super(message)
    this.name = 'DeliveryFailure'
    this.code = code
  }
}
