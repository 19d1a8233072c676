import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { background } from './admin/background.ts'
import { refuseCaller, renderProblem } from './admin/problems.ts'
import { CONSOLE_PATH, consoleDoor, renderConsoleError } from './admin/console/routes.tsx'
import { ADMIN_API_PATH, adminDoor } from './admin/routes.ts'
import type { AdminParts } from './admin/route.ts'
import { countAttempts } from './auth/attempts.ts'
import { requiresBrowser, requiresScim } from './auth/guards.ts'
import type { Principal } from './auth/principal.ts'
import type { ProvisioningAuth } from './auth/provisioning.ts'
import type { MailDesk } from './directory/mail-desk.ts'
import type { Scope } from './directory/store.ts'
import type { WebhookDesk } from './directory/webhook.ts'
import { doorRouter } from './door-router.ts'
import type { Log } from './log.ts'
import { serveAssets } from './served.ts'
import { AUTH_PATH, authDoor, renderAuthError } from './auth/routes.tsx'
import type { AuthDeps } from './auth/desk.ts'
import { renderError, type ScimEnv } from './scim/http.ts'
import type { Recorder } from './scim/recorder.ts'
import { SCIM_PATH, scimDoor } from './scim/routes.ts'

const REQUEST_ID = /^[\w-]{1,64}$/

export interface AppDeps
  extends AuthDeps,
    Pick<AdminParts, 'connections' | 'runner' | 'installation' | 'closing'> {
  readonly auth: ProvisioningAuth
  readonly recorder: Recorder
  readonly mails: MailDesk
  readonly webhooks: WebhookDesk
  readonly log: Log
  readonly newId: () => string
  readonly localUsers: Scope['localUsers']
}

/** What the log says of a caller. */
function named(principal: Principal | undefined) {
  return principal && { organisation: principal.organisation, actor: principal.actor }
}

/** The whole server as a value: a request goes in, a response comes out. */
export function createApp(deps: AppDeps): Hono<ScimEnv> {
  const { store, log, publicUrl } = deps
  const app = new Hono<ScimEnv>({ strict: false, router: doorRouter(SCIM_PATH) })

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
  const renderPage = renderConsoleError(deps)
  app.onError((error, context) => {
    if (context.req.path.startsWith(SCIM_PATH)) return renderError(error, context)
    if (context.req.path.startsWith(ADMIN_API_PATH)) return renderProblem(error, context)
    if (context.req.path.startsWith(CONSOLE_PATH)) return renderPage(error, context)
    if (context.req.path.startsWith(AUTH_PATH)) return renderAuthError(error, context)
    if (error instanceof HTTPException) return error.getResponse()
    context.set('failure', error)
    return context.text(`The server failed. Request id: ${context.get('requestId')}\n`, 500)
  })

  app.get('/healthz', (context) => context.json({ status: 'ok' }))
  app.get('/readyz', async (context) => {
    try {
      if (deps.closing.aborted) return context.json({ status: 'stopping' }, 503)
      await store.check()
      return context.json({ status: 'ready' })
    } catch (error) {
      context.set('failure', error)
      return context.json({ status: 'database unavailable' }, 503)
    }
  })
  app.get('/', (context) => {
    const { accept = '' } = context.req.header()
    // Somebody who typed the address into a browser wants in.
    if (accept.includes('text/html')) return context.redirect(`${publicUrl}${CONSOLE_PATH}`, 303)
    return context.text(`Entrance is running. SCIM base URL: ${publicUrl}${SCIM_PATH}\n`)
  })
  serveAssets(app)

  app.route(
    SCIM_PATH,
    scimDoor({
      store,
      guard: requiresScim(deps.auth, countAttempts(deps.now)),
      base: `${publicUrl}${SCIM_PATH}`,
      localUsers: deps.localUsers,
      record: deps.recorder.middleware,
    }),
  )
  const adminParts: AdminParts = {
    store,
    connections: deps.connections,
    runner: deps.runner,
    previews: background(deps),
    surveys: background(deps),
    mails: deps.mails,
    webhooks: deps.webhooks,
    now: deps.now,
    publicUrl,
    scimUrl: `${publicUrl}${SCIM_PATH}`,
    installation: deps.installation,
    provisioningFeed: deps.recorder,
    closing: deps.closing,
  }
  app.route(
    ADMIN_API_PATH,
    adminDoor({
      ...adminParts,
      guard: requiresBrowser(deps, 'administer', refuseCaller),
      base: `${publicUrl}${ADMIN_API_PATH}`,
    }),
  )
  app.route(
    CONSOLE_PATH,
    consoleDoor({
      ...adminParts,
      guardWith: (refuse) => requiresBrowser(deps, 'administer', refuse),
    }),
  )
  app.route(AUTH_PATH, authDoor(deps))
  return app
}
