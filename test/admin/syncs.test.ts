import { describe, expect, test } from 'vitest'
import type { EntraUser } from '../../src/directory/entra-directory.ts'
import { newAdmin, problem } from '../support/admin.ts'
import { cause, testApp } from '../support/app.ts'
import { entraPerson } from '../support/entra-directory.ts'
import { eventsOf, newScene, userOf } from '../support/imports.ts'
import { newBrowserSession, newPerson } from '../support/programs.ts'
import {
  ada,
  isActive,
  married,
  planSync,
  run,
  sceneWith,
  syncItemsOf,
  synced,
} from '../support/syncs.ts'

describe('a sync', () => {
  test('gives linked users what Entra has, and leaves everything else of theirs', async () => {
    const scene = await sceneWith(ada)
    const { users } = scene.app.directory
    const id = String((await userOf(scene, ada))?.id)
    await users.update(
      id,
      undefined,
      (now) => ({
        ...now,
        title: 'Countess',
        emails: [
          { type: 'home', value: 'ada@home.example' },
          { type: 'work', value: 'ada@contoso.example', primary: true, display: 'Ada' },
        ],
      }),
      cause,
    )
    scene.entra.people = [married]
    const plan = await planSync(scene)
    expect(plan).toMatchObject({ kind: 'sync', state: 'preview', actions: { update: 1 } })
    const [preview] = await syncItemsOf(scene, plan)
    expect(preview?.changes).toContainEqual({
      path: 'displayName',
      from: 'Ada Byron',
      to: 'Ada Lovelace',
    })
    expect((await users.read(id))?.attributes['displayName']).toBe('Ada Byron')

    expect(await run(scene, plan)).toMatchObject({ state: 'finished', states: { done: 1 } })
    expect(await users.read(id)).toMatchObject({
      groups: [{ id: scene.group }],
      attributes: {
        userName: 'ada.lovelace@contoso.example',
        displayName: 'Ada Lovelace',
        name: { givenName: 'Ada', familyName: 'Lovelace' },
        emails: [
          { type: 'home', value: 'ada@home.example' },
          { type: 'work', value: 'ada.lovelace@contoso.example', primary: true, display: 'Ada' },
        ],
        phoneNumbers: [{ type: 'mobile', value: '+44 2' }],
        roles: [{ value: 'Designer' }],
        title: 'Countess',
        active: true,
      },
    })
  })

  test('changes nothing where nothing has changed, and leaves no event', async () => {
    const scene = await sceneWith(ada)
    const before = await userOf(scene, ada)
    const { item } = await synced(scene)
    expect(item).toMatchObject({ action: 'skip', state: 'done', notes: ['Nothing has changed.'] })
    expect(await userOf(scene, ada)).toEqual(before)
    expect(await eventsOf(scene, 'user.updated')).toEqual([])
  })

  test.each<[string, readonly EntraUser[], string]>([
    ['is blocked', [{ ...ada, enabled: false }], 'The account is blocked at Entra.'],
    ['was deleted', [], 'The account is not in the tenant any more.'],
  ])(
    'switches off who %s at Entra, with the sessions, and on again who comes back',
    async (_, people, note) => {
      const scene = await sceneWith(ada)
      const id = String((await userOf(scene, ada))?.id)
      await newBrowserSession(scene.app.directory, id)
      scene.entra.people = people
      expect((await synced(scene)).item).toMatchObject({ action: 'deactivate', notes: [note] })
      expect(await isActive(scene, ada)).toBe(false)
      expect(await scene.app.directory.sessions.list(id)).toEqual([])
      expect((await synced(scene)).item).toMatchObject({ action: 'skip' })

      scene.entra.people = [ada]
      expect((await synced(scene)).item).toMatchObject({ action: 'reactivate', state: 'done' })
      expect(await isActive(scene, ada)).toBe(true)
    },
  )

  test('leaves off whom somebody else has switched off', async () => {
    const scene = await sceneWith(ada)
    const { users } = scene.app.directory
    const id = String((await userOf(scene, ada))?.id)
    scene.entra.people = []
    await synced(scene)
    for (const active of [true, false]) {
      await users.update(id, undefined, (now) => ({ ...now, active }), cause)
    }
    scene.entra.people = [married]
    expect((await synced(scene)).item).toMatchObject({
      action: 'update',
      notes: ['Was switched off here, and stays so.'],
    })
    expect(await isActive(scene, ada)).toBe(false)
  })

  test('takes nobody for gone who is only missing in a list', async () => {
    const scene = await sceneWith(ada)
    scene.entra.usersById = () => Promise.resolve(new Map())
    expect((await synced(scene)).item).toMatchObject({ action: 'skip' })
    expect(await isActive(scene, ada)).toBe(true)
  })

  test.each([
    ['left', 'skip', 'Ada Byron'],
    ['synced', 'update', 'Ada Lovelace'],
  ])('leaves users to provisioning, or not: %s', async (provisioned, action, name) => {
    const scene = await newScene()
    const attributes = {
      userName: 'ada',
      externalId: ada.id,
      displayName: 'Ada Byron',
      active: true,
    }
    const pushed = { ...cause, door: 'scim' } as const
    await scene.app.directory.users.create({ attributes, origin: 'scim' }, pushed)
    scene.entra.people = [married]
    const { item } = await synced(scene, { options: { provisioned } })
    expect(item).toMatchObject({ action })
    expect((await userOf(scene, ada))?.attributes['displayName']).toBe(name)
  })

  test('forces no user name that somebody has, and does the others', async () => {
    const other = entraPerson(2, 'grace')
    const scene = await sceneWith(ada, other)
    await newPerson(scene.app.directory, 'ada.lovelace@contoso.example')
    scene.entra.people = [married, { ...other, displayName: 'Grace Hopper' }]
    const { plan } = await synced(scene)
    expect(plan.states).toMatchObject({ failed: 1, done: 1 })
    const items = await syncItemsOf(scene, plan)
    expect(items.find(({ state }) => state === 'failed')?.outcome).toContain('already in use')
    expect((await userOf(scene, ada))?.attributes['userName']).toBe('ada@contoso.example')
    expect((await userOf(scene, other))?.attributes['displayName']).toBe('Grace Hopper')
  })

  test('is about those who were chosen', async () => {
    const other = entraPerson(2, 'grace')
    const scene = await sceneWith(ada, other)
    scene.entra.people = [married, { ...other, displayName: 'Grace Hopper' }]
    const id = String((await userOf(scene, other))?.id)
    const { plan } = await synced(scene, { users: [id, id] })
    expect(plan.states.done).toBe(1)
    expect((await userOf(scene, ada))?.attributes['displayName']).toBe('Ada Byron')

    const local = await newPerson(scene.app.directory, 'local')
    const answer = await scene.api.post('/syncs', {
      users: [id, local.id],
      options: { provisioned: 'left' },
    })
    expect(problem(answer)).toEqual({ status: 400, code: 'badRequest' })
    expect(answer.body['errors']).toEqual([
      { pointer: '#/users/1', detail: 'There is no such linked user.' },
    ])
  })

  test('plans nothing while Entra is away', async () => {
    const scene = await sceneWith(ada)
    scene.entra.failure = 'unavailable'
    const answer = await scene.api.post('/syncs', { options: { provisioned: 'left' } })
    expect(problem(answer)).toEqual({ status: 503, code: 'entraUnavailable' })
    expect((await scene.api.get('/syncs')).body['items']).toEqual([])
    expect(await isActive(scene, ada)).toBe(true)
  })

  test('of another kind is not found, nor that of another organisation', async () => {
    const scene = await sceneWith(ada)
    const plan = await planSync(scene)
    expect((await scene.api.get(`/imports/${plan.id}`)).status).toBe(404)
    expect((await scene.api.post(`/imports/${plan.id}/start`)).status).toBe(404)
    const other = await newAdmin(await testApp())
    expect((await other.get(`/syncs/${plan.id}`)).status).toBe(404)
  })
})

