import { and, eq } from 'drizzle-orm'
import { diff } from '../directory/diff.ts'
import { DirectoryError } from '../directory/errors.ts'
import { objectId, type User } from '../directory/user.ts'
import { endAccess } from './access.ts'
import { record, type Write } from './context.ts'
import { keepMapped } from './joining.ts'
import { relist } from './roster-rows.ts'
import { userColumns, userDocument } from './rows.ts'
import { tallyUser } from './tallies.ts'

/**
 * Makes a linked user a local one, signed out everywhere and without a password. The object id goes from the externalId
 * too, or the next change would link the user again.
 */
export async function unlinkUser(context: Write, user: User): Promise<User> {
  if (!user.link) return user
  if (user.origin === 'scim') {
    throw new DirectoryError(
      'conflict',
      'Provisioning made this user, and would link it again: take the application from the person at Entra.',
    )
  }
  const { externalId: _id, ...rest } = user.attributes
  const attributes = objectId(user.attributes) === user.link.objectId ? rest : user.attributes
  const document = userDocument(user.id, attributes)
  const { users } = context.engine.tables
  const version = user.version + 1
  await context.db
    .update(users)
    .set({
      version,
      origin: 'local',
      provisioned: false,
      held: null,
      lastModified: context.at,
      ...userColumns(attributes, document, undefined),
    })
    .where(and(eq(users.organisation, context.scope.organisation), eq(users.id, user.id)))
  await keepMapped(context, user.id)
  const ended = await endAccess(context, user.id)
  await record(context, 'user.unlinked', user.id, [
    { path: 'link', from: user.link.objectId },
    ...(user.held ? [{ path: 'held', from: user.held }] : []),
    ...diff(user.attributes, attributes),
    ...ended,
  ])
  const { link: _, held: __, ...kept } = user
  const unlinked: User = {
    ...kept,
    version,
    lastModified: context.at,
    origin: 'local',
    provisioned: false,
    attributes,
    document,
  }
  await relist(context, user, unlinked)
  await tallyUser(context, user, unlinked)
  return unlinked
}
