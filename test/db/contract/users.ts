import { describe, expect, test } from 'vitest'
import { parseFilter } from '../../../src/scim/protocol/filter.ts'
import { resolveFilter } from '../../../src/scim/protocol/resolve.ts'
import type { JsonObject } from '../../../src/scim/schema/attribute.ts'
import { userType } from '../../../src/scim/schema/registry.ts'
import { cause } from '../../support/app.ts'
import { USER } from '../../support/resources.ts'
import type { Open } from '../store.contract.ts'

export const scim = { actor: 'token:Entra', door: 'scim', requestId: 'r1' } as const

export const adele: JsonObject = {
  userName: 'Adele@contoso.example',
  active: true,
  emails: [{ value: 'adele@contoso.example', type: 'work' }],
}

function filter(text: string) {
  return resolveFilter(
    userType,
    parseFilter(text, () => {}),
    () => {},
  )
}

export function describeUsers(open: Open): void {
  describe('users', () => {
    test('a new one has version 1, its attributes word for word, and an event', async () => {
      const { directory } = await open()
      const attributes = { ...adele, displayName: 'Zoë 张 👩‍🚀 \\ "x" %_', nickName: '  ' }
      const { user, returned, retired } = await directory.users.create(
        { attributes, origin: 'scim' },
        scim,
      )
      expect({ returned, retired }).toStrictEqual({ returned: false, retired: false })
      expect(user).toStrictEqual({
        id: '00000000-0000-7000-8000-000000000001',
        version: 1,
        created: '2026-03-02T08:00:00.000Z',
        lastModified: '2026-03-02T08:00:00.000Z',
        origin: 'scim',
        provisioned: true,
        attributes,
        document: {
          text: JSON.stringify({ schemas: [USER], id: user.id, ...attributes }),
          manager: null,
        },
        groups: [],
      })
      expect(await directory.users.read(user.id)).toStrictEqual(user)
      const [event] = await directory.events.list(0, 10)
      expect(event).toMatchObject({
        at: user.created,
        actor: 'token:Entra',
        door: 'scim',
        requestId: 'r1',
        action: 'user.created',
        resourceId: user.id,
      })
      expect(event?.changes).toContainEqual({ path: 'userName', to: 'Adele@contoso.example' })
    })

    test('the order of keys survives', async () => {
      const { directory } = await open()
      const attributes = { zebra: 'z', userName: 'a', apple: 'a', middle: { z: '1', a: '2' } }
      const { user } = await directory.users.create({ attributes, origin: 'scim' }, scim)
      const read = await directory.users.read(user.id)
      expect(JSON.stringify(read?.attributes)).toBe(JSON.stringify(attributes))
    })

    test('one that nobody made is undefined, and cannot be changed or removed', async () => {
      const { directory } = await open()
      expect(await directory.users.read('nobody')).toBeUndefined()
      const gone = { code: 'notFound' }
      const same = (user: JsonObject) => user
      await expect(directory.users.update('nobody', undefined, same, scim)).rejects.toMatchObject(
        gone,
      )
      await expect(directory.users.remove('nobody', undefined, scim)).rejects.toMatchObject(gone)
    })

    test('a change raises the version and moves lastModified', async () => {
      const { directory, clock } = await open()
      const { user } = await directory.users.create({ attributes: adele, origin: 'scim' }, scim)
      clock.pass(1000)
      const updated = await directory.users.update(
        user.id,
        [1],
        (now) => ({ ...now, title: 'CEO' }),
        scim,
      )
      expect(updated.user).toMatchObject({
        version: 2,
        created: '2026-03-02T08:00:00.000Z',
        lastModified: '2026-03-02T08:00:01.000Z',
        attributes: { title: 'CEO' },
      })
      expect(await directory.users.read(user.id)).toStrictEqual(updated.user)
    })

    test('a change to an older version is refused', async () => {
      const { directory } = await open()
      const { user } = await directory.users.create({ attributes: adele, origin: 'scim' }, scim)
      const change = (now: JsonObject) => ({ ...now, title: 'CEO' })
      const stale = { code: 'versionMismatch' }
      await expect(directory.users.update(user.id, [0, 2], change, scim)).rejects.toMatchObject(
        stale,
      )
      await expect(directory.users.update(user.id, [], change, scim)).rejects.toMatchObject(stale)
      await expect(directory.users.remove(user.id, [7], scim)).rejects.toMatchObject(stale)
      expect(await directory.users.read(user.id)).toStrictEqual(user)
      await directory.users.remove(user.id, [0, 1], scim)
      expect(await directory.users.read(user.id)).toBeUndefined()
    })

    test.each([
      ['the same name', 'Adele@contoso.example'],
      ['another case', 'ADELE@CONTOSO.EXAMPLE'],
      ['full-width letters', 'ａdele@contoso.example'],
    ])('%s is taken: conflict', async (_, userName) => {
      const { directory } = await open()
      await directory.users.create({ attributes: adele, origin: 'scim' }, scim)
      await expect(
        directory.users.create({ attributes: { ...adele, userName }, origin: 'scim' }, scim),
      ).rejects.toMatchObject({ code: 'conflict' })
      const other = { attributes: { userName: 'other', active: true }, origin: 'scim' } as const
      const { user } = await directory.users.create(other, scim)
      await expect(
        directory.users.update(user.id, undefined, (now) => ({ ...now, userName }), scim),
      ).rejects.toMatchObject({ code: 'conflict' })
    })

    test('an administrator never takes the name of an inactive user over', async () => {
      const { directory } = await open()
      const inactive = { ...adele, active: false }
      await directory.users.create({ attributes: inactive, origin: 'scim' }, scim)
      await expect(
        directory.users.create({ attributes: adele, origin: 'local' }, cause),
      ).rejects.toMatchObject({ code: 'conflict' })
    })

    test('two users of one Entra account cannot be: a link is unique', async () => {
      const { directory, store } = await open()
      await store.organisations.setTenant('default', 'tenant-1', cause)
      const externalId = 'AAAAAAAA-0000-4000-8000-000000000001'
      const { user } = await directory.users.create(
        { attributes: { ...adele, externalId }, origin: 'scim' },
        scim,
      )
      expect(user.link).toStrictEqual({ tenantId: 'tenant-1', objectId: externalId.toLowerCase() })
      await expect(
        directory.users.create(
          { attributes: { userName: 'other', active: true, externalId }, origin: 'scim' },
          scim,
        ),
      ).rejects.toMatchObject({ code: 'conflict' })
    })

    test('pages come oldest first, with the total', async () => {
      const { directory } = await open()
      for (const userName of ['c', 'a', 'b', 'd']) {
        await directory.users.create(
          { attributes: { userName, active: true }, origin: 'scim' },
          scim,
        )
      }
      const names = async (startIndex: number, count: number) => {
        const { total, items } = await directory.users.query({ startIndex, count })
        return [total, items.map(({ attributes }) => attributes['userName'])]
      }
      expect(await names(1, 2)).toStrictEqual([4, ['c', 'a']])
      expect(await names(3, 2)).toStrictEqual([4, ['b', 'd']])
      expect(await names(5, 2)).toStrictEqual([4, []])
      expect(await names(1, 0)).toStrictEqual([4, []])
    })

    test.each([
      ['userName eq "ADELE@contoso.example"', 1],
      ['emails.value eq "adele@CONTOSO.example"', 1],
      ['emails[type eq "work" and value sw "adele"]', 1],
      ['active eq true', 1],
      ['not (title pr)', 1],
      ['title pr', 0],
      ['emails.value co "%"', 0],
      ['meta.created ge "2026-03-02T09:00:00+01:00"', 1],
      ['meta.created gt "2026-03-02T09:00:00+01:00"', 0],
    ])('are found by %s', async (text, total) => {
      const { directory } = await open()
      await directory.users.create({ attributes: adele, origin: 'scim' }, scim)
      const page = await directory.users.query({ filter: filter(text), startIndex: 1, count: 10 })
      expect({ total: page.total, items: page.items.length }).toStrictEqual({ total, items: total })
    })

    test('what they were found by is forgotten when it changes', async () => {
      const { directory } = await open()
      const { user } = await directory.users.create({ attributes: adele, origin: 'scim' }, scim)
      await directory.users.update(
        user.id,
        undefined,
        () => ({ userName: 'new', active: true }),
        scim,
      )
      const total = async (text: string) =>
        (await directory.users.query({ filter: filter(text), startIndex: 1, count: 1 })).total
      expect(await total('emails.value eq "adele@contoso.example"')).toBe(0)
      expect(await total('userName eq "adele@contoso.example"')).toBe(0)
      expect(await total('userName eq "NEW"')).toBe(1)
    })
  })
}
