import type { Log } from '../log.ts'
import { toProblem, type Problem } from './problems.ts'

/** So long what came of work is kept for those who look at it. */
const KEPT_MILLISECONDS = 60 * 60_000

/** Says how far work is, and of how much where that is known. */
export type Tell = (done: number, total?: number) => void

/** Work that somebody started and looks at, and what came of it. */
export type Work<Made> = {
  readonly began: string
  readonly done: number
  readonly total: number | undefined
} & (
  | { readonly state: 'going' }
  | { readonly state: 'done'; readonly made: Made }
  | { readonly state: 'failed'; readonly problem: Problem }
)

/**
 * Work of one kind that takes longer than somebody waits for an answer, one a key at a time. It is known to this server
 * alone, and not after a restart: what must not be lost is kept by the work itself.
 */
export interface Background<Made> {
  /** Begins it, unless it goes on already. */
  begin(key: string, work: (tell: Tell) => Promise<Made>): Work<Made>
  /** Undefined where nothing was begun, or what came of it is an hour old. */
  find(key: string): Work<Made> | undefined
  /** The same once it is over, or so many milliseconds later. */
  wait(key: string, milliseconds: number): Promise<Work<Made> | undefined>
  forget(key: string): void
}

export function background<Made>({
  now,
  log,
}: {
  readonly now: () => Date
  readonly log: Log
}): Background<Made> {
  const known = new Map<string, { work: Work<Made>; readonly end: Promise<void> }>()

  function forgetOld(): void {
    const oldest = new Date(now().getTime() - KEPT_MILLISECONDS).toISOString()
    for (const [key, { work }] of known) {
      if (work.state !== 'going' && work.began < oldest) known.delete(key)
    }
  }

  function find(key: string): Work<Made> | undefined {
    forgetOld()
    return known.get(key)?.work
  }

  return {
    find,
    begin(key, start) {
      const before = find(key)
      if (before?.state === 'going') return before
      const over = Promise.withResolvers<void>()
      const entry: { work: Work<Made>; readonly end: Promise<void> } = {
        work: { began: now().toISOString(), done: 0, total: undefined, state: 'going' },
        end: over.promise,
      }
      known.set(key, entry)
      const tell: Tell = (done, total = entry.work.total) => {
        entry.work = { ...entry.work, done, total }
      }
      start(tell)
        .then(
          (made) => {
            entry.work = { ...entry.work, state: 'done', made }
          },
          (error: unknown) => {
            const problem = toProblem(error)
            if (problem.code === 'internal') log.error('background', { failure: error })
            entry.work = { ...entry.work, state: 'failed', problem }
          },
        )
        .finally(over.resolve)
      return entry.work
    },
    async wait(key, milliseconds) {
      const entry = known.get(key)
      if (!entry) return undefined
      const late = Promise.withResolvers<void>()
      const timer = setTimeout(late.resolve, milliseconds)
      await Promise.race([entry.end, late.promise])
      clearTimeout(timer)
      return entry.work
    },
    forget: (key) => void known.delete(key),
  }
}
