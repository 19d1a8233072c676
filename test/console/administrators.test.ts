import { expect, test } from 'vitest'
import { cause, testApp } from '../support/app.ts'
import { newConsole } from '../support/console.ts'
import { newBrowserSession, newPerson } from '../support/programs.ts'

test('an administrator is added, removed after a question, and brought back with undo', async () => {
  const app = await testApp()
  const admin = await newConsole(app)
  const { id } = await newPerson(app.directory, 'mia', { displayName: 'Mia Maiden' })

  const found = await admin.get('/admin/administrators/add?search=maid')
  expect(found.words).toContain('Mia Maiden mia Make administrator')
  const added = await admin.send('/admin/administrators/add', { user: id })
  expect(added.words).toMatch(/^Mia Maiden is an administrator now\. Administrators /)
  expect(await app.directory.administrators.has(id)).toBe(true)

  const asked = await admin.get(`/admin/administrators/${id}/remove`)
  expect(asked.words).toContain('Remove Mia Maiden as an administrator?')
  expect(asked.words).not.toContain('That is you')
  const removed = await admin.send(`/admin/administrators/${id}/remove`)
  expect(removed.words).toMatch(/^Mia Maiden is no administrator any more\. Undo /)
  expect(await app.directory.administrators.has(id)).toBe(false)

  expect(removed.html).toMatch(
    new RegExp(`action="/admin/administrators/add"><input type="hidden" name="user" value="${id}"`),
  )
  await admin.send('/admin/administrators/add', { user: id })
  expect(await app.directory.administrators.has(id)).toBe(true)
})

test('what was done is told once', async () => {
  const app = await testApp()
  const admin = await newConsole(app)
  const { id } = await newPerson(app.directory, 'mia')
  await admin.send('/admin/administrators/add', { user: id })
  expect((await admin.get('/admin/administrators')).words).toMatch(/^Administrators /)
})

test('the last administrator cannot be removed, and is told so on a page', async () => {
  const app = await testApp()
  const admin = await newConsole(app)
  const asked = await admin.get(`/admin/administrators/${admin.adminId}/remove`)
  expect(asked.words).toContain('That is you')
  const refused = await admin.post(`/admin/administrators/${admin.adminId}/remove`)
  expect(refused.status).toBe(409)
  expect(refused.words).toMatch(/That does not go with what is here .*administrator.* Request /)
  expect(await app.directory.administrators.has(admin.adminId)).toBe(true)
})

test.each([
  ['nobody is looked for', '', 'Whom do you look for?'],
  ['nobody is found', 'zzz', 'No user has a name or an address that begins with “zzz”.'],
  ['the words are markup', '<b>', 'No user has a name or an address that begins with “<b>”.'],
])('when %s, the page says what to do', async (_, search, words) => {
  const admin = await newConsole(await testApp())
  const path = `/admin/administrators/add?search=${encodeURIComponent(search)}`
  expect((await admin.get(path)).words).toContain(words)
})

test.each([
  ['an administrator who is not there', '/admin/administrators/nobody/remove', 404],
  ['a page that is not there', '/admin/nothing', 404],
])('%s is a page too', async (_, path, status) => {
  const admin = await newConsole(await testApp())
  const seen = await admin.get(path)
  expect(seen.status).toBe(status)
  expect(seen.words).toContain('There is nothing here')
  expect(seen.html).toContain('href="/admin"')
})

test('who is no administrator any more is shown out of the console at the next page', async () => {
  const app = await testApp()
  const admin = await newConsole(app)
  const { id } = await newPerson(app.directory, 'mia')
  await app.directory.administrators.appoint(id, cause)
  const { headers } = await newBrowserSession(app.directory, id)
  const page = () => admin.browser.get('/admin', { Cookie: String(headers['Cookie']) })
  expect((await page()).status).toBe(200)
  await admin.send(`/admin/administrators/${id}/remove`)
  expect((await page()).location).toMatch(/^\/auth\/sign-in\?return=%2Fadmin/)
})
