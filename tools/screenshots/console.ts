import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { freePort } from '../../test/entra/entrance-process.ts'

const DEMO = join(import.meta.dirname, '../../test/entra/demo.ts')
const FOLDER = join(import.meta.dirname, '../../docs/images/console')

const looks: Readonly<Record<string, BrowserContextOptions>> = {
  light: { viewport: { width: 1280, height: 860 } },
  dark: { viewport: { width: 1280, height: 860 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true },
}

/** Follows a link of the page that is seen, by a part of its address. */
const follow = (part: string) => async (page: Page) => {
  const href = await page.locator(`main a[href*="${part}"]`).first().getAttribute('href')
  if (href === null) throw new Error(`${page.url()} has no link with ${part}.`)
  await page.goto(href)
}

/** Ticks the first rows of a table. */
const tick = (rows: number) => async (page: Page) => {
  const boxes = await page.locator('main tbody').getByRole('checkbox').all()
  for (const box of boxes.slice(0, rows)) await box.check()
}

/** Letters that the font of the browser has; rows with others would be seen with holes. */
const drawn =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]*$/u

/** Leaves out of a picture the rows that cannot be drawn. */
async function leaveOut(page: Page): Promise<void> {
  for (const row of (await page.locator('main tbody tr').all()).toReversed()) {
    if (drawn.test((await row.textContent()) ?? '')) continue
    await row.evaluate((element) => element.remove())
  }
}

/** What is taken: the address, and what is done there first. */
const pages: readonly {
  readonly name: string
  readonly path: string
  readonly go?: (page: Page) => Promise<void>
}[] = [
  { name: 'overview', path: '/admin' },
  { name: 'users', path: '/admin/users' },
  { name: 'user', path: '/admin/users?search=mia+married', go: follow('/admin/users/0') },
  {
    name: 'why',
    path: '/admin/users?search=leo+leaver',
    go: async (page) => {
      await follow('/admin/users/0')(page)
      await page.goto(`${page.url()}/why`)
    },
  },
  { name: 'import', path: '/admin/import/new', go: tick(3) },
  { name: 'import-report', path: '/admin/import', go: follow('/admin/import/0') },
  { name: 'link', path: '/admin/link' },
  { name: 'sync', path: '/admin/sync' },
  { name: 'groups', path: '/admin/groups' },
  { name: 'group', path: '/admin/groups?search=project', go: follow('/admin/groups/0') },
  { name: 'roles', path: '/admin/roles' },
  { name: 'rules', path: '/admin/rules' },
  { name: 'mappings', path: '/admin/mappings' },
  { name: 'log', path: '/admin/log' },
  { name: 'held', path: '/admin/held' },
  { name: 'connect', path: '/admin/connect' },
  { name: 'administrators', path: '/admin/administrators' },
  { name: 'mails', path: '/admin/mails' },
  { name: 'webhooks', path: '/admin/webhooks' },
  { name: 'jobs', path: '/admin/jobs' },
  { name: 'settings', path: '/admin/settings' },
  { name: 'record', path: '/admin/record' },
]

/** Starts the demo; resolves when it waits to be looked at. */
async function startDemo() {
  const port = await freePort()
  const child = spawn(process.execPath, [DEMO, '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = async () => {
    child.kill('SIGINT')
    if (child.exitCode === null) await once(child, 'exit')
  }
  let password: string | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    password ??= /^Admin .* with the password +(\S+)/.exec(line)?.[1]
    if (password !== undefined && line.startsWith('Entrance stays up')) {
      child.stdout.resume()
      return { origin: `http://127.0.0.1:${port}`, password, stop }
    }
  }
  throw new Error('The demo ended before it could be looked at.')
}

async function signIn(page: Page, password: string): Promise<void> {
  await page.goto('/auth/sign-in')
  await page.getByRole('checkbox').uncheck()
  await page.getByRole('textbox', { name: 'User name' }).fill('admin')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.waitForURL((url) => !url.pathname.includes('sign-in'))
}

/** Takes every page of the console, light, dark and on a phone, with the people of the demo. */
export async function takeConsole(browser: Browser): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  const demo = await startDemo()
  try {
    for (const [look, options] of Object.entries(looks)) {
      const context = await browser.newContext({
        baseURL: demo.origin,
        timezoneId: 'Europe/Berlin',
        ...options,
      })
      const page = await context.newPage()
      await signIn(page, demo.password)
      for (const { name, path, go } of pages) {
        await page.goto(path)
        await leaveOut(page)
        await go?.(page)
        await leaveOut(page)
        await page.screenshot({ path: join(FOLDER, `${name}-${look}.png`) })
        console.log(`Took docs/images/console/${name}-${look}.png`)
      }
      await context.close()
    }
  } finally {
    await demo.stop()
  }
}
