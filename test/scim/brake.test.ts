import { describe, expect, test } from 'vitest'
import type { BrakeSettings } from '../../src/directory/settings.ts'
import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { cause } from '../support/app.ts'
import {
  hire,
  inForce,
  nameOf,
  newStaff,
  off,
  on,
  person,
  setBrake,
  switchOff,
  type Staff,
} from '../support/brake.ts'
import { listen } from '../support/listen.ts'
import { USER } from '../support/resources.ts'
import { anotherStore, otherDirectory } from '../support/store.ts'

/*
 * What the provisioning client asks for at once may be a mistake at Entra: what is too much is held, and to the client looks
 * as if it were done.
 */

const MINUTE = 60_000

describe('the brake', () => {
  test.each<[string, Partial<BrakeSettings>, number]>([
    ['the number of users, where it is the larger', { users: 5, percent: 10 }, 5],
    ['the part of the users, where that is the larger', { users: 1, percent: 20 }, 4],
    ['a part that is rounded down', { users: 1, percent: 19 }, 3],
    ['nobody, where both are nothing', { users: 0, percent: 0 }, 0],
    ['everybody, where it is off', { users: 0, percent: 100 }, 12],
    ['ten, where nobody has said anything', {}, 10],
  ])('lets through %s', async (_, brake, expected) => {
    const { app, scim, ids } = await newStaff(20, Object.keys(brake).length > 0 ? brake : undefined)
    await switchOff(scim, ids.slice(0, 12))
    expect(await inForce(app, ids)).toStrictEqual({
      active: 20 - expected,
      signedIn: 20 - expected,
      held: 12 - expected,
      gone: 0,
    })
  })

  test('counts a part of those who were active when the window began, and nobody who left before', async () => {
    const { app, scim, ids } = await newStaff(10, { users: 1, percent: 100 })
    const former = await hire(app, scim, 10, 10)
    await switchOff(scim, former)
    await setBrake(app, { users: 1, percent: 30 })
    await switchOff(scim, ids.slice(0, 5))
    expect(await inForce(app, ids)).toMatchObject({ active: 7, held: 2 })
  })

  test.each<[string, (staff: Staff, id: string) => Promise<unknown>]>([
    ['a PATCH', ({ scim }, id) => scim.operate(`/Users/${id}`, off)],
    [
      'a PATCH that takes the value away',
      ({ scim }, id) => scim.operate(`/Users/${id}`, { op: 'remove', path: 'active' }),
    ],
    [
      'a PUT',
      ({ scim, ids }, id) => {
        const index = ids.indexOf(id)
        const whole = { schemas: [USER], userName: nameOf(index), ...person(index), active: false }
        return scim.put(`/Users/${id}`, whole)
      },
    ],
    ['a DELETE', ({ scim }, id) => scim.delete(`/Users/${id}`)],
  ])('counts and holds %s', async (_, leave) => {
    const staff = await newStaff(4, { users: 2, percent: 0 })
    for (const id of staff.ids) await leave(staff, id)
    const { active, signedIn, held } = await inForce(staff.app, staff.ids)
    expect({ active, signedIn, held }).toStrictEqual({ active: 2, signedIn: 2, held: 2 })
  })

  test('does not count a deletion of somebody who is off already', async () => {
    const { app, scim, ids } = await newStaff(6, { users: 2, percent: 0 })
    const [one = '', two = ''] = ids
    await switchOff(scim, [one, two])
    for (const id of [one, two]) expect((await scim.delete(`/Users/${id}`)).status).toBe(204)
    expect(await inForce(app, ids)).toMatchObject({ gone: 2, held: 0 })
  })

  test('does not count what others than the provisioning client do', async () => {
    const { app, scim, ids } = await newStaff(4, { users: 1, percent: 0 })
    const [one = '', two = '', three = '', four = ''] = ids
    const inactive = (current: JsonObject) => ({ ...current, active: false })
    await app.directory.users.update(one, undefined, inactive, cause)
    await app.directory.users.remove(two, undefined, cause)
    await switchOff(scim, [three])
    expect(await inForce(app, [three])).toMatchObject({ active: 0 })
    await switchOff(scim, [four])
    expect(await inForce(app, [four])).toMatchObject({ active: 1, held: 1 })
  })

  test('lets others go when the window has passed, and nobody as long as somebody is held', async () => {
    const { app, scim, ids } = await newStaff(6, { users: 2, percent: 0, minutes: 30 })
    await switchOff(scim, ids.slice(0, 2))
    app.clock.pass(30 * MINUTE)
    await switchOff(scim, ids.slice(2, 5))
    expect(await inForce(app, ids)).toMatchObject({ active: 2, held: 1 })
    app.clock.pass(31 * MINUTE)
    await switchOff(scim, ids.slice(5))
    expect(await inForce(app, ids)).toMatchObject({ active: 2, held: 2 })
  })

  test('forgets a departure of somebody who comes back', async () => {
    const { app, scim, ids } = await newStaff(4, { users: 2, percent: 0 })
    await switchOff(scim, ids.slice(0, 2))
    await scim.operate(`/Users/${ids[0]}`, on)
    await switchOff(scim, ids.slice(2))
    expect(await inForce(app, ids)).toMatchObject({ active: 2, held: 1 })
  })

  test('counts somebody who leaves, comes back and leaves again once', async () => {
    const { app, scim, ids } = await newStaff(3, { users: 2, percent: 0 })
    const [one = '', two = '', three = ''] = ids
    for (const operation of [off, on, off, on, off]) {
      await scim.operate(`/Users/${one}`, operation)
      app.clock.pass(MINUTE)
    }
    await switchOff(scim, [two, three])
    expect(await inForce(app, ids)).toMatchObject({ active: 1, held: 1 })
  })

  test('lets exactly so many of 50 go who are switched off at once', async () => {
    const { app, ids } = await newStaff(50, { users: 7, percent: 0 })
    const { client } = await listen(app)
    const answers = await Promise.all(ids.map((id) => client.operate(`/Users/${id}`, off)))
    expect(answers.map(({ status, body }) => [status, body['active']])).toStrictEqual(
      ids.map(() => [200, false]),
    )
    expect(await inForce(app, ids)).toStrictEqual({ active: 43, signedIn: 43, held: 43, gone: 0 })
  })

  test('lets exactly so many of 50 go who are deleted or switched off at once', async () => {
    const { app, ids } = await newStaff(50, { users: 7, percent: 0 })
    const { client } = await listen(app)
    const answers = await Promise.all(
      ids.map((id, index) =>
        index % 2 === 0 ? client.delete(`/Users/${id}`) : client.operate(`/Users/${id}`, off),
      ),
    )
    expect(new Set(answers.map(({ status }) => status))).toStrictEqual(new Set([200, 204]))
    expect(await inForce(app, ids)).toMatchObject({ active: 43, signedIn: 43, held: 43 })
  })
})

