import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../src/db/open.ts'
import { parseFilter } from '../../src/scim/protocol/filter.ts'
import { resolveFilter } from '../../src/scim/protocol/resolve.ts'
import { userType } from '../../src/scim/schema/registry.ts'
import { cause, testApp, testClock, testIds } from '../support/app.ts'
import { newDatabase } from '../support/database.ts'
import { copyRows } from '../support/many.ts'
import { ERROR, newGroup, newUser } from '../support/resources.ts'

/*
 * Filters that no index answers. Their time is so short here, and there is so much to read, that a few of them come to
 * their limit on any machine.
 */

const SCAN_MILLISECONDS = 1_000

const COPIES = 5_000
const TERMS = Array.from({ length: 190 }, (_, index) => index)
/** They find nobody, and look at everybody once for each of their terms. */
const ENDLESS = TERMS.map((index) => `emails.value ew "@${index}.example"`).join(' or ')
const ENDLESS_FOR_GROUPS = TERMS.map((index) => `schemas eq "${index}"`).join(' or ')

const app = await testApp({ finished: afterAll, scanMilliseconds: SCAN_MILLISECONDS })
const { scim, database } = app
const emails = Array.from({ length: 20 }, (_, index) => ({ value: `adele.${index}@work.example` }))
const adele = await newUser(scim, 'adele', { title: 'Engineer', emails })
const sales = await newGroup(scim, 'Sales', { externalId: 'x' })
await copyRows(database, 'users', COPIES)
await copyRows(database, 'groups', 16 * COPIES)

describe('a filter that would read for too long', () => {
  test.each([
    [
      'users',
      '/Users',
      ENDLESS,
      'The filter would read too many users. Filter with eq on userName, externalId, id or emails.value, or add such a term with and.',
    ],
    [
      'groups',
      '/Groups',
      ENDLESS_FOR_GROUPS,
      'The filter would read too many groups. Filter with eq on displayName, externalId, id or members.value, or add such a term with and.',
    ],
  ])('over %s is refused with tooMany, which says what to do', async (_, path, filter, detail) => {
    const { status, body, headers } = await scim.filter(path, filter)
    expect(status).toBe(400)
    expect(body).toStrictEqual({ schemas: [ERROR], status: '400', scimType: 'tooMany', detail })
    expect(headers.get('retry-after')).toBeNull()
  })

  test.each([
    ['users', '/Users', `userName eq "adele" and (${ENDLESS} or title pr)`, adele.id],
    ['groups', '/Groups', `displayName eq "sales" and (${ENDLESS_FOR_GROUPS} or id pr)`, sales.id],
  ])('over %s is answered when it is narrowed as that says', async (_, path, filter, id) => {
    expect(await scim.filter(path, filter)).toMatchObject({
      status: 200,
      body: { totalResults: 1, Resources: [{ id }] },
    })
  })

  test('does not keep other requests waiting, nor writes', async () => {
    const answered: string[] = []
    const scan = scim.filter('/Users', ENDLESS).then(({ status }) => {
      answered.push('scan')
      return status
    })
    for (let count = 0; count < 10; count += 1) {
      expect((await scim.get(`/Users/${adele.id}`)).status).toBe(200)
      answered.push('get')
    }
    const change = { op: 'replace', path: 'nickName', value: 'Adi' }
    expect((await scim.operate(`/Users/${adele.id}`, change)).status).toBe(200)
    answered.push('patch')
    const status = await scan
    expect(answered).toStrictEqual([...Array<string>(10).fill('get'), 'patch', 'scan'])
    expect(status).toBe(400)
  })
})

describe('a scan', () => {
  test.each([
    ['first', '', 100],
    ['middle', '&startIndex=2&count=3', 3],
    ['last', `&startIndex=${COPIES + 1}&count=10`, 1],
    ['past the end', `&startIndex=${COPIES + 2}`, 0],
    ['empty', '&count=0', 0],
  ])('counts all and yields one page: %s', async (_, rest, shown) => {
    const { body } = await scim.get(`/Users?filter=title+co+%22engineer%22${rest}`)
    expect(body).toMatchObject({ totalResults: COPIES + 1, itemsPerPage: shown })
  })

  test('sees every write that was answered before it', async () => {
    const { scim: client } = await testApp()
    const user = await newUser(client, 'zoe', { title: 'T0' })
    for (let count = 1; count <= 20; count += 1) {
      const change = { op: 'replace', path: 'title', value: `T${count}` }
      await client.operate(`/Users/${user.id}`, change)
      const { body } = await client.filter('/Users', `title eq "T${count}"`)
      expect(body).toMatchObject({ totalResults: 1, Resources: [{ id: user.id }] })
    }
  })

  test('keeps to its organisation', async () => {
    const { store, scim: client, clientOf } = await testApp()
    await store.organisations.create({ name: 'other', entraTenantId: undefined }, cause)
    const other = await clientOf('other')
    await newUser(client, 'one', { title: 'Engineer' })
    const two = await newUser(other, 'two', { title: 'Engineer' })
    const { body } = await other.filter('/Users', 'title sw "eng"')
    expect(body).toMatchObject({ totalResults: 1, Resources: [{ id: two.id }] })
  })

  test('ends with the store', async () => {
    const own = await newDatabase()
    const store = await openStore(own.url, {
      now: testClock().now,
      newId: testIds(),
      scanMilliseconds: SCAN_MILLISECONDS,
    })
    let closed: Promise<void> | undefined
    const close = () => (closed ??= store.close())
    onTestFinished(close)
    const { users } = store.for({ organisation: 'default', localUsers: 'visible' })
    const attributes = { userName: 'adele', active: true, emails }
    const { user } = await users.create({ attributes, origin: 'scim' }, cause)
    await copyRows(own, 'users', COPIES)
    const resolve = (text: string) =>
      resolveFilter(
        userType,
        parseFilter(text, () => {}),
        () => {},
      )
    const quick = { filter: resolve('userName co "nobody"'), startIndex: 1, count: 1 }
    expect((await users.query(quick)).total).toBe(0)
    const scan = users.query({ filter: resolve(ENDLESS), startIndex: 1, count: 1 })
    const waiting = users.query({ filter: resolve(ENDLESS), startIndex: 1, count: 1 })
    const ended = Promise.allSettled([scan, waiting])
    for (let count = 0; count < 10; count += 1) await users.read(user.id)
    await close()
    // Not tooMany: neither came to its limit.
    expect(await ended).toMatchObject([
      { reason: { code: 'unavailable' } },
      { reason: { code: 'unavailable' } },
    ])
  })
})
