import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { openStore } from '../../src/db/open.ts'
import { newId } from '../../src/directory/id.ts'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { scope } from '../cli/installation.ts'
import { makeTenant } from '../entra/make-tenant.ts'
import { makeProvisioner } from '../entra/provisioner.ts'
import { makeScimClient } from '../entra/scim-client.ts'
import { httpTransport } from '../entra/transport.ts'
import { compareWithTruth } from '../entra/truth.ts'
import { startOnPostgres, STATIC_TOKEN } from '../support/postgres-entrance.ts'
import { startPostgres } from '../support/postgres-server.ts'
import { ERROR, PATCH_OP, USER } from '../support/resources.ts'
import type { ScimAnswer } from '../support/scim-client.ts'

/** A server of this file's own, since it is stopped and started. */
const postgres = await startPostgres()
afterAll(() => postgres.remove())

const WRITERS = 8
const TITLES = ['first', 'second', 'third']
/** What a client waits before it asks again; Entra would wait for as long as Retry-After says. */
const PAUSE_MILLISECONDS = 20
const DEADLINE = { timeout: 10_000, interval: 20 }

/** An Entrance process on a new database. */
async function startOnNewDatabase(name: string) {
  const admin = new Client(postgres.url('postgres'))
  await admin.connect()
  await admin.query(`CREATE DATABASE ${name}`)
  await admin.end()
  return startOnPostgres(postgres.url(name))
}

async function eventsIn(database: string) {
  const store = await openStore(postgres.url(database), { now: () => new Date(), newId })
  try {
    return await store.for(scope).events.list(0, 100_000)
  } finally {
    await store.close()
  }
}

test('what was acknowledged while PostgreSQL was restarted is there, with its events', async () => {
  const entrance = await startOnNewDatabase('writers')
  const { scim, ready } = entrance
  /** The last state of each user that the server acknowledged. */
  const acknowledged = new Map<string, { etag: string | null; titles: string[] } & JsonObject>()
  const answers = new Set<string>()
  /** What users had as their title when all of theirs had been acknowledged. */
  const readBack = new Set<unknown>()
  let refused = 0
  let writing = true

  async function ask(method: string, path: string, body?: JsonObject): Promise<ScimAnswer> {
    const answer = await scim.send(method, path, body)
    const shown = answer.status < 300 ? {} : { ...answer.body, detail: undefined }
    const retryAfter = answer.headers.get('retry-after')
    answers.add(JSON.stringify([answer.status, retryAfter, shown]))
    if (answer.status === 503) {
      refused += 1
      await delay(PAUSE_MILLISECONDS)
    }
    return answer
  }

  /** Makes one user after the other, gives each one title after the other, however long that takes, and reads it. */
  async function write(writer: number): Promise<void> {
    for (let count = 0; writing; count += 1) {
      const userName = `writer-${writer}-${count}`
      const made = await ask('POST', '/Users', { schemas: [USER], userName })
      if (made.status !== 201) continue
      const id = String(made.body['id'])
      const state = { userName, etag: made.headers.get('etag'), titles: Array<string>() }
      acknowledged.set(id, state)
      for (const title of TITLES) {
        const Operations = [{ op: 'replace', path: 'title', value: title }]
        let patched: ScimAnswer
        do {
          patched = await ask('PATCH', `/Users/${id}`, { schemas: [PATCH_OP], Operations })
        } while (patched.status === 503)
        state.etag = patched.headers.get('etag')
        state.titles.push(title)
      }
      const read = await ask('GET', `/Users/${id}`)
      if (read.status === 200) readBack.add(read.body['title'])
    }
  }
  const writers = Array.from({ length: WRITERS }, (_, writer) => write(writer))
  await expect.poll(() => acknowledged.size, DEADLINE).toBeGreaterThan(50)
  expect(await ready()).toBe(200)

  await postgres.stop()
  expect(await ready()).toBe(503)
  const before = acknowledged.size
  await expect.poll(() => refused, DEADLINE).toBeGreaterThan(2 * WRITERS)
  expect(acknowledged.size).toBe(before)

  await postgres.start()
  await expect.poll(ready, DEADLINE).toBe(200)
  await expect.poll(() => acknowledged.size, DEADLINE).toBeGreaterThan(before + 50)
  writing = false
  await Promise.all(writers)

  const away = { schemas: [ERROR], status: '503' }
  const expected = [
    [200, null, {}],
    [201, null, {}],
    [503, '5', away],
  ]
  expect(answers).toStrictEqual(new Set(expected.map((answer) => JSON.stringify(answer))))
  expect([...readBack]).toStrictEqual([TITLES.at(-1)])
  const ofUsers = (await eventsIn('writers')).filter(({ action }) => action.startsWith('user.'))
  const events = Map.groupBy(ofUsers, ({ resourceId }) => resourceId)
  for (const [id, { userName, etag, titles }] of acknowledged) {
    const { status, body, headers } = await scim.get(`/Users/${id}`)
    expect([status, body['userName'], body['title'], headers.get('etag')]).toStrictEqual([
      200,
      userName,
      titles.at(-1),
      etag,
    ])
    expect(events.get(id)).toMatchObject([
      { action: 'user.created', changes: [{ path: 'userName', to: userName }, { path: 'active' }] },
      ...titles.map((to) => ({ action: 'user.updated', changes: [{ path: 'title', to }] })),
    ])
  }
  // A POST whose answer was lost may have made a user, but no half of one.
  const { body } = await scim.get('/Users?count=0')
  expect(body['totalResults']).toBe(events.size)
  expect(events.size).toBeLessThanOrEqual(acknowledged.size + WRITERS)
  await entrance.stop()
  expect(await entrance.ended).toBe('code 0')
})

