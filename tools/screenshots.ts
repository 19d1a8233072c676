/** `npm run screenshots` takes the pictures in docs/images of the pages that people see, with invented people. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { launchChromium } from '../test/browser/chromium.ts'
import type { Person } from '../test/entra/authority/authority.ts'
import { takeConsole } from './screenshots/console.ts'
import { adele, alex, lidia, openOffice } from './screenshots/office.ts'

const FOLDER = join(import.meta.dirname, '../docs/images')
/** So much of the page is seen around the card. */
const MARGIN = 40

const TIMES = ['2026-03-02 08:14 UTC', '2026-03-02 08:15 UTC', '2026-03-02 11:40 UTC']
const DETAILS = [
  'AADSTS50105',
  'c7f2e1a4-3b58-4d06-9e1f-5a2b8c7d9e10',
  '019a2f41-7d02-7e55-8c11-6a4b90f2d3c8',
]

const edge = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/153.0 Safari/537.36 Edg/153.0'
const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) Version/26.1 Safari/604.1'

const office = await openOffice()
const browser = await launchChromium()

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    baseURL: office.origin,
    viewport: { width: 1000, height: 1000 },
    deviceScaleFactor: 2,
    ...options,
  })
  const page = await context.newPage()
  await page.goto(path)
  return page
}

/** Ticks the box and picks an account. */
async function connect(page: Page, { displayName }: Person): Promise<void> {
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByRole('button', { name: displayName }).click()
  await page.waitForURL(`${office.origin}/**`)
}

/** Puts texts that are the same each time in the place of those, or of what they begin with, that are not. */
async function pin(parts: Locator, texts: readonly string[], old = /^.*/): Promise<void> {
  for (const [index, text] of texts.entries()) {
    await parts.nth(index).evaluate(
      ({ firstChild }, [old, text]) => {
        if (firstChild) firstChild.nodeValue = firstChild.nodeValue?.replace(old, text) ?? text
      },
      [old, text] as const,
    )
  }
}

async function take(page: Page, name: string): Promise<void> {
  const card = await page.locator('.card').boundingBox()
  if (!card) throw new Error(`There is nothing to be seen at ${page.url()}.`)
  const clip = {
    x: card.x - MARGIN,
    y: card.y - MARGIN,
    width: card.width + 2 * MARGIN,
    height: card.height + 2 * MARGIN,
  }
  await page.screenshot({ path: join(FOLDER, `${name}.png`), clip })
  console.log(`Took docs/images/${name}.png`)
}

/** Signs Adele in to the application, by way of a page that asks her. */
async function takeNative(): Promise<void> {
  const verifier = 'verifier'.padEnd(43, '-')
  const redirectUri = 'http://127.0.0.1:49152/'
  const request = new URLSearchParams({
    response_type: 'code',
    client_id: 'desktop',
    redirect_uri: redirectUri,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state: 'state',
  })
  const page = await open(`/auth/native/authorize?${request.toString()}`, { userAgent: edge })
  await connect(page, adele)
  await take(page, 'native')
  await page.route(`${redirectUri}**`, (route) => route.fulfill({ body: '' }))
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL(`${redirectUri}**`)
  const response = await fetch(`${office.origin}/auth/token`, {
    method: 'POST',
    headers: { 'User-Agent': 'SI/4.2 (Windows)' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'desktop',
      redirect_uri: redirectUri,
      code_verifier: verifier,
      code: new URL(page.url()).searchParams.get('code') ?? '',
    }),
  })
  if (!response.ok) throw new Error(await response.text())
}

async function takeAccount(): Promise<void> {
  const page = await open('/auth/account', { userAgent: phone })
  await connect(page, adele)
  await pin(page.locator('li small'), ['198.51.100.24', '198.51.100.24', '203.0.113.7'], /^[\d.]+/)
  await pin(page.locator('time'), TIMES)
  await take(page, 'account')
}

async function takeAll(): Promise<void> {
  await take(await open(office.setUpLink), 'set-up')
  await take(await open('/auth/sign-in'), 'sign-in')

  const ticked = await open('/auth/sign-in', { colorScheme: 'dark' })
  await ticked.getByRole('checkbox').check()
  await take(ticked, 'sign-in-entra')

  const unknown = await open('/auth/sign-in')
  await connect(unknown, alex)
  await take(unknown, 'not-known')

  const unassigned = await open('/auth/sign-in')
  await connect(unassigned, lidia)
  await pin(unassigned.locator('dd'), DETAILS)
  await take(unassigned, 'problem')

  await takeNative()
  await takeAccount()
}

try {
  await takeAll()
  await takeConsole(browser)
} finally {
  await browser.close()
  await office.close()
}
