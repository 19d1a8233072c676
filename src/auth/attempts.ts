const WINDOW_MILLISECONDS = 60_000
const ALLOWED = 20
const REMEMBERED = 10_000

/** Counts failed attempts by address, in the minute that begins with the first of them. */
export interface Attempts {
  /** Notes a failure; the seconds to wait when there were too many, else undefined. */
  fail(address: string): number | undefined
}

export function countAttempts(now: () => Date): Attempts {
  const failures = new Map<string, { count: number; until: number }>()
  return {
    fail(address) {
      const time = now().getTime()
      const known = failures.get(address)
      const entry =
        known && known.until > time ? known : { count: 0, until: time + WINDOW_MILLISECONDS }
      entry.count += 1
      failures.delete(address)
      failures.set(address, entry)
      const [oldest] = failures.keys()
      if (failures.size > REMEMBERED && oldest !== undefined) failures.delete(oldest)
      return entry.count > ALLOWED ? Math.ceil((entry.until - time) / 1000) : undefined
    },
  }
}
