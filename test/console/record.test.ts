import { expect, test } from 'vitest'
import { cause, testApp, testClock } from '../support/app.ts'
import { newConsole } from '../support/console.ts'
import { manyEvents } from '../support/many.ts'
import { newPerson } from '../support/programs.ts'
import { newUser } from '../support/resources.ts'

const HOUR = 60 * 60_000

/** What stands in each row of the record. */
const rowsOf = (html: string): string[] =>
  [...html.matchAll(/<tr><td[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell = '']) =>
    cell
      .replaceAll(/<(details|dl)[\s\S]*/g, '')
      .replaceAll(/<[^>]+>/g, '')
      .trim(),
  )

test('the record tells who did what, newest first, with old and new values', async () => {
  const app = await testApp()
  const { id } = await newPerson(app.directory, 'bob', { displayName: 'Bob', title: 'Clerk' })
  const console = await newConsole(app)
  const by = { ...cause, actor: `user:${console.adminId}`, door: 'admin' } as const
  const retitle = (attributes: object) => ({ ...attributes, title: 'Engineer' })
  await app.directory.users.update(id, undefined, retitle, by)
  const { html, words } = await console.get('/admin/record')
  expect(rowsOf(html).slice(0, 3)).toStrictEqual([
    'Ada Admin changed Bob',
    'test signed Ada Admin in with a password',
    'test made Ada Admin an administrator',
  ])
  expect(words).toContain('Job title Before: Clerk → Now: Engineer')
  expect(html).toContain(`href="/admin/users/${id}"`)
})

test('filters leave what is asked for, and what is no filter is none', async () => {
  const app = await testApp()
  const console = await newConsole(app)
  const { id } = await newPerson(app.directory, 'bob', { displayName: 'Bob' })
  await app.directory.tokens.create(
    { name: 'Entra', hash: 'a'.repeat(64), expires: undefined },
    cause,
  )
  await newUser(app.scim, 'eve', { displayName: 'Eve', active: true })
  const rows = async (query: string) => rowsOf((await console.get(`/admin/record?${query}`)).html)
  expect(await rows('kind=tokens')).toStrictEqual([
    'test made the provisioning token Entra',
    'test made the provisioning token default',
  ])
  expect(await rows('door=scim')).toStrictEqual(['Provisioning (default) added Eve'])
  expect(await rows('who=token:default')).toStrictEqual(['Provisioning (default) added Eve'])
  expect(await rows(`resource=${id}`)).toStrictEqual(['test added Bob'])
  expect(await rows('kind=people&door=scim')).toStrictEqual(['Provisioning (default) added Eve'])
  const all = await rows('')
  expect(await rows('kind=nonsense&door=window&when=once&from=yesterday&before=-1')).toStrictEqual(
    all,
  )
})

test('days are those of the calendar of whoever reads', async () => {
  const app = await testApp({ clock: testClock('2026-03-01T08:00:00.000Z') })
  const add = (name: string) => newPerson(app.directory, name, { displayName: name })
  await add('First')
  app.clock.pass(15 * HOUR) // 23:00 UTC: the next day in Tokyo already
  await add('Late')
  app.clock.pass(10 * HOUR)
  await add('Second')
  const console = await newConsole(app)
  const day = async (query: string, zone: string) => {
    console.browser.cookies.set('entrance-zone', encodeURIComponent(zone))
    const { html } = await console.get(`/admin/record?kind=people&${query}`)
    return rowsOf(html).map((row) => row.replace('test added ', ''))
  }
  expect(await day('from=2026-03-01&to=2026-03-01', 'UTC')).toStrictEqual(['Late', 'First'])
  expect(await day('from=2026-03-02', 'UTC')).toStrictEqual(['Ada Admin', 'Second'])
  expect(await day('to=2026-03-01', 'Asia/Tokyo')).toStrictEqual(['First'])
  expect(await day('when=today', 'UTC')).toStrictEqual(['Ada Admin', 'Second'])
  expect(await day('when=today', 'Asia/Tokyo')).toStrictEqual(['Ada Admin', 'Second', 'Late'])
})

test('a record that is longer than is looked through at once is looked through further', async () => {
  const app = await testApp()
  const console = await newConsole(app)
  const { id } = await newPerson(app.directory, 'bob', { displayName: 'Bob' })
  await manyEvents(app.database, id, 21_000)
  const first = await console.get('/admin/record?kind=administrators')
  expect(first.words).toContain('Look further back')
  expect(rowsOf(first.html)).toStrictEqual([])
  const [, further = ''] = /href="([^"]*before=[^"]*)"/.exec(first.html) ?? []
  const second = await console.get(further.replaceAll('&amp;', '&'))
  expect(rowsOf(second.html)).toStrictEqual(['test made Ada Admin an administrator'])
  expect(second.words).not.toContain('Look further back')
})

test('the record is exported whole, with nothing in it that a table takes for a formula', async () => {
  const app = await testApp()
  const console = await newConsole(app)
  await newPerson(app.directory, 'bob', { displayName: '=1+1' })
  const { id } = await newPerson(app.directory, 'eve', { displayName: 'Eve, "the" other' })
  await manyEvents(app.database, id, 1_200)
  const { headers, html: text } = await console.get('/admin/record/export')
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="entrance-record-/)
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
  const lines = text.trimEnd().split('\r\n')
  expect(lines).toHaveLength(1 + (await app.directory.events.list(0, 10_000)).length)
  expect(text).toContain('"Test added Eve, ""the"" other"')
  expect(text).not.toMatch(/(^|,)"?[=+@]/m)
})
