import { describe, expect, test } from 'vitest'
import { newAdmin } from '../support/admin.ts'
import { cause } from '../support/app.ts'
import {
  hire,
  inForce,
  nameOf,
  newStaff,
  objectIdOf,
  on,
  releasesOn,
  switchOff,
} from '../support/brake.ts'
import { entraPerson, testEntraDirectory } from '../support/entra-directory.ts'
import { discard, eventsOf, heldOf, newScene, nobody, release } from '../support/held.ts'
import { runnerOn } from '../support/imports.ts'
import { TENANT } from '../support/microsoft.ts'
import { otherDirectory, recorded } from '../support/store.ts'

describe('GET /held', () => {
  test('says who, what, since when and who asked, and how the brake stands', async () => {
    const staff = await newStaff(4, { users: 1, percent: 0, minutes: 30 })
    const { app, scim, ids } = staff
    const api = await newAdmin(app)
    const [one = '', two = '', three = '', four = ''] = ids
    await switchOff(scim, [one, two, three])
    app.clock.pass(60_000)
    await scim.delete(`/Users/${three}`)
    const { items, brake, at } = await heldOf({ api })
    const actor = (await eventsOf(staff, 'user.held'))[0]?.actor
    expect(items).toStrictEqual([
      {
        id: two,
        userName: nameOf(1),
        displayName: '',
        wants: 'deactivate',
        state: 'waiting',
        since: '2026-03-02T08:00:00.000Z',
        actor,
      },
      {
        id: three,
        userName: nameOf(2),
        displayName: '',
        wants: 'delete',
        state: 'waiting',
        since: '2026-03-02T08:01:00.000Z',
        actor,
      },
    ])
    expect(actor).toMatch(/^token:/)
    expect(at).toBe('2026-03-02T08:01:00.000Z')
    expect(brake).toStrictEqual({
      users: 1,
      percent: 0,
      minutes: 30,
      on: true,
      limit: 1,
      departed: 1,
      waiting: { deactivate: 1, delete: 1 },
      released: 0,
    })
    await release({ api }, { users: [two] })
    expect((await heldOf({ api })).items).toMatchObject([
      { id: two, state: 'released' },
      { id: three, state: 'waiting' },
    ])
    expect(await inForce(app, [four])).toMatchObject({ active: 1 })
  })

  test('comes in parts', async () => {
    const scene = await newScene(7)
    const first = await heldOf(scene, '?limit=2')
    const second = await heldOf(scene, `?limit=2&after=${String(first.next)}`)
    const third = await heldOf(scene, `?limit=2&after=${String(second.next)}`)
    expect([...first.ids, ...second.ids, ...third.ids]).toStrictEqual(scene.held)
    expect(third.next).toBeUndefined()
  })
})

