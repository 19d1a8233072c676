import { describe, expect, test } from 'vitest'
import type { Store } from '../../src/directory/store.ts'
import { cause } from '../support/app.ts'
import { idIn, installation, scope } from './installation.ts'

describe('organisation', () => {
  const tenant = '1B4E28BA-2fa1-4d2e-883f-0016d3cca427'

  test('keeps the tokens of each apart', async () => {
    const { call } = installation()
    const made = await call('organisation', 'create', '--name', 'Contoso Ltd', '--tenant', tenant)
    expect(made).toMatchObject({ code: 0, err: '' })
    await call('token', 'create', '--name', 'theirs', '--organisation', 'Contoso Ltd')
    expect((await call('token', 'list')).out).toContain('There is no token.')
    const { out } = await call('token', 'list', '--organisation', 'Contoso Ltd')
    expect(out).toContain('theirs')
    const theirs = idIn(out)
    expect(await call('token', 'revoke', theirs)).toMatchObject({ code: 1 })
    expect(await call('token', 'list', '--organisation', 'Other')).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        /^There is no organisation "Other"\. There is: .*Contoso Ltd.*\.\n$/,
      ),
    })
  })

  test('refuses a name that is taken', async () => {
    const { call } = installation()
    expect(await call('organisation', 'create', '--name', 'default')).toMatchObject({
      code: 1,
      err: 'There is an organisation "default" already.\n',
    })
  })

  test('learns its Entra tenant', async () => {
    const { call } = installation()
    expect(await call('organisation', 'tenant', 'default', tenant)).toMatchObject({ code: 0 })
    expect(JSON.parse((await call('organisation', 'list', '--json')).out)).toMatchObject([
      { name: 'default', entraTenantId: tenant.toLowerCase() },
    ])
    expect((await call('organisation', 'list')).out).toMatch(/default +1b4e28ba-/)
    expect(await call('organisation', 'tenant', 'other', tenant)).toMatchObject({ code: 1 })
  })
})

describe('link', () => {
  async function withRequest() {
    const installed = installation()
    const ada = { userName: 'ada@contoso.example', active: true }
    await installed.inStore(async (store) => {
      await store.for(scope).users.create({ attributes: ada, origin: 'local' }, cause)
      const asking = { ...ada, externalId: 'e1', displayName: 'Ada Lovelace' }
      const pushed = { attributes: asking, origin: 'scim' } as const
      await expect(
        store.for(scope).users.create(pushed, { ...cause, door: 'scim' }),
      ).rejects.toMatchObject({ code: 'localAccount' })
    })
    const { out } = await installed.call('link', 'list', '--json')
    const [request] = JSON.parse(out) as { id: string }[]
    return { ...installed, id: request?.id ?? 'none' }
  }
  const isOpen = (store: Store) =>
    store
      .for({ ...scope, localUsers: 'hidden' })
      .users.query({ startIndex: 1, count: 1 })
      .then(({ total }) => total === 1)

  test('list shows who asks for which account', async () => {
    const { call } = await withRequest()
    expect((await call('link', 'list')).out).toMatch(
      /provisioning +ada@contoso\.example +yes +Ada Lovelace +e1 /,
    )
  })

  test('accept opens the account to provisioning', async () => {
    const { call, inStore, id } = await withRequest()
    expect(await inStore(isOpen)).toBe(false)
    const accepted = await call('link', 'accept', id.slice(0, 9))
    expect(accepted).toMatchObject({ code: 0, err: '' })
    expect(accepted.out).toBe('Accepted: Entra owns the account ada@contoso.example from now on.\n')
    expect(await inStore(isOpen)).toBe(true)
    expect((await call('link', 'list')).out).toBe('No link request waits for a decision.\n')
    expect((await call('events')).out).toContain('link.accepted')
  })

  test('accept asks whose account it is where nobody has the name', async () => {
    const installed = installation()
    const tenant = '1b4e28ba-2fa1-4d2e-883f-0016d3cca427'
    const objectId = 'a0000000-0000-4000-8000-00000000ada0'
    await installed.call('organisation', 'tenant', 'default', tenant)
    await installed.inStore(async (store) => {
      const { users, linkRequests } = store.for(scope)
      const grace = { userName: 'grace', active: true }
      await users.create({ attributes: grace, origin: 'local' }, cause)
      await linkRequests.ask({ objectId, userName: 'g.hopper@contoso.example' }, cause)
    })
    const { out } = await installed.call('link', 'list')
    expect(out).toMatch(/sign-in +g\.hopper@contoso\.example +none +– +a0000000-/)
    const id = /^\S{36}/m.exec(out)?.[0] ?? ''
    const accept = (...more: string[]) => installed.call('link', 'accept', id, ...more)
    expect(await accept()).toMatchObject({
      code: 1,
      err: 'Nobody here has this user name: say with --user whose account it is.\n',
    })
    expect(await accept('--user', 'nobody')).toMatchObject({
      code: 1,
      err: 'There is no user "nobody".\n',
    })
    expect(await accept('--user', 'grace')).toMatchObject({
      code: 0,
      out: 'Accepted: Entra owns the account grace from now on.\n',
    })
    const linked = await installed.inStore((store) =>
      store.for(scope).users.linked({ tenantId: tenant, objectId }),
    )
    expect(linked?.attributes['userName']).toBe('grace')
  })

  test('dismiss leaves it alone', async () => {
    const { call, inStore, id } = await withRequest()
    expect(await call('link', 'dismiss', id)).toMatchObject({ code: 0 })
    expect(await inStore(isOpen)).toBe(false)
    expect(await call('link', 'dismiss', id)).toMatchObject({
      code: 1,
      err: `There is no link request whose id begins with "${id}".\n`,
    })
  })
})

describe('events', () => {
  async function withTokens(count: number) {
    const installed = installation()
    await installed.inStore(async (store) => {
      for (let n = 1; n <= count; n += 1) {
        const token = { name: `t${n}`, hash: `h${n}`, expires: undefined }
        await store.for(scope).tokens.create(token, cause)
      }
    })
    return (...args: string[]) => installed.call('events', ...args)
  }
  const names = (out: string) =>
    [...out.matchAll(/name: nothing → "(\w+)"/g)].map(([, name]) => name)

  test.each([
    ['the newest', ['--limit', '2'], ['t6', 't7']],
    ['the newest one', ['--limit', '1'], ['t7']],
    ['all', [], ['t1', 't2', 't3', 't4', 't5', 't6', 't7']],
    ['as many as there are', ['--limit', '7'], ['t1', 't2', 't3', 't4', 't5', 't6', 't7']],
    ['those after a number', ['--after', '2', '--limit', '2'], ['t3', 't4']],
    ['nothing after the last', ['--after', '7'], []],
  ])('shows %s', async (_, args, expected) => {
    const events = await withTokens(7)
    expect(names((await events(...args)).out)).toEqual(expected)
  })

  test('shows who did what', async () => {
    const events = await withTokens(1)
    expect((await events()).out).toMatch(
      /^1 {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}token\.created {2}\S+ {2}by test through cli\n/,
    )
    expect(JSON.parse((await events('--json')).out)).toMatchObject([
      { sequence: 1, action: 'token.created', actor: 'test' },
    ])
  })

  test('says that there are none', async () => {
    expect((await installation().call('events')).out).toBe('There are no events.\n')
  })
})
