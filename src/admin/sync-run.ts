import { EntraFailure, type EntraDirectory, type EntraUser } from '../directory/entra-directory.ts'
import type { Cause } from '../directory/event.ts'
import { readMappedGroups, type MappedGroups } from '../directory/mapped.ts'
import type { Mapping } from '../directory/mapping.ts'
import type { Plan, SyncKind, SyncOptions, SyncSubject } from '../directory/plan.ts'
import type { Directory, LinkedUser } from '../directory/store.ts'
import type { SyncState } from '../directory/sync-state.ts'
import { isActive } from '../directory/user.ts'

/** Linked users who are read at a time: two batches of questions to Microsoft Graph. */
const PART = 600
/** Questions for single people that are asked at once. */
const AT_ONCE = 4

const DAY = 24 * 60 * 60_000
/** Everybody is compared at least so often. */
const LONGEST_BETWEEN_FULL = 7 * DAY

/** What a sync asks of Entra. */
export type SyncSource = Pick<
  EntraDirectory,
  'tenantId' | 'changes' | 'memberIdsOf' | 'userById' | 'usersById'
>

/** What is to be run. */
export interface Wanted {
  readonly mode: 'full' | 'changes'
  readonly options: SyncOptions
  /** As in `SyncRun`. */
  readonly unattended: boolean
}

interface Parts {
  readonly directory: Directory
  readonly entra: SyncSource
  readonly cause: Cause
  readonly now: () => Date
}

/** How a run begins: of which kind it is, and where Entra goes on after it. */
interface Beginning extends SyncKind {
  readonly mode: 'full' | 'changes'
  readonly link: string
  /** Object ids that Entra names; empty where everybody is compared. */
  readonly ids: readonly string[]
}

/** Entra keeps the name of who was deleted, with the object id before it, as long as they can be restored. */
function isInRecycleBin({ id, userPrincipalName }: EntraUser): boolean {
  return userPrincipalName.toLowerCase().startsWith(id.replaceAll('-', ''))
}

/**
 * Looks for somebody who was missing among others: a list that lacks somebody proves nothing. Who is not active here need
 * not be looked for, since nothing can be taken from them.
 */
async function lookFor(
  { directory, entra }: Parts,
  { userId, objectId }: LinkedUser,
): Promise<EntraUser | undefined> {
  const user = await directory.users.read(userId)
  return user && isActive(user.attributes) ? entra.userById(objectId) : undefined
}

/** What Entra has of linked users. */
async function subjectsOf<Linked extends LinkedUser>(
  parts: Parts,
  linked: readonly Linked[],
  { partOf }: MappedGroups,
): Promise<(Linked & SyncSubject)[]> {
  if (linked.length === 0) return []
  const people = await parts.entra.usersById(linked.map(({ objectId }) => objectId))
  const missing = linked.filter(({ objectId }) => !people.has(objectId))
  for (let start = 0; start < missing.length; start += AT_ONCE) {
    const found = await Promise.all(
      missing.slice(start, start + AT_ONCE).map((each) => lookFor(parts, each)),
    )
    for (const person of found) if (person) people.set(person.id, person)
  }
  return linked.map((each) => {
    const person = people.get(each.objectId)
    const present = person && !isInRecycleBin(person) ? person : undefined
    return { ...each, ...partOf(each.objectId), person: present }
  })
}

async function* everybody(parts: Parts, mapped: MappedGroups): AsyncGenerator<SyncSubject[]> {
  const { users } = parts.directory
  for (let after = ''; ; ) {
    const linked = await users.links(parts.entra.tenantId, after, PART)
    yield await subjectsOf(parts, linked, mapped)
    const last = linked.at(-1)
    if (linked.length < PART || !last) return
    after = last.userId
  }
}

function forgetFailure(subject: SyncSubject): SyncSubject {
  const { failed: _, ...rest } = subject
  return rest
}

/** Where to look for those who may have changed. */
interface Traces {
  /** Object ids that Entra names. */
  readonly ids: readonly string[]
  /** The plan whose people may be unsettled. */
  readonly planId: string | undefined
  /** Whether what failed is new, though it failed before. */
  readonly again: boolean
  /** Entra does not name who joins or leaves a group. */
  readonly mappings: readonly Mapping[]
  readonly provisioned: SyncOptions['provisioned']
}

