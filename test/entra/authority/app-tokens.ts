import { once } from 'node:events'
import type { HttpBindings } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'

/** Passes requests for a token of the application itself on to the stand-in for Graph, which gives them. */
export function appTokensOf(
  graphOrigin: string,
): MiddlewareHandler<{ readonly Bindings: HttpBindings }> {
  return async (c, next) => {
    const { incoming } = c.env
    if (incoming.readableLength === 0) await once(incoming, 'readable')
    // A form is small enough to come at once; the provider reads it again.
    const form = incoming.read() as Buffer
    if (new URLSearchParams(form.toString()).get('grant_type') !== 'client_credentials') {
      incoming.unshift(form)
      return next()
    }
    const { pathname, search } = new URL(c.req.url)
    return fetch(`${graphOrigin}${pathname}${search}`, { method: 'POST', body: form.toString() })
  }
}
