import type { Dialect } from './dialect.ts'
import type { TargetValues } from './mapping.ts'
import type { Random } from './random.ts'
import { Incompatible, type Answer, type ScimClient, Unreachable } from './scim-client.ts'
import type { Tenant } from './tenant.ts'

/** The attribute that says which account of the server a user of the tenant is. */
export type Matching = 'userName' | 'externalId' | 'email'

/** Why a whole job stops, rather than one object. */
export type JobReason = 'credentials' | 'incompatible' | 'unreachable' | 'mass-failure'

export type Step = 'users' | 'managers' | 'groups' | 'members'

/** A user of the tenant and its account: the id there, and what was last written. */
export type UserLink = { id: string; values: TargetValues; manager: string | null }

/** `members` are object ids. */
export type GroupLink = { id: string; displayName: string; members: Set<string> }

/** An object that could not be provisioned; it is tried again in each cycle. */
export type Failure = {
  step: Step
  objectId: string
  status: number
  detail: string
  attempts: number
}

export type Quarantine = { reason: JobReason; since: number; attempts: number; retryAt: number }

export type Counts = {
  created: number
  matched: number
  updated: number
  deactivated: number
  reactivated: number
  deleted: number
  neverCreated: number
  managers: number
  groupsCreated: number
  groupsMatched: number
  groupsUpdated: number
  groupsDeleted: number
  membersAdded: number
  membersRemoved: number
}

/** All that a job remembers, as JSON. */
export type JobState = {
  users: [objectId: string, link: UserLink][]
  groups: [objectId: string, link: { id: string; displayName: string; members: string[] }][]
  due: Record<Step, string[]>
  escrow: Failure[]
  /** Cycles that reached their end; null before the first. */
  watermark: number | null
  /** Everything is compared with the server, not with what was last written. */
  full: boolean
  quarantine: Quarantine | null
}

export type Job = {
  client: ScimClient
  tenant: () => Tenant
  random: Random
  dialect: Dialect
  matching: Matching
  withRoles: boolean
  membersPerRequest: number
  users: Map<string, UserLink>
  /** Object ids by the id of the account that is linked. */
  owners: Map<string, string>
  groups: Map<string, GroupLink>
  due: Record<Step, Set<string>>
  escrow: Map<string, Failure>
  full: boolean
  counts: Counts
  /** What speaks against the whole job: refusals in this cycle, and lost requests in a row. */
  strikes: { refused: number; lost: number }
}

/** One object cannot be provisioned now. `status` is 0 when no answer came. */
export class ObjectFailure extends Error {
  readonly status: number
  /** Set when the cause is not this object but the job. */
  readonly reason: JobReason | null
  constructor(status: number, detail: string, reason: JobReason | null = null) {
    super(detail)
    this.status = status
    this.reason = reason
  }
}

/** The job cannot go on. */
export class JobFailure extends Error {
  readonly reason: JobReason
  constructor(reason: JobReason, detail: string) {
    super(detail)
    this.reason = reason
  }
}

const STRIKES = 3

export function noCounts(): Counts {
  return {
    created: 0,
    matched: 0,
    updated: 0,
    deactivated: 0,
    reactivated: 0,
    deleted: 0,
    neverCreated: 0,
    managers: 0,
    groupsCreated: 0,
    groupsMatched: 0,
    groupsUpdated: 0,
    groupsDeleted: 0,
    membersAdded: 0,
    membersRemoved: 0,
  }
}

/** The error text of an answer, for the log of failures. */
export function failed(answer: Answer): ObjectFailure {
  const detail = answer.resource?.['detail']
  return new ObjectFailure(
    answer.status,
    typeof detail === 'string' ? detail : `Status ${answer.status}.`,
  )
}

/**
 * Sends a request of the job. Throws ObjectFailure for what speaks against the whole job, and
 * JobFailure once that has happened a few times. Other statuses are the caller's to judge.
 */
export async function call(
  job: Job,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const strike = (reason: JobReason, status: number, detail: string): Error => {
    job.strikes[reason === 'unreachable' ? 'lost' : 'refused'] += 1
    const enough = Math.max(job.strikes.lost, job.strikes.refused) >= STRIKES
    return enough ? new JobFailure(reason, detail) : new ObjectFailure(status, detail, reason)
  }
  let answer: Answer
  try {
    answer = await job.client.send(method, path, body)
  } catch (error) {
    if (error instanceof Unreachable) throw strike('unreachable', 0, error.message)
    if (error instanceof Incompatible) throw strike('incompatible', 0, error.message)
    throw error
  }
  if (answer.status === 401 || answer.status === 403) {
    throw strike('credentials', answer.status, failed(answer).message)
  }
  if (answer.status === 404 && path.includes('?filter=')) {
    throw strike('incompatible', 404, `${path} answered 404.`)
  }
  job.strikes.lost = 0
  return answer
}

/** The resources of a filter's answer. Throws when it is not a ListResponse. */
export async function find(job: Job, path: string): Promise<Record<string, unknown>[]> {
  const answer = await call(job, 'GET', path)
  if (answer.status !== 200) throw failed(answer)
  const resources = answer.resource?.['Resources']
  if (!Array.isArray(resources)) throw new ObjectFailure(200, `${path}: no ListResponse.`)
  return resources
}

/** The id of a resource in an answer. Throws when there is none. */
export function idOf(resource: Record<string, unknown> | null): string {
  const id = resource?.['id']
  if (typeof id !== 'string' || id === '') throw new ObjectFailure(200, 'A resource has no id.')
  return id
}

export function linkUser(job: Job, objectId: string, link: UserLink): void {
  job.users.set(objectId, link)
  job.owners.set(link.id, objectId)
  // Those who refer to the user could not do so before, or did by an id that is gone.
  for (const [groupId, group] of job.tenant().groups) {
    if (!group.members.has(objectId)) continue
    job.groups.get(groupId)?.members.delete(objectId)
    job.due.groups.add(groupId)
    job.due.members.add(groupId)
  }
  // A full cycle visits everybody anyway.
  if (job.full) return
  for (const [reportId, report] of job.tenant().users) {
    if (report.manager === objectId) job.due.managers.add(reportId)
  }
}

export function unlinkUser(job: Job, objectId: string): void {
  const link = job.users.get(objectId)
  job.users.delete(objectId)
  if (link !== undefined && job.owners.get(link.id) === objectId) job.owners.delete(link.id)
}

export function makeJob(
  settings: Pick<
    Job,
    'client' | 'tenant' | 'random' | 'dialect' | 'matching' | 'membersPerRequest'
  >,
  state: JobState | null,
): Job {
  return {
    ...settings,
    withRoles: true,
    users: new Map(state?.users),
    owners: new Map(state?.users.map(([objectId, link]) => [link.id, objectId])),
    groups: new Map(
      state?.groups.map(([objectId, link]) => [
        objectId,
        { ...link, members: new Set(link.members) },
      ]),
    ),
    due: {
      users: new Set(state?.due.users),
      managers: new Set(state?.due.managers),
      groups: new Set(state?.due.groups),
      members: new Set(state?.due.members),
    },
    escrow: new Map(
      state?.escrow.map((failure) => [`${failure.step} ${failure.objectId}`, failure]),
    ),
    full: state?.full ?? true,
    counts: noCounts(),
    strikes: { refused: 0, lost: 0 },
  }
}
