import { and, eq } from 'drizzle-orm'
import { fold } from '../scim/protocol/compare.ts'
import type { Engine } from './engine.ts'

/** An address that more users share than this is nobody's. */
const FEW = 5

/** Who has a password and this user name or e-mail address, in whatever organisation. */
export async function forgetful(
  engine: Engine,
  typed: string,
): Promise<{ organisation: string; userId: string }[]> {
  const { organisations, passwords, users, userValues } = engine.tables
  const key = fold(typed)
  const all = await engine.read.select({ id: organisations.id }).from(organisations)
  const found: { organisation: string; userId: string }[] = []
  for (const { id: organisation } of all) {
    const named = await engine.read
      .select({ userId: passwords.userId })
      .from(users)
      .innerJoin(
        passwords,
        and(eq(passwords.organisation, users.organisation), eq(passwords.userId, users.id)),
      )
      .where(and(eq(users.organisation, organisation), eq(users.userNameKey, key)))
    const addressed = await engine.read
      .select({ userId: passwords.userId })
      .from(userValues)
      .innerJoin(
        passwords,
        and(
          eq(passwords.organisation, userValues.organisation),
          eq(passwords.userId, userValues.userId),
        ),
      )
      .where(
        and(
          eq(userValues.organisation, organisation),
          eq(userValues.attribute, 'emails'),
          eq(userValues.valueKey, key),
        ),
      )
      .limit(FEW + 1)
    const known = addressed.length > FEW ? named : [...named, ...addressed]
    for (const userId of new Set(known.map((row) => row.userId))) {
      found.push({ organisation, userId })
    }
  }
  return found
}
