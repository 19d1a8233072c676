import { Hono, type ErrorHandler, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { csrf } from 'hono/csrf'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import { DirectoryError } from '../directory/errors.ts'
import { door } from '../texts/door.ts'
import { addAccount } from './account.tsx'
import { countAttempts } from './attempts.ts'
import { cookiesOf } from './cookies.ts'
import type { AuthDeps, Desk } from './desk.ts'
import { show, type AuthContext, type AuthEnv } from './http.tsx'
import { addEntra, FRONT_CHANNEL_PATH } from './entra.tsx'
import { addForgotten } from './forgotten.tsx'
import { addLinks } from './link.tsx'
import { addNative } from './native.tsx'
import { renderOAuthError } from './oauth.ts'
import { MessagePage } from './pages/message.tsx'
import { addPrograms, isForPrograms } from './programs.ts'
import { basePath } from './return-to.ts'
import { addSignIn } from './sign-in.tsx'
import { throttle } from './throttle.ts'

export const AUTH_PATH = '/auth'

const { messages } = door

const MAX_FORM_BYTES = 16_384

/** The one renderer of failures of this door: pages for people, JSON for programs. */
export const renderAuthError: ErrorHandler = (error, given) => {
  const context = given as unknown as AuthContext
  if (isForPrograms(context.req.path)) return renderOAuthError(error, context)
  const status = error instanceof HTTPException ? error.status : 500
  if (status === 403) {
    return show(
      context,
      <MessagePage {...messages.elsewhere} href="/auth/sign-in" action={door.toSignIn} />,
      403,
    )
  }
  if (status === 413) {
    return show(context, <MessagePage {...messages.tooLarge} />, 413)
  }
  context.set('failure', error)
  const away = error instanceof DirectoryError && error.code === 'unavailable'
  return show(
    context,
    <MessagePage
      title={away ? messages.away.title : messages.failed.title}
      text={away ? messages.away.text : messages.failed.text(context.get('requestId'))}
      href="/auth/sign-in"
      action={door.toSignIn}
    />,
    away ? 503 : 500,
  )
}

/** What browsers are told to take of a page, and who may show it in a frame; `loginUrl` is where Entra is. */
function protect(publicUrl: string, loginUrl: string | undefined, inFrame: boolean) {
  const entra = loginUrl === undefined ? [] : [loginUrl]
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      // Browsers hold the way on from a form to it too: the sign-in leads to Entra.
      formAction: ["'self'", ...entra],
      baseUri: ["'none'"],
      frameAncestors: inFrame ? entra : ["'none'"],
    },
    xFrameOptions: inFrame ? false : 'DENY',
    crossOriginResourcePolicy: inFrame ? 'cross-origin' : 'same-origin',
    referrerPolicy: 'same-origin',
    strictTransportSecurity: publicUrl.startsWith('https:') ? 'max-age=31536000' : false,
  })
}

/** Protects pages, once it is known through which app registration people sign in. */
function protection(publicUrl: string): MiddlewareHandler<AuthEnv> {
  const known = new Map<string, MiddlewareHandler>()
  return async (context, next) => {
    await next()
    const loginUrl = context.get('entra')?.loginUrl
    // Entra shows it in a frame that nobody sees.
    const inFrame = loginUrl !== undefined && context.req.path.endsWith(FRONT_CHANNEL_PATH)
    const key = `${inFrame} ${loginUrl}`
    const found = known.get(key) ?? protect(publicUrl, loginUrl, inFrame)
    known.set(key, found)
    await found(context, async () => {})
  }
}

/** The door for people, to be mounted at AUTH_PATH by who answers what it throws with `renderAuthError`. */
export function authDoor(deps: AuthDeps): Hono<AuthEnv> {
  const { store, publicUrl } = deps
  const app = new Hono<AuthEnv>({ strict: false })
  const base = basePath(publicUrl)
  const desk: Desk = {
    ...deps,
    base,
    cookies: cookiesOf(publicUrl),
    throttle: throttle(store, 'sign-in'),
    failures: countAttempts(deps.now),
  }

  app.use(async (context, next) => {
    context.set('base', base)
    await next()
  })
  app.use(protection(publicUrl))
  app.use(async (context, next) => {
    context.header('Cache-Control', 'no-store')
    await next()
  })
  app.use(bodyLimit({ maxSize: MAX_FORM_BYTES }))
  addPrograms(app, desk)
  app.use(csrf({ origin: new URL(publicUrl).origin }))
  app.use(async (context, next) => {
    context.set('entra', await deps.entra.app())
    await next()
  })
  addSignIn(app, desk)
  addForgotten(app, desk)
  addEntra(app, desk)
  addNative(app, desk)
  addLinks(app, desk)
  addAccount(app, desk)
  app.all('*', (context) =>
    show(
      context,
      <MessagePage {...messages.notFound} href="/auth/sign-in" action={door.toSignIn} />,
      404,
    ),
  )
  return app
}
