import { and, eq, sql } from 'drizzle-orm'
import type { User } from '../directory/user.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import type { Write } from './context.ts'
import { indexedValues } from './rows.ts'
import { statement } from './statements.ts'

/** Keeps the values by which a user is looked up. */
export async function storeValues(
  context: Write,
  id: string,
  attributes: JsonObject,
): Promise<void> {
  const { db, engine, scope } = context
  const { userValues } = engine.tables
  const insert = statement(engine, db, 'insert user value', () =>
    db.insert(userValues).values({
      organisation: sql.placeholder('organisation'),
      userId: sql.placeholder('userId'),
      attribute: sql.placeholder('attribute'),
      valueKey: sql.placeholder('valueKey'),
    }),
  )
  for (const value of indexedValues(attributes)) {
    await insert({ organisation: scope.organisation, userId: id, ...value })
  }
}

/** Removes them, as they are before a change. */
export async function removeValues(context: Write, user: User): Promise<void> {
  const { db, engine, scope } = context
  const { userValues } = engine.tables
  const remove = statement(engine, db, 'delete user value', () =>
    db
      .delete(userValues)
      .where(
        and(
          eq(userValues.organisation, sql.placeholder('organisation')),
          eq(userValues.attribute, sql.placeholder('attribute')),
          eq(userValues.valueKey, sql.placeholder('valueKey')),
          eq(userValues.userId, sql.placeholder('userId')),
        ),
      ),
  )
  for (const value of indexedValues(user.attributes)) {
    await remove({ organisation: scope.organisation, userId: user.id, ...value })
  }
}

/** Whether a change leaves them as they are. */
export function sameValues(before: JsonObject, after: JsonObject): boolean {
  return JSON.stringify(indexedValues(before)) === JSON.stringify(indexedValues(after))
}
