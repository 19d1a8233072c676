import { describe, expect, test } from 'vitest'
import type { EntraUser } from '../../src/directory/entra-directory.ts'
import type { Plan } from '../../src/directory/plan.ts'
import { problem } from '../support/admin.ts'
import { cause } from '../support/app.ts'
import { entraPerson } from '../support/entra-directory.ts'
import { eventsOf, userOf } from '../support/imports.ts'
import { recorded } from '../support/store.ts'
import {
  ada,
  changeAtEntra,
  DAY,
  EVERY,
  inMinutes,
  married,
  MINUTE,
  nameOf,
  planSync,
  removeAtEntra,
  run,
  sceneWith,
  scheduled,
  schedulerOn,
  setSync,
  stateOf,
  syncItemsOf,
  syncOf,
  syncsOf,
} from '../support/syncs.ts'

const grace = entraPerson(2, 'grace', { displayName: 'Grace Murray' })
const hopper: EntraUser = { ...grace, displayName: 'Grace Hopper' }

const modeOf = ({ options }: Plan) => (options as { readonly mode: string }).mode

describe('a sync that runs by itself', () => {
  test('begins as soon as it is switched on, and goes on as often as is set', async () => {
    const scene = await sceneWith(ada, grace)
    const scheduler = schedulerOn(scene)
    scene.entra.people = [married, grace]
    await scheduler.tick()
    expect(await stateOf(scene)).toEqual({ held: false })

    await setSync(scene)
    await scheduler.tick()
    await scene.runner.tick()
    expect(await nameOf(scene, ada)).toBe('Ada Lovelace')
    const began = scene.app.clock.now().toISOString()
    expect(await stateOf(scene)).toMatchObject({
      every: EVERY,
      due: inMinutes(scene, EVERY),
      lastRun: began,
      compared: began,
      outcome: 'plan',
      plan: { actor: 'schedule', state: 'finished', options: { mode: 'full' } },
      held: false,
    })

    changeAtEntra(scene, hopper)
    scene.app.clock.pass(EVERY * MINUTE - 1)
    await scheduler.tick()
    expect(await syncsOf(scene)).toHaveLength(1)
    scene.app.clock.pass(1)
    await scheduler.tick()
    await scene.runner.tick()
    expect(await nameOf(scene, grace)).toBe('Grace Hopper')
    const [last] = await syncsOf(scene)
    expect(last).toMatchObject({ actor: 'schedule', options: { mode: 'changes' } })
    expect(await stateOf(scene)).toMatchObject({ compared: began, due: inMinutes(scene, EVERY) })
  })

  test('leaves neither a plan nor an event where nothing has changed', async () => {
    const { scene, turn } = await scheduled(ada)
    expect(await syncsOf(scene)).toEqual([])
    scene.entra.changed(ada.id)
    const events = await recorded(scene.app.directory, turn)
    expect(events).toEqual([])
    expect(await syncsOf(scene)).toEqual([])
    expect(await stateOf(scene)).toEqual({
      every: EVERY,
      due: inMinutes(scene, EVERY),
      lastRun: inMinutes(scene, 0),
      compared: inMinutes(scene, -EVERY),
      outcome: 'nothing',
      held: false,
    })
  })

  test('says in the record that it was the schedule, and is one change a person', async () => {
    const { scene, turn } = await scheduled(ada, grace)
    changeAtEntra(scene, married, hopper)
    const events = await recorded(scene.app.directory, turn)
    const actions = events.map(({ action }) => action)
    expect(actions.toSorted()).toEqual([
      'plan.created',
      'plan.finished',
      'plan.started',
      'user.updated',
      'user.updated',
    ])
    expect(new Set(events.map(({ actor }) => actor))).toEqual(new Set(['schedule']))
  })

  test('wakes who carries it out, and nobody where there is nothing to do', async () => {
    const scene = await sceneWith(ada)
    await setSync(scene)
    let woken = 0
    const scheduler = schedulerOn(scene, { runner: { wake: () => void (woken += 1) } })
    await scheduler.tick()
    expect(woken).toBe(0)
    changeAtEntra(scene, married)
    scene.app.clock.pass(EVERY * MINUTE)
    await scheduler.tick()
    expect(woken).toBe(1)
  })

  test('compares everybody once a week', async () => {
    const { scene, tick, turn } = await scheduled(ada)
    scene.app.clock.pass(7 * DAY - EVERY * MINUTE)
    await tick()
    // Entra did not say so.
    scene.entra.people = [married]
    await turn()
    const [plan, ...more] = await syncsOf(scene)
    expect(plan?.options).toMatchObject({
      mode: 'full',
      why: 'Everybody is compared once a week.',
    })
    expect(more).toEqual([])
    expect(await nameOf(scene, ada)).toBe('Ada Lovelace')
    expect((await scene.app.directory.syncs.state()).compared).toBe(inMinutes(scene, 0))
  })

  test('compares everybody where the link is too old', async () => {
    const { scene, turn } = await scheduled(ada)
    scene.entra.expireLinks()
    scene.entra.people = [married]
    await turn()
    expect((await syncsOf(scene)).map(modeOf)).toEqual(['full'])
    expect(await nameOf(scene, ada)).toBe('Ada Lovelace')
  })

  test('goes on from what an administrator has run', async () => {
    const { scene, turn } = await scheduled(ada, grace)
    changeAtEntra(scene, married)
    await run(scene, await planSync(scene, { mode: 'changes' }))
    changeAtEntra(scene, hopper)
    await turn()
    const [last] = await syncsOf(scene)
    expect(last).toMatchObject({ actor: 'schedule', states: { done: 1 } })
    expect(await nameOf(scene, grace)).toBe('Grace Hopper')
  })

  test('carries out what nobody has started', async () => {
    const { scene, turn } = await scheduled(ada)
    changeAtEntra(scene, married)
    await planSync(scene, { mode: 'changes' })
    await turn()
    expect(await nameOf(scene, ada)).toBe('Ada Lovelace')
  })

  test('is of one organisation, and not of another', async () => {
    const { scene, turn } = await scheduled(ada)
    const { id } = await scene.app.store.organisations.create(
      { name: 'fabrikam', entraTenantId: undefined },
      cause,
    )
    const other = scene.app.store.for({ organisation: id, localUsers: 'visible' })
    expect(await other.syncs.state()).toEqual({})
    changeAtEntra(scene, married)
    await turn()
    expect(await other.syncs.state()).toEqual({})
    expect(await other.plans.list('sync')).toEqual([])
  })
})

