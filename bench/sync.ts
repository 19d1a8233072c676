/** How long it takes to keep many linked users true: all of them, and then those alone who have changed. */
import { join } from 'node:path'
import type { Plan } from '../src/directory/plan.ts'
import { until } from '../test/entra/administrator.ts'
import { isFinished } from '../test/entra/entrance-import.ts'
import { type ImportOffice, openImportOffice } from '../test/entra/import-office.ts'
import { loadLinked, personOf } from '../test/entra/linked-users.ts'
import { makeTenant } from '../test/entra/make-tenant.ts'
import type { EntraUser, Tenant } from '../test/entra/tenant.ts'
import { describeMachine } from './machine.ts'
import { type Machine, RESULTS_FOLDER } from './results.ts'
import { megabytes, say, short, whole } from './screen.ts'
import { keepResult, labelled, LOOK_MILLISECONDS, scratchFolder, sizeOf, timed } from './timing.ts'

/** One run, from the question to the last change. */
interface Measured {
  readonly changed: number
  /** Until an administrator sees what would change. */
  readonly planSeconds: number
  readonly graphRequests: number
  /** From the start until nobody is left. */
  readonly applySeconds: number
}

export interface SyncResult {
  readonly date: string
  readonly machine: Machine
  readonly linked: number
  readonly full: Measured
  readonly changes: Measured
  /** A run of changes that finds nothing. */
  readonly nothing: Measured
  /** Most bytes that the server had in memory; null where the system does not tell. */
  readonly peakBytes: number | null
  /** The file and what is beside it. */
  readonly databaseBytes: number
}

export const SYNC_FOLDER = join(RESULTS_FOLDER, 'sync')
/** One in so many has changed: the second number for the run of changes. */
const CHANGED = { full: 20, changes: 200 } as const

/** The tenant once one in so many users has another name. */
function changedTenant(tenant: Tenant, one: number): Tenant {
  const version = tenant.version + 1
  const users = [...tenant.users.values()].map((user, index): [string, EntraUser] => {
    const displayName = `${user.displayName} (${version})`
    return [user.objectId, index % one === 0 ? { ...user, displayName } : user]
  })
  return { ...tenant, users: new Map(users), version }
}

async function measureRun(
  { admin, graph }: ImportOffice,
  mode: 'full' | 'changes',
  expected: number,
): Promise<Measured> {
  const before = graph.requests.total
  const planned = await timed(() => admin.post<Plan>('/syncs', { mode }))
  const graphRequests = graph.requests.total - before
  const { id, actions } = planned.value
  if (actions.update !== expected)
    throw new Error(`Others have changed: ${JSON.stringify(actions)}`)
  const applied = await timed(async () => {
    await admin.post(`/syncs/${id}/start`)
    return until(() => admin.get<Plan>(`/syncs/${id}`), isFinished, LOOK_MILLISECONDS)
  })
  const { states } = applied.value
  if (states.failed + states.changed > 0) throw new Error(`It failed: ${JSON.stringify(states)}`)
  return {
    changed: expected,
    planSeconds: planned.seconds,
    graphRequests,
    applySeconds: applied.seconds,
  }
}

async function measure(folder: string, people: number): Promise<Omit<SyncResult, 'date'>> {
  let tenant = makeTenant({ seed: 1, users: people, groups: 0 })
  const linked = [...tenant.users.values()].slice(0, people)
  const office = await openImportOffice(folder, () => tenant)
  try {
    say(`Loading ${whole(people)} linked users …`)
    await loadLinked(folder, linked.map(personOf))
    // What was loaded is none of the memory that is measured.
    await office.kill()
    await office.start()
    const count = (one: number) => Math.ceil(people / one)
    say('Comparing all of them, of whom 5 % have changed …')
    tenant = changedTenant(tenant, CHANGED.full)
    const full = await measureRun(office, 'full', count(CHANGED.full))
    say('Asking for changes, of which there are some …')
    tenant = changedTenant(tenant, CHANGED.changes)
    const changes = await measureRun(office, 'changes', count(CHANGED.changes))
    say('Asking for changes, of which there are none …')
    const nothing = await measureRun(office, 'changes', 0)
    return {
      machine: { ...describeMachine(folder), pinning: 'not pinned' },
      linked: people,
      full,
      changes,
      nothing,
      peakBytes: await office.server().peakMemory(),
      databaseBytes: sizeOf(folder),
    }
  } finally {
    await office.close()
  }
}

function told({ changed, planSeconds, graphRequests, applySeconds }: Measured): string {
  const planned = `worked out in ${short(planSeconds)} s with ${whole(graphRequests)} requests`
  return `${whole(changed)} changes: ${planned}, carried out in ${short(applySeconds)} s`
}

/** Measures a sync and writes down what came of it. */
export async function runSync(people: number, now: Date): Promise<void> {
  const result: SyncResult = {
    date: now.toISOString(),
    ...(await measure(scratchFolder(), people)),
  }
  const file = keepResult(SYNC_FOLDER, result)
  say(
    labelled([
      ['All', told(result.full)],
      ['Changes', told(result.changes)],
      ['No changes', told(result.nothing)],
      ['Peak memory', `${megabytes(result.peakBytes ?? undefined)} MiB`],
      ['Database', `${megabytes(result.databaseBytes)} MiB`],
    ]),
  )
  say(`\nWrote ${file}`)
}
