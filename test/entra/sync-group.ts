import { type AttributeChange, patchAddMembers, patchAttributes } from './dialect.ts'
import { patchRemoveMembers, type PatchBody } from './dialect.ts'
import { call, failed, find, type GroupLink, idOf, type Job, ObjectFailure } from './job.ts'
import { groupBody } from './mapping.ts'
import { equals, withQuery } from './scim-client.ts'
import { type EntraGroup, inScope } from './tenant.ts'

const MEMBERS_PER_OPERATION = 10

/** Brings a linked group's own attributes up to date. False when the link is broken. */
async function update(job: Job, group: EntraGroup, link: GroupLink): Promise<boolean> {
  const answer = await call(job, 'GET', `/Groups/${link.id}?excludedAttributes=members`)
  if (answer.status === 404) return false
  if (answer.status !== 200 || answer.resource === null) throw failed(answer)
  const { resource } = answer
  const wanted = { displayName: group.displayName, externalId: group.objectId }
  const changes: AttributeChange[] = Object.entries(wanted)
    .filter(([target, value]) => resource[target] !== value)
    .map(([target, value]) => ({ target, value, had: resource[target] !== undefined }))
  if (changes.length > 0) {
    const body = patchAttributes(job.dialect, changes)
    const patched = await call(job, 'PATCH', `/Groups/${link.id}`, body)
    if (patched.status === 404) return false
    if (patched.status !== 204 && patched.status !== 200) throw failed(patched)
    job.counts.groupsUpdated += 1
  }
  link.displayName = group.displayName
  return true
}

async function matchOrCreate(job: Job, group: EntraGroup): Promise<void> {
  const { objectId, displayName } = group
  const filter = equals('displayName', displayName)
  const query = withQuery('/Groups', { excludedAttributes: 'members', filter })
  const found = await find(job, query)
  if (found.length > 1) throw new ObjectFailure(200, `${found.length} groups match ${displayName}.`)
  const match = found[0]
  if (match === undefined) {
    const answer = await call(job, 'POST', '/Groups', groupBody(group))
    if (answer.status !== 201) throw failed(answer)
    const id = idOf(answer.resource)
    job.groups.set(objectId, { id, displayName, members: new Set() })
    job.counts.groupsCreated += 1
    return
  }
  const id = idOf(match)
  for (const [other, link] of job.groups) {
    if (link.id === id && other !== objectId) {
      throw new ObjectFailure(409, `Group ${id} is linked to ${other} already.`)
    }
  }
  const link = { id, displayName, members: new Set<string>() }
  job.groups.set(objectId, link)
  job.counts.groupsMatched += 1
  await update(job, group, link)
}

/** Does what one group of the tenant calls for, its members excepted. */
export async function syncGroup(job: Job, objectId: string): Promise<void> {
  const group = job.tenant().groups.get(objectId)
  const link = job.groups.get(objectId)
  if (group === undefined) {
    if (link === undefined) return
    const answer = await call(job, 'DELETE', `/Groups/${link.id}`)
    if (answer.status !== 204 && answer.status !== 404) throw failed(answer)
    job.groups.delete(objectId)
    job.counts.groupsDeleted += 1
    return
  }
  if (link !== undefined) {
    if (await update(job, group, link)) return
    job.groups.delete(objectId)
  }
  await matchOrCreate(job, group)
}

/** Sends what changed in the membership, as far as it is known here; drift is never seen. */
export async function syncMembers(job: Job, objectId: string): Promise<void> {
  const { users, groups } = job.tenant()
  const group = groups.get(objectId)
  const link = job.groups.get(objectId)
  if (group === undefined || link === undefined) return

  const send = async (
    members: readonly (readonly [objectId: string, id: string])[],
    body: (ids: string[]) => PatchBody,
    record: (objectId: string) => void,
  ): Promise<void> => {
    for (let from = 0; from < members.length; from += job.membersPerRequest) {
      const batch = members.slice(from, from + job.membersPerRequest)
      const ids = batch.map(([, id]) => id)
      const answer = await call(job, 'PATCH', `/Groups/${link.id}`, body(ids))
      if (answer.status === 404) {
        job.groups.delete(objectId)
        job.due.groups.add(objectId)
      }
      if (answer.status !== 204 && answer.status !== 200) throw failed(answer)
      for (const [member] of batch) record(member)
    }
  }

  const added: [string, string][] = []
  for (const member of group.members) {
    const user = users.get(member)
    const account = job.users.get(member)
    const known = !job.full && link.members.has(member)
    if (!known && account !== undefined && user !== undefined && inScope(user)) {
      added.push([member, account.id])
    }
  }
  const removed: [string, string][] = []
  for (const member of link.members) {
    if (group.members.has(member)) continue
    const account = job.users.get(member)
    if (account === undefined) link.members.delete(member)
    else removed.push([member, account.id])
  }
  await send(
    added,
    (ids) => patchAddMembers(job.dialect, ids, MEMBERS_PER_OPERATION),
    (member) => {
      if (!link.members.has(member)) job.counts.membersAdded += 1
      link.members.add(member)
    },
  )
  await send(
    removed,
    (ids) => patchRemoveMembers(job.dialect, ids),
    (member) => {
      link.members.delete(member)
      job.counts.membersRemoved += 1
    },
  )
}
