import { describe, expect, test } from 'vitest'
import { pack, unpack } from '../../src/admin/pages/import/form.ts'
import { instantIn, localIn } from '../../src/admin/pages/import/zoned.ts'
import { cause, testApp } from '../support/app.ts'
import { newConsole, type Console } from '../support/console.ts'
import { colleagues, localUser } from '../support/console-scenes.ts'
import { ada, grace, linus, many, newScene, userOf, type Scene } from '../support/imports.ts'

const NEW = '/admin/import/new'
const EVERYBODY = 'f0000000-0000-4000-8000-000000000001'

async function scenery(): Promise<{ scene: Scene; admin: Console }> {
  const scene = await newScene()
  return { scene, admin: await newConsole(scene.app, 'Olga Operator') }
}

type Fields = Readonly<Record<string, string | readonly string[]>>

/** Makes a preview of the form; the path of its page. */
async function preview(admin: Console, fields: Fields): Promise<string> {
  const { location, words } = await admin.post(NEW, { when: 'never', ...fields, do: 'import' })
  if (location === undefined) throw new Error(words)
  return location
}

const hidden = (html: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''

const isTicked = (html: string, id: string) =>
  new RegExp(`<input[^>]*value="${id}"[^>]*>`).exec(html)?.[0].includes('checked') ?? false

describe('choosing', () => {
  test('where Entra is not connected, says how to connect it', async () => {
    const admin = await newConsole(await testApp())
    for (const path of ['/admin/import', NEW]) {
      const { html, words } = await admin.get(path)
      expect(words).toContain('Entrance does not read your Entra ID yet')
      expect(html).toContain('href="/admin/connect"')
    }
  })

  test('finds people, and says who is here already', async () => {
    const { scene, admin } = await scenery()
    await localUser(scene.app, ada.userPrincipalName)
    const { words, html } = await admin.get(`${NEW}?search=ada`)
    expect(words).toContain('May be here ada@contoso.example The user name is the same.')
    expect(html).toContain(`value="${ada.id}"`)
    expect(words).not.toContain('grace@contoso.example')
  })

  test('who is linked already has no box, unless they are switched off', async () => {
    const { scene, admin } = await scenery()
    const path = await preview(admin, { id: [ada.id, grace.id] })
    await admin.post(`${path}/start`)
    await scene.runner.tick()
    const user = await userOf(scene, grace)
    await scene.app.directory.users.update(
      String(user?.id),
      undefined,
      (attributes) => ({ ...attributes, active: false }),
      cause,
    )
    expect((await admin.get(`${NEW}?search=ada`)).html).not.toContain(`value="${ada.id}"`)
    expect((await admin.get(`${NEW}?search=grace`)).html).toContain(`value="${grace.id}"`)
  })

  test('who is ticked stays so over other searches and modes, and can be unticked', async () => {
    const { admin } = await scenery()
    const first = await admin.post(NEW, { mode: 'people', search: 'grace', id: ada.id })
    const others = hidden(first.html, 'others')
    expect(unpack(others)).toEqual([ada.id])
    const second = await admin.post(NEW, { mode: 'groups', others, id: grace.id })
    const both = hidden(second.html, 'others')
    expect(unpack(both)).toEqual([ada.id, grace.id])
    const shown = await admin.post(NEW, { others: both, do: 'open chosen all direct all' })
    expect(isTicked(shown.html, ada.id)).toBe(true)
    expect(isTicked(shown.html, grace.id)).toBe(true)
    const unticked = await admin.post(NEW, { search: 'ada', others: hidden(shown.html, 'others') })
    expect(unpack(hidden(unticked.html, 'others'))).toEqual([])
    expect(isTicked(unticked.html, ada.id)).toBe(false)
  })

  test('looks in one field where that is chosen', async () => {
    const { admin } = await scenery()
    const within = async (field: string) =>
      (await admin.post(NEW, { search: 'Sales', within: field })).html.includes(ada.id)
    expect(await within('department')).toBe(true)
    expect(await within('jobTitle')).toBe(false)
  })

  test('finds a pasted list, and says which addresses lead to nobody or to several', async () => {
    const { scene, admin } = await scenery()
    const shared = ['team@contoso.example']
    scene.entra.people = [
      ada,
      { ...grace, proxyAddresses: shared },
      { ...linus, proxyAddresses: shared },
    ]
    const { html, words } = await admin.post(NEW, {
      mode: 'addresses',
      addresses: 'Ada <ada@contoso.example>; nobody@contoso.example\nteam@contoso.example',
      do: 'look',
    })
    expect(isTicked(html, ada.id)).toBe(true)
    expect(words).toContain('1 person found and ticked.')
    expect(words).toContain('One address leads to nobody.')
    expect(words).toContain('search for the right one: team@contoso.example')
    expect(html).toContain('nobody@contoso.example\nteam@contoso.example</textarea>')
  })

  test('opens a group, and takes all of it with groups within it or without', async () => {
    const { scene, admin } = await scenery()
    const [first] = scene.entra.groups
    if (!first) throw new Error('There is no group.')
    const inner = {
      id: 'f0000000-0000-4000-8000-000000000002',
      displayName: 'Inner',
      members: [grace.id],
    }
    scene.entra.groups = [{ ...first, groups: [inner.id] }, inner]
    const listed = await admin.post(NEW, { mode: 'groups', nested: 'yes' })
    expect(listed.words).toContain('Everybody Show people Everybody Add everybody Everybody')
    const opened = await admin.post(NEW, {
      mode: 'groups',
      do: `open group ${EVERYBODY} nested Everybody`,
    })
    expect(opened.words).toContain('In the group Everybody')
    const take = async (how: 'nested' | 'direct') => {
      const whole = `group ${EVERYBODY} ${how} Everybody`
      const { html } = await admin.post(NEW, { mode: 'groups', do: `add ${whole}` })
      expect(hidden(html, 'whole')).toBe(whole)
      return (await admin.get(await preview(admin, { whole }))).words
    }
    expect(await take('nested')).toContain(`Preview: import ${many.length + 1} people`)
    expect(await take('direct')).toContain(`Preview: import ${many.length} people`)
    const dropped = await admin.post(NEW, {
      whole: `group ${EVERYBODY} nested Everybody`,
      do: `drop group ${EVERYBODY} nested Everybody`,
    })
    expect(hidden(dropped.html, 'whole')).toBe('')
  })

  test('takes everybody with an app role', async () => {
    const { scene, admin } = await scenery()
    const role = {
      id: 'a0000000-0000-4000-8000-000000000001',
      value: 'PM',
      displayName: 'Managers',
    }
    scene.entra.roles = [{ ...role, assigned: [ada.id, grace.id] }]
    const { words } = await admin.post(NEW, { mode: 'roles' })
    expect(words).toContain('Managers PM')
    const path = await preview(admin, { whole: `role ${role.id} direct Managers` })
    expect((await admin.get(path)).words).toContain('Preview: import 2 people')
  })

  test('tells of Entra being away, and keeps what was chosen and filled in', async () => {
    const { scene, admin } = await scenery()
    scene.entra.failure = 'unavailable'
    const fields = { others: pack([ada.id]), role: 'Chief & co', group: scene.group, when: 'later' }
    const searched = await admin.post(NEW, { ...fields, search: 'x' })
    const planned = await admin.post(NEW, { ...fields, do: 'import' })
    expect([searched.status, planned.status]).toEqual([200, 503])
    for (const { html, words } of [searched, planned]) {
      expect(words).toContain('Entra is not available Entra says: unavailable.')
      expect(unpack(hidden(html, 'others'))).toEqual([ada.id])
      expect(html).toContain('value="Chief &amp; co"')
      expect(isTicked(html, scene.group)).toBe(true)
      expect(html).toMatch(/value="later" checked/)
    }
  })

  test('shows the form again for what is wrong in it', async () => {
    const { admin } = await scenery()
    const faults: readonly [what: Fields, told: string][] = [
      [{}, 'Nobody is chosen yet.'],
      [{ id: ada.id, when: 'at' }, 'Choose a day and a time.'],
      [{ id: ada.id, when: 'at', at: '2026-03-02T07:00' }, 'That is over.'],
      [
        {
          others: pack(
            Array.from(
              { length: 2001 },
              (_, at) => ada.id.slice(0, -4) + String(at).padStart(4, '0'),
            ),
          ),
        },
        'At most 2,000 people can be ticked.',
      ],
    ]
    for (const [fields, told] of faults) {
      const { status, words } = await admin.post(NEW, { ...fields, do: 'import' })
      expect(status).toBe(400)
      expect(words).toContain(told)
    }
  })
})

describe('a preview', () => {
  test('says who gets what, person by person and in numbers, and nothing has happened', async () => {
    const { scene, admin } = await scenery()
    const bob = await localUser(scene.app, grace.userPrincipalName, { displayName: 'Grace H' })
    const path = await preview(admin, {
      id: [ada.id, grace.id, linus.id],
      group: scene.group,
      role: 'Designer',
      when: 'now',
    })
    const { words, html } = await admin.get(path)
    expect(words).toContain('3 People 2 New users 1 Need a decision')
    expect(words).toContain('ada ada@contoso.example New user Designers Designer Invitation')
    expect(words).toContain('User here Grace H The user name is the same.')
    expect(words).toContain('The account is blocked at Entra')
    expect(words).toContain('2 new users · one left undecided')
    expect(html).toContain(`/admin/users/${bob.id}`)
    const conflicts = await admin.get(`${path}?action=conflict`)
    expect(conflicts.words).not.toContain('ada@contoso.example')
    expect(await userOf(scene, ada)).toBeUndefined()
  })

  test('one person gets something else, or is left out', async () => {
    const { scene, admin } = await scenery()
    const path = await preview(admin, { id: [ada.id, grace.id, linus.id], role: 'Designer' })
    const saved = await admin.send(`${path}/person`, {
      at: '0',
      do: 'save',
      gets: 'own',
      role: 'Lead',
      group: scene.group,
    })
    expect(saved.words).toContain('Saved for ada.')
    expect(saved.words).toContain('New user Chosen for this person Designers Lead')
    const left = await admin.send(`${path}/person`, { at: '2', do: 'leave' })
    expect(left.words).toContain('Preview: import 2 people')
    await admin.post(`${path}/start`)
    await scene.runner.tick()
    const roles = async (person: typeof ada) => (await userOf(scene, person))?.attributes['roles']
    expect(await roles(ada)).toEqual([{ value: 'Lead' }])
    expect(await roles(grace)).toEqual([{ value: 'Designer' }])
    expect(await userOf(scene, linus)).toBeUndefined()
  })

  test('a conflict is answered, which can be undone', async () => {
    const { scene, admin } = await scenery()
    const user = await localUser(scene.app, ada.userPrincipalName)
    const path = await preview(admin, { id: ada.id })
    const asked = await admin.get(`${path}/person?at=0&back=conflict`)
    expect(asked.words).toContain('Is this the user ada@contoso.example?')
    const linked = await admin.send(`${path}/person`, { at: '0', do: 'link' })
    expect(linked.words).toContain('1 Linked to users here')
    const undone = await admin.send(`${path}/person`, { at: '0', do: 'unlink' })
    expect(undone.words).toContain('1 Need a decision')
    await admin.post(`${path}/person`, { at: '0', do: 'link' })
    await admin.post(`${path}/start`)
    await scene.runner.tick()
    expect((await userOf(scene, ada))?.id).toBe(user.id)
  })

  test('is changed in its place, and what was chosen for one person stays', async () => {
    const { admin } = await scenery()
    const path = await preview(admin, { id: [ada.id, grace.id], role: 'Designer' })
    await admin.post(`${path}/person`, { at: '0', do: 'save', gets: 'own', role: 'Lead' })
    const id = path.split('/').at(-1) ?? ''
    const form = await admin.get(`${NEW}?preview=${id}`)
    expect([ada, grace].map(({ id }) => isTicked(form.html, id))).toEqual([true, true])
    expect(form.html).toContain('value="Designer"')
    const again = await preview(admin, { preview: id, id: [ada.id, linus.id], role: 'Planner' })
    expect(again).toBe(path)
    const { words } = await admin.get(path)
    expect(words).toContain('ada@contoso.example New user Chosen for this person Lead')
    expect(words).toContain('linus@contoso.example New user Planner')
    expect(words).not.toContain('grace@contoso.example')
  })

  test('can be discarded, and is not offered again then', async () => {
    const { admin } = await scenery()
    const path = await preview(admin, { id: ada.id })
    expect((await admin.get(NEW)).words).toContain('You have a preview of 1 person')
    const { words } = await admin.send(`${path}/stop`)
    expect(words).toContain('The preview is discarded.')
    expect(words).toContain('Import of 1 person')
    expect(words).toContain('Discarded')
    expect((await admin.get(NEW)).words).not.toContain('You have a preview')
  })

  test('cannot be changed once it was started', async () => {
    const { scene, admin } = await scenery()
    const path = await preview(admin, { id: ada.id })
    await admin.post(`${path}/start`)
    await scene.runner.tick()
    const { status, words } = await admin.post(`${path}/person`, { at: '0', do: 'leave' })
    expect(status).toBe(400)
    expect(words).toContain('This import was started')
  })
})

describe('an import', () => {
  test('goes on after the page is closed, is told among the users, and reports', async () => {
    const { scene, admin } = await scenery()
    const path = await preview(admin, { id: [ada.id, grace.id], when: 'later' })
    const users = await admin.send(`${path}/start`, { after: 'close' })
    expect(users.words).toContain('2 people: the import is running.')
    expect(users.words).toContain('Importing 2 people')
    expect(users.html).toContain(`data-live="${path}/progress"`)
    const running = await admin.get(path)
    expect(running.words).toContain('0 of 2 done')
    expect(running.html).toContain('http-equiv="refresh"')
    await scene.runner.tick()
    const report = await admin.get(path)
    expect(report.words).toContain('Everything is done.')
    expect(report.words).toContain('2 New users')
    expect(report.words).toContain('Its invitations are kept until you send them.')
    const sent = await admin.send(`${path}/invite`)
    expect(sent.words).toContain('2 invitations are on the way.')
    expect((await admin.get('/admin/users')).words).not.toContain('Importing 2 people')
    expect((await admin.get('/admin/import')).words).toContain('by Olga Operator')
  })

  test('says why somebody is left over, and previews them again', async () => {
    const { scene, admin } = await scenery()
    const path = await preview(admin, { id: [ada.id, grace.id], role: 'Designer' })
    await localUser(scene.app, ada.userPrincipalName)
    await admin.post(`${path}/start`)
    await scene.runner.tick()
    const { words } = await admin.get(path)
    expect(words).toContain('One person is left over.')
    expect(words).toContain('1 Done 1 Changed meanwhile')
    expect(words).toContain('it would be conflict now.')
    expect((await admin.get(`${path}?state=changed`)).words).not.toContain('grace@')
    const again = await admin.send(`${path}/again`)
    expect(again.words).toContain('Preview: import 1 person')
    expect(again.words).toContain('1 Need a decision')
  })

  test('is stopped while it runs, and goes on', async () => {
    const { scene, admin } = await scenery()
    const path = await preview(admin, { id: [ada.id, grace.id] })
    await admin.post(`${path}/start`)
    const stopped = await admin.send(`${path}/stop`)
    expect(stopped.words).toContain('The import is stopped.')
    expect(stopped.words).toContain('2 Not done')
    await admin.post(`${path}/start`)
    await scene.runner.tick()
    expect((await admin.get(path)).words).toContain('Everything is done.')
  })
})

describe('the pages', () => {
  test('show names as they are, and page through many', async () => {
    const { scene, admin } = await scenery()
    const crowd = Array.from({ length: 60 }, (_, index) => ({
      ...ada,
      id: `e0000000-0000-4000-8000-${String(500 + index).padStart(12, '0')}`,
      userPrincipalName: `crowd-${index}@contoso.example`,
      mail: `crowd-${index}@contoso.example`,
      proxyAddresses: [],
    }))
    scene.entra.people = [colleagues.layla, colleagues.wolf, ...crowd]
    const ids = scene.entra.people.map(({ id }) => id)
    const path = await preview(admin, { id: ids })
    const first = await admin.get(path)
    expect(first.words).toContain(colleagues.layla.displayName)
    expect(first.words).toContain('crowd-47@contoso.example')
    expect(first.words).not.toContain('crowd-48@contoso.example')
    expect(first.html.length).toBeLessThan(90_000)
    const second = await admin.get(`${path}?after=49`)
    expect(second.words).toContain('crowd-59@contoso.example')
  })

  test.each([
    ['in winter', 'Europe/Berlin', '2026-01-15T08:00', '2026-01-15T07:00:00.000Z'],
    ['in summer', 'Europe/Berlin', '2026-07-15T08:00', '2026-07-15T06:00:00.000Z'],
    [
      'after midnight in the west',
      'America/New_York',
      '2026-03-01T00:30',
      '2026-03-01T05:30:00.000Z',
    ],
    [
      'on the day the clocks change',
      'Europe/Berlin',
      '2026-03-29T03:30',
      '2026-03-29T01:30:00.000Z',
    ],
  ])('a time %s is taken in the zone of the reader', (_, zone, local, instant) => {
    expect(instantIn(zone, local)).toBe(instant)
    expect(localIn(zone, instant)).toBe(local)
  })

  test('what is no time is none', () => {
    expect(instantIn('UTC', 'tomorrow')).toBeUndefined()
  })
})
