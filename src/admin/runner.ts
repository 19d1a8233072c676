import { DirectoryError } from '../directory/errors.ts'
import type { MailDesk } from '../directory/mail-desk.ts'
import type { Store } from '../directory/store.ts'
import type { Log } from '../log.ts'
import { startWorker, type Worker } from './worker.ts'

/** So many people of a plan are worked on at a time. */
const WORKERS = 4

/** Carries out plans. Several servers may do so at once, each person is one's. */
export function startPlanRunner({
  store,
  mails,
  log,
  newId,
}: {
  readonly store: Store
  /** Who sends the invitations. */
  readonly mails: Pick<MailDesk, 'wake'>
  readonly log: Log
  readonly newId: () => string
}): Worker {
  function note(failure: unknown, fields: { readonly plan?: string }): void {
    const away = failure instanceof DirectoryError && failure.code === 'unavailable'
    log[away ? 'warn' : 'error']('import', { ...fields, failure })
  }

  return startWorker({
    find: () => store.runningPlans(),
    keyOf: (plan) => plan.id,
    failed: (failure) => note(failure, {}),
    async carryOut({ organisation, id, actor }, goesOn) {
      const { plans } = store.for({ organisation, localUsers: 'visible' })
      const cause = { actor, door: 'admin', requestId: newId() } as const

      async function work(): Promise<void> {
        try {
          while (goesOn() && (await plans.applyNext(id, cause)));
        } catch (failure) {
          note(failure, { plan: id })
        }
      }
      await Promise.all(Array.from({ length: WORKERS }, work))
      mails.wake()
    },
  })
}
