import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/directory/plan.ts'
import { newAdmin } from '../support/admin.ts'
import { cause, testApp } from '../support/app.ts'
import { entraPerson, testEntraDirectory } from '../support/entra-directory.ts'
import {
  ada,
  grace,
  linus,
  many,
  runnerOn,
  newScene,
  planned,
  byId,
  itemsOf,
  planOf,
  start,
  carriedOut,
  userOf,
  eventsOf,
  createdOnce,
  breakAt,
} from '../support/imports.ts'
import { TENANT } from '../support/microsoft.ts'
import { newLocalUser } from '../support/people.ts'
import { newBrowserSession, newPerson } from '../support/programs.ts'

/** The rows of a dump by table, but those of the tables an import is written down in. */
function restOf(dump: string): Map<string, string> {
  const lines = dump.split('\n')
  const tables = lines.flatMap((name, index) =>
    index % 2 === 0 ? [[name, lines[index + 1] ?? ''] as const] : [],
  )
  const own = ['plans', 'plan_items', 'events', 'sessions']
  return new Map(tables.filter(([name]) => !own.includes(name)))
}

describe('an import', () => {
  test('is worked out without changing anything but the list of imports', async () => {
    const scene = await newScene()
    await newPerson(scene.app.directory, 'grace@contoso.example')
    const before = await scene.app.database.dump()
    const { plan } = await planned(scene, byId(ada, grace, linus))
    const after = await scene.app.database.dump()
    expect(restOf(after)).toStrictEqual(restOf(before))
    expect(after).not.toBe(before)
    expect(plan).toMatchObject({
      state: 'preview',
      actions: { create: 2, conflict: 1, link: 0, skip: 0, reactivate: 0 },
      states: { planned: 3, done: 0 },
    })
    const [first, second, third] = await itemsOf(scene, plan)
    expect(first).toMatchObject({ position: 0, action: 'create', state: 'planned', person: ada })
    expect(first?.changes).toContainEqual({ path: 'userName', to: 'ada@contoso.example' })
    expect(second).toMatchObject({ action: 'conflict', notes: ['The user name is the same.'] })
    expect(third?.notes).toStrictEqual([
      'The account is blocked at Entra: the user will not be active.',
    ])
    await scene.runner.tick()
    expect(await userOf(scene, ada)).toBeUndefined()
  })

  test('makes people users, with link, group and role, and one event each', async () => {
    const scene = await newScene()
    const { plan } = await planned(scene, byId(ada, grace))
    expect(await carriedOut(scene, plan)).toMatchObject({
      state: 'finished',
      states: { planned: 0, done: 2, changed: 0, failed: 0 },
    })
    expect(await userOf(scene, ada)).toMatchObject({
      origin: 'import',
      link: { tenantId: TENANT, objectId: ada.id },
      groups: [{ id: scene.group, displayName: 'Designers' }],
      attributes: {
        userName: 'ada@contoso.example',
        externalId: ada.id,
        active: true,
        name: { givenName: 'Ada', familyName: 'Lovelace' },
        emails: [{ type: 'work', value: 'ada@contoso.example', primary: true }],
        roles: [{ value: 'Designer' }],
      },
    })
    await createdOnce(scene, [ada, grace])
    const events = await scene.app.directory.events.list(0, 100)
    const mine = events.filter(({ door }) => door === 'admin')
    expect(new Set(mine.map(({ actor }) => actor))).toStrictEqual(new Set([plan.actor]))
    expect(mine.map(({ action }) => action)).toStrictEqual([
      'plan.created',
      'plan.started',
      'user.created',
      'group.updated',
      'user.created',
      'group.updated',
      'plan.finished',
    ])
    const items = await itemsOf(scene, plan)
    expect(items.map(({ userId }) => userId)).toStrictEqual([
      (await userOf(scene, ada))?.id,
      (await userOf(scene, grace))?.id,
    ])
  })

  test('leaves alone whom an administrator has to decide on, and says so', async () => {
    const scene = await newScene()
    const { id } = await newPerson(scene.app.directory, 'grace@contoso.example')
    const before = await scene.app.directory.users.read(id)
    const { plan } = await planned(scene, byId(ada, grace))
    expect(await carriedOut(scene, plan)).toMatchObject({ states: { done: 1, failed: 1 } })
    const [, second] = await itemsOf(scene, plan)
    expect(second).toMatchObject({
      state: 'failed',
      userId: id,
      outcome: 'An administrator has to decide who this is; then import the person again.',
    })
    expect(await scene.app.directory.users.read(id)).toEqual(before)
  })

  test('takes people by address and as members of groups, each once, and says whom it did not find', async () => {
    const scene = await newScene()
    const { plan, notFound, ambiguous } = await planned(scene, {
      ids: [many[0]?.id.toUpperCase(), 'e0000000-0000-4000-8000-999999999999'],
      addresses: ['ADA@contoso.example', 'nobody@contoso.example'],
      groups: ['f0000000-0000-4000-8000-000000000001'],
    })
    expect(plan.actions.create).toBe(8)
    expect(notFound).toStrictEqual([
      'e0000000-0000-4000-8000-999999999999',
      'nobody@contoso.example',
    ])
    expect(ambiguous).toStrictEqual([])
  })

  test('does not choose between people of one address', async () => {
    const shared = { proxyAddresses: ['team@contoso.example'] }
    const people = [entraPerson(1, 'one', shared), entraPerson(2, 'two', shared)]
    const app = await testApp({ entraDirectory: testEntraDirectory(people) })
    const api = await newAdmin(app)
    const { body } = await api.post('/imports', {
      people: { addresses: ['team@contoso.example'] },
      options: { groups: [], invite: { when: 'never' }, links: {} },
    })
    expect(body).toMatchObject({ ambiguous: ['team@contoso.example'], notFound: [] })
    expect(body['plan']).toMatchObject({ states: { planned: 0 } })
  })

  test('skips who is linked already, and brings back who was switched off', async () => {
    const scene = await newScene()
    await carriedOut(scene, (await planned(scene, byId(ada, grace))).plan)
    const user = await userOf(scene, grace)
    await scene.app.directory.users.update(
      String(user?.id),
      undefined,
      (now) => ({ ...now, active: false }),
      cause,
    )
    const { plan } = await planned(scene, byId(ada, grace))
    expect((await itemsOf(scene, plan)).map(({ action }) => action)).toStrictEqual([
      'skip',
      'reactivate',
    ])
    await carriedOut(scene, plan)
    expect((await userOf(scene, grace))?.attributes['active']).toBe(true)
    await createdOnce(scene, [ada, grace])
  })

  test('links a user of the same name only when it is told to, and takes the password and the sessions', async () => {
    const scene = await newScene()
    const { app } = scene
    const local = await newLocalUser(app, 'grace@contoso.example')
    const { headers } = await newBrowserSession(app.directory, local.id)
    const refused = await carriedOut(scene, (await planned(scene, byId(grace))).plan)
    expect(refused.actions.conflict).toBe(1)
    expect(await userOf(scene, grace)).toBeUndefined()
    expect(await app.store.passwordHolders('grace@contoso.example')).toHaveLength(1)

    const links = { [grace.id]: local.id }
    const { plan } = await planned(scene, byId(grace), { links })
    expect(plan.actions.link).toBe(1)
    await carriedOut(scene, plan)
    expect(await userOf(scene, grace)).toMatchObject({
      id: local.id,
      provisioned: true,
      groups: [{ id: scene.group }],
      attributes: { roles: [{ value: 'Designer' }], externalId: grace.id },
    })
    expect(await app.store.passwordHolders('grace@contoso.example')).toStrictEqual([])
    expect(await app.directory.sessions.list(local.id)).toStrictEqual([])
    const { status } = await app.fetch(
      new Request('https://entrance.example/auth/session', { headers }),
    )
    expect(status).toBe(401)
    expect(await eventsOf(scene, 'user.linked')).toStrictEqual([local.id])
  })

  test('replaces an object id that is not the person’s, so that it never takes the link away', async () => {
    const scene = await newScene()
    const { users } = scene.app.directory
    const other = 'e0000000-0000-4000-8000-777777777777'
    const local = await newPerson(scene.app.directory, 'grace@contoso.example', {
      externalId: other,
    })
    const links = { [grace.id]: local.id }
    await carriedOut(scene, (await planned(scene, byId(grace), { links })).plan)
    await users.update(local.id, undefined, (now) => ({ ...now, title: 'Admiral' }), cause)
    expect((await users.read(local.id))?.link).toStrictEqual({
      tenantId: TENANT,
      objectId: grace.id,
    })
  })

  test('links nobody who is another than the preview showed', async () => {
    const scene = await newScene()
    const { users } = scene.app.directory
    const local = await newPerson(scene.app.directory, 'grace@contoso.example')
    const links = { [grace.id]: local.id }
    const { plan } = await planned(scene, byId(grace), { links })
    await users.update(local.id, undefined, (now) => ({ ...now, displayName: 'G.' }), cause)
    expect(await carriedOut(scene, plan)).toMatchObject({ states: { changed: 1, done: 0 } })
    expect(await userOf(scene, grace)).toBeUndefined()
  })

  test('keeps an externalId that is no object id', async () => {
    const scene = await newScene()
    const local = await newPerson(scene.app.directory, 'grace@contoso.example', {
      externalId: 'EMP-7',
    })
    const links = { [grace.id]: local.id }
    await carriedOut(scene, (await planned(scene, byId(grace), { links })).plan)
    expect((await userOf(scene, grace))?.attributes['externalId']).toBe('EMP-7')
  })

  test('makes somebody who is blocked at Entra a user who is not active', async () => {
    const scene = await newScene()
    await carriedOut(scene, (await planned(scene, byId(linus))).plan)
    expect((await userOf(scene, linus))?.attributes['active']).toBe(false)
  })

  test('queues an invitation where one is wanted and there is an address', async () => {
    const scene = await newScene()
    const { mail: _, ...mute } = entraPerson(40, 'mute')
    const { entraDirectory } = { entraDirectory: testEntraDirectory([ada, linus, mute]) }
    const app = await testApp({ entraDirectory })
    const api = await newAdmin(app)
    const people = byId(ada, linus, mute)
    const options = { groups: [], invite: { when: 'now' }, links: {} }
    const { body } = await api.post('/imports', { people, options })
    await start({ api }, body['plan'] as Plan)
    await runnerOn(app.store).tick()
    expect(scene.logged).toStrictEqual([])
    const { body: mails } = await api.get('/mails')
    expect(mails['items']).toMatchObject([{ to: 'ada@contoso.example', state: 'waiting' }])
  })

  test('tells of whom it could not do what it said, and does the rest', async () => {
    const scene = await newScene()
    const { plan } = await planned(scene, byId(ada, grace))
    await newPerson(scene.app.directory, 'ada@contoso.example')
    expect((await carriedOut(scene, plan)).states).toMatchObject({ changed: 1, done: 1 })
    const [first, second] = await itemsOf(scene, plan)
    expect(first).toMatchObject({ state: 'changed' })
    expect(first?.outcome).toBe('What is here has changed since: it would be conflict now.')
    expect(second?.state).toBe('done')
  })

  test('says so when a group is gone meanwhile, and leaves nothing half done', async () => {
    const scene = await newScene()
    const { plan } = await planned(scene, byId(ada))
    await scene.app.directory.groups.remove(scene.group, undefined, cause)
    expect((await carriedOut(scene, plan)).states.failed).toBe(1)
    const [item] = await itemsOf(scene, plan)
    expect(item?.outcome).toMatch(/^There is no group "/)
    expect(await userOf(scene, ada)).toBeUndefined()
  })

  test('started again after a failure does only what failed', async () => {
    const scene = await newScene()
    const { plan } = await planned(scene, byId(ada, grace))
    const mend = await breakAt(scene, 'ada@contoso.example')
    await carriedOut(scene, plan)
    await scene.runner.tick()
    expect((await planOf(scene, plan)).states).toMatchObject({ failed: 1, done: 1 })
    await mend()
    expect((await carriedOut(scene, plan)).states).toMatchObject({ failed: 0, done: 2 })
    await createdOnce(scene, [ada, grace])
  })

  test('of which all was done does nothing when it is started again', async () => {
    const scene = await newScene()
    const { plan } = await planned(scene, byId(ada, grace))
    await carriedOut(scene, plan)
    expect(await carriedOut(scene, plan)).toMatchObject({ state: 'finished', states: { done: 2 } })
    await createdOnce(scene, [ada, grace])
  })

  test('stops when it is cancelled, keeps what is done, and goes on when it is started again', async () => {
    const scene = await newScene()
    const { plans } = scene.app.directory
    const { plan } = await planned(scene, byId(...many))
    await scene.app.directory.plans.start(plan.id, cause)
    expect(await plans.applyNext(plan.id, cause)).toBe(true)
    expect(await plans.applyNext(plan.id, cause)).toBe(true)
    const { body } = await scene.api.post(`/imports/${plan.id}/cancel`)
    expect(body).toMatchObject({ state: 'cancelled', states: { done: 2, planned: 5 } })
    await scene.runner.tick()
    expect((await planOf(scene, plan)).states).toMatchObject({ done: 2, planned: 5 })
    expect((await carriedOut(scene, plan)).states.done).toBe(7)
    await createdOnce(scene, many)
  })

  test('into a group whose members come from Entra is refused', async () => {
    const scene = await newScene()
    const { id } = await scene.app.directory.groups.create(
      {
        attributes: { displayName: 'Pushed' },
        members: { kind: 'set', members: [] },
        origin: 'scim',
      },
      cause,
    )
    const options = { groups: [id], invite: { when: 'never' }, links: {} }
    const { status, body } = await scene.api.post('/imports', { people: byId(ada), options })
    expect([status, body['detail']]).toStrictEqual([
      409,
      'The members of "Pushed" come from Entra.',
    ])
    expect((await scene.api.get('/imports')).body['items']).toStrictEqual([])
  })
})
