import type { Browser, BrowserContextOptions, ConsoleMessage, Page } from 'playwright-core'
import { afterAll, expect, onTestFinished } from 'vitest'
import { launchChromium } from './chromium.ts'

/** So long a page may take to show what a test waits for. */
const PATIENCE_MILLISECONDS = 10_000

/** What the console says of a page that is an answer such as 403, though nothing is wrong with it. */
const REFUSED = /^Failed to load resource: the server responded with a status of 4\d\d /

let launched: Promise<Browser> | undefined

/** Closes the browser when the tests of a file are over. Every file that opens a window says so. */
export function closeBrowserAtEnd(): void {
  afterAll(async () => {
    const browser = await launched
    launched = undefined
    await browser?.close()
  })
}

/** Whether a message of the console is only about the status of the page that is shown. */
function isAboutPage(message: ConsoleMessage): boolean {
  return REFUSED.test(message.text()) && message.location().url === message.page()?.url()
}

/**
 * A window of a new browser, without cookies, until the test has finished. The test fails when a page logs an error,
 * breaks its content security policy, does not load, or asks another server than these.
 */
export function openWindow(...origins: readonly string[]): Promise<Page> {
  return openWindowWith({}, ...origins)
}

/** The same, of a browser that is somehow else, such as one without script. */
export async function openWindowWith(
  options: BrowserContextOptions,
  ...origins: readonly string[]
): Promise<Page> {
  launched ??= launchChromium()
  const browser = await launched
  const context = await browser.newContext({ ...options, baseURL: origins[0] ?? '' })
  context.setDefaultTimeout(PATIENCE_MILLISECONDS)
  const troubles: string[] = []
  context.on('weberror', (error) => troubles.push(error.error().message))
  context.on('console', (message) => {
    const isTrouble = message.type() === 'error' || message.type() === 'warning'
    if (isTrouble && !isAboutPage(message)) troubles.push(message.text())
  })
  context.on('request', (request) => {
    if (!origins.includes(new URL(request.url()).origin)) troubles.push(`asked ${request.url()}`)
  })
  context.on('requestfailed', (request) => {
    // A stream ends when the page has seen enough of it, or is left.
    if (request.resourceType() === 'eventsource') return
    troubles.push(`${request.url()} failed: ${request.failure()?.errorText ?? ''}`)
  })
  onTestFinished(async () => {
    await context.close()
    expect(troubles).toEqual([])
  })
  return context.newPage()
}
