import { describe, expect, test } from 'vitest'
import type { Client } from '../../src/directory/client.ts'
import type { Directory } from '../../src/directory/store.ts'
import { hashSecret } from '../../src/directory/token.ts'
import { cause, testApp } from '../support/app.ts'
import {
  addSecret,
  countRows,
  FEDERATION,
  HOUR,
  inHours,
  issueToken,
  newCase,
  newClient,
  type Case,
} from '../support/clients.ts'
import { outcomes, recorded, throughAnotherServer } from '../support/store.ts'

const FIFTY = Array.from({ length: 50 }, (_, index) => index)

describe('a change leaves one event:', () => {
  type Row = readonly [
    name: string,
    work: (of: Case) => Promise<unknown>,
    action: string,
    changes: (of: Case) => unknown[],
  ]
  const rows: readonly Row[] = [
    [
      'a secret',
      async ({ app, id }) => {
        app.clock.pass(HOUR)
        await addSecret(app, id, 'third')
      },
      'client.updated',
      () => [{ path: 'secrets', to: expect.any(String) }],
    ],
    [
      'a secret that goes',
      ({ app, id, secretId }) => app.directory.clients.removeSecret(id, secretId, cause),
      'client.updated',
      ({ secretId }) => [{ path: 'secrets', from: secretId }],
    ],
    [
      'a workload identity',
      ({ app, id }) => app.directory.clients.federate(id, FEDERATION, cause),
      'client.updated',
      () => [
        { path: 'subject', to: FEDERATION.subject },
        { path: 'audience', to: FEDERATION.audience },
      ],
    ],
    [
      'a token',
      ({ app, id, secretId }) => issueToken(app, id, 'token', 1, secretId),
      'client.token',
      ({ app }) => [{ path: 'expires', to: inHours(app, 1) }],
    ],
    [
      'a revocation',
      ({ app, id }) => app.directory.clients.revoke(id, cause),
      'client.revoked',
      ({ app }) => [{ path: 'revoked', to: inHours(app, 0) }],
    ],
  ]

  test.each(rows)('%s', async (_, work, action, changes) => {
    const made = await newCase()
    const events = await recorded(made.app.directory, () => work(made))
    expect(events).toMatchObject([{ ...cause, action, resourceId: made.id }])
    expect(events[0]?.changes).toStrictEqual(changes(made))
  })

  test('a new client', async () => {
    const { directory } = await testApp()
    const events = await recorded(directory, () => newClient(directory))
    const [client] = await directory.clients.list()
    const changes = [
      { path: 'name', to: 'Entra' },
      { path: 'kind', to: 'provisioning' },
    ]
    expect(events).toMatchObject([{ action: 'client.created', resourceId: client?.id, changes }])
  })

  test('another audience, which alone is in it', async () => {
    const { app, id } = await newCase()
    const { clients } = app.directory
    await clients.federate(id, FEDERATION, cause)
    const next = { ...FEDERATION, audience: 'api://next' }
    const events = await recorded(app.directory, () => clients.federate(id, next, cause))
    expect(events).toHaveLength(1)
    expect(events[0]?.changes).toStrictEqual([
      { path: 'audience', from: 'api://entrance', to: 'api://next' },
    ])
    expect(await clients.list()).toMatchObject([{ federation: next }])
  })

  test.each([
    ['revoke', ({ app, id }) => app.directory.clients.revoke(id, cause)],
    [
      'removeSecret',
      ({ app, id, secretId }) => app.directory.clients.removeSecret(id, secretId, cause),
    ],
  ] satisfies [string, (of: Case) => Promise<unknown>][])(
    '%s, which says how many tokens it ended',
    async (_, work) => {
      const made = await newCase()
      const { app, id, secretId } = made
      await issueToken(app, id, 'one', 2, secretId)
      await issueToken(app, id, 'two', 2, secretId)
      await issueToken(app, id, 'expired', 1, secretId)
      app.clock.pass(HOUR)
      const [event] = await recorded(app.directory, () => work(made))
      expect(event?.changes).toContainEqual({ path: 'tokens', from: 2 })
    },
  )

  test('removeSecret, which leaves the tokens of the other secret alone', async () => {
    const { app, id, secretId } = await newCase()
    const { clients } = app.directory
    const [client] = await clients.list()
    const other = client?.secrets.find((secret) => secret.id !== secretId)
    expect(other).toBeDefined()
    await issueToken(app, id, 'old', 2, secretId)
    await issueToken(app, id, 'new', 2, other?.id)
    await clients.removeSecret(id, secretId, cause)
    expect(await app.database.value('SELECT count(*) FROM client_tokens')).toSatisfy(
      (count) => Number(count) === 1,
    )
    expect(await app.database.value('SELECT secret_id FROM client_tokens')).toBe(other?.id)
  })

  test.each([
    [
      'the same workload identity again',
      ({ clients }, id) => clients.federate(id, FEDERATION, cause),
      (directory, id) => directory.clients.federate(id, FEDERATION, cause),
    ],
    [
      'a second revocation',
      ({ clients }, id) => clients.revoke(id, cause),
      (directory, id) => directory.clients.revoke(id, cause),
    ],
  ] satisfies [
    string,
    (directory: Directory, id: string) => Promise<Client>,
    (directory: Directory, id: string) => Promise<Client>,
  ][])('%s, which is no change, leaves none', async (_, first, again) => {
    const { app, id } = await newCase()
    const before = await first(app.directory, id)
    app.clock.pass(60_000)
    const dump = await app.database.dump()
    expect(await again(app.directory, id)).toStrictEqual(before)
    expect(await app.database.dump()).toBe(dump)
  })
})

