import { describe, expect, test } from 'vitest'
import { runSync } from '../../src/admin/sync-run.ts'
import { EntraFailure, type EntraUser } from '../../src/directory/entra-directory.ts'
import type { Plan, SyncSubject } from '../../src/directory/plan.ts'
import { problem } from '../support/admin.ts'
import { cause } from '../support/app.ts'
import { entraPerson } from '../support/entra-directory.ts'
import { breakAt, eventsOf, userOf, type Scene } from '../support/imports.ts'
import { TENANT } from '../support/microsoft.ts'
import { newPerson } from '../support/programs.ts'
import { recorded } from '../support/store.ts'
import {
  ada,
  changeAtEntra,
  changeHere,
  DAY,
  isActive,
  married,
  nameOf,
  planSync,
  removeAtEntra,
  run,
  sceneWith,
  synced,
  syncItemsOf,
  syncOf,
  syncsOf,
} from '../support/syncs.ts'

const grace = entraPerson(2, 'grace', { displayName: 'Grace Murray' })
const hopper: EntraUser = { ...grace, displayName: 'Grace Hopper' }
const linus = entraPerson(3, 'linus', { displayName: 'Linus' })
const changes = { mode: 'changes' }

const kindOf = ({ options }: Plan) => options as { readonly mode: string; readonly why?: string }

/** The object ids of those whom a plan would change. */
async function namedIn(scene: Scene, plan: Plan): Promise<string[]> {
  const items = await syncItemsOf(scene, plan)
  return items.filter(({ action }) => action !== 'skip').map(({ person }) => person.id)
}

/** These people have been imported, and compared with Entra once. */
async function settledSceneWith(...people: readonly EntraUser[]): Promise<Scene> {
  const scene = await sceneWith(...people)
  await synced(scene)
  return scene
}

describe('a sync of changes', () => {
  test('is about those whom Entra names since the run before, and no others', async () => {
    const scene = await settledSceneWith(ada, grace)
    changeAtEntra(scene, married)
    // Entra did not say so: whoever finds it has compared everybody.
    scene.entra.people = [married, hopper]
    const plan = await planSync(scene, changes)
    expect(kindOf(plan)).toEqual({ fields: [], provisioned: 'left', mode: 'changes' })
    expect(await namedIn(scene, plan)).toEqual([ada.id])
    expect(await run(scene, plan)).toMatchObject({ state: 'finished', states: { done: 1 } })
    expect(await nameOf(scene, ada)).toBe('Ada Lovelace')

    expect((await planSync(scene, changes)).actions).toMatchObject({ update: 0, skip: 0 })
    changeAtEntra(scene, hopper)
    expect(await namedIn(scene, await planSync(scene, changes))).toEqual([grace.id])
  })

  test('names nobody who is not linked here, nor anybody twice', async () => {
    const scene = await settledSceneWith(ada)
    changeAtEntra(scene, entraPerson(4, 'stranger'), married)
    scene.entra.changed(ada.id, ada.id)
    expect(await syncItemsOf(scene, await planSync(scene, changes))).toHaveLength(1)
  })

  test('compares everybody where there was no run before it, and says why', async () => {
    const scene = await sceneWith(ada, grace)
    scene.entra.people = [married, hopper]
    const plan = await planSync(scene, changes)
    expect(kindOf(plan)).toMatchObject({
      mode: 'full',
      why: 'There is no run before it to go on from.',
    })
    expect(await namedIn(scene, plan)).toHaveLength(2)
    expect(kindOf(await planSync(scene, changes)).mode).toBe('changes')
  })

  test('compares everybody where the link is too old, says why, and goes on from there', async () => {
    const scene = await settledSceneWith(ada, grace)
    scene.entra.expireLinks()
    scene.entra.people = [married, grace]
    const plan = await planSync(scene, changes)
    expect(kindOf(plan)).toMatchObject({
      mode: 'full',
      why: 'Entra does not know any more what has changed since the last run.',
    })
    expect(await namedIn(scene, plan)).toEqual([ada.id])
    await run(scene, plan)

    changeAtEntra(scene, hopper)
    const next = await planSync(scene, changes)
    expect(kindOf(next).mode).toBe('changes')
    expect(await namedIn(scene, next)).toEqual([grace.id])
  })

  test('misses nothing that changes while everybody is compared', async () => {
    const scene = await sceneWith(ada)
    const { usersById } = scene.entra
    scene.entra.usersById = async (ids) => {
      const before = await usersById(ids)
      changeAtEntra(scene, married)
      return before
    }
    expect((await synced(scene)).item).toMatchObject({ action: 'skip' })
    scene.entra.usersById = usersById
    expect(await namedIn(scene, await planSync(scene, changes))).toEqual([ada.id])
  })

  test('goes on from where it was after a sync of those who were chosen', async () => {
    const scene = await settledSceneWith(ada, grace, linus)
    changeAtEntra(scene, hopper)
    await planSync(scene, changes)
    changeAtEntra(scene, married, { ...linus, displayName: 'Torvalds' })
    const users = [String((await userOf(scene, ada))?.id)]
    const { plan } = await synced(scene, { users })
    expect(kindOf(plan).mode).toBe('chosen')
    // Whom the run before has not settled, and whom Entra names.
    expect(await namedIn(scene, await planSync(scene, changes))).toEqual([grace.id, linus.id])
  })

  test('of chosen users is refused', async () => {
    const scene = await settledSceneWith(ada)
    const answer = await scene.api.post('/syncs', { ...changes, users: ['x'] })
    expect(problem(answer)).toEqual({ status: 400, code: 'badRequest' })
    expect(answer.body['errors']).toEqual([{ pointer: '#/mode', detail: 'Goes without users.' }])
  })
})

