import { describe, expect, test } from 'vitest'
import type { Directory } from '../../../src/directory/store.ts'
import { cause } from '../../support/app.ts'
import type { Open } from '../store.contract.ts'
import { adele, scim } from './users.ts'

/** Everything a directory can show. */
async function everything(directory: Directory) {
  const all = { startIndex: 1, count: 1000 }
  return {
    users: await directory.users.query(all),
    groups: await directory.groups.query(all, true),
    events: await directory.events.list(0, 1000),
    requests: await directory.linkRequests.list(),
  }
}

export function describeTransactions(open: Open): void {
  describe('a transaction', () => {
    async function withSomebody() {
      const opened = await open()
      const { directory } = opened
      const { user } = await directory.users.create({ attributes: adele, origin: 'scim' }, scim)
      const group = await directory.groups.create(
        {
          attributes: { displayName: 'Sales' },
          members: { kind: 'set', members: [{ value: user.id }] },
          origin: 'scim',
        },
        scim,
      )
      return { ...opened, user, group }
    }

    test('whose updater throws leaves nothing, and the next one runs', async () => {
      const { directory, user, group } = await withSomebody()
      const before = await everything(directory)
      const fail = () => {
        throw new RangeError('Not like that.')
      }
      await expect(directory.users.update(user.id, undefined, fail, scim)).rejects.toThrow(
        RangeError,
      )
      await expect(directory.groups.update(group.id, undefined, fail, scim)).rejects.toThrow(
        RangeError,
      )
      expect(await everything(directory)).toStrictEqual(before)
      const { user: next } = await directory.users.update(
        user.id,
        [1],
        (now) => ({ ...now, title: 'x' }),
        scim,
      )
      expect(next.version).toBe(2)
    })

    test('that fails half way through leaves no half: a group with a taken name keeps its members', async () => {
      const { directory, group } = await withSomebody()
      await directory.groups.create(
        {
          attributes: { displayName: 'Legal' },
          members: { kind: 'set', members: [] },
          origin: 'scim',
        },
        scim,
      )
      const before = await everything(directory)
      await expect(
        directory.groups.update(
          group.id,
          undefined,
          () => ({
            attributes: { displayName: 'LEGAL' },
            members: [{ kind: 'add', members: [{ value: 'new' }] }],
          }),
          scim,
        ),
      ).rejects.toMatchObject({ code: 'conflict' })
      expect(await everything(directory)).toStrictEqual(before)
    })

    test('that changes nothing writes nothing, whatever the order of keys', async () => {
      const { directory, user, group, clock } = await withSomebody()
      clock.pass(1000)
      const before = await everything(directory)
      const reversed = (now: object) => Object.fromEntries(Object.entries(now).toReversed())
      const updated = await directory.users.update(user.id, undefined, reversed, scim)
      expect(updated.user.version).toBe(1)
      await directory.groups.update(
        group.id,
        undefined,
        (attributes) => ({ attributes, members: [{ kind: 'add', members: [{ value: user.id }] }] }),
        scim,
      )
      expect(await everything(directory)).toStrictEqual(before)
    })

    test('has the event of every change in it, once', async () => {
      const { directory, user, group } = await withSomebody()
      await directory.users.update(user.id, undefined, (now) => ({ ...now, active: false }), scim)
      await directory.users.update(user.id, undefined, (now) => ({ ...now, active: true }), scim)
      await directory.users.update(user.id, undefined, (now) => ({ ...now, title: 'x' }), scim)
      await directory.groups.remove(group.id, undefined, scim)
      await directory.users.remove(user.id, undefined, scim)
      const events = await directory.events.list(0, 99)
      expect(events.map(({ action }) => action)).toStrictEqual([
        'user.created',
        'group.created',
        'user.deactivated',
        'user.reactivated',
        'user.updated',
        'group.deleted',
        'user.deleted',
      ])
      expect(events[2]?.changes).toStrictEqual([{ path: 'active', from: true, to: false }])
    })

    test('that a local account ends keeps the link request it left, and nothing else', async () => {
      const { directory } = await open()
      await directory.users.create({ attributes: adele, origin: 'local' }, cause)
      const before = await everything(directory)
      await expect(
        directory.users.create({ attributes: adele, origin: 'scim' }, scim),
      ).rejects.toMatchObject({ code: 'localAccount' })
      const after = await everything(directory)
      expect(after.requests).toHaveLength(1)
      expect(after.users).toStrictEqual(before.users)
      expect(after.events.map(({ action }) => action)).toStrictEqual([
        'user.created',
        'link.requested',
      ])
    })
  })
}
