import { describe, expect, onTestFinished, test } from 'vitest'
import type { EntraDirectory } from '../../src/directory/entra-directory.ts'
import { newId } from '../../src/directory/id.ts'
import type { NewConnection } from '../../src/directory/connection.ts'
import { startConnectionWatch } from '../../src/entra/watch.ts'
import { createLog } from '../../src/log.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { newCertificate } from '../support/certificate.ts'
import { connectionsOf } from '../support/connections.ts'
import { testEntraDirectory } from '../support/entra-directory.ts'
import { CLIENT, TENANT } from '../support/microsoft.ts'

const KEY = Buffer.alloc(32, 1)
const NEWER = Buffer.alloc(32, 2)
const secret = { kind: 'secret', secret: 'a.secret~Value' } as const
const connection: NewConnection = {
  tenantId: TENANT,
  clientId: CLIENT,
  cloud: 'global',
  credential: secret,
}

async function store(app: TestApp, more: Partial<NewConnection> = {}): Promise<void> {
  const connections = connectionsOf(app.store, { encryptionKeys: [KEY] })
  const sealed = connections.seal('default', { ...connection, ...more })
  await app.directory.settings.connect(sealed, false, cause)
}

/** What the log says after the connections were looked at once. */
async function watched(
  app: TestApp,
  keys: readonly Buffer[] = [KEY],
  entra: Partial<EntraDirectory> = {},
): Promise<Record<string, unknown>[]> {
  const logged: Record<string, unknown>[] = []
  const log = createLog({ level: 'debug', write: (line) => logged.push(JSON.parse(line)) })
  const entraDirectory = { ...testEntraDirectory(), ...entra }
  const connections = connectionsOf(app.store, { encryptionKeys: keys, entraDirectory })
  const { now } = app.clock
  const watch = startConnectionWatch({ store: app.store, connections, log, now, newId })
  onTestFinished(() => watch.stop())
  await watch.tick()
  return logged
}

const pem = (expires: string): Partial<NewConnection> => ({
  credential: { kind: 'certificate', pem: newCertificate({ expires: new Date(expires) }).pem },
})

const unavailable = () => Promise.reject(new Error('Entra is away.'))

describe('the log warns', () => {
  test.each([
    ['of a certificate that expires in 30 days', pem('2026-04-01T09:00:00Z'), {}, 30],
    ['not of one that expires in 31', pem('2026-04-02T09:00:00Z'), {}, undefined],
    ['of one that has expired', pem('2026-03-01T08:00:00Z'), {}, -1],
    ['not of a secret of which nobody knows', {}, {}, undefined],
    ['of a secret that an administrator knows of', { expires: '2026-03-05T08:00:00Z' }, {}, 3],
    [
      'of a secret that Entra knows of',
      { expires: '2027-01-01T00:00:00Z' },
      { credentialExpires: async () => '2026-03-04T08:00:00Z' },
      2,
    ],
    [
      'of what an administrator knows while Entra is away',
      { expires: '2026-03-05T08:00:00Z' },
      { credentialExpires: unavailable },
      3,
    ],
  ])('%s', async (_, stored, entra, days) => {
    const app = await testApp()
    await store(app, stored)
    const lines = (await watched(app, [KEY], entra)).filter(
      ({ message }) => message === 'entra credential expires',
    )
    expect(lines.map((line) => line['days'])).toStrictEqual(days === undefined ? [] : [days])
    for (const line of lines) {
      expect(line).toMatchObject({ level: 'warn', organisation: 'default', clientId: CLIENT })
    }
    expect(JSON.stringify(lines)).not.toContain(secret.secret)
  })

  test('of a credential that cannot be opened', async () => {
    const app = await testApp()
    await store(app)
    const [line, ...more] = await watched(app, [NEWER])
    expect(more).toStrictEqual([])
    expect(line).toMatchObject({ level: 'warn', message: 'entra connection', tenantId: TENANT })
    expect(JSON.stringify(line)).toContain('sealed with another key')
  })

  test('of nothing where nothing is connected', async () => {
    const app = await testApp()
    await app.store.organisations.create({ name: 'Other', entraTenantId: undefined }, cause)
    expect(await watched(app)).toStrictEqual([])
  })
})

describe('the newest key', () => {
  const resealed = async (app: TestApp) =>
    (await app.directory.events.list(0, 100)).filter(({ changes }) =>
      changes.some(({ to }) => to === 'sealed with the newest key'),
    )

  test('seals what another one has sealed, once, and then opens it alone', async () => {
    const app = await testApp()
    await store(app, { expires: '2027-01-01T00:00:00Z' })
    await watched(app, [NEWER, KEY])
    const after = await app.database.dump()
    await watched(app, [NEWER, KEY])
    expect(await app.database.dump()).toBe(after)
    expect(await resealed(app)).toMatchObject([{ actor: 'server', action: 'setting.changed' }])
    const stored = await app.directory.settings.read('connection')
    if (!stored) throw new Error('Nothing is stored.')
    const alone = connectionsOf(app.store, { encryptionKeys: [NEWER] })
    expect(alone.open('default', stored)).toStrictEqual({
      ...connection,
      expires: '2027-01-01T00:00:00Z',
    })
  })

  test('leaves what it has sealed itself', async () => {
    const app = await testApp()
    await store(app)
    const before = await app.database.dump()
    await watched(app, [KEY, NEWER])
    expect(await app.database.dump()).toBe(before)
  })

  test('does not bring back what an administrator replaced meanwhile', async () => {
    const app = await testApp()
    await store(app)
    const { settings } = app.directory
    const old = await settings.read('connection')
    if (!old) throw new Error('Nothing is stored.')
    await store(app, { clientId: TENANT })
    const before = await app.database.dump()
    await settings.reseal(old, 'v1.late', cause)
    expect(await app.database.dump()).toBe(before)
  })
})
