import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Change } from '../directory/event.ts'
import type { EntraUser } from '../directory/entra-directory.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { SyncOptions } from '../directory/plan.ts'
import type { Proposal } from '../directory/proposal.ts'
import { proposeSync } from '../directory/sync.ts'
import type { User } from '../directory/user.ts'
import { quote } from '../scim/protocol/error.ts'
import type { Context, Write } from './context.ts'
import type { Db } from './engine.ts'
import { userNameKey } from './rows.ts'
import { usersBy } from './user-rows.ts'
import { save, settleName } from './users.ts'

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

/** What sync would do with a linked user as things are. Throws `notFound`. */
export async function proposeSyncOf(
  context: Context,
  db: Db,
  userId: string,
  person: EntraUser | undefined,
  options: SyncOptions,
): Promise<Proposal & { readonly found: User }> {
  const [user] = await usersBy(context, db, 'id', userId, 'all')
  if (!user) throw new DirectoryError('notFound', `There is no user ${quote(userId)}.`)
  const switchedOffBySync = await isOffBySync(context, db, userId)
  return { ...proposeSync({ user, person, switchedOffBySync }, options), found: user }
}

/** Does what was proposed. */
export async function carryOutSync(
  context: Write,
  { attributes, found }: Proposal & { readonly found: User },
): Promise<User> {
  if (!attributes) return found
  if (userNameKey(attributes) !== userNameKey(found.attributes)) {
    await settleName(context, attributes, found.id)
  }
  return save(context, found, attributes, { because: BY_SYNC })
}