describe('somebody whom Entra names as removed', () => {
  test('is switched off, and active again when the account is restored', async () => {
    const scene = await settledSceneWith(ada)
    removeAtEntra(scene, ada)
    expect((await synced(scene, changes)).item).toMatchObject({
      action: 'deactivate',
      notes: ['The account is not in the tenant any more.'],
    })
    expect(await isActive(scene, ada)).toBe(false)
    changeAtEntra(scene, ada)
    expect((await synced(scene, changes)).item).toMatchObject({ action: 'reactivate' })
    expect(await isActive(scene, ada)).toBe(true)
  })

  test('stays off after being restored, where somebody here had switched them off', async () => {
    const scene = await settledSceneWith(ada)
    await changeHere(scene, ada, { active: false })
    removeAtEntra(scene, ada)
    await synced(scene, changes)
    changeAtEntra(scene, married)
    expect((await synced(scene, changes)).item).toMatchObject({ action: 'update' })
    expect(await isActive(scene, ada)).toBe(false)
  })

  test('stays active where the account is there after all', async () => {
    const scene = await settledSceneWith(ada)
    scene.entra.changed(ada.id)
    scene.entra.usersById = () => Promise.resolve(new Map())
    expect(await namedIn(scene, await planSync(scene, changes))).toEqual([])
  })

  test('does not get the name that Entra keeps in its recycle bin', async () => {
    const scene = await settledSceneWith(ada)
    const kept = `${ada.id.replaceAll('-', '')}${ada.userPrincipalName}`
    changeAtEntra(scene, { ...ada, userPrincipalName: kept })
    expect((await synced(scene, changes)).item).toMatchObject({
      action: 'deactivate',
      notes: ['The account is not in the tenant any more.'],
    })
    const user = await userOf(scene, ada)
    expect(user?.attributes).toMatchObject({ userName: 'ada@contoso.example', active: false })
  })
})

