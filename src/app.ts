import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { refuseCaller, renderProblem } from './admin/problems.ts'
import { ADMIN_API_PATH, adminDoor } from './admin/routes.ts'
import type { AdminParts } from './admin/route.ts'
import { countAttempts } from './auth/attempts.ts'
import { requiresBrowser, requiresScim } from './auth/guards.ts'
import type { Principal } from './auth/principal.ts'
import type { ProvisioningAuth } from './auth/provisioning.ts'
import type { MailDesk } from './directory/mail-desk.ts'
import type { Scope } from './directory/store.ts'
import type { Log } from './log.ts'
import { AUTH_PATH, authDoor, renderAuthError } from './auth/routes.tsx'
import type { AuthDeps } from './auth/desk.ts'
import { renderError, type ScimEnv } from './scim/http.ts'
import { SCIM_PATH, scimDoor } from './scim/routes.ts'

const REQUEST_ID = /^[\w-]{1,64}$/

export interface AppDeps extends AuthDeps, Pick<AdminParts, 'connections' | 'runner'> {
  readonly auth: ProvisioningAuth
  readonly mails: MailDesk
  readonly log: Log
  readonly newId: () => string
  readonly localUsers: Scope['localUsers']
  /** False as soon as the server is about to stop. */
  readonly ready: () => boolean
}

/** What the log says of a caller. */
function named(principal: Principal | undefined) {
  return principal && { organisation: principal.organisation, actor: principal.actor }
}

/** The whole server as a value: a request goes in, a response comes out. */
export function createApp(deps: AppDeps): Hono<ScimEnv> {
  const { store, log, publicUrl } = deps
  const app = new Hono<ScimEnv>({ strict: false })

  app.use(async function observe(context, next) {
    const start = performance.now()
    const given = context.req.header('x-request-id')
    const requestId = given !== undefined && REQUEST_ID.test(given) ? given : deps.newId()
    context.set('requestId', requestId)
    await next()
    const { status } = context.res
    const level = status >= 500 ? 'error' : 'info'
    if (!log.writes(level)) return
    const failure: unknown = context.get('failure')
    const tolerances = context.get('tolerances')
    log[level]('request', {
      requestId,
      method: context.req.method,
      // Never the query: filters hold personal data.
      path: context.req.path,
      status,
      milliseconds: Math.round((performance.now() - start) * 10) / 10,
      ...named(context.get('principal')),
      ...(tolerances ? { tolerances: [...tolerances] } : {}),
      ...(failure === undefined ? {} : { failure }),
    })
  })

  // One handler for all doors: Hono wraps every function of a door that has its own.
  app.onError((error, context) => {
    if (context.req.path.startsWith(SCIM_PATH)) return renderError(error, context)
    if (context.req.path.startsWith(ADMIN_API_PATH)) return renderProblem(error, context)
    if (context.req.path.startsWith(AUTH_PATH)) return renderAuthError(error, context)
    if (error instanceof HTTPException) return error.getResponse()
    context.set('failure', error)
    return context.text(`The server failed. Request id: ${context.get('requestId')}\n`, 500)
  })

  app.get('/healthz', (context) => context.json({ status: 'ok' }))
  app.get('/readyz', async (context) => {
    try {
      if (!deps.ready()) return context.json({ status: 'stopping' }, 503)
      await store.check()
      return context.json({ status: 'ready' })
    } catch (error) {
      context.set('failure', error)
      return context.json({ status: 'database unavailable' }, 503)
    }
  })
  app.get('/', (context) =>
    context.text(`Entrance is running. SCIM base URL: ${publicUrl}${SCIM_PATH}\n`),
  )

  app.route(
    SCIM_PATH,
    scimDoor({
      store,
      guard: requiresScim(deps.auth, countAttempts(deps.now)),
      base: `${publicUrl}${SCIM_PATH}`,
      localUsers: deps.localUsers,
    }),
  )
  app.route(
    ADMIN_API_PATH,
    adminDoor({
      store,
      guard: requiresBrowser(deps, 'administer', refuseCaller),
      base: `${publicUrl}${ADMIN_API_PATH}`,
      connections: deps.connections,
      runner: deps.runner,
      mails: deps.mails,
      now: deps.now,
      publicUrl,
      scimUrl: `${publicUrl}${SCIM_PATH}`,
    }),
  )
  app.route(AUTH_PATH, authDoor(deps))
  return app
}
