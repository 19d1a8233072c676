import { describe, expect, test } from 'vitest'
import { newAdmin, problem, type AdminApi } from '../support/admin.ts'
import { cause, testApp } from '../support/app.ts'
import { startMailbox } from '../support/mailbox.ts'
import type { Answer } from '../support/programs.ts'
import { otherDirectory, recorded } from '../support/store.ts'

const KINDS = ['invitation', 'password-invitation', 'password-reset']
const ADMIN = 'admin@contoso.example'
const words = { subject: 'Come in, {name}', body: '# Hello {name}\n\nIt is **{application}**.' }

interface Template {
  readonly id: string
  readonly subject: string
  readonly body: string
  readonly builtIn: boolean
  readonly placeholders: readonly { readonly name: string; readonly required: boolean }[]
}

async function templates(api: AdminApi): Promise<Readonly<Record<string, Template>>> {
  const { body } = await api.get('/mail-templates')
  return Object.fromEntries((body['items'] as Template[]).map((each) => [each.id, each]))
}

/** Where and what, of a body that is refused. */
function mistakes(answer: Answer): [string, string][] {
  expect(problem(answer)).toStrictEqual({ status: 400, code: 'badRequest' })
  const errors = answer.body['errors'] as { pointer: string; detail: string }[]
  return errors.map(({ pointer, detail }) => [pointer, detail])
}

describe('mails of each kind', () => {
  test('are worded as the program has it, until somebody says otherwise', async () => {
    const app = await testApp()
    const api = await newAdmin(app)
    const { body } = await api.get('/mail-templates')
    expect(body['configured']).toBe(false)
    const all = await templates(api)
    expect(Object.keys(all)).toStrictEqual(KINDS)
    for (const { subject, body, builtIn, placeholders } of Object.values(all)) {
      expect(builtIn).toBe(true)
      expect(subject).toContain('{application}')
      const names = placeholders.map(({ name }) => name)
      expect(names.slice(0, 6)).toStrictEqual(
        'name account application contact download sign-in'.split(' '),
      )
      for (const [, name] of body.matchAll(/\{([^{}]*)\}/g)) expect(names).toContain(name)
    }
    const required = (id: string) =>
      all[id]?.placeholders.filter((each) => each.required).map(({ name }) => name)
    expect(KINDS.map(required)).toStrictEqual([[], ['link'], ['link']])
  })

  test('can all be saved as they are', async () => {
    const app = await testApp()
    const api = await newAdmin(app)
    for (const { id, subject, body } of Object.values(await templates(api))) {
      const answer = await api.post(`/mail-templates/${id}`, { subject, body })
      expect(answer).toMatchObject({ status: 200, body: { id, subject, body, builtIn: false } })
    }
  })

  test('are worded otherwise for one organisation, with one event, and back again', async () => {
    const app = await testApp()
    const api = await newAdmin(app)
    const stranger = await newAdmin(app, await otherDirectory(app))
    const before = await templates(api)
    const events = await recorded(app.directory, async () => {
      await api.post('/mail-templates/invitation', {
        ...words,
        body: words.body.replaceAll('\n', '\r\n'),
      })
      await api.post('/mail-templates/invitation', words)
    })
    expect(events).toMatchObject([
      {
        action: 'setting.changed',
        door: 'admin',
        resourceId: 'setting:mail.invitation',
        changes: [
          { path: 'subject', to: words.subject },
          { path: 'body', to: words.body },
        ],
      },
    ])
    expect((await templates(api))['invitation']).toMatchObject({ ...words, builtIn: false })
    expect((await templates(api))['password-reset']).toStrictEqual(before['password-reset'])
    expect(await templates(stranger)).toStrictEqual(before)
    const reset = await api.post('/mail-templates/invitation/reset')
    expect(reset).toMatchObject({ status: 200, body: { builtIn: true } })
    expect(await templates(api)).toStrictEqual(before)
  })

  test('are sent in the words in force when they are sent, also to those who wait', async () => {
    const mailbox = await startMailbox()
    const app = await testApp({ smtpUrl: mailbox.url })
    const api = await newAdmin(app)
    const attributes = { userName: 'adele@contoso.example', displayName: 'Adele', active: true }
    const { user } = await app.directory.users.create({ attributes, origin: 'import' }, cause)
    const due = app.clock.now().toISOString()
    await app.directory.outbox.send(user.id, 'invitation', due, cause)
    await api.post('/mail-templates/invitation', words)
    await app.mails.tick()
    expect(mailbox.mails).toMatchObject([
      {
        headers: { subject: 'Come in, Adele' },
        text: 'Hello Adele\n\nIt is "Contoso Studio".\n',
        html: expect.stringContaining('<strong><bdi dir="auto">Contoso Studio</bdi></strong>'),
      },
    ])
    // Whose words they are knows their language.
    expect(mailbox.mails[0]?.html).toContain('<html dir="ltr">')
  })

  test.each(['', '/reset', '/preview', '/test'])(
    'are no others: /mail-templates/…%s',
    async (rest) => {
      const app = await testApp()
      const api = await newAdmin(app, app.directory, ADMIN)
      const answer = await api.post(`/mail-templates/welcome${rest}`, rest === '' ? words : {})
      expect(problem(answer)).toStrictEqual({ status: 404, code: 'notFound' })
    },
  )
})

