import { describe, expect, test } from 'vitest'
import type { Directory } from '../../src/directory/store.ts'
import { hashSecret, newTokenSecret } from '../../src/directory/token.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import {
  addSecret,
  countRows,
  FEDERATION,
  HOUR,
  inHours,
  issueToken,
  newCase,
  newClient,
  NOBODY,
  type Case,
} from '../support/clients.ts'
import { otherDirectory } from '../support/store.ts'

const findToken = ({ store }: TestApp, text: string) => store.findClientToken(hashSecret(text))

describe('a client', () => {
  test('is listed with its secrets, oldest first, when it was revoked too', async () => {
    const app = await testApp()
    const { clients } = app.directory
    const first = await newClient(app.directory, 'first')
    const created = app.clock.now().toISOString()
    app.clock.pass(HOUR)
    const second = await clients.create({ kind: 'application', name: 'second' }, cause)
    const one = await addSecret(app, second.id, 'one')
    app.clock.pass(HOUR)
    const two = await addSecret(app, second.id, 'two')
    await clients.revoke(first.id, cause)
    const revoked = app.clock.now().toISOString()
    expect(await clients.list()).toStrictEqual([
      { id: first.id, kind: 'provisioning', name: 'first', created, revoked, secrets: [] },
      {
        id: second.id,
        kind: 'application',
        name: 'second',
        created: inHours(app, -1),
        secrets: [
          { id: one.id, created: inHours(app, -1), expires: inHours(app, 23) },
          { id: two.id, created: revoked, expires: inHours(app, 24) },
        ],
      },
    ])
  })

  test('is found with the hashes of its valid secrets, whose workload identity, and whose it is', async () => {
    const app = await testApp()
    const { id } = await newClient(app.directory)
    const short = await addSecret(app, id, 'short', 1)
    const long = await addSecret(app, id, 'long', 2)
    const found = { id, organisation: 'default', kind: 'provisioning', name: 'Entra' }
    const held = [
      { id: short.id, hash: hashSecret('short') },
      { id: long.id, hash: hashSecret('long') },
    ]
    expect(await app.store.findClient(id)).toStrictEqual({ ...found, secrets: held })
    await app.directory.clients.federate(id, FEDERATION, cause)
    app.clock.pass(HOUR)
    expect(await app.store.findClient(id)).toStrictEqual({
      ...found,
      federation: FEDERATION,
      secrets: held.slice(1),
    })
    app.clock.pass(HOUR)
    expect(await app.store.findClient(id)).toMatchObject({ secrets: [] })
    await app.directory.clients.revoke(id, cause)
    expect(await app.store.findClient(id)).toBeUndefined()
    expect(await app.store.findClient(NOBODY)).toBeUndefined()
  })

  test('has two secrets at a time, not counting those that have expired', async () => {
    const app = await testApp()
    const { id } = await newClient(app.directory)
    const { id: other } = await newClient(app.directory, 'other')
    await addSecret(app, other, 'of another', 1)
    await addSecret(app, id, 'short', 1)
    const long = await addSecret(app, id, 'long')
    await expect(addSecret(app, id, 'third')).rejects.toMatchObject({ code: 'conflict' })
    app.clock.pass(HOUR)
    const third = await addSecret(app, id, 'third')
    await expect(addSecret(app, id, 'fourth')).rejects.toMatchObject({ code: 'conflict' })
    expect((await app.directory.clients.list()).map(({ secrets }) => secrets)).toMatchObject([
      [{ id: long.id }, { id: third.id }],
      // Another client's, which has expired but is in nobody's way.
      [{}],
    ])
  })

  test('notes when a secret was last used', async () => {
    const app = await testApp()
    const { id } = await newClient(app.directory)
    const used = await addSecret(app, id, 'used')
    await addSecret(app, id, 'unused')
    app.clock.pass(HOUR)
    await issueToken(app, id, 'token', 1, used.id)
    const [client] = await app.directory.clients.list()
    expect(client?.secrets.map(({ lastUsed }) => lastUsed)).toStrictEqual([
      app.clock.now().toISOString(),
      undefined,
    ])
  })

  test('that was revoked keeps no secret and no token', async () => {
    const app = await testApp()
    const { id } = await newClient(app.directory)
    await addSecret(app, id, 'secret')
    await issueToken(app, id, 'token')
    await app.directory.clients.revoke(id, cause)
    expect(await countRows(app, 'client_secrets')).toBe(0)
    expect(await countRows(app, 'client_tokens')).toBe(0)
  })
})

