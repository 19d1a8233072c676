import type { Cause } from '../directory/event.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { MailDesk } from '../directory/mail-desk.ts'
import type { RunningPlan, Store } from '../directory/store.ts'
import type { Plans } from '../directory/plan.ts'
import type { Log } from '../log.ts'

/** So many people of a plan are worked on at a time. */
const WORKERS = 4
/** How often it is looked whether another server left a plan, or something failed for a while. */
const TICK_MILLISECONDS = 5_000

export interface PlanRunner {
  /** Begins at once with what there is to do. */
  wake(): void
  /** Carries out what there is to do; resolves when nothing more can be done now. Never throws. */
  tick(): Promise<void>
  /** Begins nothing more, and waits for the people in flight. */
  stop(): Promise<void>
}

/**
 * Carries out plans: those that were running when the server stopped, those it is woken for, and, every few seconds,
 * those that could not go on. Several servers may do so at once, each person is one's.
 */
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
}): PlanRunner {
  const underWay = new Map<string, Promise<void>>()
  const ticks = new Set<Promise<void>>()
  let stopping = false

  function note(failure: unknown, fields: { readonly plan?: string }): void {
    const away = failure instanceof DirectoryError && failure.code === 'unavailable'
    log[away ? 'warn' : 'error']('import', { ...fields, failure })
  }

  async function work(plans: Plans, id: string, cause: Cause): Promise<void> {
    try {
      while (!stopping && (await plans.applyNext(id, cause)));
    } catch (failure) {
      note(failure, { plan: id })
    }
  }

  async function carryOut({ organisation, id, actor }: RunningPlan): Promise<void> {
    const { plans } = store.for({ organisation, localUsers: 'visible' })
    const cause = { actor, door: 'admin', requestId: newId() } as const
    await Promise.all(Array.from({ length: WORKERS }, () => work(plans, id, cause)))
    underWay.delete(id)
    mails.wake()
  }

  async function round(): Promise<void> {
    const running = stopping ? [] : await store.runningPlans()
    const ends = running.map((plan) => {
      const end = underWay.get(plan.id) ?? carryOut(plan)
      underWay.set(plan.id, end)
      return end
    })
    await Promise.all(ends)
  }

  function tick(): Promise<void> {
    const ended = round()
      .catch((failure: unknown) => note(failure, {}))
      .finally(() => ticks.delete(ended))
    ticks.add(ended)
    return ended
  }

  const wake = () => void tick()
  const timer = setInterval(wake, TICK_MILLISECONDS)
  timer.unref()
  wake()

  return {
    wake,
    tick,
    async stop() {
      stopping = true
      clearInterval(timer)
      await Promise.all(ticks)
    },
  }
}
