import { and, desc, eq, inArray, like } from 'drizzle-orm'
import type { Change } from '../directory/event.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { Mapping } from '../directory/mapping.ts'
import type { SyncOptions, SyncSubject } from '../directory/plan.ts'
import type { Proposal } from '../directory/proposal.ts'
import { broughtRole, sourceOfRole } from '../directory/provenance.ts'
import { rolesIn } from '../directory/roles.ts'
import { proposeSync, type Mapped } from '../directory/sync.ts'
import { isActive, type User } from '../directory/user.ts'
import { fold } from '../scim/protocol/compare.ts'
import { quote } from '../scim/protocol/error.ts'
import { joinAll } from './assignments.ts'
import type { Context, Write } from './context.ts'
import type { Db } from './engine.ts'
import { leaveGroup } from './joining.ts'
import { membershipsOfMember } from './memberships.ts'
import { roleEvents } from './role-history.ts'
import { userNameKey } from './rows.ts'
import { usersBy } from './user-rows.ts'
import { settleName } from './settle-name.ts'
import { save } from './user-writes.ts'

/** What the event of a deactivation by sync has, and no other. */
const BY_SYNC: Change = { path: 'by', to: 'sync' }

/** Whether the last thing that switched a user on or off was sync. */
async function isOffBySync({ engine, scope }: Context, db: Db, userId: string): Promise<boolean> {
  const { events } = engine.tables
  const [last] = await db
    .select({ action: events.action, changes: events.changes })
    .from(events)
    .where(
      and(
        eq(events.organisation, scope.organisation),
        eq(events.resourceId, userId),
        inArray(events.action, ['user.deactivated', 'user.reactivated']),
      ),
    )
    .orderBy(desc(events.sequence))
    .limit(1)
  if (last?.action !== 'user.deactivated') return false
  // Written by `record` alone, from this very type.
  const changes = JSON.parse(last.changes) as Change[]
  return changes.some(({ path, to }) => path === BY_SYNC.path && to === BY_SYNC.to)
}

/** The groups that a user is in by a mapping. */
async function mappedGroups(context: Context, db: Db, userId: string) {
  const { members } = context.engine.tables
  const rows = await db
    .select({ group: members.groupId, via: members.via })
    .from(members)
    .where(and(membershipsOfMember(context, db, userId), like(members.via, 'mapping:%')))
    .orderBy(members.groupId)
  return rows.map(({ group, via }) => ({ group, mapping: via.slice('mapping:'.length) }))
}

/** The roles of a user that came of one of these mappings. */
async function mappedRoles(context: Context, db: Db, user: User, mappings: readonly Mapping[]) {
  const given = new Set(mappings.map(({ role = '' }) => fold(role)))
  const roles = rolesIn(user.attributes['roles']).filter((role) => given.has(fold(role)))
  if (roles.length === 0) return []
  const events = await roleEvents(context, db, user.id)
  return roles.flatMap((role) => {
    const event = broughtRole(events, role)
    const source = event && sourceOfRole(event, role)
    return source?.kind === 'mapping' ? [{ role, mapping: source.id }] : []
  })
}

/** How a linked user stands to the mapped groups of Entra; undefined where nobody asked for them. */
async function mappedOf(
  context: Context,
  db: Db,
  user: User,
  { mappings: ids, gone = [] }: Pick<SyncSubject, 'mappings' | 'gone'>,
  mappings: readonly Mapping[],
): Promise<Mapped | undefined> {
  if (!ids || mappings.length === 0) return undefined
  const within = mappings.filter(({ id }) => ids.includes(id))
  const without = mappings.filter(({ id }) => !ids.includes(id) && !gone.includes(id))
  const groups = user.groups.length === 0 ? [] : await mappedGroups(context, db, user.id)
  return { within, without, held: [...groups, ...(await mappedRoles(context, db, user, without))] }
}

/**
 * What sync would do with a linked user as things are; `mappings` are all of the organisation. Throws `notFound`,
 * and `conflict` for somebody who is not linked to the account any more.
 */
export async function proposeSyncOf(
  context: Context,
  db: Db,
  { userId, person, ...part }: SyncSubject,
  options: SyncOptions,
  mappings: readonly Mapping[],
): Promise<Proposal & { readonly found: User }> {
  const [user] = await usersBy(context, db, 'id', userId, 'all')
  if (!user) throw new DirectoryError('notFound', `There is no user ${quote(userId)}.`)
  if (!user.link || (person && person.id !== user.link.objectId)) {
    throw new DirectoryError('conflict', 'The user is not linked to this account any more.')
  }
  const switchedOffBySync = !isActive(user.attributes) && (await isOffBySync(context, db, userId))
  const mapped = await mappedOf(context, db, user, part, mappings)
  const compared = { user, person, switchedOffBySync, ...(mapped ? { mapped } : {}) }
  return { ...proposeSync(compared, options), found: user }
}

/** Does what was proposed by the plan of this id. */
export async function carryOutSync(
  context: Write,
  { attributes, found, joins = [], leaves = [], because = [] }: Proposal & { readonly found: User },
  planId: string,
): Promise<User> {
  if (!attributes) return found
  if (userNameKey(attributes) !== userNameKey(found.attributes)) {
    await settleName(context, attributes, found.id)
  }
  const plan: Change = { path: 'plan', to: planId }
  const user = await save(context, found, attributes, { because: [BY_SYNC, plan, ...because] })
  for (const { group, via } of leaves) await leaveGroup(context, group, via, user.id)
  await joinAll(context, user.id, joins)
  return user
}