describe('the brake', () => {
  const people = Array.from({ length: 40 }, (_, index) => entraPerson(20 + index, `p${index}`))

  test('holds a sync that would switch off many, until somebody says that it is right', async () => {
    const scene = await sceneWith(...people)
    scene.entra.people = people.slice(12)
    const plan = await planSync(scene)
    expect(plan).toMatchObject({ held: true, actions: { deactivate: 12 } })
    const refused = await scene.api.post(`/syncs/${plan.id}/start`)
    expect(problem(refused)).toEqual({ status: 409, code: 'conflict' })
    expect(refused.body['detail']).toContain('release it if it is right')
    await scene.runner.tick()
    expect(await eventsOf(scene, 'user.deactivated')).toEqual([])

    const released = await scene.api.post(`/syncs/${plan.id}/release`)
    expect(released.body).toMatchObject({ held: false, state: 'preview' })
    expect(await run(scene, plan)).toMatchObject({ state: 'finished', states: { failed: 0 } })
    expect(await eventsOf(scene, 'user.deactivated')).toHaveLength(12)
    expect(await eventsOf(scene, 'plan.released')).toEqual([plan.id])
  })

  test('lets a few go', async () => {
    const scene = await sceneWith(...people)
    scene.entra.people = people.slice(10)
    const plan = await planSync(scene)
    expect(plan).toMatchObject({ held: false, actions: { deactivate: 10 } })
    await run(scene, plan)
    expect(await eventsOf(scene, 'user.deactivated')).toHaveLength(10)
  })
})
