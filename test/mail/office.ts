import { inject, onTestFinished } from 'vitest'
import { openStore } from '../../src/db/open.ts'
import { newId } from '../../src/directory/id.ts'
import type { QueuedMail } from '../../src/directory/outbox.ts'
import type { Directory, Store } from '../../src/directory/store.ts'
import type { User } from '../../src/directory/user.ts'
import { createLog } from '../../src/log.ts'
import type { Mails } from '../../src/mail/desk.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { mailsOf } from '../support/mails.ts'

export const MINUTE = 60_000

/** An installation whose mails go to a mail server of the test. */
export interface Office extends TestApp {
  /** What senders have logged, line by line. */
  readonly lines: readonly Record<string, unknown>[]
  sender(smtpUrl: string, options?: { readonly store?: Store; readonly every?: number }): Mails
  /** Another server on the same database, where several may use one; else the same. */
  anotherStore(): Promise<Store>
  /** The only mail, as it is now. */
  mail(): Promise<QueuedMail>
}

export async function testOffice(): Promise<Office> {
  const app = await testApp()
  const { store, clock, database, directory } = app
  const lines: Record<string, unknown>[] = []
  const log = createLog({
    level: 'debug',
    now: clock.now,
    write: (line) => lines.push(JSON.parse(line)),
  })
  return {
    ...app,
    lines,
    sender(smtpUrl, options = {}) {
      const sender = mailsOf(options.store ?? store, { ...options, smtpUrl, now: clock.now, log })
      onTestFinished(() => sender.stop())
      return sender
    },
    async anotherStore() {
      if (inject('engine') === 'sqlite') return store
      const other = await openStore(database.url, { now: clock.now, newId })
      onTestFinished(() => other.close())
      return other
    },
    async mail() {
      const [mail, ...others] = await directory.outbox.list({ limit: 10 })
      if (!mail || others.length > 0) throw new Error('There is not one mail.')
      return mail
    },
  }
}

/** A user as an import makes them. */
export async function newPerson(
  { users }: Directory,
  userName: string,
  attributes: Readonly<Record<string, string>> = { displayName: 'Adele Vance' },
): Promise<User> {
  const { user } = await users.create(
    { attributes: { userName, active: true, ...attributes }, origin: 'import' },
    cause,
  )
  return user
}

/** A new person with an invitation that is due now. */
export async function invite(
  { directory, clock }: Office,
  userName: string,
  attributes?: Readonly<Record<string, string>>,
): Promise<QueuedMail> {
  const { id } = await newPerson(directory, userName, attributes)
  return directory.outbox.send(id, 'invitation', clock.now().toISOString(), cause)
}
