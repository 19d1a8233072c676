/*
 * The addresses among the settings. Each function gives the address as the program uses it, or undefined for a text that is none.
 */

/** The address without a slash at its end, so that a path can be put behind it. */
export function parsePublicUrl(text: string): string | undefined {
  if (!/^https?:\/\/[^?#@\s\\]+$/i.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

/** Over https, or over http on this very machine. */
function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))
}

/** An origin, which may be on this very machine, where a stand-in for Entra is. */
export function parseLoginUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const { origin, pathname, search, hash, username } = url
  return isSafe(url) && pathname === '/' && `${search}${hash}${username}` === ''
    ? origin
    : undefined
}

export function parseDownloadUrl(text: string): string | undefined {
  if (!URL.canParse(text) || /[\s\\]/.test(text)) return undefined
  const url = new URL(text)
  return isSafe(url) && `${url.username}${url.password}` === '' ? url.href : undefined
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** Both parts of a user or none, and nothing behind the host. */
export function parseSmtpUrl(text: string): string | undefined {
  if (!/^smtps?:\/\/\S+$/.test(text) || !URL.canParse(text)) return undefined
  const { hostname, pathname, search, hash, username, password } = new URL(text)
  const host = /^([\w.-]+|\[[\da-f:.]+\])$/i.test(hostname) && /^\/?$/.test(pathname)
  const whole = (username === '') === (password === '') && `${search}${hash}` === ''
  return host && whole && isEncoded(username) && isEncoded(password) ? text : undefined
}

export function parseDatabaseUrl(text: string): string | undefined {
  if (/^file:[^:?#\s][^?#]*$/.test(text)) return text
  if (!/^postgres(ql)?:\/\/[^\s#]+$/.test(text) || !URL.canParse(text)) return undefined
  return new URL(text).pathname.length > 1 ? text : undefined
}
