import { Hono } from 'hono'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { startLogPruning } from '../../src/admin/log-pruning.ts'
import { DirectoryError } from '../../src/directory/errors.ts'
import type {
  DroppedRequests,
  LogEntry,
  NewLogEntry,
} from '../../src/directory/provisioning-log.ts'
import type { Store } from '../../src/directory/store.ts'
import { createLog } from '../../src/log.ts'
import type { ScimEnv } from '../../src/scim/http.ts'
import { startRecorder, type Recorder } from '../../src/scim/recorder.ts'
import { SCIM_PATH } from '../../src/scim/routes.ts'
import { testApp, type TestApp } from '../support/app.ts'
import { newWatched } from '../support/provisioning.ts'
import { USER } from '../support/resources.ts'
import { anotherStore } from '../support/store.ts'

const SECRET = 'correct-horse-battery-staple'

test('nothing secret is written down, wherever it stands', async () => {
  const { app, scim, newUser, list } = await newWatched()
  const ada = await newUser('ada', { password: SECRET })
  await scim.operate(`/Users/${ada}`, { op: 'replace', path: 'password', value: SECRET })
  await scim.operate(`/Users/${ada}`, { op: 'add', value: { password: SECRET } })
  await scim.operate(`/Users/${ada}`, { op: 'remove', path: `emails[password eq "${SECRET}"]` })
  await scim.put(`/Users/${ada}`, { schemas: [USER], userName: 'ada', password: SECRET })
  await scim.put(`/Users/${ada}`, {
    schemas: [USER],
    userName: 'ada',
    'urn:contoso:1.0:User': { password: SECRET },
  })
  await scim.filter('/Users', `password eq "${SECRET}"`)
  await scim.send('POST', '/Users', `{"password":"${SECRET}"`)
  await scim.send('POST', '/Users', { schemas: [USER] }, { Cookie: SECRET, 'X-Secret': SECRET })
  await scim.get(`/Users?token=${SECRET}`)
  expect(await list()).toHaveLength(10)
  const kept = await app.database.value(
    `SELECT count(*) FROM scim_requests WHERE path LIKE '%${SECRET}%' OR facts LIKE '%${SECRET}%'
      OR search LIKE '%${SECRET}%' OR request_headers LIKE '%${SECRET}%' OR request_body LIKE '%${SECRET}%'
      OR response_headers LIKE '%${SECRET}%' OR response_body LIKE '%${SECRET}%'`,
  )
  expect(Number(kept)).toBe(0)
  const bearers = await app.database.value(
    `SELECT count(*) FROM scim_requests WHERE request_headers LIKE '%earer%'`,
  )
  expect(Number(bearers)).toBe(0)
})

describe('a body', () => {
  test('is cut after 16,384 characters, and the command says that it is not all', async () => {
    const { scim, newest } = await newWatched()
    const title = 'x'.repeat(20_000)
    await scim.post('/Users', { schemas: [USER], userName: 'ada', 'urn:x:y': { title } })
    const { request, curl } = (await newest()) as Record<string, unknown>
    expect(request).toMatchObject({
      body: { kept: 'cut', text: expect.stringMatching(/^.{16384}$/s), length: expect.any(Number) },
    })
    expect(curl).toMatchObject({ complete: false })
  })

  test('of an answer over 65,536 characters is not kept, and how long it was is', async () => {
    const { scim, newest } = await newWatched()
    const part = 'x'.repeat(16_384)
    const answer = await scim.post('/Users', {
      schemas: [USER],
      userName: 'ada',
      'urn:x:y': { a: part, b: part, c: part, d: part },
    })
    expect(await newest()).toMatchObject({
      response: { body: { kept: 'large', text: '', length: answer.text.length } },
    })
  })

  test('that is no JSON is not kept, since nothing can be taken out of it', async () => {
    const { scim, newest } = await newWatched()
    await scim.send('POST', '/Users', '{"userName":')
    expect(await newest()).toMatchObject({
      request: { body: { kept: 'unreadable', text: '', length: 12 } },
    })
  })

  test('that was never read is not told', async () => {
    const { scim, newest } = await newWatched()
    await scim.post('/Nothing', { a: 1 })
    expect(await newest()).toMatchObject({
      status: 404,
      request: expect.not.objectContaining({ body: {} }),
    })
  })
})

describe('a request is kept', () => {
  test('only of who is known', async () => {
    const { app, list } = await newWatched()
    await app.clientWith(undefined).get('/Users')
    await app.clientWith('Bearer wrong').get('/Users')
    await app.scim.get('/ServiceProviderConfig')
    expect(await list()).toStrictEqual([])
  })

  test('nowhere where the log is off', async () => {
    const { app, api, scim, list } = await newWatched({ provisioningLogDays: 0 })
    await scim.get('/Users')
    expect(await list()).toStrictEqual([])
    expect((await api.get('/provisioning-status')).body).toMatchObject({ days: 0 })
    expect(await app.database.value('SELECT count(*) FROM scim_tallies')).toSatisfy(
      (count) => Number(count) === 0,
    )
  })

  test('with its reading left alone: what changes nothing leaves no event', async () => {
    const { app, scim, list } = await newWatched()
    const before = await app.directory.events.latest({ limit: 1 })
    await scim.get('/Users')
    await list()
    expect(await app.directory.events.latest({ limit: 1 })).toStrictEqual(before)
  })
})

