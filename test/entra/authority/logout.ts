import type { HttpBindings } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import type { Provider } from 'oidc-provider'
import { signedOutPage } from './pages.ts'
import { isHinted } from './person.ts'
import { browserOf } from './sign-in.ts'
import { pathsOf, type State } from './state.ts'

type Env = { readonly Bindings: HttpBindings }

function withParameters(address: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(address)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

/** Signs out of the authority, and tells the application on its front channel. */
export function logoutRoutes(state: State, provider: Provider): Hono<Env> {
  const { people, signIns, issuer } = state
  const app = new Hono<Env>()

  /** Ends everybody's sign-in of this browser, or only that of the one who is hinted at. */
  const endSignIns = async (c: Context<Env>, hint: string | undefined): Promise<string[]> => {
    const browser = browserOf(c)
    const here = signIns.in(browser)
    const hinted = here.filter(({ objectId }) => {
      const person = people.get(objectId)
      return person !== undefined && hint !== undefined && isHinted(person, hint)
    })
    const ended = hinted.length > 0 ? hinted : here
    for (const signIn of ended) signIns.end(browser, signIn)
    const sids = ended.map(({ sid }) => sid)
    const { incoming, outgoing } = c.env
    const session = await provider.Session.get(provider.createContext(incoming, outgoing))
    if (sids.includes(session.accountId ?? '')) await session.destroy()
    return sids
  }

  app.on(['GET', 'POST'], pathsOf(state).logout, async (c) => {
    const form = c.req.method === 'POST' ? await c.req.parseBody() : {}
    const given = (name: string): string | undefined => {
      const value = form[name] ?? c.req.query(name)
      return typeof value === 'string' ? value : undefined
    }
    const sids = await endSignIns(c, given('logout_hint'))
    const { postLogoutRedirectUris = [], frontChannelLogoutUri } = state.addresses
    const wanted = postLogoutRedirectUris.find((uri) => uri === given('post_logout_redirect_uri'))
    const back = given('state')
    const next =
      wanted === undefined
        ? undefined
        : withParameters(wanted, back === undefined ? {} : { state: back })
    const frames =
      frontChannelLogoutUri === undefined
        ? []
        : sids.map((sid) => withParameters(frontChannelLogoutUri, { iss: issuer, sid }))
    if (next !== undefined && frames.length === 0) return c.redirect(next)
    return c.html(signedOutPage(frames, next))
  })
  return app
}