describe('words that cannot be sent', () => {
  test.each([
    ['no subject', { ...words, subject: ' ' }, '#/subject', /^Write a subject/],
    ['no body', { ...words, body: '\n' }, '#/body', /^Write what/],
    [
      'an unknown placeholder',
      { ...words, body: 'One\n{nme}' },
      '#/body',
      /^Line 2: There is no \{nme\}/,
    ],
    ['a link in the subject', { ...words, subject: 'At {sign-in}' }, '#/subject', /address/],
    [
      'a link that runs something',
      { ...words, body: '[x](javascript:x)' },
      '#/body',
      /^Line 1: A link/,
    ],
    ['a subject of two lines', { ...words, subject: 'One\nBcc: x' }, '#/subject', /character/],
    ['a long subject', { ...words, subject: 'x'.repeat(201) }, '#/subject', /200/],
    ['a long body', { ...words, body: 'x'.repeat(10_001) }, '#/body', /At most 10,000 characters/],
    ['a control character', { ...words, body: 'x \u0007' }, '#/body', /character/],
    ['something else', { ...words, html: 'x' }, '#/html', /not known/],
  ])('%s', async (_, given, pointer, detail) => {
    const app = await testApp()
    const api = await newAdmin(app)
    const refused = mistakes(await api.post('/mail-templates/invitation', given))
    expect(refused).toStrictEqual([[pointer, expect.stringMatching(detail)]])
    const drafted = mistakes(await api.post('/mail-templates/invitation/preview', { draft: given }))
    expect(drafted).toStrictEqual([
      [pointer.replace('#', '#/draft'), expect.stringMatching(detail)],
    ])
    expect((await templates(api))['invitation']?.builtIn).toBe(true)
  })

  test('a mail about a password without its link', async () => {
    const app = await testApp()
    const api = await newAdmin(app)
    expect(mistakes(await api.post('/mail-templates/password-reset', words))).toStrictEqual([
      ['#/body', expect.stringMatching(/^Write \{link\}/)],
    ])
  })

  test('all that is wrong is told at once', async () => {
    const app = await testApp()
    const api = await newAdmin(app)
    const given = { subject: '{a}', body: '{b}\n{c}' }
    const places = mistakes(await api.post('/mail-templates/password-reset', given))
    expect(places.map(([pointer]) => pointer)).toStrictEqual([
      '#/subject',
      '#/body',
      '#/body',
      '#/body',
    ])
  })
})

