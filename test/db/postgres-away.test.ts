import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { sessionDesk } from '../../src/auth/sessions.ts'
import { provisioningAuth } from '../../src/auth/provisioning.ts'
import { openStore } from '../../src/db/open.ts'
import { newId } from '../../src/directory/id.ts'
import { hashSecret, newTokenSecret } from '../../src/directory/token.ts'
import { createLog } from '../../src/log.ts'
import { startRecorder } from '../../src/scim/recorder.ts'
import { SCIM_PATH } from '../../src/scim/routes.ts'
import { cause, PUBLIC_URL, signInDeps } from '../support/app.ts'
import { connectionsOf } from '../support/connections.ts'
import { mailsOf } from '../support/mails.ts'
import { webhooksOf } from '../support/webhooks.ts'
import { startPostgres } from '../support/postgres-server.ts'
import { ERROR, USER } from '../support/resources.ts'
import { scimClient } from '../support/scim-client.ts'

/** A server of this file's own, since it is stopped and started. */
const server = await startPostgres()
afterAll(() => server.remove())

const now = () => new Date()
const scope = { organisation: 'default', localUsers: 'visible' } as const

async function administer(sql: string): Promise<void> {
  const client = new Client(server.url('postgres'))
  await client.connect()
  await client.query(sql)
  await client.end()
}

async function entrance(database: string) {
  await administer(`CREATE DATABASE ${database}`)
  const url = server.url(database)
  const store = await openStore(url, { now, newId })
  onTestFinished(() => store.close())
  const secret = newTokenSecret()
  const token = { name: 'Entra', hash: hashSecret(secret), expires: undefined }
  await store.for(scope).tokens.create(token, cause)
  const logged: string[] = []
  const signIn = signInDeps(now)
  const log = createLog({ level: 'debug', write: (line) => void logged.push(line) })
  const recorder = startRecorder({ store, log, now, mountedAt: SCIM_PATH, days: 30 })
  onTestFinished(() => recorder.stop())
  const app = createApp({
    store,
    recorder,
    ...signIn,
    auth: provisioningAuth(store, { staticToken: undefined, tokens: signIn.tokens, now }),
    sessions: sessionDesk(store, now),
    log,
    now,
    newId,
    publicUrl: PUBLIC_URL,
    localUsers: 'hidden',
    connections: connectionsOf(store),
    runner: { wake() {} },
    mails: mailsOf(store),
    webhooks: webhooksOf(store),
    closing: new AbortController().signal,
  })
  const scim = scimClient((path, init) => app.request(path, init), `Bearer ${secret}`)
  const ready = async () => (await app.request('/readyz')).status
  return { url, store, scim, ready, logged, secret }
}

const WRITERS = 8

describe.each([
  ['is stopped', 'stop'],
  ['crashes', 'crash'],
] as const)('while the database server %s and starts again', (_, end) => {
  test('Entrance says 503, then goes on, and nothing acknowledged is lost', async () => {
    const { store, scim, ready, logged } = await entrance(`away_${end}`)
    const acknowledged = new Map<string, string>()
    const refused: unknown[] = []
    let writing = true

    /** Makes one user after the other, each again until it is there, as Entra does. */
    async function write(writer: number): Promise<void> {
      for (let count = 0; writing; ) {
        const userName = `user-${writer}-${count}`
        const { status, body, headers } = await scim.post('/Users', { schemas: [USER], userName })
        if (status === 201) acknowledged.set(String(body['id']), userName)
        if (status === 503) {
          refused.push([headers.get('retry-after'), body['schemas'], body['status']])
          await delay(20)
        } else if (status === 201 || status === 409) count += 1
        else throw new Error(`${status} ${JSON.stringify(body)}`)
      }
    }
    const writers = Array.from({ length: WRITERS }, (_, writer) => write(writer))
    await expect.poll(() => acknowledged.size, { timeout: 10_000 }).toBeGreaterThan(60)
    expect(await ready()).toBe(200)

    await server[end]()
    expect(await ready()).toBe(503)
    const before = acknowledged.size
    const asked = await scim.get('/Users')
    expect([asked.status, asked.headers.get('retry-after')]).toStrictEqual([503, '5'])
    expect(asked.text).not.toMatch(/ECONN|postgres|127\.0/i)
    await expect.poll(() => refused.length).toBeGreaterThan(WRITERS)
    expect(new Set(refused.map((one) => JSON.stringify(one)))).toStrictEqual(
      new Set([JSON.stringify(['5', [ERROR], '503'])]),
    )
    expect(acknowledged.size).toBe(before)

    await server.start()
    await expect.poll(ready, { timeout: 10_000 }).toBe(200)
    await expect.poll(() => acknowledged.size, { timeout: 10_000 }).toBeGreaterThan(before + 20)
    writing = false
    await Promise.all(writers)

    const { users, events } = store.for(scope)
    for (const [id, userName] of acknowledged) {
      expect((await users.read(id))?.attributes['userName']).toBe(userName)
    }
    // A write whose answer was lost may be there, but no half of one: each user has its event.
    const { total } = await users.query({ startIndex: 1, count: 0 })
    const made = (await events.list(0, 100_000)).filter(({ action }) => action === 'user.created')
    expect(made).toHaveLength(total)
    expect(total).toBeLessThanOrEqual(acknowledged.size + WRITERS)
    expect(logged.join('')).toMatch(/ECONNREFUSED|terminat|starting up|shutting down/)
  }, 60_000)
})

test('a server that starts while the database is away says why', async () => {
  await server.stop()
  onTestFinished(() => server.start())
  await expect(openStore(server.url('nothing'), { now, newId })).rejects.toThrow(
    /^no connection: .*ECONNREFUSED/,
  )
})

test('servers that start at once make the tables of a new database once', async () => {
  await administer('CREATE DATABASE together')
  const stores = await Promise.all(
    Array.from({ length: 6 }, () => openStore(server.url('together'), { now, newId })),
  )
  for (const store of stores) {
    expect((await store.organisations.list()).map(({ name }) => name)).toStrictEqual(['default'])
    await store.close()
  }
})

test('a database of another encoding is refused', async () => {
  await administer(
    `CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'`,
  )
  await expect(openStore(server.url('ascii'), { now, newId })).rejects.toThrow("ENCODING 'UTF8'")
})

test('a statement that fails is logged without its values', async () => {
  const { url, store, scim, logged, secret } = await entrance('broken')
  const client = new Client(url)
  await client.connect()
  onTestFinished(() => client.end())
  await client.query('ALTER TABLE users RENAME TO gone')
  const failed = await scim.post('/Users', { schemas: [USER], userName: 'adele@contoso.example' })
  expect(failed.status).toBe(500)
  expect(failed.text).not.toMatch(/select|relation|users"/)
  await expect(store.for(scope).users.read('x')).rejects.toThrow(/^A statement failed: select /)
  const lines = logged.join('')
  expect(lines).toContain('A statement failed: select ')
  expect(lines).not.toContain('adele')
  expect(lines).not.toContain(secret)
  expect(lines).not.toContain(hashSecret(secret))
})
