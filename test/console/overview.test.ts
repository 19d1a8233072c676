import { expect, test } from 'vitest'
import { cause, testApp } from '../support/app.ts'
import { newConsole } from '../support/console.ts'
import { newPerson } from '../support/programs.ts'

test('of a new installation, the overview says what is missing and that nothing waits', async () => {
  const admin = await newConsole(await testApp())
  const { words } = await admin.get('/admin')
  expect(words).toContain('Nothing waits for you.')
  expect(words).toContain('Entra has not called yet. Set it up')
  expect(words).toContain('Not connected: people cannot be imported, linked or synced. Connect')
  expect(words).toContain('No mail server is set up')
  expect(words).toContain('1 Users 1 Active')
})

test('an account of Entra that asks to be let in waits, one click from its answer', async () => {
  const app = await testApp()
  const admin = await newConsole(app)
  await app.directory.linkRequests.ask(
    { objectId: 'aaaaaaaa-0000-4000-8000-000000000001', userName: 'mia@contoso.example' },
    cause,
  )
  const { words, html } = await admin.get('/admin')
  expect(words).toContain('1 account of Entra asks to be let in')
  expect(html).toMatch(/href="\/admin\/link"[^>]*>Decide/)
  expect(html).toContain('aria-label="one waits"')
})

test.each([
  ['lasts for long', '2026-09-02T08:00:00.000Z', '“Entra” expires in 184 days', 'Renew', false],
  ['expires soon', '2026-03-12T08:00:00.000Z', '“Entra” expires in 10 days', 'Renew', true],
  ['has expired', '2026-03-01T08:00:00.000Z', '“Entra” has expired', 'Renew', true],
])('a secret token that %s is told of', async (_, expires, told, action, pressing) => {
  const app = await testApp()
  const admin = await newConsole(app)
  for (const { id } of await app.directory.tokens.list()) {
    await app.directory.tokens.revoke(id, cause)
  }
  await app.directory.tokens.create({ name: 'Entra', hash: 'a'.repeat(64), expires }, cause)
  const { words } = await admin.get('/admin')
  expect(words).toContain(told)
  expect(words.includes(action)).toBe(pressing)
})

test('what happened is told in words with names, and sign-ins are left to the record', async () => {
  const app = await testApp()
  const admin = await newConsole(app)
  const { id } = await newPerson(app.directory, 'mia', { displayName: 'Mia Maiden' })
  await admin.post('/admin/administrators/add', { user: id })
  const { words } = await admin.get('/admin')
  expect(words).toMatch(/Ada Admin made Mia Maiden an administrator/)
  expect(words.slice(words.indexOf('What happened'))).not.toContain('signed in')
})