/** A door where nothing happens, and what its recorder hands to the store. */
function newDoor(append: (entries: readonly NewLogEntry[]) => Promise<void>) {
  const written: NewLogEntry[] = []
  const dropped: DroppedRequests[] = []
  const lines: string[] = []
  const store = {
    provisioningLogs: {
      async append(entries: readonly NewLogEntry[], missed: readonly DroppedRequests[]) {
        await append(entries)
        written.push(...entries)
        dropped.push(...missed)
      },
    },
  } as unknown as Store
  const now = () => new Date('2026-03-02T08:10:00.000Z')
  const log = createLog({ level: 'warn', now, write: (line) => void lines.push(line) })
  const recorder = startRecorder({ store, log, now, mountedAt: SCIM_PATH, days: 30 })
  onTestFinished(() => recorder.stop())
  const door = new Hono<ScimEnv>()
  door.use(async (context, next) => {
    context.set('requestId', 'r')
    context.set('principal', { kind: 'provisioning client', organisation: 'o', actor: 'a' })
    await next()
  })
  if (recorder.middleware) door.use(recorder.middleware)
  door.all('*', (context) => context.body(null, context.req.path.endsWith('x') ? 404 : 200))
  async function ask(times: number, path = '/Users', method = 'GET') {
    for (let time = 0; time < times; time += 1)
      await door.request(`${SCIM_PATH}${path}`, { method })
  }
  return { recorder, written, dropped, lines, ask }
}

describe('what comes faster than it can be written', () => {
  test('is counted and not kept', async () => {
    const { recorder, written, dropped, lines, ask } = newDoor(async () => {})
    await ask(1_500, '/Users', 'POST')
    await ask(30, '/Users', 'POST')
    await ask(5, '/x', 'POST')
    await recorder.flush()
    // What is written while the others come makes room.
    const [counted] = dropped
    expect(dropped).toHaveLength(1)
    expect(written.length + Number(counted?.requests)).toBe(1_535)
    expect(counted).toMatchObject({
      organisation: 'o',
      hour: '2026-03-02T08:00:00.000Z',
      errors: 5,
    })
    expect(lines).toStrictEqual([expect.stringContaining(`"notKept":${counted?.requests}`)])
  })

  test('is kept before reads are', async () => {
    const { recorder, written, dropped, ask } = newDoor(async () => {})
    await ask(1_100)
    await ask(100, '/Users', 'PATCH')
    await recorder.flush()
    expect(written.filter(({ method }) => method === 'PATCH')).toHaveLength(100)
    expect(dropped).toMatchObject([{ requests: 1_200 - written.length }])
  })
})

describe('while the database', () => {
  test('is away requests wait, and it is said once', async () => {
    let away = true
    const { recorder, written, lines, ask } = newDoor(async () => {
      if (away) throw new DirectoryError('unavailable', 'The database is not available.')
    })
    await ask(3)
    await recorder.flush()
    await recorder.flush()
    expect(written).toStrictEqual([])
    expect(lines).toHaveLength(1)
    away = false
    await recorder.flush()
    expect(written).toHaveLength(3)
  })

  test('refuses some they are counted, and others go on', async () => {
    let refusing = true
    const { recorder, written, dropped, ask } = newDoor(async (entries) => {
      if (refusing && entries.length > 0) throw new Error('no such column')
    })
    await ask(3)
    await recorder.flush()
    refusing = false
    await ask(2)
    await recorder.flush()
    expect(written).toHaveLength(2)
    expect(dropped.reduce((sum, { requests }) => sum + requests, 0)).toBe(3)
  })
})

test('what waits is written when the server stops', async () => {
  const { app, scim } = await newWatched()
  await scim.get('/Users')
  await app.recorder.stop()
  expect(await app.directory.provisioningLog.last()).toBeGreaterThan(0)
})

/** A recorder of another server on the same database. */
async function anotherRecorder(app: TestApp): Promise<Recorder> {
  const store = await anotherStore(app)
  const log = createLog({ level: 'error', write: () => {} })
  const recorder = startRecorder({ store, log, now: app.clock.now, mountedAt: SCIM_PATH, days: 30 })
  onTestFinished(() => recorder.stop())
  return recorder
}

