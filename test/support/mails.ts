import { newId } from '../../src/directory/id.ts'
import type { Store } from '../../src/directory/store.ts'
import { createLog, type Log } from '../../src/log.ts'
import { startMails, type Mails } from '../../src/mail/desk.ts'
import { smtpDelivery } from '../../src/mail/smtp.ts'

export const MAIL_FROM = 'Entrance <entrance@contoso.example>'

/** Longer than a test takes: the clock of the tests moves, and they say when to send. */
const NEVER = 3_600_000

const facts = {
  applicationName: 'Contoso Studio',
  downloadUrl: 'https://downloads.contoso.example',
  signInUrl: 'https://entrance.example/auth/sign-in',
  contact: 'the service desk',
}

/** Mails as a server has them that sends through the mail server of a URL, or has none. They are to be stopped. */
export function mailsOf(
  store: Store,
  options: {
    readonly smtpUrl?: string | undefined
    readonly publicUrl?: string
    readonly now?: () => Date
    readonly log?: Log
    readonly every?: number
  } = {},
): Mails {
  const { smtpUrl, publicUrl = 'https://entrance.example', now = () => new Date() } = options
  const { log = createLog({ level: 'error' }), every = NEVER } = options
  const delivery = smtpUrl === undefined ? undefined : smtpDelivery({ smtpUrl, from: MAIL_FROM })
  return startMails({ store, delivery, facts, publicUrl, now, newId, log, every })
}
