import { describe, expect, test } from 'vitest'
import { startReleases } from '../../src/admin/releases.ts'
import { DirectoryError } from '../../src/directory/errors.ts'
import type { Store } from '../../src/directory/store.ts'
import { createLog } from '../../src/log.ts'
import { inForce, releasesOn } from '../support/brake.ts'
import { eventsOf, heldOf, newScene, nobody, release } from '../support/held.ts'
import { anotherStore } from '../support/store.ts'

/** A store in which carrying out goes through `work`. */
function carryingOutWith(
  store: Store,
  work: (carryOut: () => Promise<void>, id: string) => Promise<void>,
): Store {
  return {
    ...store,
    for(scope) {
      const directory = store.for(scope)
      const { holds } = directory
      const carryOut = (id: string) => work(() => holds.carryOut(id), id)
      return { ...directory, holds: { ...holds, carryOut } }
    },
  }
}

describe('who carries releases out', () => {
  test('goes on where a server that crashed has stopped', async () => {
    const scene = await newScene(8)
    const { app, held } = scene
    let left = 3
    const crashing = carryingOutWith(app.store, (carryOut) => {
      left -= 1
      return left < 0 ? new Promise(() => {}) : carryOut()
    })
    await release(scene)
    const dropped = startReleases({ store: crashing, log: createLog({ level: 'error' }) })
    await expect
      .poll(async () => inForce(app, held), { timeout: 5_000 })
      .toMatchObject({ active: 3, held: 3 })
    void dropped.stop()
    expect((await heldOf(scene)).brake).toMatchObject({ released: 3 })
    await releasesOn(app.store).tick()
    expect(await inForce(app, held)).toStrictEqual(nobody)
    expect(await eventsOf(scene, 'user.hold-released')).toHaveLength(6)
    expect(await eventsOf(scene, 'user.deactivated')).toHaveLength(8)
  })

  test('may be several at once: each departure is done once', async () => {
    const scene = await newScene(12)
    const { app, held } = scene
    const logged: Record<string, unknown>[] = []
    const another = await anotherStore(app)
    const all = [releasesOn(app.store, logged), releasesOn(another, logged)]
    await release(scene)
    await Promise.all(all.map((each) => each.tick()))
    expect(await inForce(app, held)).toStrictEqual(nobody)
    expect(await eventsOf(scene, 'user.deactivated')).toHaveLength(12)
    expect(logged).toStrictEqual([])
  })

  test('leaves somebody out at whom the server fails, says so, does the rest, and tries again', async () => {
    const scene = await newScene()
    const { app, held } = scene
    const [broken = ''] = held
    const logged: Record<string, unknown>[] = []
    let fails = true
    const store = carryingOutWith(app.store, (carryOut, id) =>
      fails && id === broken ? Promise.reject(new Error('broken')) : carryOut(),
    )
    const releases = releasesOn(store, logged)
    await releases.tick()
    await release(scene)
    await releases.tick()
    expect(await inForce(app, held)).toMatchObject({ active: 1, held: 1 })
    expect(logged.length).toBeGreaterThan(0)
    expect(logged.filter(({ level, user }) => level !== 'error' || user !== broken)).toStrictEqual(
      [],
    )
    fails = false
    await releases.tick()
    expect(await inForce(app, held)).toStrictEqual(nobody)
  })

  test('waits out a database that is away', async () => {
    const scene = await newScene()
    const logged: Record<string, unknown>[] = []
    let away = true
    const gone = () => Promise.reject(new DirectoryError('unavailable', 'The database is away.'))
    const { store } = scene.app
    const releases = releasesOn(
      {
        ...store,
        organisationsWithReleased: () => (away ? gone() : store.organisationsWithReleased()),
      },
      logged,
    )
    await release(scene)
    await releases.tick()
    expect(new Set(logged.map(({ level }) => level))).toStrictEqual(new Set(['warn']))
    away = false
    await releases.tick()
    expect(await inForce(scene.app, scene.held)).toStrictEqual(nobody)
  })

  test('leaves alone whom nobody has released', async () => {
    const { app, held } = await newScene()
    for (const id of [...held, 'nobody']) await app.directory.holds.carryOut(id)
    expect(await inForce(app, held)).toStrictEqual({ active: 4, signedIn: 4, held: 4, gone: 0 })
  })

  test('is woken by the release', async () => {
    const woken = Promise.withResolvers<void>()
    const scene = await newScene(3, { runner: { wake: () => woken.resolve() } })
    await release(scene)
    await expect(woken.promise).resolves.toBeUndefined()
  })
})