describe('the turn passes', () => {
  const leavers = Array.from({ length: 11 }, (_, index) => entraPerson(20 + index, `p${index}`))

  test('while a run is held, until an administrator has decided', async () => {
    const { scene, turn } = await scheduled(ada, ...leavers)
    removeAtEntra(scene, ...leavers)
    await turn()
    const [held] = await syncsOf(scene)
    expect(held).toMatchObject({ held: true, state: 'preview', actor: 'schedule' })
    expect(await stateOf(scene)).toMatchObject({ held: true, outcome: 'plan' })
    changeAtEntra(scene, married)
    await turn()
    expect(await syncsOf(scene)).toHaveLength(1)
    expect(await eventsOf(scene, 'user.deactivated')).toEqual([])

    await scene.api.post(`/syncs/${held?.id}/release`)
    await scene.api.post(`/syncs/${held?.id}/start`)
    await scene.runner.tick()
    expect(await eventsOf(scene, 'user.deactivated')).toHaveLength(11)
    expect((await stateOf(scene)).held).toBe(false)
    await turn()
    expect((await syncsOf(scene)).map(modeOf)).toEqual(['changes', 'changes'])
    expect(await nameOf(scene, ada)).toBe('Ada Lovelace')
  })

  test('until a held run is cancelled; then it is worked out anew', async () => {
    const { scene, turn } = await scheduled(ada, ...leavers)
    removeAtEntra(scene, ...leavers)
    await turn()
    const [held] = await syncsOf(scene)
    const cancelled = await scene.api.post(`/syncs/${held?.id}/cancel`)
    expect(cancelled.body).toMatchObject({ state: 'cancelled' })
    expect(await stateOf(scene)).toMatchObject({ held: false })
    changeAtEntra(scene, ...leavers.slice(0, 1))
    await turn()
    const [next] = await syncsOf(scene)
    expect(next).toMatchObject({ held: false, state: 'finished', states: { done: 10 } })
  })

  test('while another run is being carried out', async () => {
    const { scene, scheduler } = await scheduled(ada, grace)
    changeAtEntra(scene, married)
    const plan = await planSync(scene, { mode: 'changes' })
    await scene.runner.stop()
    await scene.api.post(`/syncs/${plan.id}/start`)
    changeAtEntra(scene, hopper)
    scene.app.clock.pass(EVERY * MINUTE)
    await scheduler.tick()
    expect(await syncOf(scene, plan)).toMatchObject({ state: 'running' })
    expect(await syncsOf(scene)).toHaveLength(1)
    expect((await stateOf(scene)).due).toBe(inMinutes(scene, EVERY))
  })
})

