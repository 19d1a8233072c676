import { type AttributeChange, patchAttributes, patchManager } from './dialect.ts'
import { call, failed, find, idOf, type Job, linkUser, ObjectFailure, unlinkUser } from './job.ts'
import type { UserLink } from './job.ts'
import {
  comparable,
  mapUser,
  readManager,
  readTarget,
  type Resource,
  type TargetValues,
  userBody,
  userTargets,
} from './mapping.ts'
import { equals, withQuery } from './scim-client.ts'
import { type EntraUser, inScope, isActive } from './tenant.ts'

const WORK_EMAIL = 'emails[type eq "work"].value'

function desiredValues(job: Job, user: EntraUser): TargetValues {
  const { roles, ...values } = mapUser(user)
  if (user.softDeleted) {
    // The recycle bin's new names go along with the deactivation.
    const renamed = user.former?.mail === user.mail ? ['userName'] : ['userName', WORK_EMAIL]
    const names = Object.entries(values).filter(([target]) => renamed.includes(target))
    return { ...Object.fromEntries(names), active: false }
  }
  // What else leaves the scope is switched off and otherwise left as it is.
  if (!inScope(user)) return { active: false }
  return job.withRoles && roles !== undefined ? { ...values, roles } : values
}

function valuesOf(resource: Resource): TargetValues {
  const values: TargetValues = {}
  for (const target of userTargets) {
    const value = readTarget(resource, target)
    if (typeof value === 'string' || typeof value === 'boolean') values[target] = value
    if (Array.isArray(value)) values[target] = value
  }
  return values
}

/** Writes the given targets where the server has something else. False when the account is gone. */
async function write(
  job: Job,
  link: UserLink,
  desired: TargetValues,
  targets: readonly string[],
  actual: Resource,
): Promise<boolean> {
  const changes: AttributeChange[] = []
  for (const target of targets) {
    const value = desired[target]
    const now = comparable(readTarget(actual, target))
    if (value !== undefined && comparable(value) !== now) {
      changes.push({ target, value, had: now !== '' })
    }
  }
  if (changes.length > 0) {
    const body = patchAttributes(job.dialect, changes)
    const answer = await call(job, 'PATCH', `/Users/${link.id}`, body)
    if (answer.status === 404) return false
    if (answer.status !== 200 && answer.status !== 204) throw failed(answer)
    const active = changes.find(({ target }) => target === 'active')?.value
    if (active === true) job.counts.reactivated += 1
    else if (active === false) job.counts.deactivated += 1
    else job.counts.updated += 1
  }
  link.values = { ...link.values, ...desired }
  return true
}

/** Brings a linked account up to date. False when the link is broken. */
async function update(job: Job, user: EntraUser, link: UserLink): Promise<boolean> {
  const desired = desiredValues(job, user)
  const targets = Object.keys(desired).filter(
    (target) => job.full || comparable(desired[target]) !== comparable(link.values[target]),
  )
  if (targets.length === 0) return true
  const answer = await call(job, 'GET', `/Users/${link.id}`)
  if (answer.status === 404) return false
  if (answer.status !== 200 || answer.resource === null) throw failed(answer)
  if (job.full) link.manager = readManager(answer.resource)
  return write(job, link, desired, targets, answer.resource)
}

/** The account that the matching attributes point to, in their order; null when there is none. */
export async function findMatch(
  job: Job,
  user: EntraUser,
  desired: TargetValues,
): Promise<Resource | null> {
  const first = { userName: 'userName', externalId: 'externalId', email: WORK_EMAIL }[job.matching]
  // A person without the attribute is looked for by the second one.
  const target = desired[first] === undefined ? 'userName' : first
  const value = desired[target]
  if (typeof value !== 'string' || value === '') {
    throw new ObjectFailure(0, `The matching attribute of ${user.objectId} is empty.`)
  }
  const found = await find(job, withQuery('/Users', { filter: equals(target, value) }))
  if (found.length > 1) {
    throw new ObjectFailure(200, `${found.length} accounts match ${target} ${value}.`)
  }
  return found[0] ?? null
}

async function create(job: Job, user: EntraUser, desired: TargetValues): Promise<void> {
  const answer = await call(job, 'POST', '/Users', userBody(desired))
  if (answer.status !== 201 || answer.resource === null) throw failed(answer)
  const id = idOf(answer.resource)
  linkUser(job, user.objectId, { id, values: desired, manager: readManager(answer.resource) })
  job.counts.created += 1
}

/** Links an account that is found, or creates one. */
export async function matchOrCreate(job: Job, user: EntraUser): Promise<void> {
  const desired = desiredValues(job, user)
  const found = await findMatch(job, user, desired)
  if (found === null) {
    if (isActive(user)) await create(job, user, desired)
    else job.counts.neverCreated += 1
    return
  }
  const id = idOf(found)
  const owner = job.owners.get(id)
  if (owner !== undefined && owner !== user.objectId) {
    throw new ObjectFailure(409, `Account ${id} is linked to ${owner} already.`)
  }
  const link = { id, values: valuesOf(found), manager: readManager(found) }
  linkUser(job, user.objectId, link)
  job.counts.matched += 1
  const written = await write(job, link, desired, Object.keys(desired), found)
  if (!written) {
    unlinkUser(job, user.objectId)
    throw new ObjectFailure(404, `Account ${id} was found and then gone.`)
  }
}

/** A hard delete. One who was unassigned before is not looked after any more: nothing is sent. */
async function retire(job: Job, user: EntraUser, link: UserLink | undefined): Promise<void> {
  if (link !== undefined && user.assigned) {
    const answer = await call(job, 'DELETE', `/Users/${link.id}`)
    if (answer.status !== 204 && answer.status !== 404) throw failed(answer)
    job.counts.deleted += 1
  }
  unlinkUser(job, user.objectId)
}

/** Does what one user of the tenant calls for, the manager excepted. */
export async function syncUser(job: Job, objectId: string): Promise<void> {
  const user = job.tenant().users.get(objectId)
  if (user === undefined) return
  const link = job.users.get(objectId)
  if (user.purged) {
    await retire(job, user, link)
    return
  }
  if (link !== undefined) {
    if (await update(job, user, link)) return
    unlinkUser(job, objectId)
  }
  if (inScope(user)) await matchOrCreate(job, user)
}

/** The second pass: writes the manager, by the id of the manager's account. */
export async function syncManager(job: Job, objectId: string): Promise<void> {
  const { users } = job.tenant()
  const user = users.get(objectId)
  const link = job.users.get(objectId)
  if (user === undefined || link === undefined || !inScope(user)) return
  let wanted: string | null = null
  if (user.manager !== null) {
    const manager = users.get(user.manager)
    const managerLink = job.users.get(user.manager)
    // A reference to somebody who is not provisioned is not sent; it comes when that one does.
    if (manager === undefined || managerLink === undefined || !inScope(manager)) return
    wanted = managerLink.id
  }
  if (wanted === link.manager) return
  if (wanted !== null && link.manager !== null) {
    const filter = `${equals('id', link.id)} and ${equals('manager', wanted)}`
    const same = await find(job, withQuery('/Users', { filter, attributes: 'id' }))
    if (same.length > 0) {
      link.manager = wanted
      return
    }
  }
  const body = patchManager(job.dialect, wanted, link.manager !== null)
  const answer = await call(job, 'PATCH', `/Users/${link.id}`, body)
  if (answer.status !== 200 && answer.status !== 204) throw failed(answer)
  link.manager = wanted
  job.counts.managers += 1
}
