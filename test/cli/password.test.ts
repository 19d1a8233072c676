import { expect, test } from 'vitest'
import { hashSecret } from '../../src/directory/token.ts'
import type { Origin } from '../../src/directory/user.ts'
import { cause } from '../support/app.ts'
import { callCli, installation, scope } from './installation.ts'

const ADELE = 'adele@contoso.example'

async function withUser(origin: Origin) {
  const installed = installation()
  const id = await installed.inStore(async (store) => {
    const attributes = { userName: ADELE, active: true }
    return (await store.for(scope).users.create({ attributes, origin }, cause)).user.id
  })
  return { ...installed, id }
}

test('password link makes a link for a new password, and leaves word of it', async () => {
  const { env, inStore, id } = await withUser('local')
  const url = { ...env, PUBLIC_URL: 'https://entrance.example' }
  const { code, out } = await callCli(['password', 'link', ADELE.toUpperCase()], url)
  expect(code).toBe(0)
  expect(out).toContain(`Let ${ADELE} choose a new password`)
  expect(out).toContain('once and until 2026-03-02 09:00 UTC')
  const secret = String(/\nhttps:\/\/entrance\.example\/auth\/link\/(\S+)\n$/.exec(out)?.[1])
  const { link, events } = await inStore(async (store) => ({
    link: await store.findLink(hashSecret(secret)),
    events: await store.for(scope).events.list(0, 10),
  }))
  expect(link).toMatchObject({ purpose: 'reset', userId: id, expires: '2026-03-02T09:00:00.000Z' })
  expect(events.slice(1)).toMatchObject([{ action: 'link.issued', actor: 'cli', door: 'cli' }])
  expect(JSON.stringify(events)).not.toContain(secret)
})

test.each([
  ['nobody', 'local', 'nobody', 'There is no user "nobody".'],
  ['somebody who was provisioned', 'scim', ADELE, 'This user signs in with Microsoft Entra ID.'],
  ['somebody who was imported', 'import', ADELE, 'This user signs in with Microsoft Entra ID.'],
] as const)('password link refuses %s', async (_, origin, name, message) => {
  const { call, inStore } = await withUser(origin)
  const { code, out, err } = await call('password', 'link', name)
  expect({ code, out, err }).toStrictEqual({ code: 1, out: '', err: `${message}\n` })
  const events = await inStore((store) => store.for(scope).events.list(0, 10))
  expect(events.map(({ action }) => action)).toStrictEqual(['user.created'])
})

test('password link has help', async () => {
  const { code, out } = await callCli(['password', 'link', '--help'])
  expect(code).toBe(0)
  expect(out).toContain('Usage: npm run cli -- password link')
})