describe('a release', () => {
  test('switches everybody off who is held, with an event for each, and ends their sessions', async () => {
    const scene = await newScene()
    const { app, held } = scene
    const releases = releasesOn(app.store)
    const events = await recorded(app.directory, async () => {
      expect(await release(scene)).toBe(4)
      await releases.tick()
    })
    expect(await inForce(app, held)).toStrictEqual(nobody)
    expect(await heldOf(scene)).toMatchObject({ ids: [], brake: { released: 0, departed: 0 } })
    for (const id of held) {
      const own = events.filter(({ resourceId }) => resourceId === id)
      expect(own).toMatchObject([
        {
          action: 'user.hold-released',
          door: 'admin',
          changes: [{ path: 'held', from: 'deactivate', to: 'deactivating' }],
        },
        {
          action: 'user.deactivated',
          door: 'admin',
          actor: own[0]?.actor,
          requestId: own[0]?.requestId,
          changes: [
            { path: 'held', from: 'deactivating' },
            { path: 'active', from: true, to: false },
            { path: 'sessions', from: 1 },
          ],
        },
      ])
    }
    expect(new Set(events.map(({ actor }) => actor)).size).toBe(1)
  })

  test('deletes whom the provisioning client has deleted', async () => {
    const { app, scim, ids } = await newStaff(2, { users: 0, percent: 0 })
    const api = await newAdmin(app)
    for (const id of ids) await scim.delete(`/Users/${id}`)
    const releases = releasesOn(app.store)
    expect(await release({ api })).toBe(2)
    await releases.tick()
    expect(await inForce(app, ids)).toStrictEqual({ ...nobody, gone: 2 })
    const deleted = await app.directory.events.list(0, 1_000)
    expect(deleted.filter(({ action }) => action === 'user.deleted')).toMatchObject(
      ids.map(() => ({
        door: 'admin',
        changes: expect.arrayContaining([
          { path: 'held', from: 'deleting' },
          { path: 'sessions', from: 1 },
        ]),
      })),
    )
    expect((await scim.get('/Users')).body).toMatchObject({ totalResults: 0 })
    expect(await app.directory.users.query({ startIndex: 1, count: 1 })).toMatchObject({ total: 1 })
  })

  test('of some leaves the others, and the brake on', async () => {
    const scene = await newScene()
    const { app, held, scim } = scene
    const releases = releasesOn(app.store)
    const [one = '', two = ''] = held
    expect(await release(scene, { users: [one, two, one, 'nobody'] })).toBe(2)
    await releases.tick()
    expect(await heldOf(scene)).toMatchObject({ brake: { departed: 2, released: 0 } })
    expect(await inForce(app, held)).toMatchObject({ active: 2, held: 2 })
    const [more = ''] = await hire(app, scim, 1, 50)
    await switchOff(scim, [more])
    expect(await inForce(app, [more])).toMatchObject({ active: 1, held: 1 })
  })

  test('until a time leaves those who were held since, and those who have changed', async () => {
    const { app, scim, ids } = await newStaff(4, { users: 0, percent: 0 })
    const api = await newAdmin(app)
    const [one = '', two = '', three = '', four = ''] = ids
    await switchOff(scim, [one, two])
    const { at } = await heldOf({ api })
    app.clock.pass(1)
    await switchOff(scim, [three])
    await scim.operate(`/Users/${two}`, { op: 'add', path: 'title', value: 'Engineer' })
    expect(await release({ api }, { until: at.replace('.000Z', 'Z') })).toBe(1)
    expect(await discard({ api }, { users: [two, three], until: at })).toBe(0)
    await releasesOn(app.store).tick()
    expect(await inForce(app, [one])).toMatchObject({ active: 0 })
    expect((await heldOf({ api })).ids).toStrictEqual([two, three])
    expect(await inForce(app, [four])).toMatchObject({ active: 1, held: 0 })
  })

  test('begins the count anew, so that the rest of the same can go', async () => {
    const { app, scim, api, ids } = await newScene()
    await release({ api })
    await releasesOn(app.store).tick()
    const more = await hire(app, scim, 3, 50)
    await switchOff(scim, more)
    expect(await inForce(app, [...ids, ...more])).toMatchObject({ active: 1, held: 1 })
  })

  test('of nobody leaves the count', async () => {
    const { app, scim, ids } = await newStaff(4, { users: 2, percent: 0 })
    const api = await newAdmin(app)
    await switchOff(scim, ids.slice(0, 2))
    expect(await release({ api })).toBe(0)
    expect((await heldOf({ api })).brake).toMatchObject({ departed: 2 })
  })

  test('is not done for somebody whom the provisioning client has switched on again meanwhile', async () => {
    const scene = await newScene()
    const { app, scim, held } = scene
    const [back = '', ...others] = held
    await release(scene)
    expect((await scim.operate(`/Users/${back}`, on)).body).toMatchObject({ active: true })
    await releasesOn(app.store).tick()
    expect(await inForce(app, [back])).toStrictEqual({ ...nobody, active: 1, signedIn: 1 })
    expect(await inForce(app, others)).toStrictEqual(nobody)
  })

  test('lets the provisioning client delete at once whose deactivation is about to be done', async () => {
    const scene = await newScene()
    const { app, scim, held } = scene
    await release(scene)
    expect((await scim.delete(`/Users/${held[0]}`)).status).toBe(204)
    expect(await inForce(app, held.slice(0, 1))).toStrictEqual({ ...nobody, gone: 1 })
  })

  test('changes nothing of what the provisioning client sees', async () => {
    const scene = await newScene()
    const { app, scim, held } = scene
    const read = async () => {
      const { body } = await scim.get(`/Users/${held[0]}`)
      return { ...body, meta: undefined }
    }
    const before = await read()
    await release(scene)
    expect(await read()).toStrictEqual(before)
    await releasesOn(app.store).tick()
    expect(await read()).toStrictEqual(before)
  })
})