describe('an access token', () => {
  test('leads to its client, expired or not', async () => {
    const app = await testApp()
    const { id } = await newClient(app.directory)
    await issueToken(app, id, 'token')
    const expected = {
      organisation: 'default',
      clientId: id,
      kind: 'provisioning',
      name: 'Entra',
      expires: inHours(app, 1),
    }
    expect({ ...(await findToken(app, 'token')) }).toStrictEqual(expected)
    app.clock.pass(2 * HOUR)
    expect({ ...(await findToken(app, 'token')) }).toStrictEqual(expected)
    expect(await findToken(app, 'another')).toBeUndefined()
  })

  test('is thrown away when it has expired and its client gets the next', async () => {
    const app = await testApp()
    const { id } = await newClient(app.directory)
    const { id: other } = await newClient(app.directory, 'other')
    await issueToken(app, id, 'short', 1)
    await issueToken(app, id, 'long', 2)
    await issueToken(app, other, 'of another', 1)
    app.clock.pass(HOUR)
    await issueToken(app, id, 'next')
    const found = await Promise.all(
      ['short', 'long', 'next', 'of another'].map((text) => findToken(app, text)),
    )
    expect(found.map((token) => token?.name)).toStrictEqual([undefined, 'Entra', 'Entra', 'other'])
  })

  test.each([
    ['its client is revoked', ({ directory }, id) => directory.clients.revoke(id, cause)],
    [
      'a secret of its client is removed',
      ({ directory }, id, secretId) => directory.clients.removeSecret(id, secretId, cause),
    ],
  ] satisfies [string, (app: TestApp, id: string, secretId: string) => Promise<unknown>][])(
    'ends when %s, and those of others stay',
    async (_, work) => {
      const app = await testApp()
      const { id } = await newClient(app.directory)
      const { id: other } = await newClient(app.directory, 'other')
      const secret = await addSecret(app, id, 'secret')
      await issueToken(app, id, 'token', 1, secret.id)
      await issueToken(app, other, 'of another')
      await work(app, id, secret.id)
      expect(await findToken(app, 'token')).toBeUndefined()
      expect(await findToken(app, 'of another')).toMatchObject({ clientId: other })
    },
  )
})

describe('refused, and without a trace, is', () => {
  type Row = readonly [name: string, code: string, work: (of: Case) => Promise<unknown>]
  const rows: readonly Row[] = [
    ['a third secret', 'conflict', ({ app, id }) => addSecret(app, id, 'third')],
    ['a secret for nobody', 'notFound', ({ app }) => addSecret(app, NOBODY, 'secret')],
    ['a token for nobody', 'notFound', ({ app }) => issueToken(app, NOBODY, 'token')],
    [
      'a token for a secret that was removed',
      'notFound',
      ({ app, id }) => issueToken(app, id, 'token', 1, NOBODY),
    ],
    [
      'to remove a secret of nobody',
      'notFound',
      ({ app, secretId }) => app.directory.clients.removeSecret(NOBODY, secretId, cause),
    ],
    [
      'to remove a secret that is not there',
      'notFound',
      ({ app, id }) => app.directory.clients.removeSecret(id, NOBODY, cause),
    ],
    [
      'a workload identity for nobody',
      'notFound',
      ({ app }) => app.directory.clients.federate(NOBODY, FEDERATION, cause),
    ],
    ['to revoke nobody', 'notFound', ({ app }) => app.directory.clients.revoke(NOBODY, cause)],
  ]

  test.each(rows)('%s', async (_, code, work) => {
    const made = await newCase()
    const dump = await made.app.database.dump()
    await expect(work(made)).rejects.toMatchObject({ name: 'DirectoryError', code })
    expect(await made.app.database.dump()).toBe(dump)
  })

  const afterwards: readonly (readonly [string, Row[2]])[] = [
    ['a secret', ({ app, id }) => addSecret(app, id, 'third')],
    ['a token', ({ app, id }) => issueToken(app, id, 'token')],
    ['a workload identity', ({ app, id }) => app.directory.clients.federate(id, FEDERATION, cause)],
    [
      'to remove a secret',
      ({ app, id, secretId }) => app.directory.clients.removeSecret(id, secretId, cause),
    ],
  ]

  test.each(afterwards)('%s of a client that was revoked', async (_, work) => {
    const made = await newCase()
    await made.app.directory.clients.revoke(made.id, cause)
    const dump = await made.app.database.dump()
    await expect(work(made)).rejects.toMatchObject({ code: 'notFound' })
    expect(await made.app.database.dump()).toBe(dump)
  })

  test('a secret of another client', async () => {
    const { app, id } = await newCase()
    const other = await newClient(app.directory, 'other')
    const theirs = await addSecret(app, other.id, 'theirs')
    const dump = await app.database.dump()
    const { clients } = app.directory
    const refused = { code: 'notFound' }
    await expect(clients.removeSecret(id, theirs.id, cause)).rejects.toMatchObject(refused)
    await expect(issueToken(app, id, 'token', 1, theirs.id)).rejects.toMatchObject(refused)
    expect(await app.database.dump()).toBe(dump)
  })
})

