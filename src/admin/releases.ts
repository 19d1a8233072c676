import { DirectoryError } from '../directory/errors.ts'
import type { Holds } from '../directory/held.ts'
import type { Store } from '../directory/store.ts'
import type { Log } from '../log.ts'

/** So many users are looked up at a time. */
const PAGE = 50
/** How often it is looked whether another server left something, or something failed for a while. */
const TICK_MILLISECONDS = 5_000

export interface Releases {
  /** Begins at once with what there is to do. */
  wake(): void
  /** Carries out what there is to do; resolves when nothing more can be done now. Never throws. */
  tick(): Promise<void>
  /** Begins nothing more, and waits for the users in flight. */
  stop(): Promise<void>
}

/** In this order, from a place of its own on: so that servers do not stand in line for the same user. */
function rotated<Item>(items: readonly Item[]): Item[] {
  const start = Math.floor(Math.random() * items.length)
  return [...items.slice(start), ...items.slice(0, start)]
}

/**
 * Carries out the departures that administrators have released, one user at a time: those that were left when the server
 * stopped, and those it is woken for. Several servers may do so at once.
 */
export function startReleases({
  store,
  log,
}: {
  readonly store: Store
  readonly log: Log
}): Releases {
  const underWay = new Map<string, Promise<void>>()
  const ticks = new Set<Promise<void>>()
  let stopping = false

  function note(failure: unknown, fields: { readonly user?: string }): void {
    const away = failure instanceof DirectoryError && failure.code === 'unavailable'
    log[away ? 'warn' : 'error']('release', { ...fields, failure })
  }

  /** Whether it is done; who fails keeps nobody else waiting, and is tried again with the next tick. */
  async function done(holds: Holds, id: string): Promise<boolean> {
    try {
      await holds.carryOut(id)
      return true
    } catch (failure) {
      note(failure, { user: id })
      return false
    }
  }

  /** Goes through all who were released once; says whether any of them is done. */
  async function pass(holds: Holds): Promise<boolean> {
    let any = false
    for (let after: string | undefined = ''; after !== undefined && !stopping; ) {
      const ids: string[] = await holds.released(after, PAGE)
      for (const id of rotated(ids)) if (!stopping && (await done(holds, id))) any = true
      after = ids.at(-1)
    }
    return any
  }

  async function carryOut(organisation: string): Promise<void> {
    const { holds } = store.for({ organisation, localUsers: 'visible' })
    try {
      while (await pass(holds));
    } catch (failure) {
      note(failure, {})
    } finally {
      underWay.delete(organisation)
    }
  }

  async function round(): Promise<void> {
    const organisations = stopping ? [] : await store.organisationsWithReleased()
    const ends = organisations.map((organisation) => {
      const end = underWay.get(organisation) ?? carryOut(organisation)
      underWay.set(organisation, end)
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
