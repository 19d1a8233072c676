import type { JsonObject } from '../scim/schema/attribute.ts'
import type { Cause } from './event.ts'
import type { MailKind } from './outbox.ts'
import type { MailTemplate } from './settings.ts'

/** A mail as it is read. */
export interface WrittenMail {
  readonly subject: string
  /** Complete without the other. */
  readonly text: string
  readonly html: string
}

/** What stands in a mail for what is known only when it is written. */
export interface Placeholder {
  /** As it stands in braces. */
  readonly name: string
  /** What comes in its place, in words. */
  readonly about: string
  /** Whether a mail of the kind is of no use without it. */
  readonly required: boolean
}

/** What is wrong with a mail as somebody wrote it. */
export interface TemplateMistake {
  readonly part: keyof MailTemplate
  readonly detail: string
}

/** How mails of each kind are worded. */
export interface MailTemplates {
  /** The wording that the program brings. */
  builtIn(kind: MailKind): MailTemplate
  placeholders(kind: MailKind): readonly Placeholder[]
  /** Nothing for a mail that can be sent. */
  mistakesIn(kind: MailKind, template: MailTemplate): readonly TemplateMistake[]
  /** A mail as the user of these attributes would get it, or somebody invented; a link in it leads nowhere. */
  sample(kind: MailKind, template: MailTemplate, attributes: JsonObject | undefined): WrittenMail
}

/** What came of handing a mail to the mail server. */
export interface Delivered {
  readonly taken: boolean
  /** What the mail server said, or why it could not be asked. */
  readonly answer: string
}

/** What all mails of an installation have in common. */
export interface MailFacts {
  readonly applicationName: string
  /** Where the client is; undefined where people get it in another way. */
  readonly downloadUrl: string | undefined
  readonly signInUrl: string
  /** Whom people ask. */
  readonly contact: string
}

/** Mails, as far as doors have to do with them. */
export interface MailDesk {
  readonly facts: MailFacts
  /** Whether there is a mail server. */
  readonly configured: boolean
  readonly templates: MailTemplates
  /** Begins at once with the mails that are due. */
  wake(): void
  /**
   * Sends whoever has this user name or address, and a password here, a link to choose a new one. It is done while nobody
   * waits: how long it takes tells whether there is such a user.
   */
  resetPassword(typed: string, cause: Cause): void
  /** Hands a mail to the mail server at once. Throws `conflict` where there is none. */
  deliver(to: string, mail: WrittenMail): Promise<Delivered>
}
