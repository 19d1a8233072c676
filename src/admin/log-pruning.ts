import { DirectoryError } from '../directory/errors.ts'
import type { Store } from '../directory/store.ts'
import type { Log } from '../log.ts'
import { startWorker, type Worker } from './worker.ts'

/** Entries of the provisioning log that an organisation has at most: those of a very first cycle of 30,000 people. */
const MOST_KEPT = 100_000

/** So many are removed at a time, so that nobody waits for long. */
const STEP = 200
const PAUSE_MILLISECONDS = 20

const EVERY_MILLISECONDS = 10 * 60_000
const DAY_MILLISECONDS = 86_400_000

/** Removes what is too old or too much in the provisioning logs, a little at a time. Several servers may do so at once. */
export function startLogPruning({
  store,
  log,
  now,
  days,
  keep = MOST_KEPT,
}: {
  readonly store: Store
  readonly log: Log
  readonly now: () => Date
  /** For how many days entries are kept. */
  readonly days: number
  /** How many an organisation has at most. */
  readonly keep?: number
}): Worker {
  let next = 0

  function note(failure: unknown): void {
    const away = failure instanceof DirectoryError && failure.code === 'unavailable'
    log[away ? 'warn' : 'error']('provisioning log', { failure })
  }

  return startWorker<string>({
    async find() {
      const time = now().getTime()
      if (time < next) return []
      const organisations = await store.organisations.list()
      next = time + EVERY_MILLISECONDS
      return organisations.map(({ id }) => id)
    },
    keyOf: (organisation) => organisation,
    failed: note,
    async carryOut(organisation, goesOn) {
      const before = new Date(now().getTime() - days * DAY_MILLISECONDS).toISOString()
      const bounds = { before, keep: days === 0 ? 0 : keep, limit: STEP }
      try {
        while (goesOn() && (await store.provisioningLogs.prune(organisation, bounds)) > 0) {
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS))
        }
      } catch (failure) {
        note(failure)
      }
    },
  })
}
