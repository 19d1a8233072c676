import { pages } from '../../src/admin/pages/pages.ts'
import { cause, type TestApp } from './app.ts'
import { newBrowser, type Browser, type Shown } from './browser.ts'
import { newBrowserSession, newPerson } from './programs.ts'

/** What the console answers, as its routes are named: `GET /admin/users/:id`. */
export const consoleRoutes: readonly string[] = [
  ...pages.map(
    ({ method, path }) => `${method} ${`/admin${path.replace('{id}', ':id')}`.replace(/\/$/, '')}`,
  ),
  'POST /admin/theme',
]

/** What a page says, as a reader has it: no markup, one line. */
export function wordsOf(html: string): string {
  return html
    .replace(/^[\s\S]*?<main[^>]*>/, '')
    .replaceAll(/<(script|style|svg)[\s\S]*?<\/\1>/g, ' ')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** A page as it came, and what it says. */
export interface Seen {
  readonly status: number
  readonly html: string
  readonly words: string
  readonly headers: Headers
  readonly location: string | undefined
}

/** An administrator's browser without script. */
export interface Console {
  readonly browser: Browser
  readonly adminId: string
  get(path: string): Promise<Seen>
  /** Sends a form, whose fields may have several values. */
  post(path: string, fields?: Readonly<Record<string, string | readonly string[]>>): Promise<Seen>
  /** Sends a form, and looks at the page that it leads to. */
  send(path: string, fields?: Readonly<Record<string, string | readonly string[]>>): Promise<Seen>
}

/** A new administrator in a browser that is signed in. */
export async function newConsole(
  app: TestApp,
  name = 'Ada Admin',
  directory = app.directory,
): Promise<Console> {
  const { id } = await newPerson(directory, 'ada.admin', { displayName: name })
  await directory.administrators.appoint(id, cause)
  const { secret } = await newBrowserSession(directory, id)
  const browser = newBrowser(app)
  browser.cookie = secret
  const seen = ({ html, ...shown }: Shown): Seen => ({ ...shown, html, words: wordsOf(html) })
  const get: Console['get'] = async (path) => seen(await browser.get(path))
  const post: Console['post'] = async (path, fields = {}) => {
    const pairs = Object.entries(fields).flatMap(([name, value]) =>
      [value].flat().map((each): [string, string] => [name, each]),
    )
    return seen(await browser.post(path, pairs))
  }
  return {
    browser,
    adminId: id,
    get,
    post,
    async send(path, fields) {
      const { location, status, words } = await post(path, fields)
      if (location === undefined) throw new Error(`${path} answered ${status}: ${words}`)
      return get(location)
    },
  }
}