describe('whom a sync has not settled', () => {
  const rows: readonly [string, (scene: Scene, plan: Plan) => Promise<unknown>][] = [
    ['because nobody started it', async () => {}],
    [
      'because it was stopped',
      async ({ api }, { id }) => {
        await api.post(`/syncs/${id}/start`)
        await api.post(`/syncs/${id}/cancel`)
      },
    ],
    [
      'because the user name was taken',
      async (scene, plan) => {
        const { users } = scene.app.directory
        const { id } = await newPerson(scene.app.directory, married.userPrincipalName)
        await run(scene, plan)
        await users.remove(id, undefined, cause)
      },
    ],
    [
      'because the server failed at them',
      async (scene, plan) => {
        const mend = await breakAt(scene, married.userPrincipalName, 'UPDATE')
        await run(scene, plan)
        await mend()
      },
    ],
    [
      'because they had changed here',
      async (scene, plan) => {
        await changeHere(scene, ada, { displayName: 'Countess' })
        await run(scene, plan)
      },
    ],
  ]

  test.each(rows)('%s, the next one settles', async (_, leaveOpen) => {
    const scene = await settledSceneWith(ada, grace)
    changeAtEntra(scene, married)
    const plan = await planSync(scene, changes)
    await leaveOpen(scene, plan)
    expect((await syncOf(scene, plan)).states).toMatchObject({ done: 0 })

    const next = await planSync(scene, changes)
    expect(kindOf(next).mode).toBe('changes')
    expect(await namedIn(scene, next)).toEqual([ada.id])
    await run(scene, next)
    expect(await nameOf(scene, ada)).toBe('Ada Lovelace')
    expect(await namedIn(scene, await planSync(scene, changes))).toEqual([])
  })

  test('because it is held, the next one settles, with whoever has changed since', async () => {
    const leavers = Array.from({ length: 11 }, (_, index) => entraPerson(20 + index, `p${index}`))
    const scene = await settledSceneWith(ada, ...leavers)
    removeAtEntra(scene, ...leavers)
    expect(await planSync(scene, changes)).toMatchObject({ held: true })
    changeAtEntra(scene, married)
    const next = await planSync(scene, changes)
    expect(next).toMatchObject({ held: true, actions: { deactivate: 11, update: 1 } })
    await scene.api.post(`/syncs/${next.id}/release`)
    expect(await run(scene, next)).toMatchObject({ states: { done: 12 } })
  })

  test('is left alone once the user is nobody of Entra any more', async () => {
    const scene = await settledSceneWith(ada)
    const id = String((await userOf(scene, ada))?.id)
    changeAtEntra(scene, married)
    const plan = await planSync(scene, changes)
    await scene.api.post(`/users/${id}/unlink`)
    expect((await run(scene, plan)).states).toMatchObject({ failed: 1 })
    const [item] = await syncItemsOf(scene, plan)
    expect(item?.outcome).toBe('The user is not linked to this account any more.')
    const user = await scene.app.directory.users.read(id)
    expect(user?.attributes['displayName']).toBe('Ada Byron')
    expect(await namedIn(scene, await planSync(scene, changes))).toEqual([])
  })
})

describe('a sync that is started late', () => {
  test('makes the next one compare everybody, since Entra was asked again meanwhile', async () => {
    const scene = await settledSceneWith(ada)
    changeAtEntra(scene, married)
    const late = await planSync(scene, changes)
    scene.app.clock.pass(1_000)
    changeAtEntra(scene, ada)
    await run(scene, await planSync(scene, changes))
    // Brings back what was so when it was made.
    await run(scene, late)
    expect(await nameOf(scene, ada)).toBe('Ada Lovelace')

    const next = await planSync(scene, changes)
    expect(kindOf(next)).toMatchObject({ mode: 'full' })
    await run(scene, next)
    expect(await nameOf(scene, ada)).toBe('Ada Byron')
  })
})

