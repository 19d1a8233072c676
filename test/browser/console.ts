import { getRequestListener } from '@hono/node-server'
import type { BrowserContextOptions, Page } from 'playwright-core'
import type { EntraDirectory } from '../../src/directory/entra-directory.ts'
import { cause, testApp, testClock, type TestApp } from '../support/app.ts'
import { newBrowserSession, newPerson } from '../support/programs.ts'
import { newSocket } from './office.ts'
import { openWindowWith } from './window.ts'

/** A server on a socket of this machine, with an administrator. */
export interface ConsoleOffice {
  readonly app: TestApp
  readonly origin: string
  /** A window of the administrator, who is signed in. */
  openConsole(options?: BrowserContextOptions): Promise<Page>
}

/** Until the test has finished; with these people at Entra, and a mail server, where they are given. */
export async function openConsoleOffice(
  options: {
    readonly entraDirectory?: EntraDirectory
    readonly smtpUrl?: string
    readonly provisioningLogDays?: number
    readonly encryptionKeys?: readonly Buffer[]
  } = {},
): Promise<ConsoleOffice> {
  const { port, answer } = await newSocket()
  const origin = `http://localhost:${port}`
  const clock = testClock(new Date().toISOString())
  const app = await testApp({ ...options, clock, publicUrl: origin })
  const listener = getRequestListener(app.fetch)
  answer((incoming, outgoing) => void listener(incoming, outgoing))
  const { id } = await newPerson(app.directory, 'ada.admin', { displayName: 'Ada Admin' })
  await app.directory.administrators.appoint(id, cause)
  return {
    app,
    origin,
    async openConsole(options = {}) {
      const expires = new Date(clock.now().getTime() + 86_400_000).toISOString()
      const { secret } = await newBrowserSession(app.directory, id, expires)
      const page = await openWindowWith(options, origin)
      await page.context().addCookies([{ name: 'entrance', value: secret, url: origin }])
      return page
    },
  }
}
