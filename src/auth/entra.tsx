import type { Hono } from 'hono'
import { EntraError, type EntraApp } from '../directory/entra.ts'
import { hashSecret } from '../directory/token.ts'
import { isActive, type User } from '../directory/user.ts'
import type { Desk } from './desk.ts'
import { explain, refuse } from './entra-refusal.tsx'
import type { EntraPerson } from './entra-tokens.ts'
import { flowOf, newFlow, seedFrom, type Flow } from './flow.ts'
import { causeOf, show, type AuthContext, type AuthEnv } from './http.tsx'
import { InactiveAccountPage, UnknownAccountPage } from './pages/entra.tsx'
import { stale } from './problems.ts'
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
  { store, cookies, publicUrl, contact, now }: Desk,
  app: EntraApp,
  context: AuthContext,
  returnTo: string,
): Promise<Response> {
  const seed = seedFrom(cookies.seed.read(context))
  const flow = newFlow(seed)
  const { state, nonce, challenge } = flow
  const redirectUri = `${publicUrl}${CALLBACK_PATH}`
  let way: string
  try {
    way = await app.authorizeUrl({ state, nonce, challenge, redirectUri })
  } catch (failure) {
    return explain(context, contact, failure, returnTo)
  }
  const expires = new Date(now().getTime() + MINUTES * 60_000).toISOString()
  await store.signIns.begin({ hash: hashSecret(state), returnTo, expires })
  cookies.seed.write(context, seed, MINUTES * 60)
  return context.redirect(way, 303)
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

  /** The error that Entra sent the browser back with; its text is not shown, since anybody could have written it. */
  function sentBack(context: AuthContext, error: string): EntraError {
    const text = context.req.query('error_description') ?? ''
    const number = NUMBER.exec(text)?.[1]
    return new EntraError(error.replace(/[^\w.-]/g, '').slice(0, 60), {
      code: number === undefined ? undefined : Number(number),
      correlationId: CORRELATION.exec(text)?.[1],
    })
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
    if (entra.roles === 'sign-in') await takeRoles(context, organisation.id, user, person.roles)
    const who = {
      organisation: organisation.id,
      userId: user.id,
      method: 'entra',
      entraSession: person.session,
      loginHint: person.loginHint,
    } as const
    return context.redirect(await enter(desk, context, who, returnTo), 303)
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

  app.get(CALLBACK_PATH.slice('/auth'.length), async (context, next) => {
    const registration = context.get('entra')
    if (!registration) return next()
    const { state = '', code, error } = context.req.query()
    const flow = flowOf(cookies.seed.read(context), state)
    const returnTo = flow && (await store.signIns.take(hashSecret(flow.state)))
    if (!flow || returnTo === undefined) return refuse(context, contact, stale)
    try {
      if (error !== undefined) throw sentBack(context, error)
      if (code === undefined) return refuse(context, contact, stale, { returnTo })
      return await admit(context, await personOf(desk, registration, code, flow), returnTo)
    } catch (failure) {
      return explain(context, contact, failure, returnTo)
    }
  })

  app.get(FRONT_CHANNEL_PATH.slice('/auth'.length), async (context, next) => {
    const registration = context.get('entra')
    if (!registration) return next()
    const { sid, iss } = context.req.query()
    const { tenantId, loginUrl } = registration
    const organisation = await store.organisations.ofTenant(tenantId)
    const ours = iss === undefined || iss === `${loginUrl}/${tenantId}/v2.0`
    if (sid && ours && organisation) {
      const { sessions } = store.for({ organisation: organisation.id, localUsers: 'visible' })
      await sessions.endEntra(sid, causeOf(context, 'entra'))
    }
    return context.body(null, 200)
  })
}
