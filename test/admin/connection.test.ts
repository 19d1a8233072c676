import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Directory } from '../../src/directory/store.ts'
import { testClock } from '../support/app.ts'
import { newCertificate } from '../support/certificate.ts'
import {
  certificate,
  checksOf,
  connectionsWith,
  KEY,
  newScene,
  OTHER_TENANT,
  registration,
  reset,
  searched,
  secret,
  stored,
} from '../support/connecting.ts'
import { endOfTests } from '../support/database.ts'
import { newTenant, SECRET, type TestTenant } from '../support/entra-tenant.ts'
import { CLIENT, TENANT } from '../support/microsoft.ts'

const DAY = 24 * 60 * 60 * 1_000
/** What time it is at Entra. */
const theirs = testClock()
let tenant: TestTenant

const finished = endOfTests()

beforeAll(async () => {
  tenant = await newTenant(theirs, finished)
})

beforeEach(() => reset(tenant))

async function eventsOf({ events }: Directory, action: string) {
  return (await events.list(0, 10_000)).filter((event) => event.action === action)
}

describe('an administrator connects the organisation', () => {
  test('and people are read at once, until it is disconnected again', async () => {
    const scene = await newScene(tenant)
    const { api, app } = scene
    expect((await api.get('/connection')).body).toStrictEqual({
      configured: false,
      storable: true,
    })
    expect(await searched(scene)).toBe(409)
    const { body } = await stored(scene)
    expect(body).toStrictEqual({
      configured: true,
      storable: true,
      from: 'stored',
      tenantId: TENANT,
      clientId: CLIENT,
      cloud: 'global',
      credential: 'secret',
      checks: expect.any(Array),
    })
    expect((await api.get('/connection')).body).toStrictEqual(body)
    expect(await searched(scene)).toBe(200)
    expect((await app.store.organisations.ofTenant(TENANT))?.id).toBe('default')
    const removed = await api.post('/connection/remove')
    expect(removed.body).toStrictEqual({ configured: false, storable: true })
    expect(await searched(scene)).toBe(409)
    expect((await app.store.organisations.ofTenant(TENANT))?.id).toBe('default')
  })

  test('with a certificate, which proves who asks', async () => {
    const scene = await newScene(tenant)
    const { body } = await stored(scene, {
      credential: { kind: 'certificate', pem: certificate.pem },
    })
    expect(body).toMatchObject({
      credential: 'certificate',
      expires: certificate.expires,
      expiresInDays: 30,
    })
    expect(checksOf({ body }).every(({ ok }) => ok)).toBe(true)
    expect(await searched(scene)).toBe(200)
  })

  test('with ids in capital letters and what was copied along with them', async () => {
    const scene = await newScene(tenant)
    const { body } = await stored(scene, {
      tenantId: ` ${TENANT.toUpperCase()}\n`,
      clientId: `${CLIENT.toUpperCase()} `,
      credential: { kind: 'secret', secret: `${SECRET}\n` },
    })
    expect(body).toMatchObject({ tenantId: TENANT, clientId: CLIENT })
    expect(await searched(scene)).toBe(200)
  })

  test('and each change has one event, which says what and not the credential', async () => {
    const scene = await newScene(tenant)
    const { app, api } = scene
    await stored(scene)
    await stored(scene, { expires: '2026-09-01' })
    await api.post('/connection/remove')
    await api.post('/connection/remove')
    const [made, changed, removed, ...none] = await eventsOf(app.directory, 'setting.changed')
    expect(none).toStrictEqual([])
    const door = 'admin'
    expect(made).toMatchObject({ resourceId: 'setting:connection', door })
    expect(made?.changes).toStrictEqual(
      expect.arrayContaining([
        { path: 'tenantId', to: TENANT },
        { path: 'clientId', to: CLIENT },
        { path: 'credential', to: 'entered' },
      ]),
    )
    expect(changed?.changes).toStrictEqual(
      expect.arrayContaining([
        { path: 'credential', to: 'replaced' },
        { path: 'expires', to: '2026-09-01T00:00:00.000Z' },
      ]),
    )
    expect(removed?.changes).toContainEqual({ path: 'credential', to: 'removed' })
    const moved = await eventsOf(app.directory, 'organisation.updated')
    expect(moved.map(({ changes }) => changes)).toStrictEqual([
      [{ path: 'entraTenantId', to: TENANT }],
    ])
  })

  test.each([
    ['a secret', secret, SECRET],
    [
      'a certificate',
      { kind: 'certificate', pem: certificate.pem },
      certificate.privateKey.slice(60, 120),
    ],
  ])('and nothing that is kept, told or logged has %s', async (_, credential, hidden) => {
    const scene = await newScene(tenant)
    const { app, api } = scene
    const answers = [
      await stored(scene, { credential }),
      await api.post('/connection/test', { ...registration, credential }),
      await api.get('/connection'),
      await api.post('/connection', { ...registration, credential, tenantId: 'x' }),
      await api.post('/connection', { ...registration, credential, more: 1 }),
      await api.post('/connection', { ...registration, credential, tenantId: OTHER_TENANT }),
      await api.post('/connection', { ...registration, credential: { ...credential, more: 1 } }),
    ]
    const told = JSON.stringify([answers.map(({ text }) => text), app.logged])
    const kept = `${await app.database.dump()}${(await app.database.raw()).toString('latin1')}`
    const events = JSON.stringify(await app.directory.events.list(0, 10_000))
    for (const text of [told, kept, events]) {
      expect(text).not.toContain(hidden)
      expect(text).not.toContain(JSON.stringify(hidden).slice(1, -1))
      expect(text).not.toContain('PRIVATE KEY')
    }
    // What is looked through has the connection.
    expect(kept).toContain(CLIENT)
    expect(events).toContain(CLIENT)
  })

  test('and what is stored wins over the environment, until it is removed', async () => {
    const { origin: loginUrl } = tenant.authority
    const wrong = { kind: 'secret', secret: 'another-secret' } as const
    const scene = await newScene(tenant, {
      entra: { tenantId: TENANT, clientId: CLIENT, credential: wrong, loginUrl },
    })
    const { api } = scene
    expect((await api.get('/connection')).body).toMatchObject({ from: 'environment' })
    expect(await searched(scene)).toBe(502)
    expect((await stored(scene)).body).toMatchObject({ from: 'stored' })
    expect(await searched(scene)).toBe(200)
    const { body } = await api.post('/connection/remove')
    expect(body).toMatchObject({ from: 'environment', credential: 'secret', cloud: 'global' })
    expect(await searched(scene)).toBe(502)
  })

  test('and another server follows', async () => {
    const scene = await newScene(tenant)
    const other = connectionsWith(scene, KEY)
    const reads = async () =>
      (await other.of('default'))?.searchUsers('adele').then(
        ({ items }) => items.length,
        () => 'refused',
      )
    expect(await reads()).toBeUndefined()
    await stored(scene)
    expect(await reads()).toBe(1)
    await stored(scene, { credential: { kind: 'secret', secret: 'another-secret' } })
    expect(await reads()).toBe('refused')
    await stored(scene)
    expect(await reads()).toBe(1)
    await scene.api.post('/connection/remove')
    expect(await reads()).toBeUndefined()
  })
})

