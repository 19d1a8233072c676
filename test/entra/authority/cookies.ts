interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
}

function defaultPath({ pathname }: URL): string {
  return pathname.slice(0, Math.max(1, pathname.lastIndexOf('/')))
}

function covers(path: string, { pathname }: URL): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
}

/** A fetch for one server that keeps its cookies by path and follows nothing; with a body it posts a form of that server. */
export function fetchWithCookies(): (url: URL, body?: URLSearchParams) => Promise<Response> {
  const jar = new Map<string, Cookie>()

  const keep = (line: string, url: URL): void => {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
    const [name = '', ...value] = pair.split('=')
    const named = new Map(
      attributes.map((text) => {
        const [key = '', ...rest] = text.split('=')
        return [key.toLowerCase(), rest.join('=')]
      }),
    )
    const path = named.get('path') ?? defaultPath(url)
    const expires = named.get('expires')
    const key = `${path};${name}`
    if (expires !== undefined && Date.parse(expires) <= Date.now()) jar.delete(key)
    else jar.set(key, { name, value: value.join('='), path })
  }

  return async (url, body) => {
    const cookies = [...jar.values()].filter(({ path }) => covers(path, url))
    const response = await fetch(url, {
      redirect: 'manual',
      headers: {
        Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
        ...(body === undefined ? {} : { Origin: url.origin }),
      },
      ...(body === undefined ? {} : { method: 'POST', body }),
    })
    for (const line of response.headers.getSetCookie()) keep(line, url)
    return response
  }
}
