import { and, eq, gt } from 'drizzle-orm'
import {
  mayHavePassword,
  type LinkPurpose,
  type NewOneTimeLink,
  type OneTimeLink,
  type PasswordHolder,
} from '../directory/account.ts'
import { DirectoryError } from '../directory/errors.ts'
import type { Accounts } from '../directory/access.ts'
import { isActive, type User } from '../directory/user.ts'
import { fold } from '../scim/protocol/compare.ts'
import { readDocument } from '../scim/protocol/document.ts'
import { quote } from '../scim/protocol/error.ts'
import { endAccess } from './access.ts'
import { appoint } from './administrators.ts'
import { record, write, type Context, type Write } from './context.ts'
import type { Engine } from './engine.ts'
import { usersBy } from './user-rows.ts'
import { insertUser } from './user-writes.ts'

/** The users of this name, in whatever organisation, who have a password. */
export async function passwordHolders(engine: Engine, userName: string): Promise<PasswordHolder[]> {
  const { passwords, users, organisations } = engine.tables
  const all = await engine.read.select({ id: organisations.id }).from(organisations)
  const holders: PasswordHolder[] = []
  for (const { id: organisation } of all) {
    const [found] = await engine.read
      .select({ userId: passwords.userId, hash: passwords.hash, resource: users.resource })
      .from(users)
      .innerJoin(
        passwords,
        and(eq(passwords.organisation, users.organisation), eq(passwords.userId, users.id)),
      )
      .where(and(eq(users.organisation, organisation), eq(users.userNameKey, fold(userName))))
    if (!found) continue
    const active = isActive(readDocument(found.resource))
    holders.push({ organisation, userId: found.userId, active, hash: found.hash })
  }
  return holders
}

/** The link whose secret has this hash, in whatever organisation, if it can still be used. */
export async function findLink(
  { engine, now }: Pick<Context, 'engine' | 'now'>,
  hash: string,
): Promise<OneTimeLink | undefined> {
  const { oneTimeLinks } = engine.tables
  const [row] = await engine.read
    .select()
    .from(oneTimeLinks)
    .where(and(eq(oneTimeLinks.hash, hash), gt(oneTimeLinks.expires, now().toISOString())))
  if (!row) return undefined
  const { id, organisation, purpose, userId, expires } = row
  return { id, organisation, purpose, expires, ...(userId === null ? {} : { userId }) }
}

function spent(): DirectoryError {
  return new DirectoryError('notFound', 'This link has been used, or it has expired.')
}

async function useLink(context: Write, id: string, purposes: readonly LinkPurpose[]) {
  const { oneTimeLinks } = context.engine.tables
  const [link] = await context.db
    .delete(oneTimeLinks)
    .where(
      and(
        eq(oneTimeLinks.organisation, context.scope.organisation),
        eq(oneTimeLinks.id, id),
        gt(oneTimeLinks.expires, context.at),
      ),
    )
    .returning({ purpose: oneTimeLinks.purpose, userId: oneTimeLinks.userId })
  if (!link || !purposes.includes(link.purpose)) {
    throw spent()
  }
  return link
}

/** Only the newest set-up link is valid: each start of a server without an administrator prints one. */
async function removeSetUpLinks({ db, engine, scope }: Write): Promise<void> {
  const { oneTimeLinks } = engine.tables
  await db
    .delete(oneTimeLinks)
    .where(
      and(eq(oneTimeLinks.organisation, scope.organisation), eq(oneTimeLinks.purpose, 'setup')),
    )
}

async function setPassword(context: Write, userId: string, hash: string): Promise<void> {
  const { passwords } = context.engine.tables
  const { organisation } = context.scope
  await context.db
    .insert(passwords)
    .values({ organisation, userId, hash, changed: context.at })
    .onConflictDoUpdate({
      target: [passwords.organisation, passwords.userId],
      set: { hash, changed: context.at },
    })
}

async function requireLocal(context: Write, userId: string | null): Promise<User> {
  const [user] = userId === null ? [] : await usersBy(context, context.db, 'id', userId, 'all')
  if (!user) throw new DirectoryError('notFound', `There is no user ${quote(userId ?? '')}.`)
  if (mayHavePassword(user)) return user
  throw new DirectoryError('entraAccount', 'This user signs in with Microsoft Entra ID.')
}

export function accountsOf(context: Context): Accounts {
  const { oneTimeLinks } = context.engine.tables
  const { organisation } = context.scope

  return {
    issueLink: ({ purpose, userId, hash, expires }: NewOneTimeLink, cause) =>
      write(context, cause, async (tx) => {
        if (userId !== undefined) await requireLocal(tx, userId)
        if (purpose === 'setup') await removeSetUpLinks(tx)
        const id = tx.newId()
        const row = { organisation, id, purpose, userId: userId ?? null, hash, expires }
        await tx.db.insert(oneTimeLinks).values({ ...row, created: tx.at })
        await record(tx, 'link.issued', userId ?? organisation, [{ path: 'purpose', to: purpose }])
        return { id, organisation, purpose, expires, ...(userId === undefined ? {} : { userId }) }
      }),

    choosePassword: (linkId, hash, cause) =>
      write(context, cause, async (tx) => {
        const link = await useLink(tx, linkId, ['invitation', 'reset', 'recovery'])
        const user = await requireLocal(tx, link.userId)
        await setPassword(tx, user.id, hash)
        const ended = await endAccess(tx, user.id)
        await record(tx, 'password.chosen', user.id, [{ path: 'password', to: 'set' }, ...ended])
        return user
      }),

    setUp: (linkId, { userName, displayName, passwordHash }, cause) =>
      write(context, cause, async (tx) => {
        const link = await useLink(tx, linkId, ['setup', 'recovery'])
        if (link.userId !== null) throw spent()
        const [taken] = await usersBy(tx, tx.db, 'userNameKey', fold(userName), 'all')
        if (taken) {
          throw new DirectoryError('conflict', `userName ${quote(userName)} is already in use.`)
        }
        const attributes = { userName, displayName, active: true }
        const user = await insertUser(tx, { attributes, origin: 'local' })
        await setPassword(tx, user.id, passwordHash)
        await appoint(tx, user.id)
        return user
      }),
  }
}