/** Those whom a plan has not settled, those whom Entra names, and those who are not as the mapped groups say; each once. */
async function* changed(
  parts: Parts,
  { ids, planId, again, mappings, provisioned }: Traces,
  mapped: MappedGroups,
): AsyncGenerator<SyncSubject[]> {
  const { syncs, users } = parts.directory
  const { tenantId } = parts.entra
  const seen = new Set<string>()
  for (let after = -1; planId !== undefined; ) {
    const open = await syncs.unsettled({ planId, tenantId }, after, PART)
    for (const { objectId } of open) seen.add(objectId)
    const subjects = await subjectsOf(parts, open, mapped)
    yield again ? subjects.map(forgetFailure) : subjects
    const last = open.at(-1)
    if (open.length < PART || !last) break
    after = last.position
  }

  async function* more(objectIds: readonly string[]): AsyncGenerator<SyncSubject[]> {
    const unseen = objectIds.filter((id) => !seen.has(id))
    for (const id of unseen) seen.add(id)
    for (let start = 0; start < unseen.length; start += PART) {
      const linked = await users.linkedTo(tenantId, unseen.slice(start, start + PART))
      yield await subjectsOf(parts, linked, mapped)
    }
  }
  yield* more(ids)
  for (const mapping of mappings) {
    const members = mapped.membersOf(mapping)
    if (members) yield* more(await syncs.astray({ mapping, members, tenantId, provisioned }))
  }
}

/** Why everybody is compared, though it was only asked for changes; undefined where changes are enough. */
function whyFull({ link, compared }: SyncState, unattended: boolean, at: Date): string | undefined {
  if (link === undefined) return 'There is no run before it to go on from.'
  const since = compared === undefined ? undefined : at.getTime() - Date.parse(compared)
  const late = since === undefined || since >= LONGEST_BETWEEN_FULL
  return unattended && late ? 'Everybody is compared once a week.' : undefined
}

/**
 * Asks Entra what has changed, or where it is now. That comes before people are read: what changes meanwhile is named the
 * next time.
 */
async function begin(
  { entra, now }: Parts,
  state: SyncState,
  { mode, unattended }: Wanted,
): Promise<Beginning> {
  const anew = async (why?: string): Promise<Beginning> => {
    const { link } = await entra.changes(undefined)
    return { mode: 'full', ids: [], link, ...(why === undefined ? {} : { why }) }
  }
  if (mode === 'full') return anew()
  const why = whyFull(state, unattended, now())
  if (why !== undefined) return anew(why)
  try {
    return { mode, ...(await entra.changes(state.link)) }
  } catch (error) {
    if (!(error instanceof EntraFailure) || error.code !== 'expired') throw error
    return anew('Entra does not know any more what has changed since the last run.')
  }
}

/**
 * Works out a run of everybody, or of those who have changed. The link to further changes moves on with the plan, whatever
 * becomes of it: whom a plan has not settled is looked at again in the next run. Undefined where an unattended run has
 * nothing to do. Throws EntraFailure, and then nothing is kept.
 */
export async function runSync(parts: Parts, wanted: Wanted): Promise<Plan | undefined> {
  const { directory, entra, now } = parts
  const { options, unattended } = wanted
  const { provisioned } = options
  const state = await directory.syncs.state()
  const at = now()
  const { ids, ...kind } = await begin(parts, state, wanted)
  const mappings = await directory.mappings.list()
  const mapped = await readMappedGroups(entra, mappings)
  const last = state.lastPlan === undefined ? undefined : await directory.plans.read(state.lastPlan)
  // What failed is tried again with whatever else there is, and once a day by itself.
  const again = !last || at.getTime() - Date.parse(last.created) >= DAY
  const people =
    kind.mode === 'full'
      ? everybody(parts, mapped)
      : changed(parts, { ids, planId: last?.id, again, mappings, provisioned }, mapped)
  const run = { ...kind, options, unattended, tenantId: entra.tenantId, began: at.toISOString() }
  return directory.syncs.plan({ ...run, parts: people }, parts.cause)
}

/** Works out a sync of linked users who were chosen; Entra goes on where it was. */
export async function syncChosen(
  parts: Parts,
  chosen: readonly LinkedUser[],
  options: SyncOptions,
): Promise<Plan | undefined> {
  const { directory, entra, cause, now } = parts
  const began = now().toISOString()
  const mapped = await readMappedGroups(entra, await directory.mappings.list())

  async function* everyone() {
    for (let start = 0; start < chosen.length; start += PART) {
      yield await subjectsOf(parts, chosen.slice(start, start + PART), mapped)
    }
  }
  const run = {
    mode: 'chosen',
    options,
    unattended: false,
    tenantId: entra.tenantId,
    began,
  } as const
  return directory.syncs.plan({ ...run, parts: everyone() }, cause)
}
