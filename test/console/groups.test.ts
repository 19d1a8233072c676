import { beforeEach, describe, expect, test } from 'vitest'
import { newAdmin } from '../support/admin.ts'
import { newOwnGroup, newPushedGroup, newRule } from '../support/assignments.ts'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { newConsole, type Console } from '../support/console.ts'
import { newPerson, newTeam } from '../support/programs.ts'

let app: TestApp
let admin: Console

beforeEach(async () => {
  app = await testApp()
  admin = await newConsole(app)
})

const person = async (userName: string, displayName: string) =>
  (await newPerson(app.directory, userName, { displayName })).id

const membersOf = async (id: string) =>
  (await app.directory.groups.memberships(id, '', 50)).map((one) => one.displayName)

/** How the form behind a button of a page is sent, by what stands on the button. */
function undoOf(html: string): { path: string; fields: Record<string, string> } {
  const [, path = '', inputs = ''] =
    /action="([^"]+)">((?:<input type="hidden"[^>]*>)*)<button[^>]*>(?:<svg[^>]*><use[^>]*>(?:<\/use>)?<\/svg>)?Undo/.exec(
      html,
    ) ?? []
  const pairs = [...inputs.matchAll(/name="([^"]*)" value="([^"]*)"/g)]
  return { path, fields: Object.fromEntries(pairs.map(([, name, value]) => [name, value])) }
}

describe('the list of user groups', () => {
  test('says of each how many are in it, what it lets them do, and who fills it', async () => {
    const ada = await newPerson(app.directory, 'ada')
    await newTeam(app.directory, 'Sales', ada, ['a', 'b'])
    await newPushedGroup(app.directory, 'Everybody')
    const { words, html } = await admin.get('/admin/groups')
    expect(words).toContain('Everybody Entra 0 none Entra')
    expect(words).toContain('Sales Chosen here 1 2 Chosen here')
    expect(words).toContain('2 user groups')
    expect(html).toContain('aria-current="page"')
  })

  test('is searched, narrowed down, and gone through page by page', async () => {
    for (let number = 10; number < 62; number += 1)
      await newOwnGroup(app.directory, `Team ${number}`)
    await newPushedGroup(app.directory, 'Team of Entra')
    const first = await admin.get('/admin/groups?search=team')
    expect(first.words).toContain('Team 59 ')
    expect(first.words).not.toContain('Team 60')
    expect(first.words).not.toContain('First page')
    const [, next = ''] = /href="([^"]*after=[^"]*)"/.exec(first.html) ?? []
    const second = await admin.get(next.replaceAll('&amp;', '&'))
    expect(second.words).toMatch(/Team 60 .*Team of Entra .*53 user groups First page/)
    expect(second.words).not.toContain('Team 59')
    const entra = await admin.get('/admin/groups?search=team&filled=entra')
    expect(entra.words).toContain('1 user group')
    expect((await admin.get('/admin/groups?search=%3Cb%3E')).words).toContain(
      'No user group has “<b>” in its name.',
    )
  })

  test('says what to do where there is none', async () => {
    expect((await admin.get('/admin/groups')).words).toContain('No user groups yet Make one here')
  })
})

