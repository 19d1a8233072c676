import { expect, test } from 'vitest'
import { cause, testApp } from '../support/app.ts'
import { newConsole } from '../support/console.ts'
import { newPerson } from '../support/programs.ts'

test('of a new installation, the overview says what is missing and what to do first', async () => {
  const admin = await newConsole(await testApp())
  const { words } = await admin.get('/admin')
  expect(words).toMatch(/First steps .* 1 Connect Microsoft Entra ID .* 2 Bring people in/)
  expect(words).not.toContain('Nothing waits for you.')
  expect(words).not.toContain('Provisioning, last 24 hours')
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
  ['lasts for long', '2026-09-02T08:00:00.000Z', '“Entra” expires in 184 days', 'Well'],
  ['expires soon', '2026-03-12T08:00:00.000Z', '“Entra” expires in 10 days', 'Look at this'],
  ['has expired', '2026-03-01T08:00:00.000Z', '“Entra” has expired', 'Does not work'],
])('a secret token that %s is told of, and renewed from there', async (_, expires, told, how) => {
  const app = await testApp()
  const admin = await newConsole(app)
  for (const { id } of await app.directory.tokens.list()) {
    await app.directory.tokens.revoke(id, cause)
  }
  await app.directory.tokens.create({ name: 'Entra', hash: 'a'.repeat(64), expires }, cause)
  const { words, html } = await admin.get('/admin')
  expect(words).toContain(`Secret token : ${how}. ${told}`)
  expect(html).toMatch(/href="\/admin\/connect\/rotate"[^>]*>Renew/)
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

test('somebody is found, and people are brought in, from the overview', async () => {
  const app = await testApp()
  const admin = await newConsole(app)
  await newPerson(app.directory, 'mia', { displayName: 'Mia Maiden' })
  const { html } = await admin.get('/admin')
  const [, action = '', name = ''] =
    /<form[^>]*role="search" action="([^"]*)".*?type="search" name="(\w+)"/s.exec(html) ?? []
  expect((await admin.get(`${action}?${name}=maid`)).words).toContain('Mia Maiden mia Local')
  expect(html).toMatch(/href="\/admin\/import\/new"[^>]*>.*Import people/)
})