test('an initial cycle that PostgreSQL was restarted in ends as the tenant is', async () => {
  const entrance = await startOnNewDatabase('tenant')
  const wire = httpTransport({ parallel: WRITERS, timeout: 10_000 })
  const connection = { base: entrance.base, token: STATIC_TOKEN }
  const client = makeScimClient({
    ...connection,
    transport: wire,
    tries: 500,
    sleep: () => delay(PAUSE_MILLISECONDS),
  })
  const tenant = makeTenant({ seed: 11, users: 200, groups: 4 })
  const provisioner = makeProvisioner({ client, tenant: () => tenant, parallel: WRITERS })
  const halfway = Promise.withResolvers<void>()
  const cycle = provisioner.initialCycle(({ step, done, total }) => {
    if (step === 'users' && done > total / 2) halfway.resolve()
  })
  await halfway.promise

  await postgres.stop()
  expect(await entrance.ready()).toBe(503)
  await expect.poll(() => client.traffic().byStatus[503], DEADLINE).toBeGreaterThan(WRITERS)
  await postgres.start()
  await expect.poll(entrance.ready, DEADLINE).toBe(200)

  expect(await cycle).toMatchObject({ outcome: 'done' })
  for (let retries = 0; retries < 3 && !provisioner.isSettled(); retries += 1) {
    await provisioner.incrementalCycle([])
  }
  expect(provisioner.isSettled()).toBe(true)
  const checker = makeScimClient({ ...connection, transport: wire })
  expect(await compareWithTruth(checker, tenant)).toEqual([])
  // Whoever asks again for what was made already hears of a conflict.
  const { byStatus, lost } = client.traffic()
  const { 409: conflicts = 0, ...others } = byStatus
  expect(conflicts).toBeLessThanOrEqual(WRITERS)
  expect([Object.keys(others), lost]).toStrictEqual([['200', '201', '204', '503'], 0])
  const created = (await eventsIn('tenant')).filter(({ action }) => action === 'user.created')
  const { resource } = await checker.send('GET', '/Users?count=0')
  expect(resource).toMatchObject({ totalResults: created.length })
  await entrance.stop()
  expect(await entrance.ended).toBe('code 0')
})