describe('a user group', () => {
  test('is made, renamed, renamed back with undo, and deleted after a question', async () => {
    const made = await admin.send('/admin/groups/new', { name: '  Designers ' })
    expect(made.words).toContain('Designers is here. Add people, and say what they may do.')
    const group = await app.directory.groups.named('designers')
    const path = `/admin/groups/${String(group?.id)}`
    const renamed = await admin.send(`${path}/rename`, { name: 'Planners' })
    expect(renamed.words).toContain('Designers is called Planners now. Undo')
    const undo = undoOf(renamed.html)
    await admin.send(undo.path, undo.fields)
    expect(await app.directory.groups.named('Designers')).toBeDefined()
    expect((await admin.get(`${path}/remove`)).words).toContain(
      'Delete Designers? Nobody is in it.',
    )
    expect((await admin.send(`${path}/remove`)).words).toContain('Designers is deleted.')
    expect((await admin.get(path)).status).toBe(404)
  })

  test.each([
    ['made', () => '/admin/groups/new'],
    ['renamed', (id: string) => `/admin/groups/${id}/rename`],
  ])(
    'cannot be %s to a name that is taken or empty, and what was typed stays',
    async (_, pathOf) => {
      await newOwnGroup(app.directory, 'Sales')
      const path = pathOf(await newOwnGroup(app.directory, 'Designers'))
      const taken = await admin.post(path, { name: 'SALES' })
      expect(taken.status).toBe(400)
      expect(taken.words).toContain('Another group has this name.')
      expect(taken.html).toMatch(/aria-invalid="true"[^>]*value="SALES"/)
      const empty = await admin.post(path, { name: ' ' })
      expect(empty.words).toContain('Say a name.')
    },
  )

  test('says before it is deleted what its members lose, and which rules gave it', async () => {
    const api = await newAdmin(app)
    const ada = await newPerson(app.directory, 'ada')
    const { id } = await newTeam(app.directory, 'Sales', ada, ['a.read', 'a.write'])
    await newRule(api, 'title pr', { name: 'Sales people', groups: [id] })
    const { words } = await admin.get(`/admin/groups/${id}/remove`)
    expect(words).toContain('1 member leaves it and stays a user.')
    expect(words).toContain('gives them the same: a.read a.write')
    expect(words).toContain('This rule does not give it any more: Sales people')
  })

  test('gets and loses permissions, each with a way back', async () => {
    const id = await newOwnGroup(app.directory, 'Sales')
    const path = `/admin/groups/${id}`
    const holder = { kind: 'group', id } as const
    const permission = { permission: 'projects.read' }
    const granted = await admin.send(`${path}/permissions/grant`, permission)
    expect(granted.words).toContain('Sales has projects.read now. Undo')
    expect(await app.directory.permissions.list(holder)).toHaveLength(1)
    const revoked = await admin.send(`${path}/permissions/revoke`, permission)
    expect(revoked.words).toContain('Sales does not have projects.read any more. Undo')
    expect(await app.directory.permissions.list(holder)).toHaveLength(0)
    const undo = undoOf(revoked.html)
    await admin.send(undo.path, undo.fields)
    expect(await app.directory.permissions.list(holder)).toHaveLength(1)
    const wrong = await admin.post(`${path}/permissions/grant`, { permission: 'with blanks' })
    expect(wrong.status).toBe(400)
    expect(wrong.words).toContain('Write 1 to 200 characters without blanks.')
    expect(wrong.html).toContain('value="with blanks"')
  })

  test('offers the permissions that others have, and not its own', async () => {
    const id = await newOwnGroup(app.directory, 'Sales')
    const grant = { holder: { kind: 'role', value: 'PM' }, permission: 'theirs' } as const
    await app.directory.permissions.grant(grant, cause)
    const own = { holder: { kind: 'group', id }, permission: 'own' } as const
    await app.directory.permissions.grant(own, cause)
    const { html } = await admin.get(`/admin/groups/${id}`)
    expect(html).toContain('<option value="theirs">')
    expect(html).not.toContain('<option value="own">')
  })

  test('that Entra fills says so, and cannot be changed but for its permissions', async () => {
    const id = await newPushedGroup(app.directory, 'Everybody')
    const { words, html } = await admin.get(`/admin/groups/${id}`)
    expect(words).toContain('Managed by Entra')
    expect(words).toContain('it is renamed, filled and deleted at Entra')
    expect(html).not.toMatch(/\/rename"|\/remove"|\/members\/add"/)
    expect((await admin.get(`/admin/groups/${id}/remove`)).html).not.toContain(
      'method="post" action="/admin/groups',
    )
    for (const step of ['rename', 'remove', 'members/remove']) {
      const refused = await admin.post(`/admin/groups/${id}/${step}`, { name: 'x', id: 'x' })
      expect([400, 409]).toContain(refused.status)
      expect(refused.words).toContain('comes from Entra')
    }
    const granted = await admin.send(`/admin/groups/${id}/permissions/grant`, { permission: 'p' })
    expect(granted.words).toContain('Everybody has p now.')
  })
})

describe('the members of a user group', () => {
  test('are added a few at once, taken out, and both undone', async () => {
    const id = await newOwnGroup(app.directory, 'Sales')
    const [ada, bob] = [await person('ada', 'Ada Lovelace'), await person('bob', 'Bob Example')]
    const add = `/admin/groups/${id}/members/add`
    const found = await admin.get(`${add}?search=lov`)
    expect(found.words).toContain('Ada Lovelace ada')
    expect(found.words).not.toContain('Bob')
    const added = await admin.send(add, { id: [ada, bob] })
    expect(added.words).toContain('2 people are in Sales now. Undo')
    expect(added.words).toContain('Ada Lovelace ada By hand')
    expect(new Set(await membersOf(id))).toStrictEqual(new Set(['Ada Lovelace', 'Bob Example']))
    const removed = await admin.send(`/admin/groups/${id}/members/remove`, { id: ada })
    expect(removed.words).toContain('Taken out of Sales: Ada Lovelace. Undo')
    expect(await membersOf(id)).toStrictEqual(['Bob Example'])
    for (const { html } of [removed, added]) {
      const undo = undoOf(html)
      await admin.send(undo.path, undo.fields)
    }
    // The second took both out again.
    expect(await membersOf(id)).toStrictEqual([])
  })

  test('undo takes out those alone who were added', async () => {
    const id = await newOwnGroup(app.directory, 'Sales')
    const [ada, bob] = [await person('ada', 'Ada'), await person('bob', 'Bob')]
    await admin.send(`/admin/groups/${id}/members/add`, { id: ada })
    const { words, html } = await admin.send(`/admin/groups/${id}/members/add`, { id: [ada, bob] })
    expect(words).toContain('Bob is in Sales now.')
    const undo = undoOf(html)
    await admin.send(undo.path, undo.fields)
    expect(await membersOf(id)).toStrictEqual(['Ada'])
  })

  test('are searched by name, and told how they came', async () => {
    const id = await newOwnGroup(app.directory, 'Sales')
    for (const name of ['Ada', 'Bob']) {
      await admin.send(`/admin/groups/${id}/members/add`, { id: await person(name, name) })
    }
    const { words } = await admin.get(`/admin/groups/${id}?search=ad`)
    expect(words).toContain('A Ada By hand')
    expect(words).not.toContain('Bob Bob')
    expect((await admin.get(`/admin/groups/${id}?search=zz`)).words).toContain(
      'No member has a name or an address with a word that begins with “zz”.',
    )
    expect((await admin.get(`/admin/groups/${id}`)).words).toContain('By hand 2 members')
  })

  test('who are no users are counted, not shown', async () => {
    const members = { kind: 'set', members: [{ value: 'somebody' }] } as const
    const attributes = { displayName: 'Pushed' }
    const { id } = await app.directory.groups.create({ attributes, members, origin: 'scim' }, cause)
    const { words } = await admin.get(`/admin/groups/${id}`)
    expect(words).toContain('1 more member is no user here')
  })

  test('nobody ticked is said, and nobody is added', async () => {
    const id = await newOwnGroup(app.directory, 'Sales')
    const answer = await admin.post(`/admin/groups/${id}/members/add?search=x`)
    expect(answer.status).toBe(400)
    expect(answer.words).toContain('Tick somebody first.')
  })
})
