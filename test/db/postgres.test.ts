import { eq } from 'drizzle-orm'
import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../src/db/open.ts'
import { openPostgres } from '../../src/db/postgres.ts'
import { newId } from '../../src/directory/id.ts'
import type { Directory } from '../../src/directory/store.ts'
import { callCli } from '../cli/installation.ts'
import { cause, testClock } from '../support/app.ts'
import { newDatabase, temporaryFolder } from '../support/database.ts'
import { describeStore } from './store.contract.ts'

describeStore('the store on PostgreSQL')

const scope = { organisation: 'default', localUsers: 'visible' } as const
const FIFTY = Array.from({ length: 50 }, (_, index) => index)

/** One database as seen by several servers; the function deals them out in turn. */
async function servers(count: number): Promise<(index: number) => Directory> {
  const { url } = await newDatabase()
  const directories: Directory[] = []
  for (let index = 0; index < count; index += 1) {
    const store = await openStore(url, { now: testClock().now, newId })
    onTestFinished(() => store.close())
    directories.push(store.for(scope))
  }
  return (index) => {
    const directory = directories[index % count]
    if (!directory) throw new Error('There is no server.')
    return directory
  }
}

describe.each([
  ['one server', 1],
  ['two servers on one database', 2],
  ['eight servers on one database', 8],
])('with %s', (_, count) => {
  test('of 50 parallel creates of one user name one succeeds and 49 are conflicts', async () => {
    const server = await servers(count)
    const results = await Promise.allSettled(
      FIFTY.map((index) =>
        server(index).users.create(
          { attributes: { userName: index % 3 ? 'adele' : 'ADELE', active: true }, origin: 'scim' },
          cause,
        ),
      ),
    )
    const reasons = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(reasons).toMatchObject(FIFTY.slice(1).map(() => ({ code: 'conflict' })))
    expect((await server(0).users.query({ startIndex: 1, count: 9 })).total).toBe(1)
    expect(await server(0).events.list(0, 99)).toHaveLength(1)
  })

  test('50 parallel updates of one user all apply, and each counts', async () => {
    const server = await servers(count)
    const attributes = { userName: 'adele', active: true }
    const { user } = await server(0).users.create({ attributes, origin: 'scim' }, cause)
    const results = await Promise.all(
      FIFTY.map((index) =>
        server(index).users.update(
          user.id,
          undefined,
          (now) => ({ ...now, [`urn:x:${index}`]: { at: index } }),
          cause,
        ),
      ),
    )
    const versions = results.map((one) => one.user.version).toSorted((a, b) => a - b)
    expect(versions).toStrictEqual(FIFTY.map((index) => index + 2))
    const read = await server(1).users.read(user.id)
    expect(read?.version).toBe(51)
    expect(Object.keys(read?.attributes ?? {})).toHaveLength(52)
    expect(await server(0).events.list(0, 99)).toHaveLength(51)
  })

  test('50 parallel changes of members lose nobody and keep nobody', async () => {
    const server = await servers(count)
    const group = await server(0).groups.create(
      {
        attributes: { displayName: 'Sales' },
        members: { kind: 'set', members: FIFTY.map((index) => ({ value: `old${index}` })) },
        origin: 'scim',
      },
      cause,
    )
    await Promise.all(
      FIFTY.map((index) =>
        server(index).groups.update(
          group.id,
          undefined,
          (attributes) => ({
            attributes,
            members: [
              { kind: 'add', members: [{ value: `new${index}` }] },
              { kind: 'remove', ids: [`old${index}`] },
            ],
          }),
          cause,
        ),
      ),
    )
    const read = await server(1).groups.read(group.id, true)
    expect(read?.version).toBe(51)
    expect(read?.members?.map(({ value }) => value)).toStrictEqual(
      FIFTY.map((index) => `new${index}`).sort(),
    )
  })
})

