import { onTestFinished } from 'vitest'
import { openMailbox, type Mailbox, type MailboxOptions } from './mail-server.ts'

/** A real mail server that takes what it is sent and keeps it; it is gone when the test has finished. */
export async function startMailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const mailbox = await openMailbox(options)
  onTestFinished(mailbox.close)
  return mailbox
}
