import type { QueuedMail } from '../directory/outbox.ts'
import type { Store } from '../directory/store.ts'
import { isActive, type User } from '../directory/user.ts'
import type { Log } from '../log.ts'
import { DeliveryFailure, type Letter, type Send } from './delivery.ts'

/** Mail servers allow few connections of one sender at a time: that of Microsoft 365 allows three. */
const AT_ONCE = 3

const MINUTE = 60_000

/** How long a mail waits after each try that failed; after the last it is given up. */
const WAITS = [1, 5, 30, 2 * 60, 6 * 60].map((minutes) => minutes * MINUTE)

export interface Sender {
  /**
   * Sends what is due, and says how many mails it had to do with. While it does, asking again is waiting for the same.
   */
  tick(): Promise<number>
  /** Takes no more mails, and resolves when those that are being handed over have been. */
  stop(): Promise<void>
}

/** When a mail that was tried so often is tried again; undefined for never. */
function nextTry(attempts: number, now: Date): string | undefined {
  const wait = WAITS[attempts - 1]
  return wait === undefined ? undefined : new Date(now.getTime() + wait).toISOString()
}

/** Sends the mails that are due, every so many milliseconds, until it is stopped. */
export function startSender(deps: {
  readonly store: Store
  readonly send: Send
  readonly write: (mail: QueuedMail, user: User) => Letter
  readonly now: () => Date
  readonly log: Log
  readonly every: number
}): Sender {
  const { store, send, write, now, log } = deps
  const { mailQueue } = store
  let stopped = false
  let running: Promise<number> | undefined

  /** Whether the mail server can be reached, for all that is known. */
  async function note(mail: QueuedMail, failure: DeliveryFailure): Promise<boolean> {
    const { id, attempts, organisation, userId } = mail
    const again = failure.code === 'unreachable' || failure.code === 'later'
    const due = again ? nextTry(attempts, now()) : undefined
    const problem =
      again && due === undefined
        ? `Given up after ${attempts} tries. ${failure.message}`
        : failure.message
    await mailQueue.failed(id, problem, due)
    log.warn('mail not sent', { mail: id, organisation, userId, attempts, problem, again: due })
    return failure.code !== 'unreachable'
  }

  async function cancel({ id, organisation, userId }: QueuedMail, problem: string): Promise<void> {
    await mailQueue.failed(id, problem, undefined)
    await store
      .for({ organisation, localUsers: 'visible' })
      .outbox.cancel(id, { actor: 'server', door: 'cli', requestId: id })
    log.info('mail cancelled', { mail: id, organisation, userId, problem })
  }

  async function handle(mail: QueuedMail): Promise<boolean> {
    const { id, organisation, userId, to } = mail
    const { users } = store.for({ organisation, localUsers: 'visible' })
    const user = await users.read(userId)
    if (!user || !isActive(user.attributes)) {
      await cancel(mail, `The user has been ${user ? 'deactivated' : 'deleted'}.`)
      return true
    }
    let answer: string
    try {
      answer = await send({ id, to, date: now(), ...write(mail, user) })
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
    while (!stopped) {
      const mails = await mailQueue.take(AT_ONCE)
      count += mails.length
      const reached = await Promise.all(mails.map(handleSafely))
      // Where the mail server is away, the others keep their tries.
      if (mails.length === 0 || reached.includes(false)) break
    }
    return count
  }

  function tick(): Promise<number> {
    running ??= sendDue().finally(() => {
      running = undefined
    })
    return running
  }

  const timer = setInterval(() => {
    tick().catch((failure: unknown) => log.warn('mails', { failure }))
  }, deps.every)

  return {
    tick,
    async stop() {
      stopped = true
      clearInterval(timer)
      // Whoever asked for it is told.
      await running?.catch(() => {})
    },
  }
}