describe('a discard', () => {
  test('leaves everybody as they are, and shows them to the provisioning client again', async () => {
    const { app, scim, ids } = await newStaff(3, { users: 0, percent: 0 })
    const api = await newAdmin(app)
    const [one = '', two = '', three = ''] = ids
    await switchOff(scim, [one])
    await scim.delete(`/Users/${two}`)
    const events = await recorded(app.directory, async () => {
      expect(await discard({ api })).toBe(2)
    })
    expect(events).toMatchObject([
      {
        action: 'user.hold-discarded',
        door: 'admin',
        resourceId: one,
        changes: [{ path: 'held', from: 'deactivate' }],
      },
      {
        action: 'user.hold-discarded',
        resourceId: two,
        changes: [{ path: 'held', from: 'delete' }],
      },
    ])
    expect(await inForce(app, ids)).toStrictEqual({ active: 3, signedIn: 3, held: 0, gone: 0 })
    for (const id of [one, two]) {
      const { body, headers } = await scim.get(`/Users/${id}`)
      expect([body['active'], headers.get('etag')]).toStrictEqual([true, 'W/"3"'])
    }
    expect((await scim.get('/Users')).body).toMatchObject({
      totalResults: 3,
      Resources: [{ id: one }, { id: two }, { id: three }],
    })
    // Asked once more, it is held once more.
    await switchOff(scim, [one])
    expect((await heldOf({ api })).ids).toStrictEqual([one])
  })

  test('stops a release that is under way', async () => {
    const scene = await newScene()
    const { app, held } = scene
    await release(scene)
    expect(await discard(scene, { users: [held[0]] })).toBe(1)
    await releasesOn(app.store).tick()
    expect(await inForce(app, held)).toMatchObject({ active: 1, signedIn: 1, held: 0 })
  })
})

test('30 in 100 unassigned by mistake: what is discarded is as it was, what is released is off', async () => {
  const { app, scim, ids } = await newStaff(100)
  const api = await newAdmin(app)
  const releases = releasesOn(app.store)
  const mistaken = ids.slice(0, 30)
  await switchOff(scim, mistaken)
  expect(await inForce(app, mistaken)).toStrictEqual({
    active: 20,
    signedIn: 20,
    held: 20,
    gone: 0,
  })
  expect(await discard({ api })).toBe(20)
  // Entra assigns them again: those who were off come back, of the others nothing changes.
  for (const id of mistaken) {
    expect((await scim.operate(`/Users/${id}`, on)).body).toMatchObject({ active: true })
  }
  expect(await inForce(app, mistaken)).toStrictEqual({
    active: 30,
    signedIn: 20,
    held: 0,
    gone: 0,
  })
  await switchOff(scim, mistaken)
  expect(await release({ api })).toBe(20)
  await releases.tick()
  expect(await inForce(app, mistaken)).toStrictEqual(nobody)
  const ended = await eventsOf({ app }, 'user.deactivated')
  const receipts = ended.flatMap(({ changes }) => changes.filter(({ path }) => path === 'sessions'))
  expect(receipts).toStrictEqual(mistaken.map(() => ({ path: 'sessions', from: 1 })))
})

