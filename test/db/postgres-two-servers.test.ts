import { afterAll, expect, test } from 'vitest'
import { openStore } from '../../src/db/open.ts'
import { newId } from '../../src/directory/id.ts'
import { callCli, idIn, scope, secretIn } from '../cli/installation.ts'
import { newDatabase } from '../support/database.ts'
import { startOnPostgres } from '../support/postgres-entrance.ts'
import { GROUP, newGroup, newUser, PATCH_OP, USER } from '../support/resources.ts'

const { url } = await newDatabase(afterAll)
const store = await openStore(url, { now: () => new Date(), newId })
afterAll(() => store.close())
const { events } = store.for(scope)

/** Two processes that share nothing but the database. */
const [one, other] = await Promise.all([
  startOnPostgres(url, afterAll),
  startOnPostgres(url, afterAll),
])
/** Deals the two out in turn. */
const server = (index: number) => (index % 2 === 0 ? one : other)

const FIFTY = Array.from({ length: 50 }, (_, index) => index)
/** How long a token is believed without asking the database, and a little. */
const REVOKED_MILLISECONDS = 1_500

function tally(statuses: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

async function eventsOf(id: unknown) {
  return (await events.list(0, 10_000)).filter(({ resourceId }) => resourceId === id)
}

test.each([
  ['user', '/Users', { schemas: [USER], userName: 'adele@contoso.example' }],
  ['group', '/Groups', { schemas: [GROUP], displayName: 'Sales' }],
])('of 50 POSTs of one %s to two servers one succeeds', async (kind, path, resource) => {
  const answers = await Promise.all(FIFTY.map((index) => server(index).scim.post(path, resource)))
  expect(tally(answers.map(({ status }) => status))).toStrictEqual({ 201: 1, 409: 49 })
  for (const { status, body } of answers) {
    expect(body['scimType']).toBe(status === 409 ? 'uniqueness' : undefined)
  }
  const made = answers.find(({ status }) => status === 201)?.body
  for (const each of [one, other]) {
    const { body } = await each.scim.get(path)
    expect(body).toMatchObject({ totalResults: 1, Resources: [{ id: made?.['id'] }] })
  }
  const created = (await events.list(0, 10_000)).filter(
    ({ action }) => action === `${kind}.created`,
  )
  expect(created).toMatchObject([{ resourceId: made?.['id'] }])
})

test('50 PATCHes of one user through two servers all apply, and each counts', async () => {
  const user = await newUser(one.scim, 'alex@contoso.example')
  const answers = await Promise.all(
    FIFTY.map((index) =>
      server(index).scim.operate(`/Users/${user.id}`, {
        op: 'add',
        path: 'entitlements',
        value: [{ value: `right-${index}` }],
      }),
    ),
  )
  expect(tally(answers.map(({ status }) => status))).toStrictEqual({ 200: 50 })
  const versions = FIFTY.map((index) => `W/"${index + 2}"`)
  expect(new Set(answers.map(({ headers }) => headers.get('etag')))).toStrictEqual(
    new Set(versions),
  )
  for (const each of [one, other]) {
    const { body, headers } = await each.scim.get(`/Users/${user.id}`)
    expect(headers.get('etag')).toBe('W/"51"')
    const held = body['entitlements']
    expect(Array.isArray(held) && held.map((right) => JSON.stringify(right)).sort()).toStrictEqual(
      FIFTY.map((index) => `{"value":"right-${index}"}`).sort(),
    )
  }
  const updated = (await eventsOf(user.id)).filter(({ action }) => action === 'user.updated')
  expect(updated).toHaveLength(50)
})

test('50 members who join one group through two servers all stay', async () => {
  const group = await newGroup(other.scim, 'Marketing', { members: [{ value: 'first' }] })
  const answers = await Promise.all(
    FIFTY.map((index) =>
      server(index).scim.operate(`/Groups/${group.id}`, {
        op: 'add',
        path: 'members',
        value: [{ value: `joins-${index}` }],
      }),
    ),
  )
  expect(tally(answers.map(({ status }) => status))).toStrictEqual({ 204: 50 })
  const members = ['first', ...FIFTY.map((index) => `joins-${index}`)].sort()
  for (const each of [one, other]) {
    const { body, headers } = await each.scim.get(`/Groups/${group.id}`)
    expect(body['members']).toStrictEqual(members.map((value) => ({ value })))
    expect(headers.get('etag')).toBe('W/"51"')
  }
  expect(await eventsOf(group.id)).toHaveLength(51)
})

test('of two PATCHes with the same If-Match, one to each server, one wins', async () => {
  const users = await Promise.all(
    FIFTY.slice(0, 10).map((index) => newUser(server(index).scim, `pair-${index}`)),
  )
  const patch = (id: string, value: string, index: number) =>
    server(index).scim.send(
      'PATCH',
      `/Users/${id}`,
      { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'title', value }] },
      { 'if-match': 'W/"1"' },
    )
  const pairs = await Promise.all(
    users.map(({ id }) => Promise.all([patch(id, 'one', 0), patch(id, 'other', 1)])),
  )
  for (const [index, pair] of pairs.entries()) {
    expect(tally(pair.map(({ status }) => status))).toStrictEqual({ 200: 1, 412: 1 })
    const { body, headers } = await server(index).scim.get(`/Users/${users[index]?.id}`)
    const title = pair.find(({ status }) => status === 200)?.body['title']
    expect([body['title'], headers.get('etag')]).toStrictEqual([title, 'W/"2"'])
  }
})

test('both servers refuse a token within a second of its being revoked', async () => {
  const cli = async (...args: string[]) =>
    (await callCli(args, { DATABASE_URL: url }, new Date().toISOString())).out
  const made = await cli('token', 'create', '--name', 'Entra')
  const clients = [one, other].map((each) => each.clientWith(secretIn(made)))
  const askEach = clients.map((client) => async () => (await client.get('/Users?count=0')).status)
  for (const ask of askEach) expect(await ask()).toBe(200)
  expect(await cli('token', 'revoke', idIn(made))).toContain('Revoked the token "Entra"')
  await Promise.all(
    askEach.map((ask) =>
      expect.poll(ask, { timeout: REVOKED_MILLISECONDS, interval: 50 }).toBe(401),
    ),
  )
  for (const { scim } of [one, other]) expect((await scim.get('/Users?count=0')).status).toBe(200)
})
