/** How often it is looked whether another server left some work, or something failed for a while. */
const TICK_MILLISECONDS = 5_000

/** Carries out what there is to do in the background. */
export interface Worker {
  /** Begins at once with what there is to do. */
  wake(): void
  /** Carries out what there is to do; resolves when nothing more can be done now. Never throws. */
  tick(): Promise<void>
  /** Begins nothing more, and waits for what is in flight. */
  stop(): Promise<void>
}

/**
 * Carries out jobs, each once at a time: those that are there at the start, those it is woken for, and, every few seconds,
 * those that could not go on.
 */
export function startWorker<Job>(work: {
  find(): Promise<readonly Job[]>
  /** What tells jobs apart. */
  keyOf(job: Job): string
  /** Carries one out, as long as it may go on. Never throws. */
  carryOut(job: Job, goesOn: () => boolean): Promise<void>
  /** Told what failed when jobs were looked for. */
  failed(failure: unknown): void
}): Worker {
  const underWay = new Map<string, Promise<void>>()
  const ticks = new Set<Promise<void>>()
  let stopping = false
  const goesOn = () => !stopping

  function begin(job: Job): Promise<void> {
    const key = work.keyOf(job)
    const known = underWay.get(key)
    if (known) return known
    const end = work.carryOut(job, goesOn).finally(() => underWay.delete(key))
    underWay.set(key, end)
    return end
  }

  async function round(): Promise<void> {
    const jobs = stopping ? [] : await work.find()
    await Promise.all(jobs.map(begin))
  }

  function tick(): Promise<void> {
    const ended = round()
      .catch(work.failed)
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
