import { assign, type Assigned, type Join } from '../directory/assignment.ts'
import type { Change } from '../directory/event.ts'
import { firstMatch, type Rule } from '../directory/rule.ts'
import type { NewUser } from '../directory/store.ts'
import type { GroupReference, User } from '../directory/user.ts'
import type { Context, Write } from './context.ts'
import { joinGroup } from './joining.ts'
import { rulesIn } from './rules.ts'

/** Makes a user a member of groups; what is `plan` there came of the plan of this id. */
export async function joinAll(
  context: Write,
  userId: string,
  joins: readonly Join[],
  planId = '',
): Promise<GroupReference[]> {
  const joined: GroupReference[] = []
  for (const { group, via } of joins) {
    const how = via === 'plan' ? (`import:${planId}` as const) : via
    joined.push(await joinGroup(context, group, userId, how))
  }
  return joined
}

/** Those who join one group at once would be in each other's way, and pass one after the other. */
const JOINING = 'joining'

function assigned({ attributes }: NewUser, rules: readonly Rule[]): Assigned {
  return assign(attributes, [], { rule: (known) => firstMatch(rules, known) })
}

/** Writes a new user, whose name must be free; `because` goes into the event. */
type Insert = (context: Write, user: NewUser, because: readonly Change[]) => Promise<User>

/** Writes a new user with what the first rule gives that matches. */
async function insertAssigned(context: Write, user: NewUser, insert: Insert): Promise<User> {
  const { attributes, joins, because } = assigned(user, await rulesIn(context, context.db))
  const made = await insert(context, { ...user, attributes }, because)
  const joined = await joinAll(context, made.id, joins)
  return { ...made, groups: joined.sort((one, other) => (one.id < other.id ? -1 : 1)) }
}

/**
 * Looks what rules say of a new user before it is written, where it is provisioning that makes the user: how it is written
 * then, and behind whom it waits.
 */
export async function outlookOn(
  context: Context,
  user: NewUser,
  insert: Insert,
): Promise<{ insert(tx: Write): Promise<User>; readonly line: string | undefined }> {
  const rules = user.origin === 'scim' ? await rulesIn(context, context.engine.read) : []
  if (rules.length === 0) return { insert: (tx) => insert(tx, user, []), line: undefined }
  const joins = assigned(user, rules).joins.length > 0
  return { insert: (tx) => insertAssigned(tx, user, insert), line: joins ? JOINING : undefined }
}
