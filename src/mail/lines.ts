import type SMTPConnection from 'nodemailer/lib/smtp-connection'

/** For so long a connection is kept when there is nothing to send: opening one takes longer than a mail. */
const IDLE_MILLISECONDS = 10_000
/** Some mail servers mind more on one connection. */
const MOST_MAILS = 100
/** For so long a mail server may say goodbye. */
const GOODBYE_MILLISECONDS = 1_000

/** An open connection to a mail server, for one mail at a time. */
export interface Line {
  readonly connection: SMTPConnection
  /** Whether it has carried a mail: the mail server may have closed it since. */
  readonly used: boolean
  /** Done with it: `again` says whether it is as good as new. */
  leave(again: boolean): void
}

export interface Lines {
  /** A line of one's own: one that is kept, a new one, or, when so many are open, the next that becomes free. */
  take(): Promise<Line>
  /** Closes those that are kept, and each other one when it is left. */
  close(): void
}

interface Held {
  readonly connection: SMTPConnection
  mails: number
  timer: NodeJS.Timeout | undefined
}

/** Keeps up to so many connections for the next mail. `open` rejects where there is no way into the mail server. */
export function keepLines(most: number, open: () => Promise<SMTPConnection>): Lines {
  const idle = new Set<Held>()
  const waiting: (() => void)[] = []
  let opened = 0
  let closed = false

  function part(held: Held): void {
    clearTimeout(held.timer)
    idle.delete(held)
    // It goes away with its end, as one does that the mail server closes.
    held.connection.quit()
    setTimeout(() => held.connection.close(), GOODBYE_MILLISECONDS)
  }

  function gone(held: Held | undefined): void {
    if (held) {
      clearTimeout(held.timer)
      idle.delete(held)
    }
    opened -= 1
    waiting.shift()?.()
  }

  async function opening(): Promise<Held> {
    opened += 1
    try {
      const held: Held = { connection: await open(), mails: 0, timer: undefined }
      held.connection.once('end', () => gone(held))
      return held
    } catch (error) {
      gone(undefined)
      throw error
    }
  }

  async function free(): Promise<Held> {
    for (;;) {
      const [kept] = idle
      if (kept) {
        clearTimeout(kept.timer)
        idle.delete(kept)
        return kept
      }
      if (opened < most) return opening()
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }

  function keep(held: Held): void {
    // The mail server may have closed it with its last word.
    if (held.connection.destroyed) return
    if (closed || held.mails >= MOST_MAILS) return part(held)
    idle.add(held)
    held.timer = setTimeout(() => part(held), IDLE_MILLISECONDS)
    waiting.shift()?.()
  }

  return {
    async take() {
      const held = await free()
      const used = held.mails > 0
      held.mails += 1
      return {
        connection: held.connection,
        used,
        leave(again) {
          if (again) keep(held)
          else held.connection.close()
        },
      }
    },
    close() {
      closed = true
      for (const held of idle) part(held)
    },
  }
}