describe('of somebody held,', () => {
  test('a sync that switches the user off ends the hold', async () => {
    const people = Array.from({ length: 4 }, (_, index) => ({
      ...entraPerson(1, `person-${index}`, { enabled: false }),
      id: objectIdOf(index),
    }))
    const scene = await newScene(4, { entraDirectory: testEntraDirectory(people) })
    const { app, held } = scene
    const [id = ''] = held
    const planned = await scene.api.post('/syncs', {
      users: [id],
      options: { fields: [], provisioned: 'synced' },
    })
    expect(planned.body).toMatchObject({ actions: { deactivate: 1 } })
    expect((await scene.api.post(`/syncs/${String(planned.body['id'])}/start`)).status).toBe(200)
    await runnerOn(app.store).tick()
    expect(await inForce(app, [id])).toStrictEqual(nobody)
    expect((await heldOf(scene)).ids).toStrictEqual(held.slice(1))
  })

  test('a deactivation by an administrator ends the hold, but not that of a deletion', async () => {
    const { app, scim, ids } = await newStaff(2, { users: 0, percent: 0 })
    const [one = '', two = ''] = ids
    await switchOff(scim, [one])
    await scim.delete(`/Users/${two}`)
    const by = { ...cause, door: 'admin' } as const
    const inactive = (current: object) => ({ ...current, active: false })
    for (const id of ids) await app.directory.users.update(id, undefined, inactive, by)
    expect(await inForce(app, [one])).toStrictEqual(nobody)
    expect(await app.directory.users.read(two)).toMatchObject({
      held: 'delete',
      attributes: { active: false },
    })
    expect((await scim.get(`/Users/${two}`)).status).toBe(404)
    await newAdmin(app).then((api) => release({ api }))
    await releasesOn(app.store).tick()
    expect(await inForce(app, [two])).toStrictEqual({ ...nobody, gone: 1 })
  })

  test('unlinking makes a local user who is active and not held', async () => {
    const person = entraPerson(1, 'ada')
    const { app, scim } = await newStaff(
      0,
      { users: 0, percent: 0 },
      { entraDirectory: testEntraDirectory([person]) },
    )
    const { user } = await app.directory.users.create(
      { attributes: { userName: 'ada', externalId: person.id, active: true }, origin: 'import' },
      { ...cause, door: 'admin' },
    )
    expect(user.link).toStrictEqual({ tenantId: TENANT, objectId: person.id })
    await switchOff(scim, [user.id])
    const unlinked = await app.directory.users.unlink(user.id, cause)
    expect(unlinked).not.toHaveProperty('held')
    expect(await inForce(app, [user.id])).toMatchObject({ active: 1, held: 0 })
    expect((await scim.get('/Users')).body).toMatchObject({ totalResults: 0 })
  })
})

test('an administrator sees and decides on nobody of another organisation', async () => {
  const scene = await newScene(4)
  const { app, held, ids } = scene
  const other = await otherDirectory(app)
  const theirs = await newAdmin(app, other, 'other-admin')
  expect(await heldOf({ api: theirs })).toMatchObject({
    ids: [],
    brake: { users: 10, waiting: { deactivate: 0 }, departed: 0 },
  })
  for (const body of [{}, { users: held }]) {
    expect(await release({ api: theirs }, body)).toBe(0)
    expect(await discard({ api: theirs }, body)).toBe(0)
  }
  await theirs.post('/brake', { users: 7, percent: 7, minutes: 7 })
  await releasesOn(app.store).tick()
  expect(await inForce(app, ids)).toMatchObject({ active: 2, signedIn: 2, held: 2 })
  expect((await heldOf(scene)).brake).toMatchObject({ users: 2, departed: 2 })
  const events = (await other.events.list(0, 1_000)).map(({ action }) => action)
  expect(events.filter((action) => action.startsWith('user.hold'))).toStrictEqual([])
})
