import { beforeEach, expect, test } from 'vitest'
import { newAdmin } from '../support/admin.ts'
import { newRule } from '../support/assignments.ts'
import { testApp, type TestApp } from '../support/app.ts'
import { newConsole, type Console } from '../support/console.ts'
import { testEntraDirectory } from '../support/entra-directory.ts'
import { newPerson } from '../support/programs.ts'

let app: TestApp
let admin: Console
const entra = testEntraDirectory()

beforeEach(async () => {
  entra.failure = undefined
  entra.roles = [
    { id: 'r1', value: 'pm', displayName: 'Project manager', assigned: [] },
    { id: 'r2', value: '', displayName: 'User', assigned: [] },
  ]
  app = await testApp({ entraDirectory: entra })
  admin = await newConsole(app)
})

const withRole = (userName: string, value: string) =>
  newPerson(app.directory, userName, { displayName: userName, roles: [{ value }] })

test('every role is listed with how many have it and what it lets them do', async () => {
  await withRole('ada', 'PM')
  await withRole('bob', 'pm')
  const made = await admin.send('/admin/roles/new', { role: 'Designer', permission: 'draw' })
  expect(made.words).toContain('The role Designer is here.')
  for (const permission of ['a', 'b', 'c', 'd']) {
    await admin.send('/admin/roles/permissions/grant', { role: 'PM', permission })
  }
  const { words } = await admin.get('/admin/roles')
  expect(words).toContain('designer Nobody draw')
  expect(words).toContain('PM 2 a b c and 1 more')
})

test('a role is not made without a name or with a permission that is none, and what was typed stays', async () => {
  const nameless = await admin.post('/admin/roles/new', { role: '', permission: 'draw' })
  expect(nameless.status).toBe(400)
  expect(nameless.words).toContain('Say a role.')
  expect(nameless.html).toContain('value="draw"')
  const wrong = await admin.post('/admin/roles/new', { role: 'PM', permission: 'a b' })
  expect(wrong.words).toContain('Write 1 to 200 characters without blanks.')
})

test('the page of a role has its people, permissions and what gives it, in whatever letter case', async () => {
  const { id } = await withRole('ada', 'PM')
  const api = await newAdmin(app)
  await newRule(api, 'title pr', { name: 'Leads', role: 'pM' })
  const granted = await admin.send('/admin/roles/permissions/grant', {
    role: 'pm',
    permission: 'p',
  })
  expect(granted.words).toContain('pm has p now. Undo')
  const { words, html } = await admin.get('/admin/roles/role?value=pm')
  expect(words).toMatch(/^Roles PM People See them among all users Name User groups Why\?/)
  expect(html).toContain(`/admin/users/${id}/why`)
  expect(words).toContain('Rule Leads')
  expect(html).toContain('/admin/users?role=PM')
  const revoked = await admin.send('/admin/roles/permissions/revoke', {
    role: 'PM',
    permission: 'p',
  })
  expect(revoked.words).toContain('PM does not have p any more. Undo')
})

test.each([
  ['there under its value', 'PM', undefined, 'App role of Entra Project manager'],
  ['not there', 'QA', undefined, 'The application has no app role with this value at Entra.'],
  ['nowhere to be asked for', 'PM', 'unavailable', 'Entra cannot be asked now.'],
] as const)('an app role of Entra is %s', async (_, value, failure, words) => {
  entra.failure = failure
  const path = `/admin/roles/role?value=${value}`
  expect((await admin.get(path)).words).toContain('Look for it at Entra')
  expect((await admin.get(`${path}&entra=yes`)).words).toContain(words)
})

test('a role that nobody has says what to do, and no role at all leads to the list', async () => {
  const { words } = await admin.get('/admin/roles/role?value=%D7%9E%D7%A2%D7%A6%D7%91')
  expect(words).toContain('מעצב')
  expect(words).toContain('Nobody has this role')
  expect((await admin.get('/admin/roles/role')).location).toBe('/admin/roles')
  expect((await admin.get('/admin/roles')).words).toContain('No roles yet')
})
