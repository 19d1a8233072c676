import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

/**
 * The cookie of a browser's session. With `__Host-` a browser takes it only over https, from this very host, for all its
 * paths (RFC 6265bis §4.1.3.2); on http, which is for trying out, it has no such name.
 */
export interface SessionCookie {
  read(context: Context): string | undefined
  write(context: Context, secret: string, seconds: number): void
  clear(context: Context): void
}

export function sessionCookie(publicUrl: string): SessionCookie {
  const secure = publicUrl.startsWith('https:')
  const name = secure ? '__Host-entrance' : 'entrance'
  const attributes = { httpOnly: true, secure, sameSite: 'Lax', path: '/' } as const
  return {
    read: (context) => getCookie(context, name),
    write: (context, secret, seconds) =>
      setCookie(context, name, secret, { ...attributes, maxAge: seconds }),
    clear: (context) => void deleteCookie(context, name, attributes),
  }
}
