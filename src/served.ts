import type { Hono } from 'hono'
import { ASSETS_PATH, assetOf } from './ui/assets.ts'
import type { ScimEnv } from './scim/http.ts'

const YEAR = 365 * 24 * 60 * 60

/** Serves style sheets, the script and the icons of pages, which hold nothing of anybody. */
export function serveAssets(app: Hono<ScimEnv>): void {
  app.get(`${ASSETS_PATH}/:version/:name`, (context) => {
    const { version, name } = context.req.param()
    const found = assetOf(version, name)
    if (!found) return context.text('There is no such file.\n', 404)
    return context.body(found.file.body, 200, {
      'Content-Type': found.file.type,
      'X-Content-Type-Options': 'nosniff',
      // A page of another version, from another server of a few, gets this one for now.
      'Cache-Control': found.same ? `public, max-age=${YEAR}, immutable` : 'no-cache',
    })
  })
}
