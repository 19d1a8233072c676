import { Hono, type Context, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import { z } from 'zod'
import { administratorRoutes } from './administrators.ts'
import { connectionRoutes } from './connection.ts'
import { entraPeopleRoutes } from './entra-people.ts'
import { eventRoutes } from './events.ts'
import { groupEditRoutes } from './group-edits.ts'
import { groupRoutes } from './groups.ts'
import { heldRoutes } from './held.ts'
import { importChangeRoutes } from './import-changes.ts'
import { importRoutes } from './imports.ts'
import { jobRoutes } from './jobs.ts'
import { linkRequestRoutes } from './link-requests.ts'
import { linkingRoutes } from './linking.ts'
import { mailTemplateRoutes } from './mail-templates.ts'
import { mailRoutes } from './mails.ts'
import { describeRoutes } from './openapi.ts'
import { headersOf, Problem } from './problems.ts'
import { mappingRoutes } from './mappings.ts'
import { permissionRoutes } from './permissions.ts'
import { provisioningLogRoutes } from './provisioning-log.ts'
import { roleRoutes } from './roles.ts'
import { ruleRoutes } from './rules.ts'
import { userEditRoutes } from './user-edits.ts'
import { userListRoutes } from './user-list.ts'
import { userRoleRoutes } from './user-roles.ts'
import { userRoutes } from './users.ts'
import { whyRoutes } from './why.ts'
import { syncSettingsRoutes } from './sync-settings.ts'
import { syncStateRoutes } from './sync-state.ts'
import { syncRoutes } from './syncs.ts'
import { tokenRoutes } from './tokens.ts'
import { webhookRoutes } from './webhooks.ts'
import { suggestionRoutes } from './suggestions.ts'
import { callerOf, route, type AdminEnv, type AdminParts, type Route } from './route.ts'

/** Where the door is mounted; its public URL may have more in front. */
export const ADMIN_API_PATH = '/admin/api'

const MAX_BODY_BYTES = 1_048_576

export interface AdminDeps extends AdminParts {
  /** Lets administrators in and sets their principal. */
  readonly guard: MiddlewareHandler
  /** The public URL of this door, without a slash at its end. */
  readonly base: string
}

/** Every route there is, the description of them all included. */
function routesOf(base: string): readonly Route[] {
  const routes: Route[] = [
    ...connectionRoutes,
    ...entraPeopleRoutes,
    ...importRoutes,
    ...importChangeRoutes,
    ...syncRoutes,
    ...syncSettingsRoutes,
    ...syncStateRoutes,
    ...linkRequestRoutes,
    ...linkingRoutes,
    ...suggestionRoutes,
    ...groupRoutes,
    ...groupEditRoutes,
    ...permissionRoutes,
    ...administratorRoutes,
    ...tokenRoutes,
    ...eventRoutes,
    ...provisioningLogRoutes,
    ...roleRoutes,
    ...ruleRoutes,
    ...mappingRoutes,
    ...userListRoutes,
    ...userEditRoutes,
    ...userRoleRoutes,
    ...userRoutes,
    ...whyRoutes,
    ...heldRoutes,
    ...mailRoutes,
    ...mailTemplateRoutes,
    ...webhookRoutes,
    ...jobRoutes,
    route({
      method: 'GET',
      path: '/openapi.json',
      operation: 'describe',
      summary: 'This description',
      status: 200,
      answer: z.looseObject({ openapi: z.string() }),
      handle: async () => description(),
    }),
  ]
  let made: ReturnType<typeof describeRoutes> | undefined
  const description = () => (made ??= describeRoutes(routes, base))
  return routes
}

/** A browser says whether a page of another site makes it ask; nothing is changed for one. */
const sameSite = createMiddleware(async function sameSite({ req }, next) {
  const site = req.header('sec-fetch-site')
  const reads = req.method === 'GET' || req.method === 'HEAD'
  if (reads || site === undefined || site === 'same-origin' || site === 'none') return next()
  throw new Problem('crossSite', 'Only a page of this server may do this.')
})

function refuse(routes: readonly Route[], { req }: Context): never {
  const asked = req.path.slice(req.path.indexOf(ADMIN_API_PATH) + ADMIN_API_PATH.length)
  const path = asked.replace(/\/$/, '')
  const here = routes.filter((each) => {
    const [before = '', after] = each.path.split('{id}')
    if (after === undefined) return path === before
    const id = path.slice(before.length, path.length - after.length)
    return path === `${before}${id}${after}` && /^[^/]+$/.test(id)
  })
  if (here.length === 0) throw new Problem('notFound', 'There is nothing at this path.')
  const methods = here.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  const allowed = [...new Set(methods)].join(', ')
  throw new Problem('methodNotAllowed', `The method can only be ${allowed}.`, {
    headers: { Allow: allowed },
  })
}

/** The door for administrators, to be mounted at ADMIN_API_PATH by who answers what it throws with `renderProblem`. */
export function adminDoor({ guard, base, ...parts }: AdminDeps): Hono<AdminEnv> {
  const app = new Hono<AdminEnv>({ strict: false })
  const routes = routesOf(base)
  app.use(guard)
  app.use(sameSite)
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES }))
  for (const { method, path, status, answerTo } of routes) {
    app.on(method, path.replace('{id}', ':id'), async (context) => {
      const { body, location } = await answerTo(callerOf(context, parts), context)
      return new Response(status === 204 ? null : JSON.stringify(body), {
        status,
        headers: {
          ...headersOf(context),
          ...(status === 204 ? {} : { 'Content-Type': 'application/json' }),
          ...(location === undefined ? {} : { Location: `${base}${location}` }),
        },
      })
    })
  }
  app.all('*', (context) => refuse(routes, context))
  return app
}
