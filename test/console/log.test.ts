import { describe, expect, test } from 'vitest'
import type { NewLogEntry } from '../../src/directory/provisioning-log.ts'
import { otherDirectory } from '../support/store.ts'
import { testApp, type TestApp } from '../support/app.ts'
import { newConsole, type Console } from '../support/console.ts'
import { newBrowserSession, newPerson } from '../support/programs.ts'
import { ADA, NOBODY, off, unknown } from '../support/provisioning.ts'
import { GROUP, USER } from '../support/resources.ts'

/** A log with somebody, a group, and a search in it; and an administrator who reads it. */
async function newScene() {
  const app = await testApp({ provisioningLogDays: 30 })
  const admin = await newConsole(app)
  const { scim } = app
  const made = await scim.post('/Users', {
    schemas: [USER],
    userName: ADA,
    displayName: 'Ada Lovelace',
  })
  const group = await scim.post('/Groups', { schemas: [GROUP], displayName: 'Finance' })
  const [ada, finance] = [String(made.body['id']), String(group.body['id'])]
  await scim.operate(`/Groups/${finance}`, { op: 'add', path: 'members', value: [{ value: ada }] })
  await scim.filter('/Users', `userName eq "bob@contoso.com"`)
  return { app, scim, ada, finance, ...readerOf(app, admin) }
}

/** Reads pages once everything that was asked is written. */
function readerOf(app: TestApp, admin: Console) {
  async function get(path: string) {
    await app.recorder.flush()
    const seen = await admin.get(path)
    return { ...seen, words: seen.words.replaceAll(/[\u2068\u2069]/g, '') }
  }
  /** The page of the newest request. */
  async function newest() {
    await app.recorder.flush()
    return get(`/admin/log/${await app.directory.provisioningLog.last()}`)
  }
  return { admin, get, newest }
}

const entry = (more: Partial<NewLogEntry> = {}): NewLogEntry => ({
  organisation: 'default',
  memberIds: [],
  at: '2026-03-02T08:00:00.000Z',
  actor: 'token:default',
  requestId: 'r',
  method: 'GET',
  path: '/Users',
  status: 200,
  milliseconds: 1,
  kind: 'list-users',
  tolerances: [],
  facts: {},
  request: { headers: {} },
  response: { headers: {} },
  ...more,
})

