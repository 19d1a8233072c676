import { and, eq, sql } from 'drizzle-orm'
import type { Write } from './context.ts'
import { statement } from './statements.ts'

/** Something by which a user is looked up, in comparable form. */
export interface UserValue {
  readonly attribute: 'emails' | 'roles' | 'words'
  readonly valueKey: string
}

/** So many are written by one statement, of which there is one for each number. */
const AT_ONCE = 16

/** Keeps values by which a user is looked up, none of which is kept yet. */
export async function storeValues(
  { db, engine, scope }: Write,
  userId: string,
  values: readonly UserValue[],
): Promise<void> {
  const { userValues } = engine.tables
  for (let start = 0; start < values.length; start += AT_ONCE) {
    const part = values.slice(start, start + AT_ONCE)
    const insert = statement(engine, db, `insert ${part.length} user values`, () =>
      db.insert(userValues).values(
        part.map((_, index) => ({
          organisation: sql.placeholder('organisation'),
          userId: sql.placeholder('userId'),
          attribute: sql.placeholder(`attribute${index}`),
          valueKey: sql.placeholder(`valueKey${index}`),
        })),
      ),
    )
    const given: Record<string, string> = { organisation: scope.organisation, userId }
    for (const [index, { attribute, valueKey }] of part.entries()) {
      given[`attribute${index}`] = attribute
      given[`valueKey${index}`] = valueKey
    }
    await insert(given)
  }
}

/** Forgets values by which a user was looked up. */
export async function removeValues(
  { db, engine, scope }: Write,
  userId: string,
  values: readonly UserValue[],
): Promise<void> {
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
  for (const value of values) await remove({ organisation: scope.organisation, userId, ...value })
}

/** Those of some values that are not among others. */
export function without(values: readonly UserValue[], others: readonly UserValue[]): UserValue[] {
  const known = new Set(others.map(({ attribute, valueKey }) => `${attribute} ${valueKey}`))
  return values.filter(({ attribute, valueKey }) => !known.has(`${attribute} ${valueKey}`))
}
