import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { openStore } from '../../src/db/open.ts'
import type { EntraUser } from '../../src/directory/entra-directory.ts'
import { newId } from '../../src/directory/id.ts'
import type { Store } from '../../src/directory/store.ts'
import { cause } from '../support/app.ts'
import { entraPerson } from '../support/entra-directory.ts'
import { eventsOf, userOf, type Scene } from '../support/imports.ts'
import { newPerson } from '../support/programs.ts'
import { recorded } from '../support/store.ts'
import {
  ada,
  changeAtEntra,
  DAY,
  EVERY,
  inMinutes,
  isActive,
  married,
  MINUTE,
  nameOf,
  removeAtEntra,
  sceneWith,
  scheduled,
  schedulerOn,
  setSync,
  stateOf,
  syncsOf,
} from '../support/syncs.ts'

const grace = entraPerson(2, 'grace', { displayName: 'Grace Murray' })
const hopper: EntraUser = { ...grace, displayName: 'Grace Hopper' }

describe('what fails', () => {
  test('is kept, and not tried again at every turn; once a day it is', async () => {
    const { scene, turn } = await scheduled(ada, grace)
    await newPerson(scene.app.directory, married.userPrincipalName)
    changeAtEntra(scene, married, hopper)
    await turn()
    const [first] = await syncsOf(scene)
    expect(first?.states).toMatchObject({ failed: 1, done: 1 })
    expect(await nameOf(scene, grace)).toBe('Grace Hopper')
    for (let turns = 0; turns < 3; turns += 1) await turn()
    expect(await syncsOf(scene)).toHaveLength(1)
    expect(await stateOf(scene)).toMatchObject({ outcome: 'nothing', plan: { id: first?.id } })

    scene.app.clock.pass(DAY)
    await turn()
    const [again] = await syncsOf(scene)
    expect(again).toMatchObject({ states: { failed: 1, done: 0 } })
    expect(again?.id).not.toBe(first?.id)
  })

  test('is tried again with whatever else there is', async () => {
    const { scene, turn } = await scheduled(ada, grace)
    const { id } = await newPerson(scene.app.directory, married.userPrincipalName)
    changeAtEntra(scene, married)
    await turn()
    const { users } = scene.app.directory
    await users.remove(id, undefined, cause)
    changeAtEntra(scene, hopper)
    await turn()
    expect((await syncsOf(scene))[0]?.states).toMatchObject({ done: 2, failed: 0 })
    expect(await nameOf(scene, ada)).toBe('Ada Lovelace')
  })

  test('is tried again at once where it would be another change by now', async () => {
    const { scene, turn } = await scheduled(ada)
    await newPerson(scene.app.directory, married.userPrincipalName)
    changeAtEntra(scene, married)
    await turn()
    changeAtEntra(scene, { ...ada, displayName: 'Countess' })
    await turn()
    expect(await syncsOf(scene)).toHaveLength(2)
    expect(await nameOf(scene, ada)).toBe('Countess')
  })
})

describe('a run that comes to nothing', () => {
  test.each(['unavailable', 'credentials', 'forbidden'] as const)(
    'because of Entra (%s) says why, changes nothing, and is followed by the next',
    async (failure) => {
      const { scene, turn } = await scheduled(ada)
      changeAtEntra(scene, married)
      scene.entra.failure = failure
      const events = await recorded(scene.app.directory, turn)
      expect(events).toEqual([])
      expect(await syncsOf(scene)).toEqual([])
      expect(await stateOf(scene)).toMatchObject({
        outcome: 'problem',
        problem: `Entra says: ${failure}.`,
        lastRun: inMinutes(scene, 0),
        due: inMinutes(scene, EVERY),
      })
      expect(scene.logged).toContainEqual(
        expect.objectContaining({ level: 'warn', message: 'sync', organisation: 'default' }),
      )

      scene.entra.failure = undefined
      await turn()
      expect(await nameOf(scene, ada)).toBe('Ada Lovelace')
      expect(await stateOf(scene)).toMatchObject({ outcome: 'plan' })
      expect(await stateOf(scene)).not.toHaveProperty('problem')
    },
  )

  test('because Entra goes away in the middle leaves no half of it', async () => {
    const { scene, turn } = await scheduled(ada, grace)
    removeAtEntra(scene, ada)
    changeAtEntra(scene, hopper)
    const { userById } = scene.entra
    scene.entra.userById = () => {
      scene.entra.failure = 'unavailable'
      return userById(ada.id)
    }
    await turn()
    expect(await stateOf(scene)).toMatchObject({ problem: 'Entra says: unavailable.' })
    expect(await syncsOf(scene)).toEqual([])
    expect(await isActive(scene, ada)).toBe(true)

    Object.assign(scene.entra, { failure: undefined, userById })
    await turn()
    expect(await isActive(scene, ada)).toBe(false)
    expect(await nameOf(scene, grace)).toBe('Grace Hopper')
  })

  test('because the server failed says that its log has more', async () => {
    const { scene, turn } = await scheduled(ada)
    scene.entra.changes = () => Promise.reject(new TypeError('broken'))
    await turn()
    expect(await stateOf(scene)).toMatchObject({
      problem: 'The server failed at this run; its log says why.',
    })
    expect(scene.logged).toContainEqual(expect.objectContaining({ level: 'error' }))
  })

  test('because there is no connection says so', async () => {
    const scene = await sceneWith(ada)
    await setSync(scene)
    const scheduler = schedulerOn(scene, { connections: { of: async () => undefined } })
    await scheduler.tick()
    expect(await stateOf(scene)).toMatchObject({
      problem: 'The organisation is not connected to Microsoft Entra ID.',
      due: inMinutes(scene, EVERY),
    })
  })
})

