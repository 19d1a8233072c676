import { and, asc, desc, eq, gte, inArray, lt, sql, type SQL } from 'drizzle-orm'
import type { Chosen, Place } from '../directory/roster.ts'
import { termsOf } from '../directory/words.ts'
import { fold } from '../scim/protocol/compare.ts'
import type { Context } from './context.ts'
import type { Engine } from './engine.ts'
import { sortedAfter, type Standing } from './roster-order.ts'
import { columns, statement } from './statements.ts'
import { pause } from './turns.ts'
import type { UserValue } from './user-values.ts'

/** So many rows of the roster are looked at in one statement: what else is asked for waits for it. */
const AT_A_TIME = 500

/** Greater than whatever begins with the text before it. */
const LAST = '\u{10FFFF}'

/** Something that a part of the users has, and that an index finds: the value is what is looked for there. */
export interface Trait {
  readonly kind: 'word' | 'group' | 'role'
  readonly value: string
}

/** What is asked of users that their facet does not tell. */
export function traitsOf({ search = '', group, role }: Chosen): readonly Trait[] {
  return [
    ...termsOf(search).map((value) => ({ kind: 'word', value }) as const),
    ...(group === undefined ? [] : [{ kind: 'group', value: group } as const]),
    ...(role === undefined ? [] : [{ kind: 'role', value: fold(role) } as const]),
  ]
}

interface Found {
  readonly key: string
  readonly id: string
}

interface Reach {
  readonly limit: number
  readonly descending?: boolean
  readonly after?: Place | undefined
}

/** Rows of the index of a trait, in its order: with two words that fit somebody is there twice. */
function having({ tables, read }: Engine, { kind }: Trait, { descending, after }: Reach) {
  const { members, userValues } = tables
  const [order, than] = descending ? [desc, sql`<`] : [asc, sql`>`]
  const organisation = sql.placeholder('organisation')
  const [key, id] = [sql.placeholder('afterKey'), sql.placeholder('afterId')]
  const limit = sql.placeholder('limit')
  const value = sql.placeholder('value')
  if (kind === 'group') {
    const { memberId } = members
    return read
      .select({ key: sql<string>`''`.as('key'), id: sql<string>`${memberId}`.as('id') })
      .from(members)
      .where(
        and(
          eq(members.organisation, organisation),
          eq(members.groupId, value),
          after && sql`${memberId} ${than} ${id}`,
        ),
      )
      .orderBy(order(memberId))
      .limit(limit)
  }
  const { valueKey, userId } = userValues
  const [from, before] = [gte(valueKey, value), lt(valueKey, sql.placeholder('before'))]
  // A second bound on the side of the place would be the one that SQLite begins at, each time anew.
  const beginning = and(
    after && !descending ? undefined : from,
    after && descending ? undefined : before,
    after && sql`(${valueKey}, ${userId}) ${than} (${key}, ${id})`,
  )
  const users = and(eq(valueKey, value), after && sql`${userId} ${than} ${id}`)
  return read
    .select({ key: sql<string>`${valueKey}`.as('key'), id: sql<string>`${userId}`.as('id') })
    .from(userValues)
    .where(
      and(
        eq(userValues.organisation, organisation),
        eq(userValues.attribute, sql.placeholder('attribute')),
        kind === 'role' ? users : beginning,
      ),
    )
    .orderBy(order(valueKey), order(userId))
    .limit(limit)
}

/** The ranges of an index in which those with a trait are: an e-mail address is found as a word is. */
function valuesOf({ scope }: Context, { kind, value }: Trait, { limit, after }: Reach) {
  const attributes: UserValue['attribute'][] = kind === 'word' ? ['words', 'emails'] : ['roles']
  return attributes.map((attribute) => ({
    organisation: scope.organisation,
    attribute,
    value,
    before: `${value}${LAST}`,
    limit,
    afterKey: after?.key,
    afterId: after?.id,
  }))
}

