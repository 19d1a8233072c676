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
    form: Readonly<Record<string, string>> | readonly (readonly [string, string])[],
    headers?: Readonly<Record<string, string>>,
  ): Promise<Shown>
  /** The value of the session cookie, to look at or to change. */
  cookie: string | undefined
  /** All cookies by name. */
  readonly cookies: Map<string, string>
}

const COOKIE = '__Host-entrance'

function pairsOf(
  form: Readonly<Record<string, string>> | readonly (readonly [string, string])[],
): [string, string][] {
  const isList = (given: typeof form): given is readonly (readonly [string, string])[] =>
    Array.isArray(given)
  return (isList(form) ? [...form] : Object.entries(form)).map(([name, value]) => [name, value])
}

function written(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}

export function newBrowser({ fetch }: Pick<TestApp, 'fetch'>): Browser {
  const cookies = new Map<string, string>()
  const browser: Browser = {
    cookies,
    get cookie() {
      return cookies.get(COOKIE)
    },
    set cookie(value) {
      if (value === undefined) cookies.delete(COOKIE)
      else cookies.set(COOKIE, value)
    },
    get: (path, headers = {}) => send('GET', path, undefined, headers),
    post: (path, form, headers = { Origin: PUBLIC_URL, 'Sec-Fetch-Site': 'same-origin' }) =>
      send('POST', path, new URLSearchParams(pairsOf(form)).toString(), headers),
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
        ...(cookies.size === 0 ? {} : { Cookie: written(cookies) }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    })
    const response = await fetch(request)
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return {
      status: response.status,
      headers: response.headers,
      html: await response.text(),
      location: response.headers.get('location') ?? undefined,
    }
  }

  return browser
}
