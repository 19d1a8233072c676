import { expect, test } from 'vitest'
import { cause, testApp, type TestApp } from '../support/app.ts'
import { newConsole } from '../support/console.ts'
import { startMailbox } from '../support/mailbox.ts'
import { newPerson } from '../support/programs.ts'

/** A local user with an address, and a mail to them. */
async function withMail(app: TestApp, name: string) {
  const { user } = await app.directory.users.create(
    {
      attributes: {
        userName: name,
        displayName: name,
        active: true,
        emails: [{ value: `${name.toLowerCase()}@contoso.example`, primary: true }],
      },
      origin: 'local',
    },
    cause,
  )
  const mail = await app.directory.outbox.invite(user.id, app.clock.now().toISOString(), cause)
  return { user, mail }
}

async function failed({ store }: TestApp, id: string, uncertain = false): Promise<void> {
  await store.mailQueue.take(200)
  if (uncertain) await store.mailQueue.lost(id, 'The connection broke.')
  else await store.mailQueue.failed(id, 'No such mailbox', undefined)
}

test('the outbox says what became of each mail, and why', async () => {
  const app = await testApp()
  const console = await newConsole(app)
  expect((await console.get('/admin/mails')).words).toContain('No mails yet')
  const { mail } = await withMail(app, 'Bob')
  await failed(app, mail.id, true)
  await withMail(app, 'Eve')
  const { words } = await console.get('/admin/mails')
  expect(words).toContain('bob@contoso.example Invitation with password Failed')
  expect(words).toContain('The connection broke. It may have arrived all the same.')
  expect(words).toContain('eve@contoso.example Invitation with password Waiting')
  expect(words).toContain('No mail server is set')
  expect((await console.get('/admin/mails?state=failed')).words).not.toContain('eve@')
  expect((await console.get('/admin/mails?state=sent')).words).toContain('No such mails')
})

test('a mail that failed is sent again, and arrives', async () => {
  const mailbox = await startMailbox()
  const app = await testApp({ smtpUrl: mailbox.url })
  const console = await newConsole(app)
  const { mail } = await withMail(app, 'Bob')
  await failed(app, mail.id)
  const { words } = await console.send(`/admin/mails/${mail.id}/send`)
  expect(words).toContain('The mail to Bob is on its way.')
  await expect
    .poll(() => mailbox.mails.map(({ to }) => to))
    .toStrictEqual([['bob@contoso.example']])
})

test('all that failed are sent again, after it was said how many', async () => {
  const app = await testApp()
  const console = await newConsole(app)
  const mails = [await withMail(app, 'Bob'), await withMail(app, 'Eve')]
  await app.store.mailQueue.take(10)
  for (const { mail } of mails) await app.store.mailQueue.failed(mail.id, 'Full', undefined)
  const asked = await console.get('/admin/mails/send?state=failed')
  expect(asked.words).toContain('Send the 2 mails that failed again?')
  const { words } = await console.send('/admin/mails/send', { state: 'failed' })
  expect(words).toContain('2 mails are on the way.')
  expect(await app.directory.outbox.open()).toStrictEqual({
    kept: 0,
    failed: 0,
    waiting: 0,
    going: 2,
  })
  const again = await console.get('/admin/mails/send?state=failed')
  expect(again.words).toContain('There is nothing to send any more.')
})

test('a mail is stopped after a question, and stays where it is seen', async () => {
  const app = await testApp()
  const console = await newConsole(app)
  const { mail } = await withMail(app, 'Bob')
  expect((await console.get(`/admin/mails/${mail.id}/cancel`)).words).toContain(
    'Stop the mail to Bob?',
  )
  const { words } = await console.send(`/admin/mails/${mail.id}/cancel`)
  expect(words).toContain('The mail to Bob is not sent.')
  expect(words).toContain('Cancelled')
  expect((await console.get('/admin/mails/nobody/cancel')).status).toBe(404)
})

const WORDS = '/admin/mails/words/password-reset'
const OWN = { subject: 'Neues Passwort', body: '# Hallo {name}\n\n[Wählen]({link})' }

