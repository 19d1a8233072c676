import { describe, expect, test } from 'vitest'
import type { EntraUser } from '../../src/directory/entra-directory.ts'
import { entraPerson } from '../support/entra-directory.ts'
import { newConsole, type Console } from '../support/console.ts'
import { userOf, type Scene } from '../support/imports.ts'
import { testApp } from '../support/app.ts'
import {
  ada,
  changeAtEntra,
  changeHere,
  isActive,
  married,
  nameOf,
  planSync,
  removeAtEntra,
  sceneWith,
  syncsOf,
} from '../support/syncs.ts'
import { newPerson } from '../support/programs.ts'

const grace = entraPerson(2, 'grace', { displayName: 'Grace Hopper' })
const crowd = Array.from({ length: 12 }, (_, index) => entraPerson(20 + index, `user-${index}`))

async function scenery(...people: readonly EntraUser[]) {
  const scene = await sceneWith(...people)
  return { scene, admin: await newConsole(scene.app, 'Olga Operator') }
}

/** Begins a preview, and follows it to what came of it. */
async function preview(admin: Console, fields: Record<string, string | string[]> = {}) {
  const { location = '' } = await admin.post('/admin/sync', fields)
  return { path: location, ...(await admin.get(location)) }
}

const idOf = async (scene: Scene, person: { readonly id: string }) =>
  String((await userOf(scene, person))?.id)

describe('a preview', () => {
  test('shows who changes, old and new, and nothing changes before it is run', async () => {
    const { scene, admin } = await scenery(ada, grace)
    changeAtEntra(scene, married)
    const { path, words } = await preview(admin)
    expect(path).toMatch(/^\/admin\/sync\/[\w-]{36}$/)
    expect(words).toContain('1 All changes 1 To change 1 Nothing to do')
    expect(words).toContain('Display name Before: Ada Byron → Now: Ada Lovelace')
    expect(words).toContain('Last name Before: Byron → Now: Lovelace')
    expect(words).not.toContain('Grace Hopper')
    expect(await nameOf(scene, ada)).toBe('Ada Byron')
    expect((await admin.get(`${path}?show=skip`)).words).toContain('Grace Hopper')

    const started = await admin.send(`${path}/start`)
    expect(started.words).toContain('Sync under way')
    expect(started.html).toContain('http-equiv="refresh"')
    await scene.runner.tick()
    const { words: report } = await admin.get(path)
    expect(report).toContain('Sync report')
    expect(report).toContain('1 All changes 1 Done')
    expect(await nameOf(scene, ada)).toBe('Ada Lovelace')
  })

  test('of those who changed asks Entra for no others', async () => {
    const { scene, admin } = await scenery(ada, grace)
    await planSync(scene)
    changeAtEntra(scene, married)
    const { words } = await preview(admin, { mode: 'changes' })
    expect(words).toContain('Those who changed.')
    expect(words).toContain('1 All changes 1 To change')
    expect(words).not.toContain('Nothing to do')
  })

  test('of chosen users is about those of them who are linked', async () => {
    const { scene, admin } = await scenery(ada, grace)
    const local = await newPerson(scene.app.directory, 'local')
    changeAtEntra(scene, married, { ...grace, displayName: 'Amazing Grace' })
    const { words } = await preview(admin, { id: [await idOf(scene, ada), local.id] })
    expect(words).toContain('1 user not linked: left out.')
    expect(words).toContain('1 chosen user.')
    expect(words).toContain('Ada Lovelace')
    expect(words).not.toContain('Amazing Grace')
  })

  test('of chosen users of whom nobody is linked is not begun', async () => {
    const { scene, admin } = await scenery(ada)
    const local = await newPerson(scene.app.directory, 'local')
    const before = await syncsOf(scene)
    const { words } = await preview(admin, { id: local.id })
    expect(words).toContain('None of the chosen users is linked')
    expect(await syncsOf(scene)).toEqual(before)
  })

  test('that takes long shows how far it is, and leads to the plan when it is done', async () => {
    const { scene, admin } = await scenery(ada, grace)
    const [go, stay] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const { usersById, userById } = scene.entra
    scene.entra.usersById = async (ids) => {
      await go.promise
      return usersById(ids)
    }
    // Whoever is missing among many is looked for alone.
    removeAtEntra(scene, grace)
    scene.entra.userById = async (id) => {
      await stay.promise
      return userById(id)
    }
    const { path, words, html } = await preview(admin)
    expect(path).toBe('/admin/sync/working')
    expect(words).toContain('0 of 2 linked users compared')
    expect(html).toContain('data-live="/admin/sync/working/live"')
    expect(html).toContain('http-equiv="refresh"')
    expect((await admin.get('/admin/sync')).words).toContain('A preview is being worked out.')
    const busy = await admin.send('/admin/sync')
    expect(busy.words).toContain('Another preview is being worked out.')
    go.resolve()
    await expect
      .poll(async () => (await admin.get('/admin/sync/working')).words)
      .toContain('2 of 2 linked users compared')
    stay.resolve()
    await expect.poll(async () => (await admin.get('/admin/sync/working')).location).toBeDefined()
    const { location = '' } = await admin.get('/admin/sync/working')
    expect((await admin.get(location)).words).toContain('1 To switch off')
    expect(await syncsOf(scene)).toHaveLength(1)
  })

  test('that Entra does not answer says why, and is tried again', async () => {
    const { scene, admin } = await scenery(ada)
    scene.entra.failure = 'unavailable'
    const { words } = await preview(admin)
    expect(words).toContain('The preview came to nothing')
    expect(words).toContain('Try again')
    scene.entra.failure = undefined
    expect((await preview(admin)).words).toContain('Nothing to change')
  })

  test('without a connection says so', async () => {
    const app = await testApp()
    const admin = await newConsole(app)
    const { words } = await preview(admin)
    expect(words).toContain('does not read this organisation from Microsoft Entra ID')
  })
})