/** The sentences of a page of the log, in order. */
const sentences = (html: string) =>
  [...html.matchAll(/<tr><td class="">([\s\S]*?)<div class="badges/g)].map(([, cell = '']) =>
    cell.replaceAll(/<[^>]+>/g, ''),
  )

describe('the log', () => {
  test('tells every request in words, the newest first, with the way to whom it names', async () => {
    const { get, ada, finance } = await newScene()
    const { html, words } = await get('/admin/log')
    expect(sentences(html)).toEqual([
      'Looked for a user named bob@contoso.com: none',
      'Added Ada Lovelace to Finance',
      'Created the group Finance',
      'Created Ada Lovelace',
    ])
    expect(html).toContain(`<a class="name" href="/admin/users/${ada}"><bdi>Ada Lovelace</bdi></a>`)
    expect(html).toContain(`<a class="name" href="/admin/groups/${finance}"><bdi>Finance</bdi></a>`)
    expect(words).toContain(
      'Last request just now · 4 requests in the last 24 hours, none refused · kept for 30 days',
    )
  })

  test('names those who are no more without a link', async () => {
    const { get, scim, ada } = await newScene()
    await scim.delete(`/Users/${ada}`)
    const { html } = await get('/admin/log')
    expect(html).toContain('<strong>Ada Lovelace</strong>')
    expect(html).not.toContain(`href="/admin/users/${ada}"`)
  })

  test.each([
    ['errors alone', 'errors=yes', ['Tried to switch the user {unknown} off']],
    ['changes of users alone', 'kind=leavers', ['Tried to switch the user {unknown} off']],
    ['members alone', 'kind=members', ['Added Ada Lovelace to Finance']],
    ['words', 'search=LOVE%20fin', ['Added Ada Lovelace to Finance']],
    ['somebody', 'resource={ada}', ['Added Ada Lovelace to Finance', 'Created Ada Lovelace']],
    [
      'a client',
      'client=token:default&kind=groups',
      ['Added Ada Lovelace to Finance', 'Created the group Finance'],
    ],
    ['another client', 'client=token:other', []],
    ['a day', 'from=2026-03-02&to=2026-03-02&kind=members', ['Added Ada Lovelace to Finance']],
    ['a day on which nothing came', 'from=2026-03-03', []],
    ['the last hour', 'when=hour&kind=members', ['Added Ada Lovelace to Finance']],
  ])('is filtered by %s', async (_, query, expected) => {
    const { get, scim, ada } = await newScene()
    await scim.operate(`/Users/${unknown}`, off)
    const { html } = await get(`/admin/log?${query.replace('{ada}', ada)}`)
    expect(sentences(html)).toEqual(expected.map((each) => each.replace('{unknown}', unknown)))
  })

  test('goes back to earlier times only as far as is asked', async () => {
    const { get, app } = await newScene()
    app.clock.pass(2 * 3_600_000)
    expect(sentences((await get('/admin/log?when=hour')).html)).toEqual([])
    expect(sentences((await get('/admin/log?when=today')).html)).toHaveLength(4)
  })

  test('says whose it is where it is of one person, and keeps that while one searches', async () => {
    const { get, ada } = await newScene()
    const { html } = await get(`/admin/log?resource=${ada}&search=created`)
    expect(html).toMatch(
      /href="\/admin\/log\?search=created" aria-label="Show everything, not only what is about Ada Lovelace"/,
    )
    expect(html).toContain(`<input type="hidden" name="resource" value="${ada}"/>`)
  })

  test('is read page by page', async () => {
    const app = await testApp({ provisioningLogDays: 30 })
    const { get } = readerOf(app, await newConsole(app))
    const kept = Array.from({ length: 60 }, (_, index) => entry({ facts: { total: index + 10 } }))
    await app.store.provisioningLogs.append(kept, [])
    const first = await get('/admin/log')
    expect(sentences(first.html)).toHaveLength(50)
    const [, older = ''] = /href="([^"]*before=[^"]*)"/.exec(first.html) ?? []
    const second = await get(older.replaceAll('&amp;', '&'))
    expect(sentences(second.html).at(-1)).toBe('Listed the users: 10')
    expect(sentences(second.html)).toHaveLength(10)
    expect(second.words).toMatch(/Newest$/)
  })

  test('leads further back where the newest have nothing of what is searched', async () => {
    const app = await testApp({ provisioningLogDays: 30 })
    const { get } = readerOf(app, await newConsole(app))
    const needle = entry({ subject: { type: 'User', name: 'needle' }, kind: 'create-user' })
    await app.store.provisioningLogs.append([needle], [])
    const hay = Array.from({ length: 1_000 }, () => entry())
    for (let part = 0; part < 21; part += 1) await app.store.provisioningLogs.append(hay, [])
    const seen = await get('/admin/log?search=needle')
    expect(seen.words).toContain('Nothing among the newest that were looked through')
    expect(seen.words).toMatch(/Search further back$/)
    const [, further = ''] = /href="([^"]*before=[^"]*)"/.exec(seen.html) ?? []
    expect(sentences((await get(further.replaceAll('&amp;', '&'))).html)).toEqual([
      'Created needle',
    ])
  })

  test.each([
    ['nothing has come yet', '', 'No request yet', '/admin/connect'],
    ['nothing fits', '?errors=yes', 'Nothing fits', '/admin/log'],
    ['words are of no alphabet', '?search=%F0%9D%92%9C%00x', 'Nothing fits', '/admin/log'],
  ])('says what to do when %s', async (_, query, title, href) => {
    const app = await testApp({ provisioningLogDays: 30 })
    const { get } = readerOf(app, await newConsole(app))
    const { status, words, html } = await get(`/admin/log${query}`)
    expect(status).toBe(200)
    expect(words).toContain(title)
    expect(html).toContain(`<a class="button quiet" href="${href}">`)
  })

  test('says how it is switched on where it is off, and cannot be followed then', async () => {
    const app = await testApp()
    const { words, html } = await (await newConsole(app)).get('/admin/log?follow=yes')
    expect(words).toContain('The log is off')
    expect(words).toContain('PROVISIONING_LOG_DAYS')
    expect(html).not.toContain('data-live=')
  })

  test.each(['kind=x', 'when=x', 'before=x', 'from=x', 'client=%00', 'resource=%00'])(
    'takes no notice of %s',
    async (query) => {
      const { get } = await newScene()
      const { status, html } = await get(`/admin/log?${query}`)
      expect(status).toBe(200)
      expect(sentences(html)).toHaveLength(4)
    },
  )
})

describe('one request', () => {
  test('that was refused says why, what to do, and who has the name', async () => {
    const { scim, newest, ada } = await newScene()
    await scim.post('/Users', { schemas: [USER], userName: ADA, externalId: 'x' })
    const { words, html } = await newest()
    expect(words).toContain(`Tried to create ${ADA}`)
    expect(words).toContain('The name is taken')
    expect(words).toContain('Who has it Ada Lovelace The answer said userName')
    expect(words).toMatch(/What to do Look at who has the name\./)
    expect(html).toContain(`href="/admin/users/${ada}"`)
    expect(html).toContain('href="/admin/link"')
    expect(words).toContain('What it changed Nothing.')
  })

  test('for what is deleted says when, and by whom', async () => {
    const { scim, newest, ada } = await newScene()
    await scim.delete(`/Users/${ada}`)
    await scim.operate(`/Users/${ada}`, off)
    const { words } = await newest()
    expect(words).toContain('There is no such thing')
    expect(words).toContain('Deleted here 2 Mar 2026, 08:00:00 UTC by Provisioning (default)')
  })

  test('shows both messages, what was put right, what it changed and a command', async () => {
    const { scim, newest, ada } = await newScene()
    await scim.operate(`/Users/${ada}`, { op: 'Replace', path: 'title', value: 'Countess <b>' })
    const { words, html } = await newest()
    expect(words).toMatch(/^Provisioning log Changed title of Ada Lovelace/)
    expect(words).toContain('From Provisioning (default)')
    expect(words).toContain(`PATCH /Users/${ada}`)
    expect(words).toContain('"value": "Countess <b>"')
    expect(html).not.toContain('Countess <b>')
    expect(words).toContain('What it changed Provisioning (default) changed Ada Lovelace')
    expect(words).toMatch(/Job title Now: Countess <b>/)
    expect(words).toContain('op in any letter case')
    expect(words).toContain('docs/tolerances.md')
    expect(words).toContain(`curl --globoff \\ --request 'PATCH'`)
    expect(words).not.toContain('does not send what was sent')
  })

  test('shows only what this request changed', async () => {
    const { scim, newest, ada } = await newScene()
    await scim.operate(`/Users/${ada}`, { op: 'replace', path: 'title', value: 'First' })
    await scim.operate(`/Users/${ada}`, { op: 'replace', path: 'title', value: 'Second' })
    const { html } = await newest()
    expect(html.match(/<ol class="timeline">[\s\S]*?<\/ol>/)?.[0].match(/<li>/g)).toHaveLength(1)
  })

  test('leads to those before and after it about the same person', async () => {
    const { get, ada, app } = await newScene()
    await app.recorder.flush()
    const [added, created] = (
      await app.directory.provisioningLog.list({ resourceId: ada }, { limit: 5 })
    ).items
    const first = await get(`/admin/log/${created?.sequence}`)
    expect(first.html).toContain(`href="/admin/log/${added?.sequence}"`)
    expect(first.words).toContain('Later about Ada Lovelace')
    expect(first.words).not.toContain('Earlier')
  })

  test('shows where something secret was, and that the command is not whole', async () => {
    const { scim, newest } = await newScene()
    await scim.post('/Users', { schemas: [USER], userName: 'eve', password: 'secret-4711' })
    const { words, html } = await newest()
    expect(html).toContain('<mark>[redacted]</mark>')
    expect(words).toContain('What is secret was taken out before anything was kept.')
    expect(words).toContain('it does not send what was sent')
    expect(html).not.toContain('secret-4711')
  })

  test('of great size stays a small page, with all of it beside', async () => {
    const { scim, newest, get, app } = await newScene()
    const members = Array.from({ length: 600 }, (_, index) => ({
      value: unknown,
      display: `"日本" ${index}`,
    }))
    await scim.post('/Groups', { schemas: [GROUP], displayName: 'Large', members })
    const { words, html } = await newest()
    expect(words).toMatch(/Only the first 16,384 of [\d,]+ characters were kept\./)
    expect(words).toMatch(/[\d,]+ more characters: open all that is kept/)
    expect(Buffer.byteLength(html)).toBeLessThan(70_000)
    const place = `/admin/log/${await app.directory.provisioningLog.last()}`
    const whole = await get(`${place}/request`)
    expect(whole.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(whole.html).toHaveLength(16_384)
    expect((await get(`${place}/curl`)).html).toMatch(/^curl --globoff/)
  })

  test('without a body says so, and has no file of one', async () => {
    const { scim, newest, get, ada, app } = await newScene()
    await scim.get(`/Users/${ada}`)
    const { words } = await newest()
    expect(words).toContain('Without a body.')
    expect(words).not.toContain('What it changed')
    const last = await app.directory.provisioningLog.last()
    expect((await get(`/admin/log/${last}/request`)).status).toBe(404)
  })

  test.each(['0', '999999', 'nothing', '1e3'])(
    'that is not there (%s) is a page too',
    async (id) => {
      const { get } = await newScene()
      const { status, words } = await get(`/admin/log/${id}`)
      expect(status).toBe(404)
      expect(words).toContain('There is nothing here')
    },
  )

  test('of another organisation is not there', async () => {
    const { app } = await newScene()
    await app.recorder.flush()
    const other = await otherDirectory(app)
    const { id } = await newPerson(other, 'stranger')
    await other.administrators.appoint(id, { actor: 'test', door: 'cli', requestId: 'r' })
    const { headers } = await newBrowserSession(other, id)
    const get = (path: string) =>
      app.fetch(
        new Request(`https://entrance.example${path}`, {
          headers: headers as Record<string, string>,
        }),
      )
    const last = await app.directory.provisioningLog.last()
    expect((await get(`/admin/log/${last}`)).status).toBe(404)
    expect(await (await get('/admin/log')).text()).toContain('No request yet')
  })
})

describe('while it is followed', () => {
  /** What the stream of a page sends, event by event. */
  async function follow(app: TestApp, admin: Console, path: string, last?: string) {
    const { html } = await admin.get(path)
    const place = /data-live="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const leaving = new AbortController()
    const response = await app.fetch(
      new Request(`https://entrance.example${place}`, {
        headers: {
          Cookie: `__Host-entrance=${admin.browser.cookie ?? ''}`,
          ...(last === undefined ? {} : { 'Last-Event-ID': last }),
        },
        signal: leaving.signal,
      }),
    )
    const reader = (response.body ?? new ReadableStream())
      .pipeThrough(new TextDecoderStream())
      .getReader()
    let text = ''
    return {
      response,
      html,
      /** Reads until there is this. */
      async until(what: RegExp): Promise<string> {
        while (!what.test(text)) {
          const { value, done } = await reader.read()
          if (done) throw new Error(`It ended with: ${text}`)
          text += value
        }
        return text
      },
      async leave() {
        await reader.cancel()
        leaving.abort()
      },
    }
  }

  test('what comes is sent as rows, as far as it fits', async () => {
    const { app, admin, scim, ada } = await newScene()
    await app.recorder.flush()
    const stream = await follow(app, admin, '/admin/log?follow=yes&errors=yes')
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream')
    expect(stream.html).toContain('data-live-list="50"')
    expect(stream.html).toContain('<noscript><meta http-equiv="refresh" content="3"/></noscript>')
    await scim.operate(`/Users/${ada}`, { op: 'replace', path: 'title', value: 'Fine' })
    await scim.operate(`/Users/${unknown}`, off)
    await app.recorder.flush()
    const text = await stream.until(/event: add\n/)
    const whole = text.includes('</tr>') ? text : await stream.until(/<\/tr>/)
    expect(whole).toContain('Tried to switch the user')
    expect(whole).not.toContain('Changed title')
    expect(whole).not.toContain('Tried to create')
    await stream.leave()
  })

  test('it goes on where the browser was, after a stream has ended', async () => {
    const { app, admin, scim } = await newScene()
    await app.recorder.flush()
    const before = await app.directory.provisioningLog.last()
    await scim.filter('/Users', `userName eq "${NOBODY}"`)
    await app.recorder.flush()
    const stream = await follow(app, admin, '/admin/log?follow=yes', String(before))
    const text = await stream.until(/<\/tr>/)
    expect(text.match(/Test Connection of Entra/g)).toHaveLength(1)
    expect(text).not.toContain('Looked for')
    expect(text).toMatch(new RegExp(`id: ${before + 1}\\n`))
    await stream.leave()
  })

  test('streams end when the server closes', async () => {
    const { app, admin } = await newScene()
    await app.recorder.flush()
    const stream = await follow(app, admin, '/admin/log?follow=yes')
    await stream.until(/retry: 1000\n/)
    app.closing.abort()
    await expect(stream.until(/never/)).rejects.toThrow('It ended with: retry: 1000')
  })
})
