import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { startPlanRunner } from '../../src/admin/runner.ts'
import { openStore } from '../../src/db/open.ts'
import { DirectoryError } from '../../src/directory/errors.ts'
import { newId } from '../../src/directory/id.ts'
import type { Plan } from '../../src/directory/plan.ts'
import type { Store } from '../../src/directory/store.ts'
import { createLog } from '../../src/log.ts'
import { newAdmin } from '../support/admin.ts'
import { testApp } from '../support/app.ts'
import { testEntraDirectory } from '../support/entra-directory.ts'
import {
  ada,
  grace,
  many,
  runnerOn,
  newScene,
  planned,
  byId,
  itemsOf,
  planOf,
  start,
  eventsOf,
  createdOnce,
  breakAt,
} from '../support/imports.ts'

/** A store that carries out the next person of a plan as it is told. */
function applyingWith(
  store: Store,
  work: (applyNext: () => Promise<boolean>) => Promise<boolean>,
): Store {
  return {
    ...store,
    for(scope) {
      const directory = store.for(scope)
      const { plans } = directory
      const applyNext: typeof plans.applyNext = (id, by) => work(() => plans.applyNext(id, by))
      return { ...directory, plans: { ...plans, applyNext } }
    },
  }
}

describe('who carries imports out', () => {
  test('goes on where a server that crashed has stopped', async () => {
    const scene = await newScene()
    const { plan } = await planned(scene, byId(...many))
    let left = 3
    const crashing = applyingWith(scene.app.store, (applyNext) => {
      left -= 1
      return left < 0 ? new Promise(() => {}) : applyNext()
    })
    await start(scene, plan)
    const dropped = startPlanRunner({
      store: crashing,
      mails: { wake() {} },
      log: createLog({ level: 'error' }),
      newId,
    })
    await expect
      .poll(async () => (await planOf(scene, plan)).states, { timeout: 5_000 })
      .toMatchObject({ done: 3, planned: 4 })
    void dropped.stop()
    await scene.runner.tick()
    expect(await planOf(scene, plan)).toMatchObject({ state: 'finished', states: { done: 7 } })
    await createdOnce(scene, many)
  })

  test('may be several at once: each person is made once', async () => {
    const scene = await newScene()
    const { plan } = await planned(scene, byId(...many))
    const { database, clock } = scene.app
    let store = scene.app.store
    if (inject('engine') === 'postgres') {
      const opened = await openStore(database.url, { now: clock.now, newId })
      onTestFinished(() => opened.close())
      store = opened
    }
    const another = runnerOn(store, scene.logged)
    await start(scene, plan)
    await Promise.all([scene.runner.tick(), another.tick()])
    expect(await planOf(scene, plan)).toMatchObject({ state: 'finished', states: { done: 7 } })
    await createdOnce(scene, many)
    expect(await eventsOf(scene, 'plan.finished')).toStrictEqual([plan.id])
    expect(scene.logged).toStrictEqual([])
  })

  test('waits out a database that is away', async () => {
    const scene = await newScene()
    const { plan } = await planned(scene, byId(ada))
    let away = true
    const store = applyingWith(scene.app.store, (applyNext) =>
      away
        ? Promise.reject(new DirectoryError('unavailable', 'The database is away.'))
        : applyNext(),
    )
    const logged: Record<string, unknown>[] = []
    const runner = runnerOn(store, logged)
    await runner.tick()
    await start(scene, plan)
    await runner.tick()
    expect(logged.map(({ level, plan: named }) => [level, named])).toStrictEqual(
      Array.from({ length: 4 }, () => ['warn', plan.id]),
    )
    away = false
    await runner.tick()
    expect((await planOf(scene, plan)).states.done).toBe(1)
  })

  test('leaves a person out at whom the server itself fails, says so once, and does the rest', async () => {
    const scene = await newScene()
    const { plan } = await planned(scene, byId(ada, grace))
    await breakAt(scene, 'ada@contoso.example')
    await start(scene, plan)
    await scene.runner.tick()
    await scene.runner.tick()
    expect(await planOf(scene, plan)).toMatchObject({
      state: 'finished',
      states: { failed: 1, done: 1 },
    })
    const [item] = await itemsOf(scene, plan)
    expect(item?.outcome).toBe('The server failed at this person; its log says why.')
    expect(scene.logged.filter(({ level }) => level === 'error')).toMatchObject([{ plan: plan.id }])
  })

  test('waits for the people in flight when it stops, and begins no more', async () => {
    const scene = await newScene()
    const { plan } = await planned(scene, byId(...many))
    await start(scene, plan)
    let begun = 0
    let stopped: Promise<void> | undefined
    const store = applyingWith(scene.app.store, (applyNext) => {
      begun += 1
      stopped ??= runner.stop()
      return applyNext()
    })
    const runner = runnerOn(store)
    await expect.poll(() => begun).toBe(1)
    await stopped
    const left = { done: 1, planned: 6 }
    expect((await planOf(scene, plan)).states).toMatchObject(left)
    await runner.tick()
    expect(begun).toBe(1)
  })

  test('is woken by who starts an import', async () => {
    let woken = 0
    const app = await testApp({
      entraDirectory: testEntraDirectory([ada]),
      runner: { wake: () => void (woken += 1) },
    })
    const api = await newAdmin(app)
    const options = { groups: [], invite: { when: 'never' }, links: {} }
    const { body } = await api.post('/imports', { people: byId(ada), options })
    expect(woken).toBe(0)
    await start({ api }, body['plan'] as Plan)
    expect(woken).toBe(1)
  })
})