describe('a connection is tried', () => {
  test('before it is stored, and then nothing is', async () => {
    const { app, api } = await newScene(tenant)
    const before = await app.database.dump()
    const { body } = await api.post('/connection/test', registration)
    expect(body).toMatchObject({ ok: true, sample: expect.stringContaining(' ') })
    expect(checksOf({ body })).toStrictEqual([
      { what: 'token', purpose: expect.any(String), ok: true },
      { what: 'User.Read.All', purpose: expect.stringContaining('people'), ok: true },
      { what: 'GroupMember.Read.All', purpose: expect.stringContaining('groups'), ok: true },
      { what: 'Application.Read.All', purpose: expect.stringContaining('roles'), ok: true },
    ])
    expect(await app.database.dump()).toBe(before)
  })

  test('as it is stored, where no credential is given', async () => {
    const scene = await newScene(tenant)
    const { tenantId, clientId } = registration
    await stored(scene)
    const { body } = await scene.api.post('/connection/test', { tenantId, clientId })
    expect(body).toMatchObject({ ok: true })
  })

  test('also where none can be stored', async () => {
    const { api } = await newScene(tenant, { encryptionKeys: [] })
    expect((await api.post('/connection/test', registration)).body).toMatchObject({ ok: true })
  })

  test('and says of each permission that is missing how to grant it', async () => {
    const { api } = await newScene(tenant)
    tenant.graph.permissions = ['GroupMember.Read.All']
    const { body } = await api.post('/connection/test', registration)
    expect(body).toMatchObject({ ok: false })
    expect(body).not.toHaveProperty('sample')
    const failed = checksOf({ body }).filter(({ ok }) => !ok)
    expect(failed.map(({ what }) => what)).toStrictEqual(['User.Read.All', 'Application.Read.All'])
    for (const { what, problem } of failed) {
      expect(problem).toContain(what)
      expect(problem).toContain('grant admin consent')
    }
  })

  const unknown = newCertificate({ key: 'two' })
  const expired = newCertificate({ key: 'three', expires: new Date('2026-03-03T00:00:00Z') })

  test.each([
    ['a wrong secret', { credential: { ...secret, secret: 'another-secret' } }, 'AADSTS7000215'],
    ['an expired secret', {}, 'AADSTS7000222'],
    ['an unknown tenant', { tenantId: OTHER_TENANT }, 'AADSTS90002'],
    ['an unknown application', { clientId: OTHER_TENANT }, 'AADSTS700016'],
    [
      'a certificate that Entra does not know',
      { credential: { kind: 'certificate', pem: unknown.pem } },
      'AADSTS700027',
    ],
    [
      'a certificate that has expired at Entra',
      { credential: { kind: 'certificate', pem: expired.pem } },
      'AADSTS1000502',
    ],
    ['a cloud where nobody answers', { cloud: 'china' }, 'Entra cannot be reached'],
  ])('and says in words what is wrong with %s', async (what, more, words) => {
    const { api } = await newScene(tenant)
    tenant.graph.secretExpired = what === 'an expired secret'
    tenant.authority.proofs.certificates = [expired.certificate]
    theirs.pass(DAY)
    const { status, body } = await api.post('/connection/test', { ...registration, ...more })
    theirs.pass(-DAY)
    expect({ status, ok: body['ok'] }).toStrictEqual({ status: 200, ok: false })
    const checks = checksOf({ body })
    expect(checks).toMatchObject([{ what: 'token', ok: false }])
    expect(checks[0]?.problem).toContain(words)
    expect(checks[0]?.problem).toMatch(/^[A-Z].{20,}\.( \(AADSTS\d+\))?$/)
  })
})