describe('a run', () => {
  test('that switches somebody off tells names and numbers first', async () => {
    const { scene, admin } = await scenery(ada, grace)
    changeAtEntra(scene, married)
    removeAtEntra(scene, grace)
    const { path, html } = await preview(admin)
    expect(html).toMatch(/href="[^"]*\/start" data-dialog/)
    const { words } = await admin.get(`${path}/start`)
    expect(words).toContain('Switch off 1 user?')
    expect(words).toContain('2 users change. 1 of them is blocked at Entra, or gone')
    expect(words).toContain('Grace Hopper')
    await admin.send(`${path}/start`)
    await scene.runner.tick()
    expect(await isActive(scene, grace)).toBe(false)
  })

  test('that would switch off too many waits, and is released or given up', async () => {
    const { scene, admin } = await scenery(...crowd)
    removeAtEntra(scene, ...crowd.slice(0, 11))
    const { path, words } = await preview(admin)
    expect(words).toContain('This would switch off 11 users.')
    expect(words).not.toContain('Sync 11 users')
    expect((await admin.get('/admin/sync')).words).toContain(
      'would switch off 11 users, so it waits',
    )
    expect((await admin.get(`${path}/start`)).location).toBe(path)
    const asked = await admin.get(`${path}/release`)
    expect(asked.words).toContain('Is it right that 11 users are switched off?')
    expect(asked.words).toContain('and 3 users more')
    const released = await admin.send(`${path}/release`)
    expect(released.words).toContain('Released. It can be started now.')
    expect(released.words).toContain('Sync 11 users')

    const other = await preview(admin)
    const given = await admin.send(`${other.path}/stop`)
    expect(given.words).toContain('Given up.')
    expect((await admin.get('/admin/sync')).words).not.toContain('so it waits for you')
  })

  test('reports whom it left alone since they had changed', async () => {
    const { scene, admin } = await scenery(ada, grace)
    changeAtEntra(scene, married, { ...grace, displayName: 'Amazing Grace' })
    const { path } = await preview(admin)
    await changeHere(scene, ada, { displayName: 'Countess Lovelace' })
    await admin.send(`${path}/start`)
    await scene.runner.tick()
    const { words } = await admin.get(path)
    expect(words).toContain('2 All changes 1 Done 1 Changed since: left alone')
    const changed = await admin.get(`${path}?show=changed`)
    expect(changed.words).toContain('Ada Lovelace')
    expect(changed.words).not.toContain('Amazing Grace')
  })

  test('that is stopped says so, and goes on when it is started again', async () => {
    const { scene, admin } = await scenery(ada)
    changeAtEntra(scene, married)
    const { path } = await preview(admin)
    await admin.post(`${path}/start`)
    expect((await admin.send(`${path}/stop`)).words).toContain('Stopped. What is done stays.')
    const { words } = await admin.get(path)
    expect(words).toContain('Sync stopped')
    expect(words).toContain('Go on')
    await admin.post(`${path}/start`)
    await scene.runner.tick()
    expect(await nameOf(scene, ada)).toBe('Ada Lovelace')
  })

  test.each(['/admin/sync/x', '/admin/sync/x/start', '/admin/sync/x/release'])(
    'is not there at %s',
    async (path) => {
      const { admin } = await scenery(ada)
      expect((await admin.get(path)).status).toBe(404)
    },
  )
})

