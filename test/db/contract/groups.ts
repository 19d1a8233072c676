import { describe, expect, test } from 'vitest'
import type { MemberChange } from '../../../src/scim/protocol/members.ts'
import { cause } from '../../support/app.ts'
import type { Open } from '../store.contract.ts'
import { adele, scim } from './users.ts'

const set = (...ids: string[]): MemberChange => ({
  kind: 'set',
  members: ids.map((value) => ({ value })),
})

const sales = (...ids: string[]) => ({
  attributes: { displayName: 'Sales' },
  members: set(...ids),
  origin: 'scim' as const,
})

export function describeGroups(open: Open): void {
  describe('groups', () => {
    test('are read with their members and without', async () => {
      const { directory } = await open()
      const { user } = await directory.users.create({ attributes: adele, origin: 'scim' }, scim)
      const made = await directory.groups.create(sales(user.id, 'unknown'), scim)
      const members = [{ value: user.id, type: 'User' }, { value: 'unknown' }]
      expect(made.members).toStrictEqual(members)
      expect(await directory.groups.read(made.id, true)).toStrictEqual(made)
      expect(await directory.groups.read(made.id, false)).not.toHaveProperty('members')
      const query = { startIndex: 1, count: 10 }
      expect((await directory.groups.query(query, true)).items).toStrictEqual([made])
      expect((await directory.groups.query(query, false)).items[0]).not.toHaveProperty('members')
      expect((await directory.users.read(user.id))?.groups).toStrictEqual([
        { id: made.id, displayName: 'Sales' },
      ])
    })

    test('a display name is unique whatever its case', async () => {
      const { directory } = await open()
      await directory.groups.create(sales(), scim)
      const again = { ...sales(), attributes: { displayName: 'SALES' } }
      await expect(directory.groups.create(again, scim)).rejects.toMatchObject({ code: 'conflict' })
      const other = await directory.groups.create(
        { ...sales(), attributes: { displayName: 'Other' } },
        scim,
      )
      await expect(
        directory.groups.update(
          other.id,
          undefined,
          () => ({ attributes: { displayName: 'sales' }, members: [] }),
          scim,
        ),
      ).rejects.toMatchObject({ code: 'conflict' })
    })

    test.each<[string, MemberChange[], string[], number]>([
      ['add', [{ kind: 'add', members: [{ value: 'c' }] }], ['a', 'b', 'c'], 2],
      ['add of a member', [{ kind: 'add', members: [{ value: 'a' }] }], ['a', 'b'], 1],
      ['remove', [{ kind: 'remove', ids: ['a', 'nobody'] }], ['b'], 2],
      ['remove of nobody', [{ kind: 'remove', ids: ['nobody'] }], ['a', 'b'], 1],
      ['set', [set('b', 'c')], ['b', 'c'], 2],
      ['set to the same', [set('b', 'a')], ['a', 'b'], 1],
      ['set to nobody', [set()], [], 2],
      [
        'remove, then add',
        [
          { kind: 'remove', ids: ['a'] },
          { kind: 'add', members: [{ value: 'a' }] },
        ],
        ['a', 'b'],
        1,
      ],
    ])(
      '%s changes the members and, only then, the version',
      async (_, members, expected, version) => {
        const { directory } = await open()
        const { id } = await directory.groups.create(sales('a', 'b'), scim)
        const updated = await directory.groups.update(
          id,
          undefined,
          (attributes) => ({ attributes, members }),
          scim,
        )
        expect(updated.version).toBe(version)
        const read = await directory.groups.read(id, true)
        expect(read?.members?.map(({ value }) => value)).toStrictEqual(expected)
        expect(read?.version).toBe(version)
        expect(await directory.events.list(0, 10)).toHaveLength(version)
      },
    )

    test('5,000 members come and go at once', async () => {
      const { directory } = await open()
      const ids = Array.from({ length: 5000 }, (_, index) => `m${index}`)
      const { id } = await directory.groups.create(sales(...ids), scim)
      expect((await directory.groups.read(id, true))?.members).toHaveLength(5000)
      await directory.groups.update(
        id,
        undefined,
        (attributes) => ({ attributes, members: [{ kind: 'remove', ids: ids.slice(1) }] }),
        scim,
      )
      expect((await directory.groups.read(id, true))?.members).toStrictEqual([{ value: 'm0' }])
    })

    test('a removed group leaves its members and the groups it was in', async () => {
      const { directory } = await open()
      const { user } = await directory.users.create({ attributes: adele, origin: 'scim' }, scim)
      const inner = await directory.groups.create(sales(user.id), scim)
      const outer = await directory.groups.create(
        { attributes: { displayName: 'Outer' }, members: set(inner.id), origin: 'scim' },
        scim,
      )
      await directory.groups.remove(inner.id, [1], scim)
      expect(await directory.groups.read(inner.id, true)).toBeUndefined()
      expect((await directory.users.read(user.id))?.groups).toStrictEqual([])
      expect(await directory.groups.read(outer.id, true)).toMatchObject({ version: 2, members: [] })
    })

    test('one that nobody made cannot be changed or removed, nor one of an older version', async () => {
      const { directory } = await open()
      const { id } = await directory.groups.create(sales(), scim)
      const same = (attributes: object) => ({ attributes: { ...attributes }, members: [] })
      const calls = [
        directory.groups.update('nobody', undefined, same, cause),
        directory.groups.remove('nobody', undefined, cause),
        directory.groups.update(id, [2], same, cause),
        directory.groups.remove(id, [2], cause),
      ]
      const results = await Promise.allSettled(calls)
      expect(
        results.map((one) => (one.status === 'rejected' ? one.reason : one.value)),
      ).toMatchObject([
        { code: 'notFound' },
        { code: 'notFound' },
        { code: 'versionMismatch' },
        { code: 'versionMismatch' },
      ])
    })
  })
}
