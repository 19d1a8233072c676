import type { Dialect } from './dialect.ts'
import { find, type Job, JobFailure, type JobReason, type JobState } from './job.ts'
import { type Counts, type Failure, makeJob, type Matching, noCounts } from './job.ts'
import { ObjectFailure, type Quarantine, type Step } from './job.ts'
import { inParallel } from './parallel.ts'
import { makeRandom } from './random.ts'
import { equals, type ScimClient, type Traffic, withQuery } from './scim-client.ts'
import { syncGroup, syncMembers } from './sync-group.ts'
import { findMatch, matchOrCreate, syncManager, syncUser } from './sync-user.ts'
import { type Change, inScope, type Tenant, touchedBy } from './tenant.ts'
import { mapUser } from './mapping.ts'

export type Progress = { step: Step; done: number; total: number }

export type CycleReport = {
  kind: 'initial' | 'incremental'
  /** `stopped` is a cycle that could not go on; what it did not do stays due. */
  outcome: 'done' | 'stopped' | 'in quarantine'
  /** Why the cycle did not get to its end. */
  reason: JobReason | null
  detail: string | null
  counts: Counts
  /** What could not be provisioned; it is tried again in the next cycle. */
  failures: Failure[]
  /** Earlier failures that went well now. */
  recovered: number
  milliseconds: number
  traffic: Omit<Traffic, 'times'>
}

export type OnDemandReport = {
  result: 'created' | 'updated' | 'out of scope' | 'failed'
  detail: string | null
}

export type ProvisionerOptions = {
  client: ScimClient
  /** The tenant as it is at the moment of a call. */
  tenant: () => Tenant
  dialect?: Dialect
  matching?: Matching
  /** Requests under way at once. */
  parallel?: number
  membersPerRequest?: number
  seed?: number
  now?: () => number
  /** What an earlier provisioner saved. */
  state?: JobState
}

export type Provisioner = {
  testConnection: () => Promise<{ ok: boolean; detail: string | null }>
  /** Evaluates everything against the server. Calling it again is always right. */
  initialCycle: (onProgress?: (progress: Progress) => void) => Promise<CycleReport>
  /** Works off the changes, what an earlier cycle left, and what failed. The tenant has the changes already. */
  incrementalCycle: (
    changes: readonly Change[],
    onProgress?: (progress: Progress) => void,
  ) => Promise<CycleReport>
  /** One user, at once, in the legacy dialect and without roles. Never deactivates. */
  provisionOnDemand: (userObjectId: string) => Promise<OnDemandReport>
  /** Forgets the watermark and any quarantine; with `resetLinks` also which account is whose. */
  restart: (options: { resetLinks: boolean }) => void
  quarantine: () => Quarantine | null
  /** Whether anything is left to do or to try again. */
  isSettled: () => boolean
  /** All that a later provisioner needs to go on; plain JSON. */
  save: () => JobState
}

const HOUR = 3_600_000
const QUARANTINE_PAUSES = [6, 12, 24]
const QUARANTINE_END = 28 * 24 * HOUR
const steps: readonly Step[] = ['users', 'managers', 'groups', 'members']
const work: Record<Step, (job: Job, objectId: string) => Promise<void>> = {
  users: syncUser,
  managers: syncManager,
  groups: syncGroup,
  members: syncMembers,
}
/** The step that has to have gone well for an object before this one makes sense. */
const before: Partial<Record<Step, Step>> = { managers: 'users', members: 'groups' }

/** Random GUIDs that nobody has: does the server answer, and as a SCIM server should? */
async function probe(job: Job): Promise<void> {
  const target = { userName: 'userName', externalId: 'externalId', email: 'userName' }[job.matching]
  const paths = [
    withQuery('/Users', { filter: equals(target, job.random.uuid()) }),
    withQuery('/Groups', {
      excludedAttributes: 'members',
      filter: equals('displayName', job.random.uuid()),
    }),
  ]
  for (const path of paths) {
    try {
      const found = await find(job, path)
      if (found.length > 0) throw new JobFailure('incompatible', `${path} found somebody.`)
    } catch (error) {
      if (!(error instanceof ObjectFailure)) throw error
      const reason = error.reason ?? (error.status >= 500 ? 'unreachable' : 'incompatible')
      throw new JobFailure(reason, error.message)
    }
  }
}

