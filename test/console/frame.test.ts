import { expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { newConsole } from '../support/console.ts'

test('times are told in the zone that the browser named', async () => {
  const app = await testApp()
  const admin = await newConsole(app)
  const timesOf = async () =>
    [...(await admin.get('/admin')).html.matchAll(/<time [^>]*title="([^"]+)"/g)].map(
      ([, title]) => title,
    )
  expect((await timesOf())[0]).toBe('2 Mar 2026, 08:00:00 UTC')
  admin.browser.cookies.set('entrance-zone', 'America%2FNew_York')
  expect((await timesOf())[0]).toBe('2 Mar 2026, 03:00:00 GMT-5')
})

test.each([
  ['no zone', 'Nowhere%2FAtAll'],
  ['too long', 'A'.repeat(100)],
  ['markup', '%22%3E%3Cscript%3E'],
])('a zone that is %s is not taken', async (_, zone) => {
  const app = await testApp()
  const admin = await newConsole(app)
  admin.browser.cookies.set('entrance-zone', zone)
  const { status, html } = await admin.get('/admin')
  expect(status).toBe(200)
  expect(html).toContain('08:00:00 UTC')
})

test('light or dark is chosen for all pages, and leads back to the page one was on', async () => {
  const admin = await newConsole(await testApp())
  expect((await admin.get('/admin')).html).not.toContain('data-theme')
  const { location } = await admin.browser.post(
    '/admin/theme',
    { theme: 'dark' },
    {
      Origin: 'https://entrance.example',
      Referer: 'https://entrance.example/admin/administrators?x=1',
    },
  )
  expect(location).toBe('/admin/administrators?x=1')
  expect((await admin.get('/admin')).html).toContain('<html lang="en" data-theme="dark">')
  await admin.post('/admin/theme', { theme: 'purple' })
  expect((await admin.get('/admin')).html).not.toContain('data-theme')
})

test.each([
  ['of another site', 'https://evil.example/admin'],
  ['of another part of this server', 'https://entrance.example/auth/account'],
  ['that is no address', 'nonsense'],
])('after choosing light or dark, nothing leads to a page %s', async (_, referer) => {
  const admin = await newConsole(await testApp())
  const { location } = await admin.browser.post(
    '/admin/theme',
    { theme: 'light' },
    { Origin: 'https://entrance.example', Referer: referer },
  )
  expect(location).toBe('/admin')
})

test.each([
  ['is no JSON', 'nonsense'],
  ['leads elsewhere', '{"text":"x","undo":{"to":"https://evil.example/","fields":{}}}'],
  ['leads out of the console', '{"text":"x","undo":{"to":"/admin/../auth/sign-out","fields":{}}}'],
])('a note of what was done that %s is not shown', async (_, note) => {
  const admin = await newConsole(await testApp())
  admin.browser.cookies.set('entrance-done', encodeURIComponent(note))
  const { status, html } = await admin.get('/admin/administrators')
  expect(status).toBe(200)
  expect(html).not.toContain('class="note')
})

test('names are text, whatever is in them', async () => {
  const app = await testApp()
  const admin = await newConsole(app, '<img src=x onerror=alert(1)> 𝒜da עדה')
  const { html } = await admin.get('/admin/administrators')
  expect(html).not.toContain('<img')
  expect(html).toContain('<bdi>&lt;img src=x onerror=alert(1)&gt; 𝒜da עדה</bdi>')
})

test('files of pages are kept for good under their version, and served under any other for now', async () => {
  const app = await testApp()
  const { html } = await (await newConsole(app)).get('/admin')
  const script = /<script type="module" src="([^"]+)"/.exec(html)?.[1] ?? ''
  const get = (path: string) => app.fetch(new Request(`https://entrance.example${path}`))
  const good = await get(script)
  expect(good.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(good.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  const other = await get('/assets/older/console.js')
  expect(other.headers.get('cache-control')).toBe('no-cache')
  expect(await other.text()).toBe(await good.text())
  expect((await get('/assets/older/secret.txt')).status).toBe(404)
})

test('under a path of a reverse proxy every link and form has that path in front', async () => {
  const app = await testApp({ publicUrl: 'https://entrance.example/sso' })
  const admin = await newConsole(app)
  const { html } = await admin.get('/admin/administrators')
  const addresses = [...html.matchAll(/ (?:href|action|src)="([^"#][^"]*)"/g)].map(([, it]) => it)
  expect(addresses.length).toBeGreaterThan(15)
  expect(addresses.filter((each) => !each?.startsWith('/sso/'))).toEqual([])
})