describe('when the credential expires', () => {
  test('is what Entra says of the secret, before what was entered', async () => {
    const scene = await newScene(tenant)
    const entered = await stored(scene, { expires: '2026-03-12' })
    expect(entered.body).toMatchObject({ expires: '2026-03-12T00:00:00.000Z', expiresInDays: 9 })
    tenant.graph.secrets = [{ hint: SECRET.slice(0, 3), endDateTime: '2026-03-04T08:00:00Z' }]
    const { body } = await scene.api.get('/connection')
    expect(body).toMatchObject({ expires: '2026-03-04T08:00:00.000Z', expiresInDays: 2 })
    const tried = await scene.api.post('/connection/test', registration)
    expect(tried.body).toMatchObject({ expires: '2026-03-04T08:00:00.000Z', expiresInDays: 2 })
  })

  test('can be entered later, without the secret', async () => {
    const scene = await newScene(tenant)
    const { app, api } = scene
    await stored(scene)
    const before = await app.directory.settings.read('connection')
    const { tenantId, clientId } = registration
    const { body } = await api.post('/connection', { tenantId, clientId, expires: '2026-03-01' })
    expect(body).toMatchObject({ expires: '2026-03-01T00:00:00.000Z', expiresInDays: -2 })
    const after = await app.directory.settings.read('connection')
    expect(after?.sealed).toBe(before?.sealed)
    expect(await searched(scene)).toBe(200)
    for (const more of [{ clientId: OTHER_TENANT }, { cloud: 'us' }]) {
      const refused = await api.post('/connection', { tenantId, clientId, ...more })
      expect(refused.body['errors']).toMatchObject([{ pointer: '#/credential' }])
    }
  })

  test('is not entered for a certificate that says it itself', async () => {
    const scene = await newScene(tenant)
    await stored(scene, { credential: { kind: 'certificate', pem: certificate.pem } })
    const { tenantId, clientId } = registration
    const later = { tenantId, clientId, expires: '2030-01-01' }
    const { status, body } = await scene.api.post('/connection', later)
    expect(status).toBe(400)
    expect(body['errors']).toMatchObject([{ pointer: '#/expires' }])
  })
})
