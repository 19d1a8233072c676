import { expect, test } from 'vitest'
import { hashSecret } from '../../src/directory/token.ts'
import { cause } from '../support/app.ts'
import { installation, scope } from './installation.ts'

const LINK = /\/auth\/link\/(entrance_[\w-]{43})\n/

test('recover makes a link for a new administrator, and leaves word of it', async () => {
  const { call, inStore } = installation()
  const { code, out } = await call('recover')
  expect(code).toBe(0)
  expect(out).toContain('once and until 2026-03-02 08:15 UTC')
  const secret = String(LINK.exec(out)?.[1])
  const { link, events } = await inStore(async (store) => ({
    link: await store.findLink(hashSecret(secret)),
    events: await store.for(scope).events.list(0, 10),
  }))
  expect(link).toMatchObject({ purpose: 'recovery', expires: '2026-03-02T08:15:00.000Z' })
  expect(link?.userId).toBeUndefined()
  expect(events).toMatchObject([{ action: 'link.issued', actor: 'cli', door: 'cli' }])
  expect(JSON.stringify(events)).not.toContain(secret)
})

test('recover --user makes a local account an administrator who chooses a new password', async () => {
  const { call, inStore } = installation()
  const user = await inStore(async (store) => {
    const attributes = { userName: 'Adele@contoso.example', active: true }
    return (await store.for(scope).users.create({ attributes, origin: 'local' }, cause)).user
  })
  const { code, out } = await call('recover', '--user', 'adele@contoso.example')
  expect(code).toBe(0)
  const found = await inStore(async (store) => ({
    link: await store.findLink(hashSecret(String(LINK.exec(out)?.[1]))),
    administrators: await store.for(scope).administrators.list(),
  }))
  expect(found).toMatchObject({ link: { userId: user.id }, administrators: [user.id] })
})

test.each([
  ['nobody of this name', 'nobody', 'There is no user "nobody".'],
  ['somebody whom Entra owns', 'pushed', 'This user signs in with Microsoft Entra ID.'],
])('recover --user refuses %s', async (_, name, message) => {
  const { call, inStore } = installation()
  await inStore((store) =>
    store
      .for(scope)
      .users.create({ attributes: { userName: 'pushed', active: true }, origin: 'scim' }, cause),
  )
  const { code, err } = await call('recover', '--user', name)
  expect({ code, err }).toStrictEqual({ code: 1, err: `${message}\n` })
})
