import type { Hono } from 'hono'
import type { PasswordHolder } from '../directory/account.ts'
import { door } from '../texts/door.ts'
import type { Desk } from './desk.ts'
import { enter } from './enter.ts'
import { beginAtEntra } from './entra.tsx'
import { addressOf, causeOf, readForm, show, type AuthContext, type AuthEnv } from './http.tsx'
import { SignedOutPage } from './pages/entra.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import type { Passwords } from './passwords.ts'
import { homeOf, NOWHERE, returnTo } from './return-to.ts'

const { signIn: texts } = door

/** How long a device remembers that somebody signed in with Entra. */
const WAY_SECONDS = 365 * 24 * 60 * 60

/** The one of these whose password it is; takes as long when there is none. */
async function holderOf(
  passwords: Passwords,
  holders: readonly PasswordHolder[],
  password: string,
): Promise<PasswordHolder | undefined> {
  if (holders.length === 0) await passwords.checkNobody(password)
  for (const holder of holders) if (await passwords.check(password, holder.hash)) return holder
  return undefined
}

/** The same for every way to fail, so that nobody learns which accounts there are. */
function wrong(withEntra: boolean, contact: string): string {
  return `${texts.wrong} ${withEntra ? texts.noPassword : texts.elsewhere(contact)}`
}

export function addSignIn(app: Hono<AuthEnv>, desk: Desk): void {
  const { store, sessions, passwords, cookies, throttle, publicUrl, contact } = desk

  app.get('/sign-in', async (context) => {
    const place = returnTo(context.req.query('return'), publicUrl)
    const known = await sessions.verify(cookies.session.read(context), 'browser')
    if (known) {
      const home = homeOf(publicUrl, known.administrator)
      return context.redirect(place === NOWHERE ? home : place, 303)
    }
    const ticked = cookies.way.read(context) === 'entra'
    const entra = context.get('entra') ? { entra: { ticked } } : {}
    return show(context, <SignInPage returnTo={place} {...entra} />)
  })

  app.post('/sign-in', async (context) => {
    const form = await readForm(context, 'userName', 'password', 'entra', 'return')
    const place = returnTo(form.return, publicUrl)
    const entra = context.get('entra')
    if (entra && form.entra !== '') {
      cookies.way.write(context, 'entra', WAY_SECONDS)
      return beginAtEntra(desk, entra, context, place)
    }
    return withPassword(context, form.userName.trim(), form.password, place)
  })

  async function withPassword(
    context: AuthContext,
    userName: string,
    password: string,
    place: string,
  ): Promise<Response> {
    const entra = context.get('entra')
    const again = (problem: string, status: 400 | 401 | 403 | 429) =>
      show(
        context,
        <SignInPage
          returnTo={place}
          userName={userName}
          problem={problem}
          {...(entra ? { entra: { ticked: false } } : {})}
        />,
        status,
      )

    if (userName === '' || password === '') {
      return again(texts.empty, 400)
    }
    const wait = await throttle.attempt(userName, addressOf(context))
    if (wait !== undefined) {
      const seconds = Math.ceil(wait / 1_000)
      context.header('Retry-After', String(seconds))
      return again(texts.tooOften(seconds), 429)
    }
    const holder = await holderOf(passwords, await store.passwordHolders(userName), password)
    if (!holder) return again(wrong(entra !== undefined, contact), 401)
    if (!holder.active) return again(texts.inactive(contact), 403)
    await throttle.succeeded(userName, addressOf(context))
    const { organisation, userId } = holder
    const to = await enter(desk, context, { organisation, userId, method: 'password' }, place)
    if (cookies.way.read(context) !== undefined) cookies.way.clear(context)
    return context.redirect(to, 303)
  }

  app.post('/sign-out', async (context) => {
    const known = await sessions.verify(cookies.session.read(context), 'browser')
    cookies.session.clear(context)
    if (!known) return show(context, <SignedOutPage everywhere={false} />)
    const { organisation, id, userId, method, loginHint } = known.session
    const directory = store.for({ organisation, localUsers: 'visible' })
    await directory.sessions.end(id, causeOf(context, `user:${userId}`))
    const back = `${publicUrl}/auth/signed-out`
    const logout = method === 'entra' ? context.get('entra')?.logoutUrl(back, loginHint) : undefined
    return show(context, <SignedOutPage everywhere={false} entraLogout={logout} />)
  })

  app.get('/signed-out', (context) => show(context, <SignedOutPage everywhere />))
}