function trafficSince(start: Traffic, end: Traffic): CycleReport['traffic'] {
  const byStatus: Record<string, number> = {}
  for (const [status, count] of Object.entries(end.byStatus)) {
    const more = count - (start.byStatus[status] ?? 0)
    if (more > 0) byStatus[status] = more
  }
  return {
    requests: end.requests - start.requests,
    retries: end.retries - start.retries,
    lost: end.lost - start.lost,
    byStatus,
  }
}

/** The rule against mass failure: from 5,000 failures on, more than 40 % or 40,000 are too many. */
function tooMany(failures: number, evaluated: number): boolean {
  return failures >= 5000 && (failures > evaluated * 0.4 || failures > 40_000)
}

export function makeProvisioner(options: ProvisionerOptions): Provisioner {
  const { client, tenant, parallel = 8, now = Date.now, state } = options
  const job = makeJob(
    {
      client,
      tenant,
      random: makeRandom(options.seed ?? 1),
      dialect: options.dialect ?? 'legacy',
      matching: options.matching ?? 'userName',
      membersPerRequest: options.membersPerRequest ?? 20,
    },
    state ?? null,
  )
  let watermark = state?.watermark ?? null
  let quarantine = state?.quarantine ?? null

  const enterQuarantine = (reason: JobReason): void => {
    const attempts = (quarantine?.attempts ?? 0) + 1
    const pause = (QUARANTINE_PAUSES[attempts - 1] ?? 24) * HOUR
    const since = quarantine?.since ?? now()
    const disabled = now() + pause > since + QUARANTINE_END
    const retryAt = disabled ? Number.MAX_SAFE_INTEGER : now() + pause
    quarantine = { reason, since, attempts, retryAt }
  }

  /** Deletes first: they make room for what else is called the same. */
  const goesFirst = (step: Step, objectId: string): boolean =>
    step === 'users'
      ? tenant().users.get(objectId)?.purged === true
      : step === 'groups' && !tenant().groups.has(objectId)

  const runStep = async (
    step: Step,
    onProgress: (progress: Progress) => void,
  ): Promise<{ recovered: number; evaluated: number }> => {
    const earlier = before[step]
    const ids = [...job.due[step]].filter(
      (id) => earlier === undefined || !job.due[earlier].has(id),
    )
    let done = 0
    let recovered = 0
    const one = async (objectId: string): Promise<void> => {
      const key = `${step} ${objectId}`
      try {
        await work[step](job, objectId)
        job.due[step].delete(objectId)
        if (job.escrow.delete(key)) recovered += 1
      } catch (error) {
        if (!(error instanceof ObjectFailure)) throw error
        const attempts = (job.escrow.get(key)?.attempts ?? 0) + 1
        job.escrow.set(key, {
          step,
          objectId,
          status: error.status,
          detail: error.message,
          attempts,
        })
      }
      done += 1
      onProgress({ step, done, total: ids.length })
    }
    await inParallel(
      ids.filter((id) => goesFirst(step, id)),
      parallel,
      one,
    )
    await inParallel(
      ids.filter((id) => !goesFirst(step, id)),
      parallel,
      one,
    )
    return { recovered, evaluated: ids.length }
  }

  const runCycle = async (
    kind: CycleReport['kind'],
    onProgress: (progress: Progress) => void,
  ): Promise<CycleReport> => {
    const start = performance.now()
    const before = client.traffic()
    job.counts = noCounts()
    job.strikes = { refused: 0, lost: 0 }
    let recovered = 0
    const report = (
      outcome: CycleReport['outcome'],
      reason: JobReason | null,
      detail: string | null,
    ): CycleReport => ({
      kind,
      outcome,
      reason,
      detail,
      counts: job.counts,
      failures: [...job.escrow.values()],
      recovered,
      milliseconds: performance.now() - start,
      traffic: trafficSince(before, client.traffic()),
    })
    if (quarantine !== null && now() < quarantine.retryAt) {
      return report('in quarantine', quarantine.reason, null)
    }
    let evaluated = 0
    try {
      await probe(job)
      for (const step of steps) {
        const result = await runStep(step, onProgress)
        recovered += result.recovered
        evaluated += result.evaluated
      }
      if (tooMany(job.escrow.size, evaluated)) {
        throw new JobFailure('mass-failure', `${job.escrow.size} of ${evaluated} objects failed.`)
      }
    } catch (error) {
      if (!(error instanceof JobFailure)) throw error
      // A server that is away is waited for; it has not refused anything.
      if (error.reason !== 'unreachable') enterQuarantine(error.reason)
      return report('stopped', error.reason, error.message)
    }
    job.full = false
    quarantine = null
    watermark = (watermark ?? 0) + 1
    return report('done', null, null)
  }

  const makeDue = (users: Iterable<string>, groups: Iterable<string>): void => {
    for (const id of users) {
      job.due.users.add(id)
      job.due.managers.add(id)
    }
    for (const id of groups) {
      job.due.groups.add(id)
      job.due.members.add(id)
    }
  }

  const initialCycle: Provisioner['initialCycle'] = (onProgress = () => undefined) => {
    job.full = true
    makeDue(tenant().users.keys(), [...tenant().groups.keys(), ...job.groups.keys()])
    return runCycle('initial', onProgress)
  }

  return {
    initialCycle,
    incrementalCycle: (changes, onProgress = () => undefined) => {
      if (watermark === null) return initialCycle(onProgress)
      const touched = touchedBy(changes)
      makeDue(touched.users, touched.groups)
      return runCycle('incremental', onProgress)
    },
    testConnection: async () => {
      job.strikes = { refused: 0, lost: 0 }
      try {
        await probe(job)
        return { ok: true, detail: null }
      } catch (error) {
        if (!(error instanceof JobFailure)) throw error
        return { ok: false, detail: error.message }
      }
    },
    provisionOnDemand: async (userObjectId) => {
      const user = tenant().users.get(userObjectId)
      if (user === undefined || !inScope(user) || !user.accountEnabled) {
        return { result: 'out of scope', detail: null }
      }
      const onDemand: Job = {
        ...job,
        dialect: 'legacy',
        withRoles: false,
        counts: noCounts(),
        strikes: { refused: 0, lost: 0 },
      }
      try {
        await probe(onDemand)
        const found = await findMatch(onDemand, user, mapUser(user))
        const link = job.users.get(userObjectId)
        if (found === null && link !== undefined) await syncUser(onDemand, userObjectId)
        else await matchOrCreate(onDemand, user)
        return { result: onDemand.counts.created > 0 ? 'created' : 'updated', detail: null }
      } catch (error) {
        if (!(error instanceof ObjectFailure) && !(error instanceof JobFailure)) throw error
        return { result: 'failed', detail: error.message }
      }
    },
    restart: ({ resetLinks }) => {
      watermark = null
      quarantine = null
      job.full = true
      job.escrow.clear()
      if (!resetLinks) return
      job.users.clear()
      job.owners.clear()
      job.groups.clear()
    },
    quarantine: () => quarantine,
    isSettled: () => Object.values(job.due).every((due) => due.size === 0),
    save: () =>
      structuredClone({
        users: [...job.users],
        groups: [...job.groups].map(([objectId, link]) => [
          objectId,
          { ...link, members: [...link.members] },
        ]),
        due: {
          users: [...job.due.users],
          managers: [...job.due.managers],
          groups: [...job.due.groups],
          members: [...job.due.members],
        },
        escrow: [...job.escrow.values()],
        watermark,
        full: job.full,
        quarantine,
      }),
  }
}
