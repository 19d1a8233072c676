import { DirectoryError } from '../directory/errors.ts'
import type { Holds } from '../directory/held.ts'
import type { Store } from '../directory/store.ts'
import type { Log } from '../log.ts'
import { startWorker, type Worker } from './worker.ts'

/** So many users are looked up at a time. */
const PAGE = 50

/** In this order, from a place of its own on: so that servers do not stand in line for the same user. */
function rotated<Item>(items: readonly Item[]): Item[] {
  const start = Math.floor(Math.random() * items.length)
  return [...items.slice(start), ...items.slice(0, start)]
}

/**
 * Carries out the departures that administrators have released, one user at a time. Several servers may do so at once.
 */
export function startReleases({
  store,
  log,
}: {
  readonly store: Store
  readonly log: Log
}): Worker {
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
  async function pass(holds: Holds, goesOn: () => boolean): Promise<boolean> {
    let any = false
    for (let after: string | undefined = ''; after !== undefined && goesOn(); ) {
      const ids: string[] = await holds.released(after, PAGE)
      for (const id of rotated(ids)) if (goesOn() && (await done(holds, id))) any = true
      after = ids.at(-1)
    }
    return any
  }

  return startWorker({
    find: () => store.organisationsWithReleased(),
    keyOf: (organisation) => organisation,
    failed: (failure) => note(failure, {}),
    async carryOut(organisation, goesOn) {
      const { holds } = store.for({ organisation, localUsers: 'visible' })
      try {
        while (await pass(holds, goesOn));
      } catch (failure) {
        note(failure, {})
      }
    },
  })
}