describe('several servers', () => {
  /** Another server on the same database; on SQLite there is one, with two schedulers. */
  async function anotherStore({ app }: Scene): Promise<Store> {
    if (inject('engine') === 'sqlite') return app.store
    const opened = await openStore(app.database.url, { now: app.clock.now, newId })
    onTestFinished(() => opened.close())
    return opened
  }

  test('take a run once', async () => {
    const { scene, scheduler } = await scheduled(ada, grace)
    const other = schedulerOn(scene, { store: await anotherStore(scene) })
    await other.tick()
    for (let round = 0; round < 5; round += 1) {
      const displayName = `Ada ${round}`
      changeAtEntra(scene, { ...ada, displayName })
      scene.app.clock.pass(EVERY * MINUTE)
      await Promise.all([scheduler.tick(), other.tick(), scheduler.tick(), other.tick()])
      await scene.runner.tick()
      expect(await nameOf(scene, ada)).toBe(displayName)
      expect(await syncsOf(scene)).toHaveLength(round + 1)
    }
    const id = String((await userOf(scene, ada))?.id)
    const updated = await eventsOf(scene, 'user.updated')
    expect(updated).toEqual(Array.from({ length: 5 }, () => id))
  })

  test('leave a long run to the one that has it', async () => {
    const { scene, scheduler, turn } = await scheduled(ada, grace)
    const other = schedulerOn(scene, { store: await anotherStore(scene) })
    await other.tick()
    await newPerson(scene.app.directory, married.userPrincipalName)
    changeAtEntra(scene, married)
    await turn()
    const { usersById } = scene.entra
    const waits = [10, 14]
    scene.entra.usersById = async (ids) => {
      // So long one part takes, and the other server looks whether anything is due.
      scene.app.clock.pass((waits.shift() ?? 0) * MINUTE)
      await other.tick()
      return usersById(ids)
    }
    changeAtEntra(scene, hopper)
    scene.app.clock.pass(EVERY * MINUTE)
    await scheduler.tick()
    // One for whom the run before has not settled, and one for whom Entra names.
    expect(waits).toEqual([])
    expect(await syncsOf(scene)).toHaveLength(2)
    expect((await scene.app.directory.syncs.state()).due).toBe(inMinutes(scene, EVERY - 14))
  })

  test('take over from one that stops in the middle of a run', async () => {
    const { scene, scheduler } = await scheduled(ada)
    const { changes } = scene.entra
    const asked = Promise.withResolvers<void>()
    scene.entra.changes = () => {
      asked.resolve()
      return new Promise(() => {})
    }
    changeAtEntra(scene, married)
    scene.app.clock.pass(EVERY * MINUTE)
    const ticked = scheduler.tick()
    await asked.promise
    await scheduler.stop()
    await ticked
    expect(await stateOf(scene)).toMatchObject({ outcome: 'nothing', due: inMinutes(scene, 0) })

    scene.entra.changes = changes
    const other = schedulerOn(scene, { store: await anotherStore(scene) })
    await other.tick()
    await scene.runner.tick()
    expect(await nameOf(scene, ada)).toBe('Ada Lovelace')
  })
})