describe('how it stands', () => {
  test('says the last run, what came of it, and lists the runs', async () => {
    const { scene, admin } = await scenery(ada)
    expect((await admin.get('/admin/sync')).words).toContain('Last run Not yet')
    changeAtEntra(scene, married)
    await preview(admin)
    const { words } = await admin.get('/admin/sync')
    expect(words).toContain('Last run just now · see what came of it')
    expect(words).toContain('Next run Only when somebody starts one')
    expect(words).toContain('just now Everybody Olga Operator Change 1 user Preview')
  })

  test('tells of a problem', async () => {
    const { scene, admin } = await scenery(ada)
    await scene.app.directory.syncs.fail('2026-03-02T07:00:00.000Z', 'Entra is away.')
    const { words } = await admin.get('/admin/sync')
    expect(words).toContain('The last run came to nothing: Entra is away.')
    expect(words).toContain('1 hour ago · came to nothing')
  })

  test('leads to import and link while nobody is linked', async () => {
    const admin = await newConsole(await testApp())
    const { words } = await admin.get('/admin/sync')
    expect(words).toContain('Nobody is linked yet')
    expect(words).not.toContain('Preview everybody')
  })
})

describe('the settings', () => {
  const path = '/admin/sync/settings'

  test('show what a linked user has here and at Entra, and what would change', async () => {
    const { scene, admin } = await scenery(ada, grace)
    changeAtEntra(scene, { ...grace, jobTitle: 'Admiral' })
    const { words } = await admin.get(`${path}?user=${await idOf(scene, grace)}`)
    expect(words).toContain('The values are those of Grace Hopper')
    expect(words).toContain('Job title title Admiral empty would change')
    expect(words).toContain('Always Display name displayName Grace Hopper Grace Hopper')
    const { html } = await admin.get(`${path}?search=ada`)
    expect(html).toContain(`${path}?user=${await idOf(scene, ada)}`)
  })

  test('are changed, and as they were with undo', async () => {
    const { scene, admin } = await scenery(ada)
    const { settings } = scene.app.directory
    const typed = { every: '60', provisioned: 'synced', field: ['jobTitle', 'department'] }
    const { words, html } = await admin.send(path, typed)
    expect(words).toContain('Saved.')
    const changed = { every: 60, provisioned: 'synced', fields: ['jobTitle', 'department'] }
    expect(await settings.read('sync')).toEqual(changed)
    expect((await admin.get('/admin/sync')).words).toContain('every hour')
    await admin.send(path, { every: '', provisioned: 'left', field: 'jobTitle' })
    const note = html.slice(html.indexOf('role="status"'), html.indexOf('Undo'))
    const fields = [...note.matchAll(/name="(\w+)" value="([^"]*)"/g)]
    const undo = Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]))
    await admin.send(path, undo)
    expect(await settings.read('sync')).toEqual({ provisioned: 'left', fields: [] })
  })

  test('that cannot be are refused, with what was chosen', async () => {
    const { admin } = await scenery(ada)
    const { status, html } = await admin.post(path, {
      every: '7',
      provisioned: 'left',
      field: 'jobTitle',
    })
    expect(status).toBe(400)
    expect(html).toMatch(/<option value="7" selected/)
    expect(html).toMatch(/value="jobTitle" checked/)
  })

  test('are shown without a sample where Entra does not answer', async () => {
    const { scene, admin } = await scenery(ada)
    scene.entra.failure = 'unavailable'
    const { status, words } = await admin.get(path)
    expect(status).toBe(200)
    expect(words).toContain('Without a sample:')
    expect(words).toContain('Job title')
  })
})
