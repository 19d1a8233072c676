import type { Hono } from 'hono'
import type { PasswordHolder } from '../directory/account.ts'
import { deviceOf } from './device.ts'
import { addressOf, causeOf, readForm, show, type AuthContext, type AuthEnv } from './http.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { checkNobody, checkPassword } from './passwords.ts'
import { returnTo } from './return-to.ts'
import type { Desk } from './desk.ts'
import { LIMITS } from './sessions.ts'

/** The same for every way to fail, so that nobody learns which accounts there are. */
const WRONG =
  'The user name or the password is wrong. If you sign in with your Microsoft account elsewhere, you have no password here: ask an administrator.'

/** The one of these whose password it is; takes as long when there is none. */
async function holderOf(
  holders: readonly PasswordHolder[],
  password: string,
): Promise<PasswordHolder | undefined> {
  if (holders.length === 0) await checkNobody(password)
  for (const holder of holders) if (await checkPassword(password, holder.hash)) return holder
  return undefined
}

/** Signs a user in: a new session, its cookie, and the end of the session that the browser had. */
export async function signIn(
  { store, sessions, cookie }: Desk,
  context: AuthContext,
  who: { readonly organisation: string; readonly userId: string },
): Promise<void> {
  const before = await sessions.verify(cookie.read(context))
  const cause = causeOf(context, `user:${who.userId}`)
  const secret = await sessions.open({
    ...who,
    method: 'password',
    device: deviceOf(context.req.header('user-agent')),
    address: addressOf(context),
    cause,
  })
  cookie.write(context, secret, LIMITS.absolute / 1_000)
  if (before) {
    const { organisation, id } = before.session
    await store.for({ organisation, localUsers: 'visible' }).sessions.end(id, cause)
  }
}

export function addSignIn(app: Hono<AuthEnv>, desk: Desk): void {
  const { store, sessions, cookie, throttle, publicUrl } = desk

  app.get('/sign-in', async (context) => {
    const place = returnTo(context.req.query('return'), publicUrl)
    if (await sessions.verify(cookie.read(context))) return context.redirect(place, 303)
    return show(context, <SignInPage returnTo={place} />)
  })

  app.post('/sign-in', async (context) => {
    const form = await readForm(context, 'userName', 'password', 'return')
    const userName = form.userName.trim()
    const place = returnTo(form.return, publicUrl)
    const again = (problem: string, status: 400 | 401 | 403 | 429) =>
      show(context, <SignInPage returnTo={place} userName={userName} problem={problem} />, status)

    if (userName === '' || form.password === '') {
      return again('Type your user name and your password.', 400)
    }
    const wait = await throttle.attempt(userName, addressOf(context))
    if (wait !== undefined) {
      const seconds = Math.ceil(wait / 1_000)
      context.header('Retry-After', String(seconds))
      return again(`Too many attempts. Try again in ${seconds} seconds.`, 429)
    }
    const holder = await holderOf(await store.passwordHolders(userName), form.password)
    if (!holder) return again(WRONG, 401)
    if (!holder.active) {
      return again('Your account is not active. Ask an administrator.', 403)
    }
    await throttle.succeeded(userName, addressOf(context))
    await signIn(desk, context, holder)
    return context.redirect(place, 303)
  })

  app.post('/sign-out', async (context) => {
    const known = await sessions.verify(cookie.read(context))
    cookie.clear(context)
    if (known) {
      const { organisation, id, userId } = known.session
      const directory = store.for({ organisation, localUsers: 'visible' })
      await directory.sessions.end(id, causeOf(context, `user:${userId}`))
    }
    return show(
      context,
      <SignInPage returnTo={returnTo(undefined, publicUrl)} done="You are signed out." />,
    )
  })
}