describe('at the same time,', () => {
  test('50 new secrets, through two servers where there are two, make two', async () => {
    const app = await testApp()
    const { id } = await newClient(app.directory)
    const servers = [app.directory, await throughAnotherServer(app)]
    const results = await Promise.allSettled(
      FIFTY.flatMap((index) => {
        const secret = { hash: hashSecret(`secret ${index}`), expires: inHours(app, 1) }
        return servers
          .slice(index % 2, (index % 2) + 1)
          .map(({ clients }) => clients.addSecret(id, secret, cause))
      }),
    )
    expect(outcomes(results)).toStrictEqual({ done: 2, conflict: 48 })
    expect(await countRows(app, 'client_secrets')).toBe(2)
    expect((await app.store.findClient(id))?.secrets).toHaveLength(2)
    const events = await app.directory.events.list(0, 1_000)
    expect(events.filter(({ action }) => action === 'client.updated')).toHaveLength(2)
  })

  test('a revocation leaves no token of those that are issued', async () => {
    const app = await testApp()
    const { id } = await newClient(app.directory)
    const other = await throughAnotherServer(app)
    const issue = FIFTY.map((index) => () => issueToken(app, id, `token ${index}`))
    issue.splice(25, 0, () => other.clients.revoke(id, cause).then(() => undefined))
    const results = await Promise.allSettled(issue.map((work) => work()))
    const { done = 0, notFound = 0 } = outcomes(results)
    expect(done + notFound).toBe(51)
    expect(await countRows(app, 'client_tokens')).toBe(0)
    const events = await app.directory.events.list(0, 1_000)
    expect(events.filter(({ action }) => action === 'client.token')).toHaveLength(done - 1)
    const ended = done - 1
    expect(
      events.find(({ action }) => action === 'client.revoked')?.changes.slice(1),
    ).toStrictEqual(ended === 0 ? [] : [{ path: 'tokens', from: ended }])
  })

  test('50 tokens of one secret are all issued', async () => {
    const app = await testApp()
    const { id } = await newClient(app.directory)
    const secret = await addSecret(app, id, 'secret')
    await Promise.all(FIFTY.map((index) => issueToken(app, id, `token ${index}`, 1, secret.id)))
    expect(await countRows(app, 'client_tokens')).toBe(50)
  })
})
