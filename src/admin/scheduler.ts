import type { EntraDirectories } from '../directory/connection.ts'
import { EntraFailure } from '../directory/entra-directory.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { Cause } from '../directory/event.ts'
import type { Directory, Store } from '../directory/store.ts'
import type { DueSync } from '../directory/sync-state.ts'
import type { Log } from '../log.ts'
import { runSync, type SyncSource } from './sync-run.ts'
import { syncSettingsOf } from './sync-settings.ts'

/** How often it is looked whether a sync is due. */
const TICK_MILLISECONDS = 15_000
/** So many organisations are worked on at a time. */
const AT_ONCE = 4

const NOT_CONNECTED = 'The organisation is not connected to Microsoft Entra ID.'
const FAULT = 'The server failed at this run; its log says why.'

export interface SyncScheduler {
  /** Runs what is due; resolves when it has been worked out. Never throws. */
  tick(): Promise<void>
  /** Begins nothing more, and leaves what is being worked out to the next server. */
  stop(): Promise<void>
}

/** Says that the server stops in the middle of a run. */
class Stopped extends Error {}

/**
 * Lets linked users follow Entra by themselves: works out what is due, and lets it be carried out unless it is held.
 * Several servers may do so at once, each run is one's.
 */
export function startSyncScheduler(deps: {
  readonly store: Store
  readonly connections: EntraDirectories
  /** Who carries out what is started. */
  readonly runner: { wake(): void }
  readonly log: Log
  readonly now: () => Date
  readonly newId: () => string
}): SyncScheduler {
  const { store, connections, runner, log, now, newId } = deps
  const underWay = new Map<string, Promise<void>>()
  const stopped = Promise.withResolvers<never>()
  // Nobody may be waiting for Entra when the server stops.
  stopped.promise.catch(() => {})
  let stopping = false

  /** What Entra answers, unless the server stops before. */
  const orStop = <T>(answer: Promise<T>): Promise<T> => Promise.race([answer, stopped.promise])

  function note(failure: unknown, fields: { readonly organisation?: string }): void {
    const passing =
      failure instanceof EntraFailure ||
      (failure instanceof DirectoryError && failure.code === 'unavailable')
    log[passing ? 'warn' : 'error']('sync', { ...fields, failure })
  }

  /** Entra for one run, which stays with this server as long as it goes on. Throws EntraFailure. */
  async function sourceFor(
    { syncs }: Directory,
    organisation: string,
    lease: { due: string | undefined; readonly minutes: number },
  ): Promise<SyncSource> {
    const entra = await orStop(connections.of(organisation))
    if (!entra) throw new EntraFailure('credentials', NOT_CONNECTED)

    async function prolong(): Promise<void> {
      if (lease.due === undefined) return
      const to = new Date(now().getTime() + lease.minutes * 60_000).toISOString()
      if (to > lease.due) lease.due = await syncs.postpone(lease.due, to)
    }

    return {
      tenantId: entra.tenantId,
      changes: (link) => orStop(entra.changes(link)),
      memberIdsOf: (groupId, nested) => orStop(entra.memberIdsOf(groupId, nested)),
      userById: (id) => orStop(entra.userById(id)),
      async usersById(ids) {
        await prolong()
        return orStop(entra.usersById(ids))
      },
    }
  }

  /** Runs what this server has taken. */
  async function run(directory: Directory, { organisation, due }: DueSync, next: string) {
    const { syncs } = directory
    const began = now()
    const { fields, provisioned, every = 0 } = await syncSettingsOf(directory)
    const cause: Cause = { actor: 'schedule', door: 'admin', requestId: newId() }
    const lease = { due: next as string | undefined, minutes: every }
    try {
      const entra = await sourceFor(directory, organisation, lease)
      const options = { fields, provisioned }
      const wanted = { mode: 'changes', options, unattended: true } as const
      const plan = await runSync({ directory, entra, cause, now }, wanted)
      log.info('sync', { organisation, plan: plan?.id, held: plan?.held })
      if (plan?.state === 'running') runner.wake()
    } catch (failure) {
      if (failure instanceof Stopped) {
        if (lease.due !== undefined) await syncs.postpone(lease.due, due)
        return
      }
      note(failure, { organisation })
      if (failure instanceof DirectoryError && failure.code === 'unavailable') return
      const problem = failure instanceof EntraFailure ? failure.message : FAULT
      await syncs.fail(began.toISOString(), problem)
    }
  }

  /** Runs what is due, if nobody else does; whether the server and the database were up to it. */
  async function take(sync: DueSync): Promise<boolean> {
    const { organisation, due } = sync
    try {
      const directory = store.for({ organisation, localUsers: 'visible' })
      const next = await directory.syncs.claim(due)
      // What is carried out, or held, comes first: the turn passes.
      if (next !== undefined && !(await directory.syncs.isBusy())) await run(directory, sync, next)
      return true
    } catch (failure) {
      note(failure, { organisation })
      return false
    }
  }

  /** Takes as many runs as there is room for; another whenever one has ended. */
  async function fill(): Promise<void> {
    const due = stopping || underWay.size >= AT_ONCE ? [] : await store.dueSyncs()
    for (const sync of due) {
      const { organisation } = sync
      if (stopping || underWay.size >= AT_ONCE) return
      if (underWay.has(organisation)) continue
      const end = take(sync).then((well) => {
        underWay.delete(organisation)
        return well ? fillSafely() : undefined
      })
      underWay.set(organisation, end)
    }
  }

  const fillSafely = () => fill().catch((failure: unknown) => note(failure, {}))

  async function tick(): Promise<void> {
    await fillSafely()
    while (underWay.size > 0) await Promise.all(underWay.values())
  }

  const timer = setInterval(() => void tick(), TICK_MILLISECONDS)
  timer.unref()
  void tick()

  return {
    tick,
    async stop() {
      stopping = true
      clearInterval(timer)
      stopped.reject(new Stopped())
      while (underWay.size > 0) await Promise.all(underWay.values())
    },
  }
}
