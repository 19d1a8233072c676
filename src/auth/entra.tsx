import type { Hono } from 'hono'
import { EntraError, type EntraApp } from '../directory/entra.ts'
import { hashSecret } from '../directory/token.ts'
import { isActive, type User } from '../directory/user.ts'
import type { Desk, EntraSignIn } from './desk.ts'
import { KeysUnavailable } from './entra-keys.ts'
import { TokenRefused, type EntraPerson } from './entra-tokens.ts'
import { flowOf, newFlow, seedFrom, type Flow } from './flow.ts'
import { causeOf, show, type AuthContext, type AuthEnv } from './http.tsx'
import { InactiveAccountPage, ProblemPage, UnknownAccountPage } from './pages/entra.tsx'
import { away, problemOf, stale, unverified, type Problem } from './problems.ts'
import { withRoles } from './roles.ts'
import { enter } from './enter.ts'

/** Where Entra sends the browser back to: a redirect URI of the app registration. */
export const CALLBACK_PATH = '/auth/entra/callback'
/** What Entra shows in a hidden frame when somebody signs out there: its front-channel logout URL. */
export const FRONT_CHANNEL_PATH = '/auth/entra/sign-out'

/** How long somebody may take at Entra. */
const MINUTES = 15

const NUMBER = /\bAADSTS(\d{4,9})\b/
const CORRELATION = /Correlation ID: ([0-9a-f-]{36})/i

/** Sends a browser to Entra, where the person picks an account; `returnTo` is a place within this server. */
export async function beginAtEntra(
  { store, cookies, publicUrl, now }: Desk,
  { app }: EntraSignIn,
  context: AuthContext,
  returnTo: string,
): Promise<Response> {
  const seed = seedFrom(cookies.seed.read(context))
  const flow = newFlow(seed)
  const expires = new Date(now().getTime() + MINUTES * 60_000).toISOString()
  await store.signIns.begin({ hash: hashSecret(flow.state), returnTo, expires })
  cookies.seed.write(context, seed, MINUTES * 60)
  const { state, nonce, challenge } = flow
  const redirectUri = `${publicUrl}${CALLBACK_PATH}`
  return context.redirect(await app.authorizeUrl({ state, nonce, challenge, redirectUri }), 303)
}

/** Whom an ID token for a code is about, once it is verified. */
async function personOf(
  { tokens, publicUrl }: Desk,
  app: EntraApp,
  code: string,
  { state, nonce, verifier }: Flow,
): Promise<EntraPerson> {
  const redirectUri = `${publicUrl}${CALLBACK_PATH}`
  const idToken = await app.redeem({ code, state, nonce, verifier, redirectUri })
  return tokens.person(idToken, nonce)
}

export function addEntra(app: Hono<AuthEnv>, desk: Desk): void {
  const { store, cookies, entra, contact } = desk
  if (!entra) return

  function refuse(
    context: AuthContext,
    problem: Problem,
    more: {
      readonly error?: EntraError
      readonly failure?: unknown
      readonly returnTo?: string
    } = {},
  ) {
    const failure = more.failure ?? more.error
    if (failure !== undefined) context.set('failure', failure)
    const { code, correlationId } = more.error ?? {}
    return show(
      context,
      <ProblemPage
        title={problem.title}
        text={problem.text.replace('{contact}', () => contact)}
        again={problem.again}
        returnTo={more.returnTo}
        details={{
          'Microsoft’s error': code === undefined ? undefined : `AADSTS${code}`,
          'Correlation ID': correlationId,
          'Request number': failure === undefined ? undefined : context.get('requestId'),
        }}
      />,
      problem.ours ? 502 : 403,
    )
  }

  /** The error that Entra sent the browser back with; its text is not shown, since anybody could have written it. */
  function sentBack(context: AuthContext, error: string): EntraError {
    const text = context.req.query('error_description') ?? ''
    const number = NUMBER.exec(text)?.[1]
    return new EntraError(error.replace(/[^\w.-]/g, '').slice(0, 60), {
      code: number === undefined ? undefined : Number(number),
      correlationId: CORRELATION.exec(text)?.[1],
    })
  }

  function explain(
    context: AuthContext,
    failure: unknown,
    returnTo: string,
  ): Response | Promise<Response> {
    if (failure instanceof EntraError) {
      return refuse(context, problemOf(failure.error, failure.code), { error: failure, returnTo })
    }
    if (failure instanceof KeysUnavailable) return refuse(context, away, { failure, returnTo })
    if (failure instanceof TokenRefused) return refuse(context, unverified, { failure, returnTo })
    throw failure
  }

  /** Lets in whom Entra vouches for, when a user is linked to exactly this account. */
  async function admit(context: AuthContext, person: EntraPerson, returnTo: string) {
    const { tenantId, objectId, userName, displayName } = person
    const organisation = await store.organisations.ofTenant(tenantId)
    const directory =
      organisation && store.for({ organisation: organisation.id, localUsers: 'visible' })
    const user = await directory?.users.linked({ tenantId, objectId })
    const shown = { userName, contact, returnTo }
    if (!organisation || !directory || !user) {
      const request = { objectId, userName, ...(displayName === undefined ? {} : { displayName }) }
      await directory?.linkRequests.ask(request, causeOf(context, `entra:${objectId}`))
      return show(context, <UnknownAccountPage {...shown} asked={directory !== undefined} />, 403)
    }
    if (!isActive(user.attributes)) return show(context, <InactiveAccountPage {...shown} />, 403)
    if (entra?.roles === 'sign-in') await takeRoles(context, organisation.id, user, person.roles)
    await enter(desk, context, {
      organisation: organisation.id,
      userId: user.id,
      method: 'entra',
      entraSession: person.session,
      loginHint: person.loginHint,
    })
    return context.redirect(returnTo, 303)
  }

  function takeRoles(
    context: AuthContext,
    organisation: string,
    { id }: User,
    roles: readonly string[],
  ) {
    const { users } = store.for({ organisation, localUsers: 'visible' })
    const change = (current: User['attributes']) => withRoles(current, roles)
    return users.update(id, undefined, change, causeOf(context, `user:${id}`))
  }

  app.get(CALLBACK_PATH.slice('/auth'.length), async (context) => {
    const { state = '', code, error } = context.req.query()
    const flow = flowOf(cookies.seed.read(context), state)
    const returnTo = flow && (await store.signIns.take(hashSecret(flow.state)))
    if (!flow || returnTo === undefined) return refuse(context, stale)
    try {
      if (error !== undefined) throw sentBack(context, error)
      if (code === undefined) return refuse(context, stale, { returnTo })
      return await admit(context, await personOf(desk, entra.app, code, flow), returnTo)
    } catch (failure) {
      return explain(context, failure, returnTo)
    }
  })

  app.get(FRONT_CHANNEL_PATH.slice('/auth'.length), async (context) => {
    const { sid, iss } = context.req.query()
    const { tenantId, loginUrl } = entra.app
    const organisation = await store.organisations.ofTenant(tenantId)
    const ours = iss === undefined || iss === `${loginUrl}/${tenantId}/v2.0`
    if (sid && ours && organisation) {
      const { sessions } = store.for({ organisation: organisation.id, localUsers: 'visible' })
      await sessions.endEntra(sid, causeOf(context, 'entra'))
    }
    return context.body(null, 200)
  })
}
