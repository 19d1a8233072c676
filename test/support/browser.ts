import { PUBLIC_URL, type TestApp } from './app.ts'

export interface Shown {
  readonly status: number
  readonly headers: Headers
  readonly html: string
  /** Where the answer sends the browser, without the address of the server. */
  readonly location: string | undefined
}

/** A browser with its cookies; it follows nothing and runs no script. */
export interface Browser {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Shown>
  /** Sends a form as the page of the server does, or as `headers` have it. */
  post(
    path: string,
    form: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Shown>
  /** The value of the session cookie, to look at or to change. */
  cookie: string | undefined
}

const COOKIE = '__Host-entrance'

export function newBrowser({ fetch }: Pick<TestApp, 'fetch'>): Browser {
  const browser: Browser = {
    cookie: undefined,
    get: (path, headers = {}) => send('GET', path, undefined, headers),
    post: (path, form, headers = { Origin: PUBLIC_URL, 'Sec-Fetch-Site': 'same-origin' }) =>
      send('POST', path, new URLSearchParams(form).toString(), headers),
  }

  async function send(
    method: string,
    path: string,
    body: string | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<Shown> {
    const request = new Request(`${PUBLIC_URL}${path}`, {
      method,
      headers: {
        'User-Agent': 'Test browser',
        ...(body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
        ...(browser.cookie === undefined ? {} : { Cookie: `${COOKIE}=${browser.cookie}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    })
    const response = await fetch(request)
    const set = new RegExp(`^${COOKIE}=([^;]*)`).exec(response.headers.get('set-cookie') ?? '')
    if (set) browser.cookie = set[1] === '' ? undefined : set[1]
    return {
      status: response.status,
      headers: response.headers,
      html: await response.text(),
      location: response.headers.get('location') ?? undefined,
    }
  }

  return browser
}
