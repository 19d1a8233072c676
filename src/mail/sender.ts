import { mayHavePassword } from '../directory/account.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { Cause } from '../directory/event.ts'
import type { QueuedMail } from '../directory/outbox.ts'
import type { Store } from '../directory/store.ts'
import { isActive, type User } from '../directory/user.ts'
import type { Log } from '../log.ts'
import { DeliveryFailure, type Letter, type Send } from './delivery.ts'

/** So many mails are handed over at a time: the mail server of Microsoft 365 allows three connections of one sender. */
export const AT_ONCE = 3

const MINUTE = 60_000

/** How long a mail waits after each try that failed; after the last it is given up. */
const WAITS = [1, 5, 30, 2 * 60, 6 * 60].map((minutes) => minutes * MINUTE)

export interface Sender {
  /**
   * Sends what is due, and says how many mails it had to do with. While it does, asking again is waiting for the same.
   */
  tick(): Promise<number>
  /** Begins at once, or again when it is done with what it does. */
  wake(): void
  /** Takes no more mails, and resolves when those that are being handed over have been. */
  stop(): Promise<void>
}

/** Who has forgotten a password has asked again by then. */
const MOST_TRIES_OF_RESETS = 4

/** When a mail that was tried so often is tried again; undefined for never. */
function nextTry({ kind, attempts }: QueuedMail, now: Date): string | undefined {
  if (kind === 'password-reset' && attempts >= MOST_TRIES_OF_RESETS) return undefined
  const wait = WAITS[attempts - 1]
  return wait === undefined ? undefined : new Date(now.getTime() + wait).toISOString()
}

/** What the server itself does about a mail. */
export function causeOf({ id }: QueuedMail): Cause {
  return { actor: 'server', door: 'cli', requestId: id }
}

/** Why somebody is to get no such mail any more; undefined for who is. */
function obstacle({ kind }: QueuedMail, user: User | undefined): string | undefined {
  if (!user) return 'The user has been deleted.'
  if (!isActive(user.attributes)) return 'The user has been deactivated.'
  if (mayHavePassword(user) === (kind !== 'invitation')) return undefined
  return kind === 'invitation'
    ? 'The user signs in with a password by now.'
    : 'The user signs in with Microsoft Entra ID by now.'
}

/** Sends the mails that are due, every so many milliseconds and when it is woken, until it is stopped. */
export function startSender(deps: {
  readonly store: Store
  readonly send: Send
  /** Writes a mail for one try at sending it. */
  readonly write: (mail: QueuedMail, user: User) => Promise<Letter>
  readonly now: () => Date
  readonly log: Log
  readonly every: number
}): Sender {
  const { store, send, write, now, log } = deps
  const { mailQueue } = store
  let stopped = false
  let running: Promise<number> | undefined
  let woken = false

  /** Whether the mail server takes other mails, for all that is known. */
  async function note(mail: QueuedMail, { code, message }: DeliveryFailure): Promise<boolean> {
    const { id, attempts, organisation, userId } = mail
    const lost = code === 'unknown'
    const again = code !== 'refused' && !lost
    const due = again ? nextTry(mail, now()) : undefined
    const problem =
      again && due === undefined ? `Given up after ${attempts} tries. ${message}` : message
    await (lost ? mailQueue.lost(id, problem) : mailQueue.failed(id, problem, due))
    log.warn('mail not sent', { mail: id, organisation, userId, attempts, problem, again: due })
    return code !== 'unreachable' && code !== 'busy'
  }

  async function cancel(mail: QueuedMail, problem: string): Promise<void> {
    const { id, organisation, userId } = mail
    await mailQueue.failed(id, problem, undefined)
    await store.for({ organisation, localUsers: 'visible' }).outbox.cancel(id, causeOf(mail))
    log.info('mail cancelled', { mail: id, organisation, userId, problem })
  }

  /** Writes a mail; one that cannot be written is tried again like one that the mail server does not take. */
  async function letterOf(mail: QueuedMail, user: User): Promise<Letter> {
    try {
      return await write(mail, user)
    } catch (failure) {
      log.error('mail', { mail: mail.id, organisation: mail.organisation, failure })
      const why = failure instanceof DirectoryError ? failure.message : 'The log has the cause.'
      throw new DeliveryFailure('later', `The mail could not be written. ${why}`)
    }
  }

  async function handle(mail: QueuedMail): Promise<boolean> {
    const { id, organisation, userId, to } = mail
    const { users } = store.for({ organisation, localUsers: 'visible' })
    const user = await users.read(userId)
    const problem = obstacle(mail, user)
    if (!user || problem !== undefined) {
      await cancel(mail, problem ?? '')
      return true
    }
    let answer: string
    try {
      answer = await send({ id, to, date: now(), ...(await letterOf(mail, user)) })
    } catch (error) {
      if (error instanceof DeliveryFailure) return note(mail, error)
      throw error
    }
    await mailQueue.sent(id)
    log.info('mail sent', { mail: id, organisation, userId, answer })
    return true
  }

  /** The same, without failing: a mail whose fate could not be noted is not sent again. */
  async function handleSafely(mail: QueuedMail): Promise<boolean> {
    try {
      return await handle(mail)
    } catch (failure) {
      log.error('mail', { mail: mail.id, organisation: mail.organisation, failure })
      return true
    }
  }

  async function sendDue(): Promise<number> {
    let count = 0
    // Where the mail server is away, the others keep their tries.
    let away = false

    async function work(): Promise<void> {
      while (!stopped && !away) {
        const [mail] = await mailQueue.take(1)
        if (!mail) return
        count += 1
        if (!(await handleSafely(mail))) away = true
      }
    }
    const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, work))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
    return count
  }

  function tick(): Promise<number> {
    running ??= sendDue().finally(() => {
      running = undefined
      if (woken) wake()
    })
    return running
  }

  function look(): void {
    if (!stopped) tick().catch((failure: unknown) => log.warn('mails', { failure }))
  }

  function wake(): void {
    // Whoever is about to find nothing may have looked before there was something.
    woken = running !== undefined
    if (!woken) look()
  }

  const timer = setInterval(look, deps.every)

  return {
    tick,
    wake,
    async stop() {
      stopped = true
      clearInterval(timer)
      // Whoever asked for it is told.
      await running?.catch(() => {})
    },
  }
}