describe('a PostgreSQL database', () => {
  test('is read while every connection for writes is busy', async () => {
    const { url } = await newDatabase()
    const engine = await openPostgres(url)
    onTestFinished(() => engine.close())
    const { organisations } = engine.tables
    const gate = Promise.withResolvers<void>()
    const writes = FIFTY.map((index) =>
      engine.transaction(async (db) => {
        const id = String(index).padStart(2, '0')
        await db.insert(organisations).values({ id, name: id, created: 'now' })
        await gate.promise
      }),
    )
    expect(await engine.read.select().from(organisations)).toStrictEqual([])
    await engine.check()
    gate.resolve()
    await Promise.all(writes)
    expect(await engine.read.select().from(organisations)).toHaveLength(50)
  })

  test.each([
    ['after more attempts than that', undefined, expect.toSatisfy((count) => count > 50)],
    ['one after the other when they say what they change', 'a', 50],
  ])('lets 50 change one row, %s', async (_, subject, expected) => {
    const { url } = await newDatabase()
    const engine = await openPostgres(url)
    onTestFinished(() => engine.close())
    const { organisations } = engine.tables
    await engine.transaction(async (db) => {
      await db.insert(organisations).values({ id: 'a', name: '0', created: 'now' })
    })
    let attempts = 0
    await Promise.all(
      FIFTY.map(() =>
        engine.transaction(async (db) => {
          attempts += 1
          const [row] = await db.select().from(organisations).where(eq(organisations.id, 'a'))
          const name = String(Number(row?.name) + 1)
          await db.update(organisations).set({ name }).where(eq(organisations.id, 'a'))
        }, subject),
      ),
    )
    expect(await engine.read.select().from(organisations)).toMatchObject([{ name: '50' }])
    expect(attempts).toEqual(expected)
  })

  test('takes back a transaction in which a statement failed, whatever became of the failure', async () => {
    const { url } = await newDatabase()
    const engine = await openPostgres(url)
    onTestFinished(() => engine.close())
    const { organisations } = engine.tables
    const row = { id: 'a', name: 'a', created: 'now' }
    const work = engine.transaction(async (db) => {
      await db.insert(organisations).values(row)
      await db
        .insert(organisations)
        .values(row)
        .catch(() => {})
    })
    await expect(work).rejects.toThrow('took the transaction back')
    expect(await engine.read.select().from(organisations)).toStrictEqual([])
    await engine.transaction(async (db) => {
      await db.insert(organisations).values(row)
    })
    expect(await engine.read.select().from(organisations)).toHaveLength(1)
  })

  test('is used again when somebody has ended all its connections', async () => {
    const { url, value } = await newDatabase()
    const store = await openStore(url, { now: testClock().now, newId })
    onTestFinished(() => store.close())
    await store.check()
    await value(
      `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'entrance' AND datname = current_database()`,
    )
    await expect.poll(() => store.check().then(() => 'answers')).toBe('answers')
    const { user } = await store
      .for(scope)
      .users.create({ attributes: { userName: 'a', active: true }, origin: 'scim' }, cause)
    expect(await store.for(scope).users.read(user.id)).toStrictEqual(user)
  })

  test('sorts and compares by bytes, although it would not by itself', async () => {
    const { url, value } = await newDatabase()
    expect(await value(`SELECT 'a' < 'B'`)).toBe(true)
    const engine = await openPostgres(url)
    onTestFinished(() => engine.close())
    const { organisations } = engine.tables
    await engine.transaction(async (db) => {
      for (const id of ['b', 'B', 'a', 'é', 'Z', '_']) {
        await db.insert(organisations).values({ id, name: id, created: 'now' })
      }
    })
    const rows = await engine.read.select().from(organisations).orderBy(organisations.id)
    expect(rows.map(({ id }) => id)).toStrictEqual(['B', 'Z', '_', 'a', 'b', 'é'])
  })
})

describe('the command line on PostgreSQL', () => {
  test('never shows the password, and names the tool for copies', async () => {
    const { url } = await newDatabase()
    const env = { DATABASE_URL: url }
    const shown = url.replace(/\/\/.*@/, '//')
    const made = await callCli(['token', 'create', '--name', 'Entra'], env)
    expect(made).toMatchObject({ code: 0 })
    const found = await callCli(['doctor'], env)
    expect(found.out).toContain(`✓ The database ${shown} answers.`)
    const copied = await callCli(['backup', `${temporaryFolder()}/copy`], env)
    expect(copied).toMatchObject({ code: 1, err: expect.stringContaining('pg_dump') })
    const wrong = await callCli(['doctor'], { DATABASE_URL: url.replace(/entrance:/, 'nobody:') })
    expect(wrong.out).toContain(`The database ${shown} cannot be opened: no connection: `)
    for (const { out, err } of [made, found, copied, wrong]) {
      expect(out + err).not.toContain(decodeURIComponent(new URL(url).password))
      expect(out + err).not.toContain(new URL(url).password)
    }
  })
})

test('a second look at the database goes past the server', async () => {
  const { url } = await newDatabase()
  const client = new Client(url)
  await client.connect()
  onTestFinished(() => client.end())
  const store = await openStore(url, { now: testClock().now, newId })
  onTestFinished(() => store.close())
  for (let index = 1; index <= 5; index += 1) {
    const attributes = { userName: `user${index}`, active: true }
    await store.for(scope).users.create({ attributes, origin: 'scim' }, cause)
    const { rows } = await client.query('SELECT count(*)::int AS users FROM users')
    expect(rows).toStrictEqual([{ users: index }])
  }
})
