import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

/**
 * A cookie of this server that no script reads. With `__Host-` a browser takes it only over https, from this very host,
 * for all its paths (RFC 6265bis §4.1.3.2); on http, which is for trying out, it has no such name.
 */
export interface Cookie {
  read(context: Context): string | undefined
  write(context: Context, value: string, seconds: number): void
  clear(context: Context): void
}

function hostCookie(publicUrl: string, plainName: string): Cookie {
  const secure = publicUrl.startsWith('https:')
  const name = secure ? `__Host-${plainName}` : plainName
  const attributes = { httpOnly: true, secure, sameSite: 'Lax', path: '/' } as const
  return {
    read: (context) => getCookie(context, name),
    write: (context, value, seconds) =>
      setCookie(context, name, value, { ...attributes, maxAge: seconds }),
    clear: (context) => void deleteCookie(context, name, attributes),
  }
}

export interface Cookies {
  /** The secret of a browser's session. */
  readonly session: Cookie
  /** What ties sign-ins at Entra to the browser that began them. */
  readonly seed: Cookie
  /** How somebody signed in last on this device. */
  readonly way: Cookie
}

export function cookiesOf(publicUrl: string): Cookies {
  return {
    session: hostCookie(publicUrl, 'entrance'),
    seed: hostCookie(publicUrl, 'entrance-sign-in'),
    way: hostCookie(publicUrl, 'entrance-way'),
  }
}
