import { DirectoryError } from '../directory/errors.ts'
import type { Cause } from '../directory/event.ts'
import type { MailDesk, MailFacts, MailTemplates } from '../directory/mail-desk.ts'
import { issueLink } from '../directory/one-time-link.ts'
import type { MailKind, QueuedMail } from '../directory/outbox.ts'
import type { Store } from '../directory/store.ts'
import type { User } from '../directory/user.ts'
import type { Log } from '../log.ts'
import { builtIn } from './built-in.ts'
import { DeliveryFailure, type Delivery, type Letter } from './delivery.ts'
import { causeOf, startSender } from './sender.ts'
import {
  mistakesIn,
  placeholdersOf,
  receiverOf,
  writeLetter,
  type LinkInMail,
} from './templates.ts'

/** What a link in a mail of the kind is for; undefined where there is none. */
const purposes = {
  invitation: undefined,
  'password-invitation': 'invitation',
  'password-reset': 'reset',
} as const satisfies Record<MailKind, unknown>

const SOMEBODY = { displayName: 'Adele Vance', userName: 'adele.vance@example.com' }
const SAMPLE_MILLISECONDS = 7 * 24 * 60 * 60_000

export interface MailDeps {
  readonly store: Store
  /** The way to the mail server; without one nothing is sent. */
  readonly delivery: Delivery | undefined
  readonly facts: MailFacts
  /** Without a slash at its end. */
  readonly publicUrl: string
  readonly now: () => Date
  readonly newId: () => string
  readonly log: Log
  /** How often to look for mails that are due, in milliseconds. */
  readonly every: number
}

export interface Mails extends MailDesk {
  /** Sends what is due, and says how many mails it had to do with. */
  tick(): Promise<number>
  /** Begins nothing more, and waits for what is under way. */
  stop(): Promise<void>
}

/** Writes a mail to a user in the words of the organisation, with a new link where it has one. */
function writer({ store, facts, publicUrl, now }: MailDeps) {
  return async (mail: QueuedMail, user: User): Promise<Letter> => {
    const { organisation, kind, userId } = mail
    const directory = store.for({ organisation, localUsers: 'visible' })
    const template = await directory.settings.read(`mail.${kind}`)
    const purpose = purposes[kind]
    const link =
      purpose &&
      (await issueLink(directory, { purpose, userId, publicUrl, now: now() }, causeOf(mail)))
    return writeLetter(kind, { template, facts, receiver: receiverOf(user.attributes), link })
  }
}

function templatesOf({ facts, publicUrl, now }: MailDeps): MailTemplates {
  return {
    builtIn: (kind) => builtIn[kind],
    placeholders: placeholdersOf,
    mistakesIn,
    sample(kind, template, attributes) {
      const expires = new Date(now().getTime() + SAMPLE_MILLISECONDS).toISOString()
      const link: LinkInMail = { url: `${publicUrl}/auth/link/sample`, expires }
      const receiver = attributes ? receiverOf(attributes) : SOMEBODY
      const { subject, text, html } = writeLetter(kind, { template, facts, receiver, link })
      return { subject, text, html }
    },
  }
}

/** Sends mails while the server runs, and lets the doors word them. */
export function startMails(deps: MailDeps): Mails {
  const { store, delivery, now, newId, log } = deps
  const sender = delivery && startSender({ ...deps, send: delivery.send, write: writer(deps) })
  const underWay = new Set<Promise<void>>()

  async function queueResets(typed: string, cause: Cause): Promise<void> {
    for (const { organisation, userId } of await store.forgetful(typed)) {
      await store.for({ organisation, localUsers: 'visible' }).outbox.sendReset(userId, cause)
    }
    sender?.wake()
  }

  return {
    facts: deps.facts,
    configured: delivery !== undefined,
    templates: templatesOf(deps),
    wake: () => sender?.wake(),
    resetPassword(typed, cause) {
      const { requestId } = cause
      const done = queueResets(typed, cause)
        .catch((failure: unknown) => log.error('password reset', { requestId, failure }))
        .finally(() => underWay.delete(done))
      underWay.add(done)
    },
    async deliver(to, mail) {
      if (!delivery) {
        throw new DirectoryError('conflict', 'There is no mail server: SMTP_URL is not set.')
      }
      try {
        const message = { ...mail, name: '', id: newId(), to, date: now() }
        return { taken: true, answer: await delivery.send(message) }
      } catch (error) {
        if (!(error instanceof DeliveryFailure)) throw error
        return { taken: false, answer: error.message }
      }
    },
    tick: async () => {
      await Promise.all(underWay)
      return sender ? sender.tick() : 0
    },
    async stop() {
      await Promise.all(underWay)
      await sender?.stop()
      delivery?.close()
    },
  }
}