describe('whoever follows', () => {
  test.each<[string, (app: TestApp) => Recorder | Promise<Recorder>]>([
    ['this server', (app) => app.recorder],
    ['another server', anotherRecorder],
  ])('the log through %s gets what comes, in order, until they leave', async (_, through) => {
    const app = await testApp({ provisioningLogDays: 30 })
    const recorder = await through(app)
    await app.scim.get('/Users?count=1')
    await app.scim.get('/Users?count=2')
    await app.recorder.flush()
    const leaving = new AbortController()
    const seen: string[] = []
    for await (const { path } of recorder.follow('default', 0, leaving.signal)) {
      seen.push(path)
      if (seen.length === 2) {
        await app.scim.get('/Users?count=3')
        void app.recorder.flush()
      }
      if (seen.length === 3) leaving.abort()
    }
    expect(seen).toStrictEqual(['/Users?count=1', '/Users?count=2', '/Users?count=3'])
  })

  test('the log gets nothing of before and of others', async () => {
    const app = await testApp({ provisioningLogDays: 30 })
    await app.store.organisations.create(
      { name: 'fabrikam', entraTenantId: undefined },
      { actor: 'test', door: 'cli', requestId: 'r' },
    )
    const stranger = await app.clientOf('fabrikam')
    await app.scim.get('/Users?count=1')
    await app.recorder.flush()
    const after = await app.directory.provisioningLog.last()
    await stranger.get('/Users?count=2')
    await app.scim.get('/Users?count=3')
    await app.recorder.flush()
    const entries: LogEntry[] = []
    for await (const entry of app.recorder.follow('default', after)) {
      entries.push(entry)
      break
    }
    expect(entries).toMatchObject([{ path: '/Users?count=3' }])
  })

  test('the log leaves when the server stops', async () => {
    const app = await testApp()
    const following = app.recorder.follow('default', 0)[Symbol.asyncIterator]().next()
    await app.recorder.stop()
    expect(await following).toStrictEqual({ done: true, value: undefined })
  })
})

/** An entry of a time that says nothing. */
function entryAt(at: string, requestId = 'r'): NewLogEntry {
  return {
    organisation: 'default',
    at,
    actor: 'token:default',
    requestId,
    method: 'PATCH',
    path: '/Groups/g',
    status: 204,
    milliseconds: 1,
    kind: 'add-members',
    subject: { type: 'Group', id: 'g', name: 'G' },
    tolerances: [],
    facts: {},
    memberIds: ['m'],
    request: { headers: {} },
    response: { headers: {} },
  }
}

test('entries of several servers can be read in the order of their numbers, none too late', async () => {
  const app = await testApp()
  const others = await anotherStore(app)
  const log = app.directory.provisioningLog
  let writing = true
  async function write({ provisioningLogs }: Store, name: string) {
    for (let batch = 0; batch < 10; batch += 1) {
      const entries = ['a', 'b', 'c'].map((one) =>
        entryAt('2026-03-02T08:00:00.000Z', `${name}${batch}${one}`),
      )
      await provisioningLogs.append(entries, [])
    }
  }
  const seen: LogEntry[] = []
  async function read() {
    for (let last = 0, more = true; more; ) {
      more = writing
      const found = await log.since(last, 100)
      seen.push(...found)
      last = found.at(-1)?.sequence ?? last
      // Who writes gets a turn.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const reading = read()
  await Promise.all([write(app.store, 'one'), write(others, 'other')])
  writing = false
  await reading
  expect(new Set(seen.map(({ requestId }) => requestId)).size).toBe(60)
  expect(seen).toHaveLength(60)
  const { hours } = await log.status()
  expect(hours.at(-1)).toMatchObject({ requests: 60 })
})

describe('what is kept', () => {
  async function pruned(options: { days: number; keep?: number }, ats: readonly string[]) {
    const app = await testApp()
    for (const [index, at] of ats.entries()) {
      await app.store.provisioningLogs.append([entryAt(at, String(index))], [])
    }
    const log = createLog({ level: 'error', write: () => {} })
    const worker = startLogPruning({ store: app.store, log, now: app.clock.now, ...options })
    onTestFinished(() => worker.stop())
    const left = async () =>
      (await app.directory.provisioningLog.since(0, 1_000)).map(({ requestId }) => requestId)
    const members = async () =>
      Number(await app.database.value('SELECT count(*) FROM scim_request_members'))
    return { left, members }
  }
  const days = ['2026-01-01', '2026-02-01', '2026-02-27', '2026-03-01'].map(
    (day) => `${day}T08:00:00.000Z`,
  )

  test.each<[string, { days: number; keep?: number }, readonly string[]]>([
    ['is no older than it may be', { days: 10 }, ['2', '3']],
    ['is no more than it may be', { days: 365, keep: 3 }, ['1', '2', '3']],
    ['is neither', { days: 40, keep: 1 }, ['3']],
    ['is nothing where the log is off', { days: 0 }, []],
  ])('%s', async (_, options, expected) => {
    const { left, members } = await pruned(options, days)
    await vi.waitFor(async () => expect(await left()).toStrictEqual(expected))
    expect(await members()).toBe(expected.length)
  })

  test('is a great deal, and goes a little at a time', async () => {
    const app = await testApp()
    const many = Array.from({ length: 450 }, () => entryAt('2026-01-01T08:00:00.000Z'))
    await app.store.provisioningLogs.append(many, [])
    const { prune } = app.store.provisioningLogs
    const bounds = { before: '2026-02-01T08:00:00.000Z', keep: 1_000, limit: 200 }
    const removed = [await prune('default', bounds), await prune('default', bounds)]
    removed.push(await prune('default', bounds), await prune('default', bounds))
    expect(removed).toStrictEqual([200, 200, 50, 0])
  })
})
