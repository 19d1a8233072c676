import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { problem } from '../support/admin.ts'
import { cause, testClock } from '../support/app.ts'
import {
  connectionsWith,
  KEY,
  newScene,
  OTHER_TENANT,
  registration,
  reset,
  searched,
  stored,
} from '../support/connecting.ts'
import { endOfTests } from '../support/database.ts'
import { newTenant, type TestTenant } from '../support/entra-tenant.ts'
import { CLIENT, TENANT } from '../support/microsoft.ts'

let tenant: TestTenant

const finished = endOfTests()

beforeAll(async () => {
  tenant = await newTenant(testClock(), finished)
})

beforeEach(() => reset(tenant))

describe('the key', () => {
  test('is needed to store a connection, and the refusal says how to make one', async () => {
    const { app, api } = await newScene(tenant, { encryptionKeys: [] })
    expect((await api.get('/connection')).body).toStrictEqual({
      configured: false,
      storable: false,
    })
    const before = await app.database.dump()
    const answer = await api.post('/connection', registration)
    expect(problem(answer)).toStrictEqual({ status: 409, code: 'conflict' })
    expect(answer.body['detail']).toContain('openssl rand -base64 32')
    expect(answer.body['detail']).toContain('ENCRYPTION_KEY')
    expect(await app.database.dump()).toBe(before)
  })

  test.each([
    ['missing', [], 'has no key'],
    ['another one', [Buffer.alloc(32, 2)], 'sealed with another key'],
  ])('that is %s leaves the credential shut, in words', async (_, keys, words) => {
    const scene = await newScene(tenant)
    await stored(scene)
    const shut = connectionsWith(scene, ...keys)
    await expect(shut.of('default')).rejects.toMatchObject({
      code: 'credentials',
      message: expect.stringContaining(words),
    })
    expect(await shut.known('default')).toMatchObject({ tenantId: TENANT })
  })

  test('that is another one is told by the API until the credential is entered again', async () => {
    const scene = await newScene(tenant)
    const { app, api } = scene
    const other = connectionsWith(scene, Buffer.alloc(32, 2))
    const sealed = other.seal('default', { ...registration, cloud: 'global' })
    await app.directory.settings.connect(sealed, false, cause)
    const { status, body } = await api.get('/connection')
    expect(status).toBe(200)
    expect(body).toMatchObject({ configured: true, from: 'stored', clientId: CLIENT })
    expect(body['checks']).toMatchObject([
      { ok: false, problem: expect.stringContaining('sealed with another key') },
    ])
    expect(problem(await api.get('/entra/users'))).toStrictEqual({
      status: 502,
      code: 'entraCredentials',
    })
    expect((await api.get('/groups')).status).toBe(200)
    const { tenantId, clientId } = registration
    const kept = await api.post('/connection/test', { tenantId, clientId })
    expect(problem(kept)).toStrictEqual({ status: 409, code: 'conflict' })
    await stored(scene)
    expect(await searched(scene)).toBe(200)
  })

  test('is changed by writing the new one in front, and the old one is left out later', async () => {
    const scene = await newScene(tenant)
    const newer = Buffer.alloc(32, 3)
    await stored(scene)
    const both = connectionsWith(scene, newer, KEY)
    expect(await both.of('default')).toBeDefined()
    const before = await scene.app.directory.settings.read('connection')
    if (!before) throw new Error('Nothing is stored.')
    const sealed = both.seal('default', both.open('default', before))
    await scene.app.directory.settings.connect(sealed, false, cause)
    expect(await connectionsWith(scene, newer).of('default')).toBeDefined()
    await expect(connectionsWith(scene, KEY).of('default')).rejects.toThrow('another key')
  })

  test.each([
    ['another organisation', 'other', {}],
    ['another tenant', 'default', { tenantId: OTHER_TENANT }],
    ['another application', 'default', { clientId: OTHER_TENANT }],
    ['another cloud', 'default', { cloud: 'us' }],
    ['another kind', 'default', { kind: 'certificate' }],
  ] as const)('opens nothing that was moved to %s', async (_, organisation, more) => {
    const scene = await newScene(tenant)
    const connections = connectionsWith(scene, KEY)
    const sealed = connections.seal('default', { ...registration, cloud: 'global' })
    expect(connections.open('default', sealed)).toMatchObject(registration)
    expect(() => connections.open(organisation, { ...sealed, ...more })).toThrow('damaged')
  })

  test.each([
    ['empty', () => ''],
    ['no such text', () => 'v2.x.y.z'],
    ['shortened', (sealed: string) => sealed.slice(0, -4)],
    ['changed', (sealed: string) => `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`],
  ])('opens nothing that is %s', async (_, damage) => {
    const scene = await newScene(tenant)
    const connections = connectionsWith(scene, KEY)
    const connection = connections.seal('default', { ...registration, cloud: 'global' })
    const sealed = damage(connection.sealed)
    expect(() => connections.open('default', { ...connection, sealed })).toThrow('damaged')
  })

  test('seals the same credential differently each time', async () => {
    const connections = connectionsWith(await newScene(tenant), KEY)
    const seal = () => connections.seal('default', { ...registration, cloud: 'global' }).sealed
    expect(seal()).not.toBe(seal())
  })
})
