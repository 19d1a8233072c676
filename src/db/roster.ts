import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type {
  Extent,
  Listed,
  Place,
  Roster,
  RosterCounts,
  RosterPage,
  RosterQuery,
  Through,
} from '../directory/roster.ts'
import type { Context } from './context.ts'
import { facetsOf, originIn, says } from './roster-facets.ts'
import { direction, inOrder, placeOf, sortedAfter, type Standing } from './roster-order.ts'
import { roleNames, rolesInUse } from './roles-in-use.ts'
import {
  amongThem,
  rarestOf,
  rowsWith,
  traitsOf,
  type Looked,
  type Trait,
} from './roster-traits.ts'
import { columns, statement } from './statements.ts'
import { tallied, talliedFacets } from './tallies.ts'
import { pause } from './turns.ts'
import { usersOfIds } from './user-rows.ts'

/** Of those who have something that not all have, up to so many are found, counted and sorted. */
const SORTED = 2_000

/** Of more, so many are looked at for a page, and so many at a time. */
const LOOKED_AT = 5_000
const STRIDE = 500

/** So many are read at a time by who wants all. */
const EXPORTED = 500

interface Found extends Omit<RosterPage, 'items'> {
  readonly standings: readonly Standing[]
}

/** A page that begins with these, of whom one more than fits says that there are more. */
function pageOf(rows: readonly Standing[], { sort, count }: RosterQuery, extent: Extent): Found {
  const standings = rows.slice(0, count)
  const last = standings.at(-1)
  const more = rows.length > count && last
  return { standings, extent, sorted: true, ...(more ? { next: placeOf(last, sort) } : {}) }
}

/** A page of those whom their facets tell: they are counted, and in order, already. */
async function pageOfFacets(context: Context, query: RosterQuery): Promise<Found> {
  const { engine, scope } = context
  const { sort, count, after } = query
  const facets = facetsOf(query)
  const { total } = await tallied(
    context,
    facets.map((facet) => `user ${facet}` as const),
  )
  const name = `roster ${sort} ${facets.join()} ${after ? 'after' : ''}`
  const rowsOf = statement<Standing>(engine, engine.read, name, () =>
    engine.read
      .select(columns({ id: sql`listed.user_id`, key: sql`listed.name_key` }))
      .from(inOrder(engine, facets, sort, after !== undefined))
      .orderBy(direction(sort)),
  )
  const rows = await rowsOf({
    organisation: scope.organisation,
    limit: count + 1,
    afterKey: after?.key,
    afterId: after?.id,
  })
  return pageOf(rows, query, { total })
}

/** Whether a row of an index is the one that brings a user onto the list, who may have several words that fit. */
function brings({ key }: Standing, { kind, value }: Trait, { words }: Looked): boolean {
  if (kind !== 'word') return true
  const [first] = words.slice(words.indexOf(` ${value}`) + 1).split(' ', 1)
  return first === key
}

/** A page of more than can be sorted, in the order of the index that finds them. */
async function pageThrough(
  context: Context,
  query: RosterQuery,
  traits: readonly Trait[],
  { through, trait }: { readonly through: Through; readonly trait: Trait },
): Promise<Found> {
  const { count, sort } = query
  const { atLeast } = through
  const descending = sort.startsWith('-')
  const sorted = sort.endsWith('created') && trait.kind !== 'word'
  const others = traits.filter((each) => each !== trait)
  const standings: Standing[] = []
  const placeAt = ({ key, id }: Standing): Place => ({ key, id, through })
  let after = query.after?.through ? query.after : undefined
  for (let looked = 0; looked < LOOKED_AT; looked += STRIDE) {
    if (looked > 0) await pause()
    const rows = await rowsWith(context, trait, { limit: STRIDE, descending, after })
    const ids = rows.map(({ id }) => id)
    const fitting = await amongThem(context, ids, others, facetsOf(query))
    const known = new Map(fitting.map((row) => [row.id, row]))
    for (const row of rows) {
      const fits = known.get(row.id)
      if (!fits || !brings(row, trait, fits)) continue
      const last = standings.at(-1)
      if (standings.length === count && last) {
        return { standings, extent: { atLeast }, sorted, next: placeAt(last) }
      }
      standings.push(row)
    }
    const last = rows.at(-1)
    if (!last || rows.length < STRIDE) {
      const all = query.after === undefined
      return { standings, extent: all ? { total: standings.length } : { atLeast }, sorted }
    }
    after = placeAt(last)
  }
  return { standings, extent: { atLeast }, sorted, ...(after ? { next: after } : {}) }
}