test('through several servers at once exactly so many go', async () => {
  const { app, ids } = await newStaff(30, { users: 7, percent: 0 })
  const scope = { organisation: 'default', localUsers: 'hidden', view: 'client' } as const
  const servers = [app.store, await anotherStore(app)].map((store) => store.for(scope))
  const by = { ...cause, door: 'scim' } as const
  const left = await Promise.all(
    ids.map(async (id, index) => {
      const { users } = servers[index % 2] ?? app.directory
      const { user } = await users.update(id, undefined, (now) => ({ ...now, active: false }), by)
      return user.attributes['active']
    }),
  )
  expect(left).toStrictEqual(ids.map(() => false))
  expect(await inForce(app, ids)).toStrictEqual({ active: 23, signedIn: 23, held: 23, gone: 0 })
})

test('each organisation has a brake of its own', async () => {
  const { app, scim, ids } = await newStaff(3, { users: 1, percent: 0 })
  const other = await otherDirectory(app)
  const theirs = await app.clientOf('fabrikam')
  const [one = '', two = ''] = await hire({ ...app, directory: other }, theirs, 2)
  await switchOff(scim, ids)
  expect(await inForce(app, ids)).toMatchObject({ active: 2, held: 2 })
  await switchOff(theirs, [one, two])
  expect(await inForce({ ...app, directory: other }, [one, two])).toMatchObject({ active: 0 })
  expect(await other.holds.state()).toMatchObject({
    waiting: { deactivate: 0, delete: 0 },
    departed: 2,
    limit: 10,
  })
})