describe('the schedule', () => {
  test('is switched off and on, and each is one event', async () => {
    const { scene, turn } = await scheduled(ada)
    const events = await recorded(scene.app.directory, async () => {
      await setSync(scene, {})
      await setSync(scene, {})
      changeAtEntra(scene, married)
      await turn()
      expect(await syncsOf(scene)).toEqual([])
      expect(await stateOf(scene)).not.toHaveProperty('due')
      await setSync(scene, { every: 60 })
    })
    expect(events).toMatchObject([
      { action: 'setting.changed', changes: [{ path: 'every', from: EVERY }] },
      { action: 'setting.changed', changes: [{ path: 'every', to: 60 }] },
    ])
    await turn()
    expect(await nameOf(scene, ada)).toBe('Ada Lovelace')
    expect((await stateOf(scene)).due).toBe(inMinutes(scene, 60))
  })

  test('runs sooner at once when it is to run more often', async () => {
    const { scene } = await scheduled(ada)
    await setSync(scene, { every: 10_080 })
    expect((await stateOf(scene)).due).toBe(inMinutes(scene, EVERY))
    scene.app.clock.pass(EVERY * MINUTE)
    const scheduler = schedulerOn(scene)
    await scheduler.tick()
    expect((await stateOf(scene)).due).toBe(inMinutes(scene, 10_080))
    await setSync(scene, { every: 30 })
    expect((await stateOf(scene)).due).toBe(inMinutes(scene, 30))
  })

  test.each([14, 10_081, 15.5, '15', null])('is not every %s minutes', async (every) => {
    const scene = await sceneWith(ada)
    const answer = await scene.api.post('/sync-settings', {
      fields: [],
      provisioned: 'left',
      every,
    })
    expect(problem(answer)).toEqual({ status: 400, code: 'badRequest' })
    expect(answer.body['errors']).toMatchObject([{ pointer: '#/every' }])
  })

  test('follows what is set for fields and provisioned users', async () => {
    const { scene, turn } = await scheduled(ada)
    await setSync(scene, { every: EVERY, fields: ['jobTitle'], provisioned: 'synced' })
    changeAtEntra(scene, { ...ada, jobTitle: 'Countess' })
    await turn()
    const [plan] = await syncsOf(scene)
    expect(plan?.options).toMatchObject({ fields: ['jobTitle'], provisioned: 'synced' })
    expect(await syncItemsOf(scene, plan as Plan)).toMatchObject([{ state: 'done' }])
    expect((await userOf(scene, ada))?.attributes['title']).toBe('Countess')
  })
})
