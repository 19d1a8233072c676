import Database from 'better-sqlite3'
import { beforeAll, expect, test } from 'vitest'
import { equalitiesOf } from '../../src/db/filter-reach.ts'
import { parseFilter } from '../../src/scim/protocol/filter.ts'
import { resolveFilter } from '../../src/scim/protocol/resolve.ts'
import { groupType, userType } from '../../src/scim/schema/registry.ts'
import { testApp } from '../support/app.ts'
import { endOfTests, type Finished } from '../support/database.ts'
import { ENTERPRISE, newUser } from '../support/resources.ts'

/*
 * Which filters the thread that answers everybody may be asked, and that SQLite finds by a key what it is asked there.
 * Without statistics, which are never made, the plan depends on the tables alone and not on what is in them.
 */

const narrow = {
  User: [
    'id eq "x"',
    'userName eq "x"',
    'USERNAME eq "x"',
    'externalId eq "x"',
    'emails eq "x"',
    'emails.value eq "x"',
    'emails[value eq "x"]',
    'emails[type eq "work" and value eq "x"]',
    'emails[type eq "work"].value eq "x"',
    'userName eq "a%20b"',
    'userName eq "x" and active eq true',
    'title co "x" and externalId eq "x"',
    'title co "x" and (active eq true and (title pr and id eq "x"))',
    'roles eq "x" and emails.value eq "x"',
    'groups.value eq "x" and id eq "y"',
    'userName eq "x" and not (title pr or active eq false)',
    'userName eq "x" or userName eq "y"',
    'userName eq "x" or externalId eq "y"',
    'id eq "x" or emails.value eq "y" or userName eq "z"',
    '(userName eq "x" or emails[value eq "y"]) and title pr',
    'userName eq "x" and title pr or emails.value eq "y" and title pr',
  ],
  Group: [
    'id eq "x"',
    'displayName eq "x"',
    'externalId eq "x"',
    'members eq "x"',
    'members.value eq "x"',
    'members[value eq "x"]',
    'id eq "x" and members.value eq "y"',
    'displayName eq "x" and schemas pr',
    'displayName eq "x" or displayName eq "y"',
    'displayName eq "x" or members.value eq "y"',
  ],
}

const wide = {
  User: [
    'title co "x"',
    'title eq "x"',
    'userName co "x"',
    'userName sw "x"',
    'userName ne "x"',
    'userName gt "x"',
    'userName pr',
    'externalId pr',
    'externalId eq null',
    'id pr',
    'active eq true',
    'meta.resourceType eq "User"',
    'meta.created gt "2026-01-01T00:00:00Z"',
    'name.givenName eq "x"',
    'emails.type eq "work"',
    'emails.value co "x"',
    'emails.value ne "x"',
    'emails[value eq "x" or type eq "work"]',
    'emails[not (value eq "x")]',
    'emails pr',
    'phoneNumbers.value eq "x"',
    'roles.value eq "x"',
    'roles[value eq "x"]',
    'groups.value eq "x"',
    'groups pr',
    `${ENTERPRISE}:manager.value eq "x"`,
    'not (userName eq "x")',
    'userName eq "x" or title co "x"',
    '(userName eq "x" or title pr) and active eq true',
    'not (userName eq "x" and title pr)',
  ],
  Group: ['displayName co "x"', 'displayName pr', 'schemas pr', 'members pr', 'not (id eq "x")'],
}

const rows = (['User', 'Group'] as const).flatMap((kind) => [
  ...narrow[kind].map((text) => [kind, text, 'narrow'] as const),
  ...wide[kind].map((text) => [kind, text, 'a scan'] as const),
])

const BY_KEY = /[( ](id|user_name_key|external_id|display_name_key|group_id|member_id|value_key)=\?/

/** A server, and how SQLite comes to the rows, not those inside a document, that it is asked for on this thread. */
async function watchedApp(finished?: Finished) {
  const asked: string[] = []
  const { prepare } = Database.prototype
  // Connections take it with them when they are opened.
  Database.prototype.prepare = function note(this: Database.Database, statement: string) {
    asked.push(statement)
    return prepare.call(this, statement)
  } as typeof prepare
  const app = await testApp(finished ? { finished } : {})
  Database.prototype.prepare = prepare
  return {
    ...app,
    async readsDuring(query: () => Promise<unknown>): Promise<string[]> {
      asked.length = 0
      await query()
      const view = new Database(app.database.url.slice('file:'.length), { readonly: true })
      const steps = asked.flatMap((statement) => {
        const values = Array.from(statement.matchAll(/\?/g), () => null)
        return view
          .prepare<null[], { detail: string }>(`EXPLAIN QUERY PLAN ${statement}`)
          .all(...values)
      })
      view.close()
      return steps
        .map(({ detail }) => detail)
        .filter((step) => /^(SCAN|SEARCH) (users|groups|members|user_values)\b/.test(step))
    },
  }
}

// A statement is prepared once, so it is seen with the first of the filters that need it. Each narrow one has a server of
// its own, which has prepared nothing; those that scan share one, and its thread.
let scanning: Awaited<ReturnType<typeof watchedApp>>

const finished = endOfTests()

beforeAll(async () => {
  scanning = await watchedApp(finished)
})

test.each(rows)('a filter on %s, %s: %s', async (kind, text, expected) => {
  const filter = resolveFilter(
    kind === 'User' ? userType : groupType,
    parseFilter(text, () => {}),
    () => {},
  )
  expect(equalitiesOf(kind, filter) === undefined).toBe(expected === 'a scan')
  const { directory, readsDuring } = expected === 'a scan' ? scanning : await watchedApp()
  const query = { filter, startIndex: 2, count: 10 }
  const reads = await readsDuring(() =>
    kind === 'User' ? directory.users.query(query) : directory.groups.query(query, true),
  )
  expect(reads.length > 0 || expected === 'a scan').toBe(true)
  for (const step of reads) expect(step).toMatch(BY_KEY)
})

test('what a scan has found is read by its id', async () => {
  const { scim, readsDuring } = await watchedApp()
  await newUser(scim, 'adele', { title: 'x' })
  const reads = await readsDuring(() => scim.filter('/Users', 'title co "x"'))
  expect(reads.some((step) => /^SEARCH users .*\bid=\?/.test(step))).toBe(true)
  for (const step of reads) expect(step).toMatch(BY_KEY)
})