describe('a preview', () => {
  const preview = (api: AdminApi, kind: string, body: object) =>
    api.post(`/mail-templates/${kind}/preview`, body)

  test('shows a draft to somebody invented, and keeps and sends nothing', async () => {
    const mailbox = await startMailbox()
    const app = await testApp({ smtpUrl: mailbox.url })
    const api = await newAdmin(app)
    const before = await app.database.dump()
    const { body } = await preview(api, 'invitation', { draft: words })
    expect(body).toStrictEqual({
      subject: 'Come in, Adele Vance',
      text: 'Hello Adele Vance\n\nIt is "Contoso Studio".\n',
      html: expect.stringContaining('Hello <bdi dir="auto">Adele Vance</bdi></h1>'),
    })
    expect(await app.database.dump()).toBe(before)
    expect(mailbox.asked).toStrictEqual([])
  })

  test('shows what is in force to a user, under names as they are', async () => {
    const app = await testApp()
    const api = await newAdmin(app)
    const displayName = '<img src=x> **Adele** {link}\u202e'
    const attributes = { userName: 'adele', displayName, active: true }
    const { user } = await app.directory.users.create({ attributes, origin: 'local' }, cause)
    for (const kind of KINDS) {
      const { body } = await preview(api, kind, { userId: user.id })
      expect(body['text']).toContain('Hello <img src=x> **Adele** {link},')
      expect(body['html']).toContain('<bdi dir="auto">&lt;img src=x&gt; **Adele** {link}</bdi>,')
    }
  })

  test('has a link that leads nowhere', async () => {
    const app = await testApp()
    const api = await newAdmin(app)
    const { body } = await preview(api, 'password-reset', {})
    const [path] = /\/auth\/link\/\S+/.exec(String(body['text'])) ?? []
    expect(path).toBe('/auth/link/sample')
    const request = new Request(`https://entrance.example${path}`)
    expect((await app.fetch(request)).status).toBe(410)
  })

  test('of nobody is refused', async () => {
    const app = await testApp()
    const api = await newAdmin(app)
    expect(mistakes(await preview(api, 'invitation', { userId: 'nobody' }))).toStrictEqual([
      ['#/userId', 'There is no such user.'],
    ])
  })
})

describe('a test', () => {
  const send = (api: AdminApi, body: object = {}) =>
    api.post('/mail-templates/invitation/test', body)

  test('sends what is in force, or a draft, to whoever asks', async () => {
    const mailbox = await startMailbox()
    const app = await testApp({ smtpUrl: mailbox.url })
    const api = await newAdmin(app, app.directory, ADMIN)
    const answer = { to: ADMIN, taken: true, answer: '250 Queued as 4711' }
    expect(await send(api)).toMatchObject({ status: 200, body: answer })
    expect(await send(api, { draft: words })).toMatchObject({ status: 200, body: answer })
    expect(mailbox.mails).toMatchObject([
      { to: [ADMIN], headers: { subject: 'Your access to Contoso Studio' } },
      { to: [ADMIN], headers: { subject: 'Come in' } },
    ])
    expect((await templates(api))['invitation']?.builtIn).toBe(true)
    expect(await app.directory.outbox.list({ limit: 1 })).toStrictEqual([])
  })

  test('says what the mail server said', async () => {
    const mailbox = await startMailbox({ refuse: () => '550 5.7.60 Not as this sender' })
    const app = await testApp({ smtpUrl: mailbox.url })
    const api = await newAdmin(app, app.directory, ADMIN)
    const { status, body } = await send(api)
    expect({ status, body }).toStrictEqual({
      status: 200,
      body: {
        to: ADMIN,
        taken: false,
        answer: expect.stringMatching(/^The mail server said: 550 /),
      },
    })
  })

  test.each([
    ['without a mail server', ADMIN, false, /^There is no mail server/],
    ['without an address', 'admin', true, /^You have no e-mail address/],
  ])('is refused %s', async (_, userName, configured, detail) => {
    const mailbox = await startMailbox()
    const app = await testApp(configured ? { smtpUrl: mailbox.url } : {})
    const answer = await send(await newAdmin(app, app.directory, userName))
    expect(problem(answer)).toStrictEqual({ status: 409, code: 'conflict' })
    expect(answer.body['detail']).toMatch(detail)
    expect(mailbox.asked).toStrictEqual([])
  })
})
