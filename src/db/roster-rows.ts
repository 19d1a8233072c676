import { and, eq, ne, sql } from 'drizzle-orm'
import type { User } from '../directory/user.ts'
import { nameKey, wordsOf } from '../directory/words.ts'
import type { Write } from './context.ts'
import { answered, headOf, letter, places, type Question } from './roster-facets.ts'
import { indexedValues } from './rows.ts'
import { columns, statement } from './statements.ts'
import { tally } from './tallies.ts'
import { removeValues, storeValues, without, type UserValue } from './user-values.ts'

/** The values by which a user is looked up, and what its row of the roster has of them. */
function namesOf({ attributes }: User) {
  const words = wordsOf(attributes)
  const values: UserValue[] = indexedValues(attributes)
  const emails = values.filter(({ attribute }) => attribute === 'emails')
  const addresses = new Set(emails.map(({ valueKey }) => valueKey))
  for (const valueKey of words) {
    // A search looks at addresses too.
    if (!addresses.has(valueKey)) values.push({ attribute: 'words', valueKey })
  }
  return {
    values,
    row: { nameKey: nameKey(attributes), words: words.map((word) => ` ${word}`).join('') },
  }
}

/** Whether a change leaves both as they are. */
function sameNames(before: User, after: User): boolean {
  const parts = ({ attributes }: User) => {
    const { userName, displayName, name, emails, roles } = attributes
    return JSON.stringify([userName, displayName, name, emails, roles])
  }
  return parts(before) === parts(after)
}

function rowOf({ engine }: Write) {
  const { roster } = engine.tables
  return and(
    eq(roster.organisation, sql.placeholder('organisation')),
    eq(roster.userId, sql.placeholder('userId')),
  )
}

/** Counts a user in another facet than before; undefined where it is in none. */
async function recount(
  context: Write,
  from: string | undefined,
  to: string | undefined,
): Promise<void> {
  if (from === to) return
  if (from !== undefined) await tally(context, `user ${from}`, -1)
  if (to !== undefined) await tally(context, `user ${to}`, 1)
}

/** Puts a new user onto the lists, and keeps by what it is looked up. */
export async function enlist(context: Write, user: User): Promise<void> {
  const { db, engine, scope } = context
  const { roster } = engine.tables
  const insert = statement(engine, db, 'enlist', () =>
    db.insert(roster).values({
      organisation: sql.placeholder('organisation'),
      userId: sql.placeholder('userId'),
      facet: sql.placeholder('facet'),
      nameKey: sql.placeholder('nameKey'),
      words: sql.placeholder('words'),
    }),
  )
  const facet = `${headOf(user)}${letter(false)}`
  const { values, row } = namesOf(user)
  await storeValues(context, user.id, values)
  await insert({ organisation: scope.organisation, userId: user.id, facet, ...row })
  await recount(context, undefined, facet)
}

/** Keeps the lists true to what a change makes of a user. */
export async function relist(context: Write, before: User, after: User): Promise<void> {
  const { db, engine, scope } = context
  const { roster } = engine.tables
  const whose = { organisation: scope.organisation, userId: after.id }
  if (!sameNames(before, after)) {
    const [were, are] = [namesOf(before), namesOf(after)]
    await removeValues(context, after.id, without(were.values, are.values))
    await storeValues(context, after.id, without(are.values, were.values))
    const rename = statement(engine, db, 'rename in roster', () =>
      db
        .update(roster)
        .set({
          nameKey: sql`${sql.placeholder('nameKey')}`,
          words: sql`${sql.placeholder('words')}`,
        })
        .where(rowOf(context)),
    )
    const { nameKey: key, words } = were.row
    const same = key === are.row.nameKey && words === are.row.words
    if (!same) await rename({ ...whose, ...are.row })
  }
  const [was, is] = [headOf(before), headOf(after)]
  if (was === is) return
  const move = statement<{ facet: string }>(engine, db, 'move in roster', () =>
    db
      .update(roster)
      .set({
        facet: sql`${sql.placeholder('head')} || substr(${roster.facet}, ${places.signedIn})`,
      })
      .where(rowOf(context))
      .returning(columns({ facet: roster.facet })),
  )
  const [row] = await move({ ...whose, head: is })
  if (row) await recount(context, `${was}${row.facet.slice(is.length)}`, row.facet)
}

/** The same where nothing but the answer to a question is another. */
export async function relistAs(
  context: Write,
  userId: string,
  question: Exclude<Question, 'active'>,
  yes: boolean,
): Promise<void> {
  const { db, engine, scope } = context
  const { roster } = engine.tables
  const at = places[question]
  const answer = letter(yes)
  const turn = statement<{ facet: string }>(engine, db, `roster ${question} ${answer}`, () =>
    db
      .update(roster)
      .set({
        facet: sql`substr(${roster.facet}, 1, ${at - 1}) || ${answer} || substr(${roster.facet}, ${at + 1})`,
      })
      .where(and(rowOf(context), ne(sql`substr(${roster.facet}, ${at}, 1)`, sql`${answer}`)))
      .returning(columns({ facet: roster.facet })),
  )
  const [row] = await turn({ organisation: scope.organisation, userId })
  if (row) await recount(context, answered(row.facet, question, !yes), row.facet)
}

/** Writes down that a user signs in; the event is that of the session. */
export async function noteSignIn(context: Write, userId: string): Promise<void> {
  const { db, engine, scope } = context
  const { roster } = engine.tables
  const note = statement(engine, db, 'last sign-in', () =>
    db
      .update(roster)
      .set({ lastSignIn: sql`${sql.placeholder('at')}` })
      .where(rowOf(context)),
  )
  await note({ organisation: scope.organisation, userId, at: context.at })
  await relistAs(context, userId, 'signedIn', true)
}

/** Takes a user who is deleted off the lists. */
export async function delist(context: Write, user: User): Promise<void> {
  const { db, engine, scope } = context
  const { roster } = engine.tables
  const remove = statement<{ facet: string }>(engine, db, 'delist', () =>
    db
      .delete(roster)
      .where(rowOf(context))
      .returning(columns({ facet: roster.facet })),
  )
  await removeValues(context, user.id, namesOf(user).values)
  const [row] = await remove({ organisation: scope.organisation, userId: user.id })
  await recount(context, row?.facet, undefined)
}
