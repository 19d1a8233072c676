import { hash } from 'node:crypto'
import type { Store } from '../directory/store.ts'

const MINUTE = 60_000
const LONGEST_WAIT = 15 * MINUTE

/** How many attempts nobody has to wait after, and how long the first wait is. */
interface Limit {
  readonly free: number
  readonly first: number
}

/** An address may be that of a whole office. */
const LIMITS = {
  'sign-in': { account: { free: 5, first: 1_000 }, address: { free: 30, first: 1_000 } },
  /** Each sends a mail to somebody who may not have asked for it. */
  reset: { account: { free: 3, first: MINUTE }, address: { free: 30, first: 1_000 } },
} as const satisfies Record<string, Record<'account' | 'address', Limit>>

type Purpose = keyof typeof LIMITS
type Kind = keyof (typeof LIMITS)[Purpose]

/** How long to wait after so many attempts that failed: twice as long after each. */
function waitAfter({ free, first }: Limit, failures: number): number {
  const beyond = failures - free
  return beyond < 0 ? 0 : Math.min(LONGEST_WAIT, first * 2 ** beyond)
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
function subjectOf(purpose: Purpose, kind: Kind, text: string): string {
  const key = `${kind}:${hash('sha256', text.toLowerCase(), 'hex')}`
  return purpose === 'sign-in' ? key : `${purpose} ${key}`
}

/** Slows down who guesses passwords, or asks for new ones, by account and by address, on all servers together. */
export function throttle(store: Store, purpose: Purpose): Throttle {
  return {
    async attempt(userName, address) {
      for (const [kind, text] of [
        ['address', address],
        ['account', userName],
      ] as const) {
        const wait = await store.attempts.count(subjectOf(purpose, kind, text), (failures) =>
          waitAfter(LIMITS[purpose][kind], failures),
        )
        if (wait !== undefined) return wait
      }
      return undefined
    },
    async succeeded(userName, address) {
      await store.attempts.forget(subjectOf(purpose, 'account', userName))
      // Not all: who has an account of their own could go on guessing others.
      await store.attempts.takeBack(subjectOf(purpose, 'address', address))
    },
  }
}
