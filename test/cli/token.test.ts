import { describe, expect, test } from 'vitest'
import { cause } from '../support/app.ts'
import { callCli, installation, scope } from './installation.ts'

describe('token', () => {
  test.each([
    [undefined, '2027-03-02T08:00:00.000Z'],
    ['12h', '2026-03-02T20:00:00.000Z'],
    ['180d', '2026-08-29T08:00:00.000Z'],
    ['2w', '2026-03-16T08:00:00.000Z'],
    ['2y', '2028-03-01T08:00:00.000Z'],
    ['2027-05-01', '2027-05-01T00:00:00.000Z'],
    ['never', undefined],
  ])('create with the expiry %s', async (expires, expected) => {
    const { call, inStore } = installation()
    const given = expires === undefined ? [] : ['--expires', expires]
    expect(await call('token', 'create', '--name', 'a', ...given)).toMatchObject({ code: 0 })
    const [token] = await inStore((store) => store.for(scope).tokens.list())
    expect(token?.expires).toBe(expected)
  })

  test('list shows the state of each', async () => {
    const { env, call } = installation()
    await call('token', 'create', '--name', 'short', '--expires', '1h')
    await call('token', 'create', '--name', 'long', '--expires', 'never')
    const later = await callCli(['token', 'list', '--json'], env, '2026-03-02T10:00:00.000Z')
    expect(JSON.parse(later.out)).toMatchObject([
      { name: 'short', state: 'expired' },
      { name: 'long', state: 'active' },
    ])
  })

  test('list names the static token, and not its value', async () => {
    const { env } = installation()
    const scimToken = 'a-static-token-of-at-least-32-characters'
    const { out } = await callCli(['token', 'list'], { ...env, SCIM_TOKEN: scimToken })
    expect(out).toContain('SCIM_TOKEN')
    expect(out).not.toContain(scimToken)
  })

  test('list shows no control characters of others', async () => {
    const { call, inStore } = installation()
    await inStore((store) =>
      store
        .for(scope)
        .tokens.create({ name: 'a\u001b[31m\u202eb', hash: 'x', expires: undefined }, cause),
    )
    expect((await call('token', 'list')).out).toContain('a\ufffd[31m\ufffdb')
  })

  test('revoke refuses what is not clear', async () => {
    const { call, inStore } = installation()
    await call('token', 'create', '--name', 'one')
    await call('token', 'create', '--name', 'two')
    const [one, two] = await inStore((store) => store.for(scope).tokens.list())
    const shared = (one?.id ?? '').split('').findIndex((letter, index) => letter !== two?.id[index])
    expect(await call('token', 'revoke', one?.id.slice(0, shared) ?? '')).toMatchObject({
      code: 1,
      err: expect.stringContaining('The ids of 2 tokens begin with'),
    })
    expect(await call('token', 'revoke', 'ffff')).toMatchObject({
      code: 1,
      err: 'There is no token whose id begins with "ffff".\n',
    })
    expect(await call('token', 'revoke', one?.id.slice(0, shared + 1) ?? '')).toMatchObject({
      code: 0,
    })
    const states = (await inStore((store) => store.for(scope).tokens.list())).map(
      ({ name, revoked }) => [name, revoked !== undefined],
    )
    expect(states).toEqual([
      ['one', true],
      ['two', false],
    ])
  })
})