describe('a sync that is worked out', () => {
  /** What a run keeps of these parts, as a server works them out. */
  const plan = ({ app }: Scene, parts: AsyncIterable<readonly SyncSubject[]>) =>
    app.directory.syncs.plan(
      {
        mode: 'full',
        options: { fields: [], provisioned: 'left' },
        tenantId: TENANT,
        began: app.clock.now().toISOString(),
        link: 'a link',
        unattended: true,
        parts,
      },
      cause,
    )

  async function subject(scene: Scene): Promise<SyncSubject> {
    return { userId: String((await userOf(scene, ada))?.id), person: married }
  }

  test('leaves nothing where Entra goes away in the middle of it', async () => {
    const scene = await sceneWith(ada)
    const first = [await subject(scene)]
    const before = await scene.app.database.dump()
    async function* interrupted() {
      yield first
      throw new EntraFailure('unavailable', 'Entra is away.')
    }
    await expect(plan(scene, interrupted())).rejects.toThrow('Entra is away.')
    expect(await scene.app.database.dump()).toBe(before)
  })

  test('is nobody’s before it is whole, and what a killed server left of it goes', async () => {
    const scene = await sceneWith(ada)
    const first = [await subject(scene)]
    const reached = Promise.withResolvers<void>()
    async function* killed() {
      yield first
      reached.resolve()
      await new Promise(() => {})
    }
    void plan(scene, killed())
    await reached.promise
    const drafts = () =>
      scene.app.database.value(`SELECT count(*) FROM plans WHERE state = 'draft'`)
    const items = () => scene.app.database.value('SELECT count(*) FROM plan_items')
    expect(Number(await drafts())).toBe(1)
    expect(await syncsOf(scene)).toEqual([])
    const id = String(await scene.app.database.value(`SELECT id FROM plans WHERE state = 'draft'`))
    expect((await scene.api.get(`/syncs/${id}`)).status).toBe(404)
    expect((await scene.api.post(`/syncs/${id}/start`)).status).toBe(404)

    scene.app.clock.pass(DAY + 1)
    async function* whole() {
      yield first
    }
    const made = await plan(scene, whole())
    expect(made).toMatchObject({ state: 'running', actions: { update: 1 } })
    expect(Number(await drafts())).toBe(0)
    // One of the import, and one of this.
    expect(Number(await items())).toBe(2)
  })

  test('leaves out who is deleted meanwhile', async () => {
    const scene = await sceneWith(ada, grace)
    scene.entra.people = [married, hopper]
    const { usersById } = scene.entra
    const id = String((await userOf(scene, ada))?.id)
    scene.entra.usersById = async (ids) => {
      await scene.app.directory.users.remove(id, undefined, cause)
      return usersById(ids)
    }
    expect(await namedIn(scene, await planSync(scene))).toEqual([grace.id])
  })

  test('leaves users of another tenant alone', async () => {
    const scene = await sceneWith(ada)
    scene.entra.people = []
    const { directory, clock } = scene.app
    const entra = { ...scene.entra, tenantId: 'b0000000-0000-4000-8000-000000000001' }
    const options = { fields: [], provisioned: 'left' } as const
    for (const mode of ['full', 'changes'] as const) {
      scene.entra.changed(ada.id)
      const wanted = { mode, options, unattended: false }
      const made = await runSync({ directory, entra, cause, now: clock.now }, wanted)
      expect(made).toMatchObject({ options: { mode }, actions: { deactivate: 0, skip: 0 } })
    }
  })

  test('has one event, and none for where Entra goes on', async () => {
    const scene = await sceneWith(ada)
    const events = await recorded(scene.app.directory, () => planSync(scene))
    expect(events.map(({ action }) => action)).toEqual(['plan.created'])
    expect(events[0]?.changes).toContainEqual({ path: 'mode', to: 'full' })
    expect(await eventsOf(scene, 'setting.changed')).toEqual([])
  })
})

describe('the brake on a sync of changes', () => {
  const people = Array.from({ length: 111 }, (_, index) => entraPerson(20 + index, `p${index}`))

  test('counts all linked users, not those alone whom Entra names', async () => {
    const scene = await settledSceneWith(...people)
    removeAtEntra(scene, ...people.slice(0, 11))
    expect(await planSync(scene, changes)).toMatchObject({
      held: false,
      actions: { deactivate: 11 },
    })
    removeAtEntra(scene, ...people.slice(11, 12))
    expect(await planSync(scene, changes)).toMatchObject({
      held: true,
      actions: { deactivate: 12 },
    })
  })
})
