import { DirectoryError } from '../directory/errors.ts'
import { believed } from '../directory/held.ts'
import { decideHolder, retiredName } from '../directory/user-name.ts'
import { isActive, objectId, userName, type User } from '../directory/user.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { quote } from '../scim/protocol/error.ts'
import type { Write } from './context.ts'
import { askForLink } from './link-requests.ts'
import { userNameKey } from './rows.ts'
import { usersBy } from './user-rows.ts'
import { save } from './user-writes.ts'

/** What came of asking for a user name. */
interface Settled {
  /** A local account has it; an administrator has been asked. The transaction must keep that. */
  readonly asked: boolean
  /** An inactive user gave it up. */
  readonly retired: boolean
  /** The user who is to come back instead of a new one. */
  readonly returns?: User
}

export const free: Settled = { asked: false, retired: false }

/** Settles who gets the user name that `asking` wants; throws when its holder keeps it. */
export async function settleName(
  context: Write,
  asking: JsonObject,
  self: string | undefined,
): Promise<Settled> {
  const name = await settleHolder(context, asking, self)
  if (name.asked || name.returns || self !== undefined || context.cause.door !== 'scim') return name
  const returns = await formerUser(context, asking)
  return returns ? { ...name, returns } : name
}

/** The user of the same Entra object id, under whatever name, unless somebody active has it. */
async function formerUser(context: Write, asking: JsonObject): Promise<User | undefined> {
  const id = objectId(asking)
  const all = id === undefined ? [] : await usersBy(context, context.db, 'externalId', id, 'all')
  const { localUsers } = context.scope
  const known = all.filter(({ provisioned }) => provisioned || localUsers === 'visible')
  return known.some((user) => isActive(believed(user).attributes)) ? undefined : known[0]
}

async function settleHolder(
  context: Write,
  asking: JsonObject,
  self: string | undefined,
): Promise<Settled> {
  const [holder] = await usersBy(context, context.db, 'userNameKey', userNameKey(asking), 'all')
  if (!holder || holder.id === self) return free
  const decision = decideHolder(believed(holder), asking, context.cause.door)
  switch (decision) {
    case 'returns':
      if (self === undefined) return { ...free, returns: holder }
      break
    case 'yields':
      break
    case 'asks':
      await askForLink(context, holder, asking)
      return { ...free, asked: true }
    case 'keeps':
      throw new DirectoryError('conflict', `userName ${quote(userName(asking))} is already in use.`)
  }
  await save(
    context,
    holder,
    { ...holder.attributes, userName: retiredName(holder) },
    { action: 'user.retired' },
  )
  return { ...free, retired: true }
}
