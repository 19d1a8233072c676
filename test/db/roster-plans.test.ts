import Database from 'better-sqlite3'
import { expect, test, vi } from 'vitest'
import type { RosterQuery } from '../../src/directory/roster.ts'
import { testApp } from '../support/app.ts'

/*
 * How SQLite comes to the rows of a list: the plan depends on the tables alone, as there are no statistics. Each step
 * has to be a look-up, or a range of an index that is in the order of the list, or what a list costs grows with the users.
 */

const page = { sort: 'name', count: 50 } as const
const place = { key: 'k', id: 'i' }
const through = (trait: number) => ({ ...place, through: { trait, atLeast: 1 } })

const byName = 'SEARCH roster USING COVERING INDEX roster_name (organisation=? AND facet=?)'
const byNameAfter =
  'SEARCH roster USING COVERING INDEX roster_name (organisation=? AND facet=? AND (name_key,user_id)>(?,?))'
const byNameBefore = byNameAfter.replace('>(', '<(')
const byAge = 'SEARCH roster USING COVERING INDEX roster_created (organisation=? AND facet=?)'
const byAgeAfter = byAge.replace('?)', '? AND user_id>?)')
const byAgeBefore = byAge.replace('?)', '? AND user_id<?)')
const known = 'SEARCH roster USING PRIMARY KEY (organisation=? AND user_id=?)'
const aWord =
  'SEARCH user_values USING PRIMARY KEY (organisation=? AND attribute=? AND value_key>? AND value_key<?)'
const aRole =
  'SEARCH user_values USING PRIMARY KEY (organisation=? AND attribute=? AND value_key=?)'
const hasRole =
  'SEARCH user_values USING PRIMARY KEY (organisation=? AND attribute=? AND value_key=? AND user_id=?)'
const wordsAfter =
  'SEARCH user_values USING PRIMARY KEY (organisation=? AND attribute=? AND (value_key,user_id)>(?,?) AND value_key<?)'
const wordsBefore =
  'SEARCH user_values USING PRIMARY KEY (organisation=? AND attribute=? AND value_key>? AND (value_key,user_id)<(?,?))'
const roleAfter = aRole.replace('=?)', '=? AND user_id>?)')
const membersAfter =
  'SEARCH members USING PRIMARY KEY (organisation=? AND group_id=? AND member_id>?)'
const aMember = 'SEARCH members USING PRIMARY KEY (organisation=? AND group_id=?)'

/** The steps to rows of the tables that grow with the users, and whatever sorts or reads all of something. */
async function stepsOf(query: RosterQuery): Promise<string[]> {
  const prepare = vi.spyOn(Database.prototype, 'prepare')
  const app = await testApp()
  prepare.mockClear()
  await app.directory.roster.list(query)
  const asked = prepare.mock.calls.map(([statement]) => statement)
  const view = new Database(app.database.url.slice('file:'.length), { readonly: true })
  const steps = asked.flatMap((statement) => {
    const values = Array.from(statement.matchAll(/\?/g), () => null)
    return view
      .prepare<null[], { detail: string }>(`EXPLAIN QUERY PLAN ${statement}`)
      .all(...values)
  })
  view.close()
  const telling = steps.filter(({ detail }) =>
    /^(SCAN|SEARCH) (roster|user_values|members|users)\b|B-TREE/.test(detail),
  )
  return [...new Set(telling.map(({ detail }) => detail))].sort()
}

test.each<[string, Partial<RosterQuery>, readonly string[]]>([
  ['all by name', {}, [byName]],
  ['by name, the other way round', { sort: '-name', after: place }, [byNameBefore]],
  ['by name, going on', { after: place }, [byNameAfter]],
  ['the oldest first', { sort: 'created' }, [byAge]],
  ['the oldest first, going on', { sort: 'created', after: place }, [byAgeAfter]],
  ['the newest first, going on', { sort: '-created', after: place }, [byAgeBefore]],
  ['of one kind', { origin: 'scim', status: 'active', after: place }, [byNameAfter]],
  ['found by a word', { search: 'ada' }, [aWord, known]],
  ['found by two words', { search: 'ada love' }, [aWord, known]],
  ['found by a word and a role', { search: 'ada', role: 'pm' }, [aRole, aWord, hasRole, known]],
  ['in a group', { group: 'g' }, [aMember, known]],
  ['with a role', { role: 'pm' }, [aRole, known]],
  ['found by a word, going on', { search: 'ada', after: through(0) }, [wordsAfter, known]],
  [
    'found by a word, going on the other way',
    { search: 'ada', sort: '-name', after: through(0) },
    [wordsBefore, known],
  ],
  ['in a group, going on', { group: 'g', after: through(0) }, [membersAfter, known]],
  ['with a role, going on', { role: 'pm', after: through(0) }, [roleAfter, known]],
])('a list of users %s', async (_, query, expected) => {
  expect(await stepsOf({ ...page, ...query })).toStrictEqual([...expected].sort())
})
