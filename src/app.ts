import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { countAttempts } from './auth/attempts.ts'
import { requireProvisioningClient } from './auth/guards.ts'
import type { ProvisioningAuth } from './auth/provisioning.ts'
import type { Scope, Store } from './directory/store.ts'
import type { Log } from './log.ts'
import type { ScimEnv } from './scim/http.ts'
import { SCIM_PATH, scimDoor } from './scim/routes.ts'

export interface AppDeps {
  readonly store: Store
  readonly auth: ProvisioningAuth
  readonly log: Log
  readonly now: () => Date
  readonly newId: () => string
  /** Without a slash at its end. */
  readonly publicUrl: string
  readonly localUsers: Scope['localUsers']
  /** False as soon as the server is about to stop. */
  readonly ready: () => boolean
}

/** The whole server as a value: a request goes in, a response comes out. */
export function createApp(deps: AppDeps): Hono<ScimEnv> {
  const { store, log, publicUrl } = deps
  const app = new Hono<ScimEnv>({ strict: false })

  app.use(async function requestId(context, next) {
    const given = context.req.header('x-request-id')
    context.set(
      'requestId',
      given !== undefined && /^[\w-]{1,64}$/.test(given) ? given : deps.newId(),
    )
    await next()
  })

  app.use(async function accessLog(context, next) {
    const start = performance.now()
    await next()
    const failure: unknown = context.get('failure')
    const tolerances = [...(context.get('tolerances') ?? [])]
    const { status } = context.res
    log[status >= 500 ? 'error' : 'info']('request', {
      requestId: context.get('requestId'),
      method: context.req.method,
      // Never the query: filters hold personal data.
      path: context.req.path,
      status,
      milliseconds: Math.round((performance.now() - start) * 10) / 10,
      ...context.get('principal'),
      ...(tolerances.length > 0 ? { tolerances } : {}),
      ...(failure === undefined ? {} : { failure }),
    })
  })

  app.onError((error, context) => {
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
      guard: requireProvisioningClient(deps.auth, countAttempts(deps.now)),
      base: `${publicUrl}${SCIM_PATH}`,
      localUsers: deps.localUsers,
    }),
  )
  return app
}
