import { randomUUID } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { errors, type Provider } from 'oidc-provider'
import { AADSTS } from './answers.ts'
import { approvalPage, consentPage, MOST_PEOPLE, pickerPage, troublePage } from './pages.ts'
import { isHinted, type Person } from './person.ts'
import type { SignIn } from './sign-ins.ts'
import { pathsOf, type State } from './state.ts'

type Env = { readonly Bindings: HttpBindings }

/** What the person has answered so far. */
interface Progress {
  objectId?: string
  approved?: boolean
  consented?: boolean
  failed?: number
}

/** What the application asked for. */
interface Wish {
  readonly prompts: ReadonlySet<string>
  readonly scopes: ReadonlySet<string>
  readonly hint: string | undefined
  /** The host of the application. */
  readonly to: string
}

type Step =
  | { readonly kind: 'pick' }
  | { readonly kind: 'fail'; readonly code: number }
  | { readonly kind: 'approve' | 'consent' | 'done'; readonly person: Person }

const BROWSER = 'browser'

/** The browser's own name at the authority, which it has from its first sign-in on. */
export function browserOf(c: Context): string {
  return getCookie(c, BROWSER) ?? ''
}

function wishOf(params: Readonly<Record<string, unknown>>): Wish {
  const text = (name: string) => {
    const value = params[name]
    return typeof value === 'string' ? value : ''
  }
  return {
    prompts: new Set(text('prompt').split(' ')),
    scopes: new Set(text('scope').split(' ')),
    hint: text('login_hint') || undefined,
    to: new URL(text('redirect_uri')).host,
  }
}

/** Who need not be asked: the one that is hinted at, or the only one that is signed in. */
function knownAlready(state: State, wish: Wish, signIns: readonly SignIn[]): string | undefined {
  const { prompts, hint } = wish
  if (prompts.has('select_account') || prompts.has('login')) return undefined
  const fitting = signIns.filter(({ objectId }) => {
    const person = state.people.get(objectId)
    return person !== undefined && (hint === undefined || isHinted(person, hint))
  })
  return fitting.length === 1 ? fitting[0]?.objectId : undefined
}

function nextStep(
  state: State,
  { prompts }: Pick<Wish, 'prompts'>,
  progress: Progress,
  signIns: readonly SignIn[],
): Step {
  if (progress.failed !== undefined) return { kind: 'fail', code: progress.failed }
  const person = state.people.get(progress.objectId ?? '')
  if (person === undefined) return { kind: 'pick' }
  const signIn = signIns.find(({ objectId }) => objectId === person.objectId)
  const { problem, mfa, consent } = person
  if (problem !== undefined) return { kind: 'fail', code: problem }
  const approved = signIn?.approved === true && !prompts.has('login')
  if (mfa && !approved && !progress.approved) return { kind: 'approve', person }
  const wanted = prompts.has('consent') || (consent && !state.consents.has(person.objectId))
  if (wanted && !progress.consented) return { kind: 'consent', person }
  return { kind: 'done', person }
}

/** Whether the person of this `sid` gets through without seeing a page. */
export function isSilent(state: State, sid: string): boolean {
  const signIn = state.signIns.find(sid)
  if (signIn === undefined) return false
  const { objectId } = signIn
  return nextStep(state, { prompts: new Set() }, { objectId }, [signIn]).kind === 'done'
}

/** The pages of a sign-in: pick an account, approve the second factor, consent. */
export function signInPages(state: State, provider: Provider): Hono<Env> {
  const { people, signIns } = state
  const paths = pathsOf(state)
  const progressOf = new Map<string, Progress>()
  const app = new Hono<Env>()

  const showPicker = (c: Context, wish: Wish, here: readonly SignIn[]) => {
    const search = c.req.query('q') ?? ''
    const signedIn = new Set(here.map(({ objectId }) => objectId))
    const rank = (person: Person): number => {
      if (wish.hint !== undefined && isHinted(person, wish.hint)) return 0
      return signedIn.has(person.objectId) ? 1 : 2
    }
    const found = [...people.values()]
      .filter(({ displayName, userPrincipalName }) =>
        `${displayName}\n${userPrincipalName}`.toLowerCase().includes(search.trim().toLowerCase()),
      )
      .sort((one, other) => rank(one) - rank(other))
    const shown = {
      to: wish.to,
      people: found.slice(0, MOST_PEOPLE),
      signedIn,
      search,
      found: found.length,
      total: people.size,
    }
    return c.html(pickerPage(shown))
  }

  /** The provider holds one account a browser; who signs in next to it begins anew there. */
  const makeRoom = async (c: Context<Env>, sid: string): Promise<void> => {
    const { incoming, outgoing } = c.env
    const session = await provider.Session.get(provider.createContext(incoming, outgoing))
    if (session.accountId === undefined || session.accountId === sid) return
    const interaction = await provider.interactionDetails(incoming, outgoing)
    interaction.session = undefined
    await interaction.persist()
    await session.destroy()
  }

  const finish = async (c: Context<Env>, person: Person, progress: Progress) => {
    const browser = browserOf(c) || randomUUID()
    setCookie(c, BROWSER, browser, { path: paths.base, httpOnly: true, sameSite: 'Lax' })
    const { sid } = signIns.begin(browser, person.objectId, progress.approved === true)
    if (progress.consented) state.consents.add(person.objectId)
    await makeRoom(c, sid)
    const result = { login: { accountId: sid }, consent: {}, select_account: {} }
    return c.redirect(await provider.interactionResult(c.env.incoming, c.env.outgoing, result), 303)
  }

  app.get(`${paths.signIn}/:uid`, async (c) => {
    const { incoming, outgoing } = c.env
    const { uid, params } = await provider.interactionDetails(incoming, outgoing)
    const wish = wishOf(params)
    const here = signIns.in(browserOf(c))
    const progress = progressOf.get(uid) ?? {}
    const objectId = progress.objectId ?? knownAlready(state, wish, here)
    if (objectId !== undefined) progress.objectId = objectId
    progressOf.set(uid, progress)
    const step = nextStep(state, wish, progress, here)
    switch (step.kind) {
      case 'pick':
        return showPicker(c, wish, here)
      case 'approve':
        return c.html(approvalPage(wish.to, step.person))
      case 'consent':
        return c.html(consentPage(wish.to, step.person, wish.scopes))
      case 'fail': {
        const result = { error: AADSTS, error_description: String(step.code) }
        return c.redirect(await provider.interactionResult(incoming, outgoing, result), 303)
      }
      case 'done':
        return finish(c, step.person, progress)
    }
  })

  app.post(`${paths.signIn}/:uid`, async (c) => {
    const { uid } = await provider.interactionDetails(c.env.incoming, c.env.outgoing)
    const { person, action } = await c.req.parseBody()
    const progress = progressOf.get(uid) ?? {}
    if (typeof person === 'string') progress.objectId = person
    if (action === 'approve') progress.approved = true
    if (action === 'accept') progress.consented = true
    if (action === 'cancel') progress.failed = 65004
    if (action === 'deny') progress.failed = 500121
    progressOf.set(uid, progress)
    return c.redirect(c.req.path, 303)
  })

  app.onError((error, c) => {
    if (error instanceof errors.SessionNotFound) return c.html(troublePage(undefined), 400)
    throw error
  })
  return app
}
