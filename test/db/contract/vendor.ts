import { describe, expect, test } from 'vitest'
import { cause } from '../../support/app.ts'
import type { Open } from '../store.contract.ts'
import { adele, scim } from './users.ts'

/** Organisations, their tokens, and the wall between them. */
export function describeVendor(open: Open): void {
  describe('organisations', () => {
    test('there is one from the start, and others have names of their own', async () => {
      const { store } = await open()
      expect((await store.organisations.list()).map(({ name }) => name)).toStrictEqual(['default'])
      const made = await store.organisations.create({ name: 'b', entraTenantId: 't' }, cause)
      expect(await store.organisations.find('b')).toStrictEqual(made)
      expect(await store.organisations.find('c')).toBeUndefined()
      await expect(
        store.organisations.create({ name: 'b', entraTenantId: undefined }, cause),
      ).rejects.toMatchObject({ code: 'conflict' })
      await expect(store.organisations.setTenant('c', 't', cause)).rejects.toMatchObject({
        code: 'notFound',
      })
      const changed = await store.organisations.setTenant('b', 't2', cause)
      expect(changed).toStrictEqual({ ...made, entraTenantId: 't2' })
    })

    test('hold the same names without meeting', async () => {
      const { directory, organisation } = await open()
      const other = await organisation('other')
      const one = await directory.users.create({ attributes: adele, origin: 'scim' }, scim)
      const two = await other.users.create({ attributes: adele, origin: 'scim' }, scim)
      expect(await other.users.read(one.user.id)).toBeUndefined()
      expect((await other.users.query({ startIndex: 1, count: 9 })).items).toStrictEqual([two.user])
      await expect(other.users.remove(one.user.id, undefined, scim)).rejects.toMatchObject({
        code: 'notFound',
      })
      await other.users.remove(two.user.id, undefined, scim)
      expect(await directory.users.read(one.user.id)).toStrictEqual(one.user)
      const events = await directory.events.list(0, 99)
      expect(events.map(({ resourceId }) => resourceId)).toStrictEqual([one.user.id])
    })

    test('events are listed after a sequence, oldest first', async () => {
      const { directory } = await open()
      for (const userName of ['a', 'b', 'c']) {
        await directory.users.create(
          { attributes: { userName, active: true }, origin: 'scim' },
          scim,
        )
      }
      const all = await directory.events.list(0, 99)
      const sequences = all.map(({ sequence }) => sequence)
      expect(sequences).toStrictEqual(sequences.toSorted((a, b) => a - b))
      expect(await directory.events.list(sequences[0] ?? 0, 1)).toStrictEqual(all.slice(1, 2))
      expect(await directory.events.list(sequences.at(-1) ?? 0, 9)).toStrictEqual([])
    })

    test('scopes that hide local accounts show none of them', async () => {
      const { store, directory } = await open()
      const hidden = store.for({ organisation: 'default', localUsers: 'hidden' })
      const { user } = await directory.users.create({ attributes: adele, origin: 'local' }, cause)
      expect(await hidden.users.read(user.id)).toBeUndefined()
      expect(await hidden.users.query({ startIndex: 1, count: 9 })).toStrictEqual({
        total: 0,
        items: [],
      })
      expect(await directory.users.read(user.id)).toStrictEqual(user)
    })
  })

  describe('tokens', () => {
    test('are found by their hash from anywhere, listed in their organisation, revoked once', async () => {
      const { store, directory, organisation, clock } = await open()
      const other = await organisation('other')
      const token = await directory.tokens.create(
        { name: 'a', hash: 'h1', expires: undefined },
        cause,
      )
      expect(await store.findToken('h1')).toStrictEqual(token)
      expect(await store.findToken('h2')).toBeUndefined()
      expect(await directory.tokens.list()).toStrictEqual([token])
      expect(await other.tokens.list()).toStrictEqual([])
      await expect(other.tokens.revoke(token.id, cause)).rejects.toMatchObject({ code: 'notFound' })

      clock.pass(1000)
      const revoked = await directory.tokens.revoke(token.id, cause)
      expect(revoked).toStrictEqual({ ...token, revoked: '2026-03-02T08:00:01.000Z' })
      clock.pass(1000)
      expect(await directory.tokens.revoke(token.id, cause)).toStrictEqual(revoked)
      const events = await directory.events.list(0, 9)
      expect(events.map(({ action }) => action)).toStrictEqual(['token.created', 'token.revoked'])
      expect(JSON.stringify(events)).not.toContain('h1')
    })

    test('remember when they were used, without an event', async () => {
      const { store, directory } = await open()
      const { id } = await directory.tokens.create(
        { name: 'a', hash: 'h1', expires: '2027-01-01T00:00:00.000Z' },
        cause,
      )
      await store.touchTokens(new Map([[id, '2026-03-02T09:00:00.000Z']]))
      expect(await store.findToken('h1')).toMatchObject({
        lastUsed: '2026-03-02T09:00:00.000Z',
        expires: '2027-01-01T00:00:00.000Z',
      })
      expect(await directory.events.list(0, 9)).toHaveLength(1)
    })
  })
}
