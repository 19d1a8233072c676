import { describe, expect, test } from 'vitest'
import { entraDirectory } from '../../src/entra/graph.ts'
import { APP, asking } from './graph/asking.ts'
import { people } from './graph/small-tenant.ts'
import { reading } from './reading.ts'

describe('the connection', () => {
  const wrong = (checks: readonly { what: string; ok: boolean; problem?: string }[]) =>
    checks.filter(({ ok }) => !ok).map(({ what, problem }) => [what, problem])

  test('is checked, one permission after the other', async () => {
    const { directory } = await reading()
    const checks = await directory.check()
    expect(checks.map(({ what, ok }) => [what, ok])).toEqual([
      ['token', true],
      ['User.Read.All', true],
      ['GroupMember.Read.All', true],
      ['Application.Read.All', true],
    ])
  })

  test('says which permission is missing, and how to grant it', async () => {
    const { directory, graph } = await reading()
    graph.permissions = ['User.Read.All']
    expect(wrong(await directory.check())).toEqual([
      ['GroupMember.Read.All', expect.stringContaining('grant admin consent')],
      ['Application.Read.All', expect.stringContaining('Application.Read.All')],
    ])
    await expect(directory.searchGroups('')).rejects.toMatchObject({ code: 'forbidden' })
    graph.permissions = []
    await expect(directory.userById(people.adele.objectId)).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  test.each([
    ['a secret that expired', {}, true, 'has expired'],
    ['a wrong secret', { clientSecret: 'another one' }, false, 'is wrong'],
    [
      'a wrong client',
      { clientId: 'dddddddd-0000-4000-8000-000000000001' },
      false,
      'application (client) ID',
    ],
    [
      'a wrong tenant',
      { tenantId: '99999999-0000-4000-8000-000000000000' },
      false,
      'directory (tenant) ID',
    ],
  ])('says what is wrong with %s', async (_, given, expired, words) => {
    const { directory, graph } = await reading({}, given)
    graph.secretExpired = expired
    const checks = await directory.check()
    expect(checks.every(({ ok }) => !ok)).toBe(true)
    expect(checks[0]?.problem).toContain(words)
    expect(JSON.stringify(checks)).not.toContain(APP.clientSecret)
    await expect(directory.searchUsers('')).rejects.toMatchObject({ code: 'credentials' })
  })

  test('gets one token for many questions', async () => {
    const { directory, graph } = await reading()
    for (const text of ['adele', 'bertha', '']) await directory.searchUsers(text)
    expect(graph.requests.tokens).toBe(1)
  })

  test('says that Entra cannot be reached', async () => {
    const { tenantId, clientId, clientSecret: secret } = APP
    const credential = { kind: 'secret', secret } as const
    const registration = { tenantId, clientId, credential, loginUrl: 'http://127.0.0.1:9' }
    const directory = entraDirectory(registration, 'http://127.0.0.1:9')
    expect((await directory.check())[0]).toMatchObject({ ok: false })
    await expect(directory.searchUsers('')).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('the day on which the client secret expires', () => {
  const PAST = '2020-01-01T00:00:00Z'
  const later = (year: number) => ({ hint: 'a s', endDateTime: `${year}-06-01T12:00:00.1234567Z` })
  const day = (year: number) => `${year}-06-01T12:00:00.123Z`

  test.each([
    [
      'of the secret that begins like it',
      [later(2097), { hint: 'q~8', endDateTime: PAST }],
      day(2097),
    ],
    ['the first of those that begin like it', [later(2098), later(2097), later(2099)], day(2097)],
    [
      'not of those that have expired',
      [{ hint: 'a s', endDateTime: PAST }, later(2098)],
      day(2098),
    ],
    [
      'the last of those that have all expired',
      [
        { hint: 'a s', endDateTime: PAST },
        { hint: 'a s', endDateTime: '2021-01-01T00:00:00Z' },
      ],
      '2021-01-01T00:00:00.000Z',
    ],
    ['unknown, where none begins like it', [{ ...later(2097), hint: 'Zk3' }], undefined],
    ['unknown, where there is no secret', [], undefined],
  ])('is %s', async (_, secrets, expires) => {
    const { directory, graph } = await reading()
    graph.secrets = secrets
    expect(await directory.credentialExpires()).toBe(expires)
    const [token] = await directory.check()
    expect(token).toMatchObject({ what: 'token', ok: true })
    expect(token?.expires).toBe(expires)
  })

  test('is unknown without the permission, and nothing else is wrong for that', async () => {
    const { directory, graph } = await reading()
    graph.permissions = ['User.Read.All', 'GroupMember.Read.All']
    expect(await directory.credentialExpires()).toBeUndefined()
    const [token] = await directory.check()
    expect(token).toStrictEqual({ what: 'token', purpose: expect.any(String), ok: true })
  })

  test('is told as such when nobody can be asked', async () => {
    const { directory, graph } = await reading()
    graph.failNext(1_000, 503, 0)
    await expect(directory.credentialExpires()).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('is not asked for where there is no secret', async () => {
    const { graph } = await asking()
    const { tenantId, clientId } = APP
    const credential = { kind: 'federated', file: '/nowhere' } as const
    const registration = { tenantId, clientId, credential, loginUrl: graph.origin }
    expect(await entraDirectory(registration, graph.origin).credentialExpires()).toBeUndefined()
    expect(graph.requests).toMatchObject({ total: 0, tokens: 0 })
  })
})
