import type { Router } from 'hono/router'
import { RegExpRouter } from 'hono/router/reg-exp-router'
import { SmartRouter } from 'hono/router/smart-router'
import { TrieRouter } from 'hono/router/trie-router'

/** What applies to every path. */
const EVERYWHERE = ['*', '/*']

/**
 * Looks among the routes of the door at `path` alone for what comes in there. Hono makes one expression of them; of all
 * routes of the server it cannot, and would go through a tree for each request.
 */
export function doorRouter<T>(path: string): Router<T> {
  const inside = new RegExpRouter<T>()
  const outside = new SmartRouter<T>({ routers: [new RegExpRouter(), new TrieRouter()] })
  const isInside = (asked: string) => asked === path || asked.startsWith(`${path}/`)
  return {
    name: 'DoorRouter',
    add(method, route, handler) {
      const everywhere = EVERYWHERE.includes(route)
      if (everywhere || isInside(route)) inside.add(method, route, handler)
      if (everywhere || !isInside(route)) outside.add(method, route, handler)
    },
    match: (method, asked) => (isInside(asked) ? inside : outside).match(method, asked),
  }
}
