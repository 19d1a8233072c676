import { Hono, type Context, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { setCookie } from 'hono/cookie'
import { csrf } from 'hono/csrf'
import type { Refusal } from '../../auth/guards.ts'
import { shell } from '../../texts/shell.ts'
import { Problem } from '../problems.ts'
import type { AdminEnv, AdminParts, Caller } from '../route.ts'
import { callerOf } from '../route.ts'
import { pages } from '../pages/pages.ts'
import type { Outcome } from './asked.ts'
import { failureView } from './failure.tsx'
import { keep } from './flash.tsx'
import { waitingIn } from './nav.ts'
import { protect } from './policy.ts'
import { renderView } from './render.tsx'
import { THEME, themes } from '../../ui/reader.ts'
import { askedOf } from './request.ts'

/** Where the console is mounted; its public URL may have more in front. */
export const CONSOLE_PATH = '/admin'

const MAX_FORM_BYTES = 1_048_576
const THEME_SECONDS = 365 * 24 * 60 * 60

export interface ConsoleDeps extends AdminParts {
  /** Lets administrators in and sets their principal. */
  guardWith(refuse: (why: Refusal, context: Context) => Response): MiddlewareHandler
}

/** The pages for administrators, to be mounted at CONSOLE_PATH. */
export function consoleDoor({ guardWith, ...parts }: ConsoleDeps): Hono<AdminEnv> {
  const { publicUrl } = parts
  const app = new Hono<AdminEnv>({ strict: false })
  const base = new URL(publicUrl).pathname.replace(/\/+$/, '')
  const secure = publicUrl.startsWith('https:')

  /** Whoever is not let in is shown the way, and comes back to the page afterwards. */
  function refuse(why: Refusal, context: Context): Response {
    if (why === 'notAllowed') throw new Problem('forbidden', shell.problems.forbiddenText)
    const { pathname, search } = new URL(context.req.url)
    const place = context.req.method === 'GET' ? `${base}${pathname}${search}` : `${base}/admin`
    return context.redirect(`${base}/auth/sign-in?return=${encodeURIComponent(place)}`, 303)
  }

  async function answer(context: Context<AdminEnv>, caller: Caller, outcome: Outcome) {
    if (outcome instanceof Response) return outcome
    if ('to' in outcome) {
      if (outcome.done) keep(context, outcome.done, secure)
      return context.redirect(`${base}${outcome.to}`, 303)
    }
    if (outcome.frames) context.set('policy', 'around')
    return renderView(context, parts, outcome, await waitingIn(caller.directory))
  }

  app.use(protect(publicUrl))
  app.use(async (context, next) => {
    await next()
    // Also of a download, which is a response of its own.
    context.header('Cache-Control', 'no-store')
  })
  app.use(guardWith(refuse))
  app.use(csrf({ origin: new URL(publicUrl).origin }))
  app.use(bodyLimit({ maxSize: MAX_FORM_BYTES }))

  app.post('/theme', async (context) => {
    const { theme } = await context.req.parseBody()
    const chosen = themes.find((each) => each === theme) ?? ''
    setCookie(context, THEME, chosen, {
      path: '/',
      sameSite: 'Lax',
      secure,
      maxAge: chosen === '' ? 0 : THEME_SECONDS,
    })
    const from = context.req.header('referer') ?? ''
    const { pathname, search, origin } = new URL(
      from === '' ? `${publicUrl}/admin` : from,
      publicUrl,
    )
    const here = origin === new URL(publicUrl).origin && pathname.startsWith(`${base}/admin`)
    return context.redirect(here ? `${pathname}${search}` : `${base}/admin`, 303)
  })
  for (const { method, path, answer: made } of pages) {
    app.on(method, path.replace('{id}', ':id'), async (context) => {
      const caller = callerOf(context, parts)
      const asked = await askedOf(context, caller)
      return answer(context, caller, await made(asked))
    })
  }
  app.all('*', () => {
    throw new Problem('notFound', shell.problems.nothingText)
  })
  return app
}

/** The one renderer of failures of the console. */
export function renderConsoleError(parts: Pick<AdminParts, 'publicUrl' | 'now'>) {
  return (error: unknown, given: Context) => {
    const context = given as Context<AdminEnv>
    return renderView(context, parts, failureView(error, context), { links: 0, held: 0 })
  }
}