test('words of one’s own are kept, shown, and taken back', async () => {
  const app = await testApp()
  const console = await newConsole(app)
  expect((await console.get(WORDS)).words).toContain('Built-in words')
  expect((await console.send(WORDS, OWN)).words).toContain('These words are in force')
  expect(await app.directory.settings.read('mail.password-reset')).toStrictEqual(OWN)
  const page = await console.get(WORDS)
  expect(page.words).toContain('Your words')
  expect(page.html).toContain('Neues Passwort')
  expect((await console.get(`${WORDS}/reset`)).words).toContain(
    'Use the built-in words for “Forgotten password”?',
  )
  expect((await console.send(`${WORDS}/reset`)).words).toContain('Built-in words')
  expect(await app.directory.settings.read('mail.password-reset')).toBeUndefined()
})

test('what cannot be sent is refused at its place, and nothing typed is lost', async () => {
  const app = await testApp()
  const console = await newConsole(app)
  const { status, html, words } = await console.post(WORDS, {
    subject: 'Hi {link}',
    body: 'Without it, {nam}',
  })
  expect(status).toBe(400)
  expect(words).toContain('{link} is an address, which has no place in a subject.')
  expect(words).toContain('There is no {nam} in this mail')
  expect(html).toContain('value="Hi {link}"')
  expect(html).toContain('Without it, {nam}')
  expect(await app.directory.settings.read('mail.password-reset')).toBeUndefined()
})

test('a preview shows a draft as it would arrive, in a frame in which nothing runs', async () => {
  const app = await testApp()
  const console = await newConsole(app)
  const page = await console.get(WORDS)
  expect(page.headers.get('content-security-policy')).toContain("frame-src 'self'")
  expect(page.headers.get('x-frame-options')).toBe('DENY')
  const { html, headers } = await console.post(`${WORDS}/preview`, {
    ...OWN,
    subject: '</div><script>alert(1)</script>',
  })
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin",
  )
  expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
  expect(html).toContain('Hallo <bdi dir="auto">Adele Vance</bdi>')
  expect(html).toContain('&lt;script&gt;alert(1)')
  expect(html).not.toContain('<script')
  expect(html).toContain('The same as plain text')
  const broken = await console.post(`${WORDS}/preview`, { subject: 'x', body: '{nam}' })
  expect(broken.html).toContain('This cannot be sent yet')
  expect((await console.get('/admin/mails/words/none/preview')).status).toBe(404)
})

test('a test mail goes to whoever asks, in the words that were typed and not kept', async () => {
  const mailbox = await startMailbox()
  const app = await testApp({ smtpUrl: mailbox.url })
  const console = await newConsole(app)
  const refused = await console.post(WORDS, { ...OWN, do: 'test' })
  expect(refused.words).toContain('You have no e-mail address here.')
  const emails = [{ value: 'ada@contoso.example' }]
  const change = (attributes: object) => ({ ...attributes, emails })
  await app.directory.users.update(console.adminId, undefined, change, cause)
  const sent = await console.post(WORDS, { ...OWN, do: 'test' })
  expect(sent.words).toContain('The mail server took a test mail to ada@contoso.example.')
  expect(sent.html).toContain('Neues Passwort')
  expect(mailbox.mails).toHaveLength(1)
  expect(await app.directory.settings.read('mail.password-reset')).toBeUndefined()
})

test('mails of others are not there', async () => {
  const app = await testApp()
  const console = await newConsole(app)
  await newPerson(app.directory, 'bob')
  const { id } = await app.store.organisations.create(
    { name: 'other', entraTenantId: undefined },
    cause,
  )
  const other = app.store.for({ organisation: id, localUsers: 'visible' })
  const { user } = await other.users.create(
    {
      attributes: { userName: 'x', active: true, emails: [{ value: 'x@x.example' }] },
      origin: 'local',
    },
    cause,
  )
  const mail = await other.outbox.invite(user.id, app.clock.now().toISOString(), cause)
  expect((await console.get('/admin/mails')).words).not.toContain('x@x.example')
  expect((await console.post(`/admin/mails/${mail.id}/cancel`)).status).toBe(404)
})