/** Who has a trait, in the order of its index. */
export async function rowsWith(context: Context, trait: Trait, reach: Reach): Promise<Found[]> {
  const { engine } = context
  const { descending = false, after, limit } = reach
  const name = ['with', trait.kind, descending ? 'desc' : '', after ? 'after' : '']
  const query = statement<Found>(engine, engine.read, name.join(' '), () =>
    having(engine, trait, reach),
  )
  const [rows = [], ...others] = await Promise.all(valuesOf(context, trait, reach).map(query))
  if (others.length === 0) return rows
  return sortedAfter([rows, ...others].flat(), descending ? '-name' : 'name', undefined).slice(
    0,
    limit,
  )
}

async function countOf(context: Context, trait: Trait, limit: number): Promise<number> {
  const { engine } = context
  const query = statement<{ total: number }>(engine, engine.read, `count ${trait.kind}`, () =>
    engine.read
      .select(columns({ total: sql`CAST(count(*) AS integer)` }))
      .from(having(engine, trait, { limit }).as('found')),
  )
  const counts = await Promise.all(valuesOf(context, trait, { limit }).map(query))
  return counts.flat().reduce((sum, { total }) => sum + total, 0)
}

/** Which of some traits the fewest have, as far as that is told by looking at `limit` rows of each. */
export async function rarestOf(
  context: Context,
  traits: readonly Trait[],
  limit: number,
): Promise<number> {
  if (traits.length < 2) return 0
  const counts: number[] = []
  for (const trait of traits) counts.push(await countOf(context, trait, limit))
  return counts.indexOf(Math.min(...counts))
}

/** Whether a row of the roster has a trait, the one of this number, as a condition. */
function conditionOf({ tables, json }: Engine, { kind }: Trait, number: number): SQL {
  const { roster, members, userValues } = tables
  const value = sql.placeholder(`value${number}`)
  if (kind === 'word') return json.contains(sql`${roster.words}`, sql`${value}`)
  const [table, where] =
    kind === 'group'
      ? [
          members,
          and(
            eq(members.organisation, roster.organisation),
            eq(members.groupId, value),
            eq(members.memberId, roster.userId),
          ),
        ]
      : [
          userValues,
          and(
            eq(userValues.organisation, roster.organisation),
            eq(userValues.attribute, 'roles'),
            eq(userValues.valueKey, value),
            eq(userValues.userId, roster.userId),
          ),
        ]
  // A look-up for each row: of EXISTS PostgreSQL would make a join, and read everybody with the trait for it.
  return sql`(SELECT 1 FROM ${table} WHERE ${where} LIMIT 1) IS NOT NULL`
}

/** A row of the roster that was looked at. */
export interface Looked extends Standing {
  readonly words: string
}

/** Those of some users who have every trait and are of one of these facets, in no order. */
export async function amongThem(
  { engine, scope }: Context,
  userIds: readonly string[],
  traits: readonly Trait[],
  facets: readonly string[],
): Promise<Looked[]> {
  const { roster } = engine.tables
  const names = Array.from({ length: AT_A_TIME }, (_, index) => `id${index}`)
  const name = `${AT_A_TIME} of roster ${traits.map(({ kind }) => kind).join()}`
  const query = statement<Looked & { facet: string }>(engine, engine.read, name, () =>
    engine.read
      .select(
        columns({
          id: roster.userId,
          key: roster.nameKey,
          facet: roster.facet,
          words: roster.words,
        }),
      )
      .from(roster)
      .where(
        and(
          eq(roster.organisation, sql.placeholder('organisation')),
          inArray(
            roster.userId,
            names.map((each) => sql.placeholder(each)),
          ),
          ...traits.map((trait, number) => conditionOf(engine, trait, number)),
        ),
      ),
  )
  const values = traits.map(({ kind, value }, number) => [
    `value${number}`,
    kind === 'word' ? ` ${value}` : value,
  ])
  const wanted = new Set(facets)
  const once = [...new Set(userIds)]
  const found: Looked[] = []
  for (let start = 0; start < once.length; start += AT_A_TIME) {
    // Others come in between.
    if (start > 0) await pause()
    const part = names.map((each, index) => [each, once[start + index] ?? once[start]])
    const given = Object.fromEntries([...values, ...part])
    const rows = await query({ organisation: scope.organisation, ...given })
    found.push(...rows.filter(({ facet }) => wanted.has(facet)))
  }
  return found
}