describe('another organisation', () => {
  async function twoOrganisations() {
    const { app, id, secretId } = await newCase()
    await issueToken(app, id, 'token')
    const other = await otherDirectory(app)
    return { app, id, secretId, other }
  }

  test('sees nothing', async () => {
    const { other } = await twoOrganisations()
    expect(await other.clients.list()).toStrictEqual([])
    const theirs = await newClient(other, 'theirs')
    expect(await other.clients.list()).toMatchObject([{ id: theirs.id, name: 'theirs' }])
  })

  const rows: readonly (readonly [
    string,
    (directory: Directory, id: string, secretId: string) => Promise<unknown>,
  ])[] = [
    ['revoke', ({ clients }, id) => clients.revoke(id, cause)],
    ['removeSecret', ({ clients }, id, secretId) => clients.removeSecret(id, secretId, cause)],
    ['federate', ({ clients }, id) => clients.federate(id, FEDERATION, cause)],
    [
      'addSecret',
      ({ clients }, id) =>
        clients.addSecret(id, { hash: 'x', expires: '2099-01-01T00:00:00.000Z' }, cause),
    ],
    [
      'issueToken',
      ({ clients }, id, secretId) =>
        clients.issueToken(id, { hash: 'x', expires: '2099-01-01T00:00:00.000Z', secretId }, cause),
    ],
  ]

  test.each(rows)('changes nothing with %s', async (_, work) => {
    const { app, id, secretId, other } = await twoOrganisations()
    const dump = await app.database.dump()
    await expect(work(other, id, secretId)).rejects.toMatchObject({ code: 'notFound' })
    expect(await app.database.dump()).toBe(dump)
  })

  test('is where its own clients and tokens lead to', async () => {
    const { app, id, other } = await twoOrganisations()
    const theirs = await newClient(other, 'theirs')
    const token = { hash: hashSecret('theirs'), expires: inHours(app, 1) }
    await other.clients.issueToken(theirs.id, token, cause)
    const found = await Promise.all([app.store.findClient(id), app.store.findClient(theirs.id)])
    expect(found[0]?.organisation).toBe('default')
    expect(found[1]?.organisation).not.toBe('default')
    expect(await findToken(app, 'theirs')).toMatchObject({
      organisation: found[1]?.organisation,
      clientId: theirs.id,
    })
  })
})

test('no secret and no token is anywhere in the database, and no hash in the record', async () => {
  const app = await testApp()
  const { id } = await newClient(app.directory)
  const [first, second, token] = [newTokenSecret(), newTokenSecret(), newTokenSecret()]
  const { id: secretId } = await addSecret(app, id, first)
  await addSecret(app, id, second)
  await issueToken(app, id, token, 1, secretId)
  const kept = (await app.database.raw()).toString('latin1')
  const record = JSON.stringify(await app.directory.events.list(0, 1_000))
  const listed = JSON.stringify(await app.directory.clients.list())
  for (const text of [first, second, token]) {
    expect(kept).not.toContain(text)
    expect(kept).toContain(hashSecret(text))
    expect(record).not.toContain(hashSecret(text))
    expect(listed).not.toContain(hashSecret(text))
  }
})
