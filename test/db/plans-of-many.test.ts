import { expect, test } from 'vitest'
import type { Group } from '../../src/directory/group.ts'
import type { Directory } from '../../src/directory/store.ts'
import type { User } from '../../src/directory/user.ts'
import { cause, testApp } from '../support/app.ts'
import { newScene } from '../support/held.ts'
import { ada } from '../support/mappings.ts'
import { TENANT } from '../support/microsoft.ts'
import { watchStatements } from '../support/plans.ts'
import { newPerson, newTeam } from '../support/programs.ts'

/*
 * How SQLite comes to the rows of one user, of one group and of a few events, where there are very many of others. Without
 * statistics, which are never made, the plan depends on the tables alone.
 */

const joined = 'SEARCH members USING COVERING INDEX members_member (organisation=? AND member_id=?)'
const aMembership =
  'SEARCH members USING PRIMARY KEY (organisation=? AND group_id=? AND member_id=?)'
const mapped = 'SEARCH members USING COVERING INDEX members_mapped (organisation=? AND via=?)'
const ofGroup = 'SEARCH members USING PRIMARY KEY (organisation=? AND group_id=?)'
const itsMails = 'SEARCH outbox USING INDEX outbox_user (organisation=? AND user_id=?)'
const itsEvents = 'SEARCH events USING INDEX events_resource (organisation=? AND resource_id=?)'
const openRequests = 'SEARCH link_requests USING INDEX link_requests_open (organisation=?)'
const aRequest =
  'SEARCH link_requests USING INDEX sqlite_autoindex_link_requests_1 (organisation=? AND id=?)'
const heldUsers = (columns: string) =>
  `SEARCH users USING COVERING INDEX users_held (organisation=? AND ${columns})`

interface Known {
  readonly directory: Directory
  readonly user: User
  readonly group: Group
}

type Work = (known: Known) => Promise<unknown>

test.each<[string, RegExp, Work, readonly string[]]>([
  [
    'why somebody is as they are',
    /members|outbox|events/,
    ({ directory, user }) => directory.provenance.why(user.id),
    [joined, aMembership, itsMails, itsEvents],
  ],
  [
    'to delete a user',
    /members/,
    ({ directory, user }) => directory.users.remove(user.id, undefined, cause),
    [joined, aMembership],
  ],
  [
    'to unlink a user',
    /members/,
    async ({ directory, user }) => {
      await directory.linkRequests.ask({ objectId: ada.id, userName: 'ada' }, cause)
      const [asking] = await directory.linkRequests.list()
      await directory.linkRequests.accept(String(asking?.id), user.id, cause)
      await directory.users.unlink(user.id, cause)
    },
    [joined, aMembership],
  ],
  [
    'the mails of a user',
    /outbox/,
    ({ directory, user }) => directory.outbox.list({ userId: user.id, limit: 5 }),
    [itsMails],
  ],
  [
    'the mails of a user, going on',
    /outbox/,
    ({ directory, user }) => directory.outbox.list({ userId: user.id, before: 'x', limit: 5 }),
    [itsMails],
  ],
  [
    'what those are called who are gone',
    /events/,
    ({ directory }) => directory.names.of(['one', 'other']),
    [itsEvents],
  ],
  [
    'how many want to be linked',
    /link_requests/,
    ({ directory }) => directory.linkRequests.count(100),
    [openRequests],
  ],
  [
    'the first who want to be linked',
    /link_requests|B-TREE/,
    ({ directory }) => directory.linkRequests.list({ from: 0, count: 50 }),
    [openRequests],
  ],
  [
    'one who wants to be linked',
    /link_requests|B-TREE/,
    ({ directory }) => directory.linkRequests.read('x'),
    [aRequest],
  ],
  [
    'how many departures wait',
    /users|B-TREE/,
    ({ directory }) => directory.holds.countWaiting(100),
    [heldUsers('held=? AND id>?')],
  ],
  [
    'how many memberships came of mappings',
    /members|B-TREE/,
    ({ directory }) => directory.mappings.memberships(['one', 'other']),
    [mapped],
  ],
  [
    'how many are in some groups',
    /members|B-TREE/,
    ({ directory, group }) => directory.groups.sizes([group.id]),
    [ofGroup],
  ],
  [
    'how many are in a group',
    /members|B-TREE/,
    ({ directory, group }) => directory.groups.countMembers(group.id),
    [ofGroup],
  ],
])('%s: SQLite looks at no rows of others', async (_, telling, work, expected) => {
  const watched = watchStatements()
  const app = await testApp()
  const { directory, store } = app
  await store.organisations.setTenant('default', TENANT, cause)
  const user = await newPerson(directory, 'ada')
  const group = await newTeam(directory, 'Team', user, [])
  watched.forget()
  await work({ directory, user, group })
  const steps = watched.steps(app).filter((step) => telling.test(step))
  expect([...new Set(steps)].sort()).toStrictEqual([...expected].sort())
})

test('whose departure is held: SQLite looks at no events of others', async () => {
  const watched = watchStatements()
  const { app, held } = await newScene()
  watched.forget()
  expect(await app.directory.holds.list('', 50)).toHaveLength(held.length)
  const steps = watched.steps(app).filter((step) => /events|B-TREE/.test(step))
  expect(new Set(steps)).toStrictEqual(new Set([itsEvents]))
})
