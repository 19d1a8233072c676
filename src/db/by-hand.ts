import { and, eq, sql } from 'drizzle-orm'
import type { ByHand } from '../directory/by-hand.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { GroupReference } from '../directory/user.ts'
import { quote } from '../scim/protocol/error.ts'
import { write, type Context, type Write } from './context.ts'
import { joinGroup, takeOut } from './joining.ts'
import { inviteUser } from './outbox.ts'
import { holdOwnGroups } from './own-groups.ts'
import { settleName } from './settle-name.ts'
import { insertUser } from './user-writes.ts'
import { userConflict } from './users.ts'

/** Throws when there is no such user; one that is there is written as it is, so that nobody deletes it meanwhile. */
async function holdUser({ db, engine, scope }: Write, id: string): Promise<void> {
  const { users } = engine.tables
  const [user] = await db
    .update(users)
    .set({ version: sql`${users.version}` })
    .where(and(eq(users.organisation, scope.organisation), eq(users.id, id)))
    .returning({ id: users.id })
  if (!user) throw new DirectoryError('notFound', `There is no user ${quote(id)}.`)
}

async function join(
  context: Write,
  userId: string,
  groups: readonly string[],
): Promise<GroupReference[]> {
  const joined: GroupReference[] = []
  for (const group of groups) joined.push(await joinGroup(context, group, userId, 'hand'))
  return joined
}

export function byHandOf(context: Context): ByHand {
  return {
    async createUser({ attributes, groups, passwordLink }, cause) {
      const work = async (tx: Write) => {
        await holdOwnGroups(tx, groups)
        await settleName(tx, attributes, undefined)
        const made = await insertUser(tx, { attributes, origin: 'local' })
        const joined = await join(tx, made.id, groups)
        if (passwordLink) await inviteUser(tx, made, tx.at)
        return { ...made, groups: joined.sort((one, other) => (one.id < other.id ? -1 : 1)) }
      }
      try {
        return await write(context, cause, work)
      } catch (error) {
        throw userConflict(context, error)
      }
    },

    changeGroups: (userId, given, cause) =>
      write(
        context,
        cause,
        async (tx) => {
          await holdUser(tx, userId)
          await holdOwnGroups(tx, [...given.join, ...given.leave])
          await join(tx, userId, given.join)
          for (const group of given.leave) await takeOut(tx, group, userId)
        },
        userId,
      ),
  }
}
