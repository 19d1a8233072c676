import { describe, expect, test } from 'vitest'
import type { Open } from '../store.contract.ts'
import { adele, scim } from './users.ts'

const TWENTY = Array.from({ length: 20 }, (_, index) => index)

export function describeConcurrency(open: Open): void {
  describe('at the same time,', () => {
    test('20 creates of one name make one user and 19 conflicts', async () => {
      const { directory } = await open()
      const results = await Promise.allSettled(
        TWENTY.map(() => directory.users.create({ attributes: adele, origin: 'scim' }, scim)),
      )
      const failures = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
      expect(failures).toHaveLength(19)
      expect(failures).toMatchObject(TWENTY.slice(1).map(() => ({ code: 'conflict' })))
      expect((await directory.users.query({ startIndex: 1, count: 9 })).total).toBe(1)
      expect(await directory.events.list(0, 99)).toHaveLength(1)
    })

    test('20 updates of one user all apply, one after the other', async () => {
      const { directory } = await open()
      const { user } = await directory.users.create({ attributes: adele, origin: 'scim' }, scim)
      const results = await Promise.all(
        TWENTY.map((index) =>
          directory.users.update(
            user.id,
            undefined,
            (now) => ({ ...now, [`urn:x:${index}`]: { at: index } }),
            scim,
          ),
        ),
      )
      const versions = results.map((one) => one.user.version).toSorted((a, b) => a - b)
      expect(versions).toStrictEqual(TWENTY.map((index) => index + 2))
      const read = await directory.users.read(user.id)
      expect(Object.keys(read?.attributes ?? {})).toHaveLength(Object.keys(adele).length + 20)
    })

    test('of 20 updates of one version one applies', async () => {
      const { directory } = await open()
      const { user } = await directory.users.create({ attributes: adele, origin: 'scim' }, scim)
      const results = await Promise.allSettled(
        TWENTY.map((index) =>
          directory.users.update(user.id, [1], (now) => ({ ...now, title: `${index}` }), scim),
        ),
      )
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect((await directory.users.read(user.id))?.version).toBe(2)
    })

    test('members come and go in parallel and none is lost', async () => {
      const { directory } = await open()
      const members = {
        kind: 'set',
        members: TWENTY.map((index) => ({ value: `old${index}` })),
      } as const
      const group = await directory.groups.create(
        { attributes: { displayName: 'Sales' }, members, origin: 'scim' },
        scim,
      )
      await Promise.all(
        TWENTY.flatMap((index) => [
          directory.groups.update(
            group.id,
            undefined,
            (attributes) => ({
              attributes,
              members: [{ kind: 'add', members: [{ value: `new${index}` }] }],
            }),
            scim,
          ),
          directory.groups.update(
            group.id,
            undefined,
            (attributes) => ({ attributes, members: [{ kind: 'remove', ids: [`old${index}`] }] }),
            scim,
          ),
        ]),
      )
      const read = await directory.groups.read(group.id, true)
      expect(read?.version).toBe(41)
      expect(read?.members?.map(({ value }) => value)).toStrictEqual(
        TWENTY.map((index) => `new${index}`).toSorted(),
      )
    })

    test('failures among writes end only themselves', async () => {
      const { directory } = await open()
      const results = await Promise.allSettled(
        TWENTY.map((index) =>
          index % 2 === 0
            ? directory.users.create(
                { attributes: { userName: `u${index}`, active: true }, origin: 'scim' },
                scim,
              )
            : directory.users.remove('nobody', undefined, scim),
        ),
      )
      expect(results.map(({ status }) => status)).toStrictEqual(
        TWENTY.map((index) => (index % 2 === 0 ? 'fulfilled' : 'rejected')),
      )
      expect((await directory.users.query({ startIndex: 1, count: 1 })).total).toBe(10)
    })

    test('a read while writes wait sees whole states only', async () => {
      const { directory } = await open()
      const { user } = await directory.users.create({ attributes: adele, origin: 'scim' }, scim)
      const writes = TWENTY.map((index) =>
        directory.users.update(
          user.id,
          undefined,
          (now) => ({ ...now, title: `${index}`, nickName: `${index}` }),
          scim,
        ),
      )
      const reads = await Promise.all(TWENTY.map(() => directory.users.read(user.id)))
      await Promise.all(writes)
      for (const read of reads) {
        expect(read?.attributes['title']).toBe(read?.attributes['nickName'])
      }
      expect((await directory.users.read(user.id))?.version).toBe(21)
    })
  })
}
