import type { Hono } from 'hono'
import { hashSecret, newTokenSecret } from '../directory/token.ts'
import { displayName, userName } from '../directory/user.ts'
import type { Desk } from './desk.ts'
import { causeOf, show, type AuthContext, type AuthEnv } from './http.tsx'
import {
  answerAddress,
  denialAddress,
  readNativeRequest,
  toParameters,
  type NativeRequest,
  type ReadRequest,
} from './native-request.ts'
import { ContinuePage, HandOverPage, WrongRequestPage } from './pages/native.tsx'
import type { SignedIn } from './sessions.ts'

/** So long the client may take to exchange a code. */
const CODE_MILLISECONDS = 2 * 60_000

/** Signs the application's desktop client in with the system's browser (RFC 8252). */
export function addNative(app: Hono<AuthEnv>, desk: Desk): void {
  const { store, sessions, cookies, publicUrl, base, contact } = desk

  const directoryOf = ({ session }: SignedIn) =>
    store.for({ organisation: session.organisation, localUsers: 'visible' })

  const wrong = (context: AuthContext, { text }: Extract<ReadRequest, { ok: false }>) =>
    show(context, <WrongRequestPage text={text} contact={contact} />, 400)

  /** The sign-in, which leads back to the same request. */
  function signInFor(context: AuthContext, request: NativeRequest) {
    const query = new URLSearchParams(toParameters(request)).toString()
    const place = encodeURIComponent(`${base}/auth/native/authorize?${query}`)
    return context.redirect(`${base}/auth/sign-in?return=${place}`, 303)
  }

  async function readPosted(context: AuthContext): Promise<ReadRequest> {
    return readNativeRequest(await context.req.parseBody({ all: true }), publicUrl)
  }

  app.get('/native/authorize', async (context) => {
    const read = readNativeRequest(context.req.queries(), publicUrl)
    if (!read.ok) {
      return read.location === undefined
        ? wrong(context, read)
        : context.redirect(read.location, 303)
    }
    const { request } = read
    const who = await sessions.verify(cookies.session.read(context), 'browser')
    if (!who) return signInFor(context, request)
    return show(
      context,
      <ContinuePage
        userName={userName(who.user.attributes)}
        displayName={displayName(who.user.attributes)}
        parameters={toParameters(request)}
        cancel={denialAddress(request, publicUrl)}
      />,
    )
  })

  app.post('/native/authorize', async (context) => {
    const read = await readPosted(context)
    if (!read.ok) return wrong(context, read)
    const { redirectUri, state, challenge } = read.request
    const who = await sessions.verify(cookies.session.read(context), 'browser')
    if (!who) return signInFor(context, read.request)
    const { userId, method } = who.session
    const code = newTokenSecret('code')
    const expires = new Date(desk.now().getTime() + CODE_MILLISECONDS).toISOString()
    await directoryOf(who).clientSessions.issueCode(
      { hash: hashSecret(code), userId, method, redirectUri, challenge, expires },
      causeOf(context, `user:${userId}`),
    )
    return show(
      context,
      <HandOverPage href={answerAddress(redirectUri, publicUrl, { code, state })} />,
    )
  })

  app.post('/native/other', async (context) => {
    const read = await readPosted(context)
    if (!read.ok) return wrong(context, read)
    const who = await sessions.verify(cookies.session.read(context), 'browser')
    cookies.session.clear(context)
    if (who) {
      const { id, userId } = who.session
      await directoryOf(who).sessions.end(id, causeOf(context, `user:${userId}`))
    }
    return signInFor(context, read.request)
  })
}
