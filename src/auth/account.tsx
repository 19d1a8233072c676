import type { Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import { mailAddress } from '../directory/mail-address.ts'
import { rolesIn } from '../directory/roles.ts'
import { displayName, userName } from '../directory/user.ts'
import { account as texts } from '../texts/account.ts'
import { readerBy, ReaderContext } from '../ui/reader.ts'
import { causeOf, readForm, show, type AuthContext, type AuthEnv } from './http.tsx'
import { AccountPage } from './pages/account.tsx'
import type { Desk } from './desk.ts'
import { may, personPrincipal } from './principal.ts'
import { isOver, type SignedIn } from './sessions.ts'

export function addAccount(
  app: Hono<AuthEnv>,
  { store, sessions, cookies, base, now }: Desk,
): void {
  const directoryOf = ({ session }: SignedIn) =>
    store.for({ organisation: session.organisation, localUsers: 'visible' })

  async function page(context: AuthContext, who: SignedIn, done?: string) {
    const { user, session, administrator } = who
    return show(
      context,
      <ReaderContext.Provider value={readerBy((name) => getCookie(context, name), now())}>
        <AccountPage
          userName={userName(user.attributes)}
          displayName={displayName(user.attributes)}
          email={mailAddress(user.attributes)}
          groups={user.groups.map(({ displayName }) => displayName)}
          roles={rolesIn(user.attributes['roles'])}
          administrator={administrator}
          sessions={(await directoryOf(who).sessions.list(user.id)).filter(
            (each) => !isOver(each, now()),
          )}
          current={session.id}
          {...(done === undefined ? {} : { done })}
        />
      </ReaderContext.Provider>,
    )
  }

  /** Lets somebody who is signed in through, and shows all others the way in. */
  async function signedIn(
    context: AuthContext,
    work: (who: SignedIn) => Promise<Response>,
  ): Promise<Response> {
    const who = await sessions.verify(cookies.session.read(context), 'browser')
    if (who && may(personPrincipal(who), 'account')) return work(who)
    cookies.session.clear(context)
    return context.redirect(`${base}/auth/sign-in?return=${base}/auth/account`, 303)
  }

  app.get('/account', (context) => signedIn(context, (who) => page(context, who)))

  app.post('/account/end', (context) =>
    signedIn(context, async (who) => {
      const { session } = await readForm(context, 'session')
      const directory = directoryOf(who)
      const own = (await directory.sessions.list(who.user.id)).some(({ id }) => id === session)
      if (own) await directory.sessions.end(session, causeOf(context, `user:${who.user.id}`))
      return page(context, who, own ? texts.ended : texts.over)
    }),
  )

  app.post('/account/end-others', (context) =>
    signedIn(context, async (who) => {
      const cause = causeOf(context, `user:${who.user.id}`)
      const ended = await directoryOf(who).sessions.endAll(who.user.id, who.session.id, cause)
      return page(context, who, texts.endedOthers(ended))
    }),
  )
}
