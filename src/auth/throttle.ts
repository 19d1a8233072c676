import { hash } from 'node:crypto'
import type { Store } from '../directory/store.ts'

const MINUTE = 60_000
/** Attempts that nobody has to wait after, for an account and for an address, which an office may share. */
const FREE = { account: 5, address: 30 } as const
const LONGEST_WAIT = 15 * MINUTE

type Kind = keyof typeof FREE

/** How long to wait after so many attempts that failed: a second at first, twice as long after each. */
function waitAfter(kind: Kind, failures: number): number {
  const beyond = failures - FREE[kind]
  return beyond < 0 ? 0 : Math.min(LONGEST_WAIT, 1_000 * 2 ** beyond)
}

export interface Throttle {
  /**
   * Counts an attempt before it is made, so that many at once count too; the milliseconds to wait when it is too early,
   * else undefined.
   */
  attempt(userName: string, address: string): Promise<number | undefined>
  /** Forgets what was counted for an account, whose owner is in; an address has one attempt less. */
  succeeded(userName: string, address: string): Promise<void>
}

/** A name is kept as a hash: people type passwords into the wrong field. */
function subjectOf(kind: Kind, text: string): string {
  return `${kind}:${hash('sha256', text.toLowerCase(), 'hex')}`
}

/** Slows down who guesses passwords, by account and by address, on all servers together. */
export function throttle(store: Store): Throttle {
  return {
    async attempt(userName, address) {
      for (const [kind, text] of [
        ['address', address],
        ['account', userName],
      ] as const) {
        const wait = await store.attempts.count(subjectOf(kind, text), (failures) =>
          waitAfter(kind, failures),
        )
        if (wait !== undefined) return wait
      }
      return undefined
    },
    async succeeded(userName, address) {
      await store.attempts.forget(subjectOf('account', userName))
      // Not all: who has an account of their own could go on guessing others.
      await store.attempts.takeBack(subjectOf('address', address))
    },
  }
}