/** A page of those who have all of these. */
async function pageOfTraits(
  context: Context,
  query: RosterQuery,
  traits: readonly Trait[],
): Promise<Found> {
  const { sort, after } = query
  const begun = after?.through && traits[after.through.trait]
  if (after?.through && begun) {
    return pageThrough(context, query, traits, { through: after.through, trait: begun })
  }
  // A list that was short enough when it began stays one.
  const most = after ? 2 * SORTED : SORTED
  const number = await rarestOf(context, traits, most + 1)
  const trait = traits[number]
  if (!trait) return pageOfFacets(context, query)
  const rows = await rowsWith(context, trait, { limit: most + 1 })
  const ids = rows.map(({ id }) => id)
  const others = traits.filter((each) => each !== trait)
  const all = await amongThem(context, ids, others, facetsOf(query))
  if (rows.length <= most) {
    return pageOf(sortedAfter(all, sort, after), query, { total: all.length })
  }
  return pageThrough(context, query, traits, {
    through: { trait: number, atLeast: all.length },
    trait,
  })
}

async function lastSignIns(
  { engine, scope }: Context,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { roster } = engine.tables
  if (userIds.length === 0) return new Map()
  const rows = await engine.read
    .select({ id: roster.userId, at: roster.lastSignIn })
    .from(roster)
    .where(
      and(
        eq(roster.organisation, scope.organisation),
        inArray(roster.userId, [...userIds]),
        isNotNull(roster.lastSignIn),
      ),
    )
  return new Map(rows.flatMap(({ id, at }) => (at === null ? [] : [[id, at] as const])))
}

/** The users of a page: one statement for them, one for their sign-ins, none for each. */
async function listed(context: Context, standings: readonly Standing[]): Promise<Listed[]> {
  const ids = standings.map(({ id }) => id)
  const users = await usersOfIds(context, ids)
  const signIns = await lastSignIns(context, ids)
  return ids.flatMap((id) => {
    const user = users.get(id)
    const lastSignIn = signIns.get(id)
    // Who was deleted since is left out.
    return user ? [{ user, ...(lastSignIn === undefined ? {} : { lastSignIn }) }] : []
  })
}

async function counts(context: Context): Promise<RosterCounts> {
  const found = await talliedFacets(context)
  const sum = (fits: (facet: string) => boolean) =>
    found.reduce((sofar, { facet, total }) => (fits(facet) ? sofar + total : sofar), 0)
  const from = (origin: string) => sum((facet) => originIn(facet) === origin)
  return {
    total: sum(() => true),
    active: sum((facet) => says(facet, 'active')),
    inactive: sum((facet) => !says(facet, 'active')),
    held: sum((facet) => says(facet, 'held')),
    linked: sum((facet) => says(facet, 'linked')),
    notLinked: sum((facet) => !says(facet, 'linked')),
    origins: { local: from('local'), import: from('import'), scim: from('scim') },
    neverSignedIn: sum((facet) => !says(facet, 'signedIn')),
  }
}

/** What there is but for `export`. */
export type Reading = Omit<Roster, 'export'>

export function rosterOf(context: Context): Reading {
  return {
    async list(query): Promise<RosterPage> {
      const { standings, ...page } = await pageOfTraits(context, query, traitsOf(query))
      return { items: await listed(context, standings), ...page }
    },
    counts: () => counts(context),
    lastSignIns: (userIds) => lastSignIns(context, userIds),
    roles: (after, limit) => rolesInUse(context, after, limit),
    roleNames: (limit) => roleNames(context, limit),
  }
}

/** A roster that can be read to its end, a page after the other. */
export function withExport(reading: Reading): Roster {
  return {
    ...reading,
    async *export(chosen) {
      let after: Place | undefined
      do {
        const page: RosterPage = await reading.list({
          ...chosen,
          count: EXPORTED,
          ...(after ? { after } : {}),
        })
        yield* page.items
        after = page.next
      } while (after)
    },
  }
}
