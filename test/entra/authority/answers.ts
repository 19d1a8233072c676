import { errors, type Provider, type KoaContextWithOIDC } from 'oidc-provider'
import { fail, type Failure, type Place } from './aadsts.ts'
import { failureJson } from './failure-json.ts'
import { idTokenClaims } from './id-token.ts'
import { formPostPage, troublePage } from './pages.ts'
import { pathsOf, type State } from './state.ts'

type Values = Readonly<Record<string, string>>

/** The `error` under which the pages hand over the number of a failure. */
export const AADSTS = 'aadsts'

function correlationOf(ctx: KoaContextWithOIDC): string | undefined {
  const id = ctx.query['client-request-id']
  return typeof id === 'string' && /^[\da-f-]{36}$/iu.test(id) ? id : undefined
}

function redirectCode({ error, error_description: description }: errors.OIDCProviderError): number {
  if (error === AADSTS) return Number(description)
  const codes: Readonly<Record<string, number>> = {
    login_required: 50058,
    invalid_redirect_uri: 50011,
    invalid_client: 700016,
    invalid_scope: 70011,
    unsupported_response_type: 700054,
  }
  return codes[error] ?? 9002313
}

function exchangeCode(error: errors.OIDCProviderError): number {
  const detail = `${error.error_detail ?? ''} ${error.error_description ?? ''}`
  const codes: readonly (readonly [RegExp, number])[] = [
    [/secret provided/u, 7000215],
    [/client not found/u, 700016],
    [/authentication mechanism/u, 7000218],
    [/already consumed/u, 54005],
    [/is expired/u, 70008],
    [/code_verifier/u, 501481],
    [/redirect_uri mismatch/u, 50011],
    [/unsupported grant_type/u, 70003],
  ]
  const known = codes.find(([pattern]) => pattern.test(detail))?.[1]
  return known ?? (error.error === 'invalid_grant' ? 70000 : 9002313)
}

/** The failure that Entra would tell of for this error of the provider. */
function failureOf(
  ctx: KoaContextWithOIDC,
  error: errors.OIDCProviderError,
  place: Place,
): Failure {
  const code = place === 'redirect' ? redirectCode(error) : exchangeCode(error)
  const details: Readonly<Record<number, string | undefined>> = {
    9002313: error.error_description,
    50011: String(ctx.oidc.params?.['redirect_uri']),
    700016: String(ctx.oidc.params?.['client_id']),
  }
  return fail(code, place, { correlationId: correlationOf(ctx), detail: details[code] })
}

function told({ code, error, description }: Failure): Values {
  const cancelled: Values = code === 65004 ? { error_subcode: 'cancel' } : {}
  return { error, error_description: description, ...cancelled }
}

/** Sends the answer to the application in the way that it asked for. */
async function deliver(ctx: KoaContextWithOIDC, values: Values): Promise<void> {
  const { redirect_uri: uri, response_mode: mode, state } = ctx.oidc.params ?? {}
  const answer = { ...values, ...(typeof state === 'string' ? { state } : {}) }
  const target = new URL(String(uri))
  ctx.remove('Location')
  if (mode === 'form_post') {
    ctx.status = 200
    ctx.type = 'html'
    ctx.body = (await formPostPage(target.href, answer)).toString()
    return
  }
  const fields = new URLSearchParams(answer)
  if (mode === 'fragment') target.hash = fields.toString()
  else for (const [name, value] of fields) target.searchParams.set(name, value)
  ctx.status = 302
  ctx.redirect(target.href)
}

/** What a page says of a failure that must not be told to the application. */
export async function renderTrouble(
  ctx: KoaContextWithOIDC,
  error: errors.OIDCProviderError | Error,
): Promise<void> {
  ctx.type = 'html'
  ctx.state['page'] = true
  if (error instanceof errors.SessionNotFound) {
    ctx.body = (await troublePage(undefined)).toString()
    return
  }
  const failure =
    error instanceof errors.OIDCProviderError
      ? failureOf(ctx, error, 'redirect')
      : fail(90033, 'redirect')
  ctx.body = (await troublePage(failure)).toString()
}

/** Puts Entra's way of speaking over the answers of the provider. */
export function speakAsEntra(provider: Provider, state: State): void {
  const { tenantId, clientId, issuer, plans, keys } = state
  const paths = pathsOf(state)
  const answers = new WeakMap<object, Values>()
  const failures = new WeakMap<object, Failure>()

  const refuse = (ctx: KoaContextWithOIDC, failure: Failure): void => {
    const { status, body } = failureJson(failure)
    ctx.status = status
    ctx.body = body
  }

  /** An ID token of Entra in place of the provider's, and what else Entra adds. */
  const complete = async (ctx: KoaContextWithOIDC): Promise<void> => {
    const { AuthorizationCode, RefreshToken } = ctx.oidc.entities
    const source = AuthorizationCode ?? RefreshToken
    const signIn = state.signIns.find(source?.accountId ?? '')
    const person = state.people.get(signIn?.objectId ?? '')
    if (source === undefined || signIn === undefined || person === undefined) {
      throw new Error('A token was given to nobody.')
    }
    const scopes = new Set(source.scope?.split(' '))
    const nonce = typeof source.nonce === 'string' ? source.nonce : undefined
    const now = state.now()
    const { sid } = signIn
    const own = idTokenClaims({ person, issuer, tenantId, clientId, scopes, nonce, sid, now })
    const { claims, header } = plans
    plans.claims = undefined
    plans.header = undefined
    const idToken = await keys.sign({ ...own, ...claims }, header)
    const info = { uid: person.objectId, utid: tenantId }
    const given = ctx.body as { readonly expires_in: number }
    ctx.body = {
      ...given,
      ext_expires_in: given.expires_in,
      id_token: idToken,
      ...(ctx.oidc.body?.['client_info'] === '1'
        ? { client_info: Buffer.from(JSON.stringify(info)).toString('base64url') }
        : {}),
    }
  }

  provider.on('authorization.success', (ctx, response) => {
    const sid = ctx.oidc.session?.accountId ?? ''
    answers.set(ctx, { code: String(response?.['code']), session_state: sid })
  })
  provider.on('authorization.error', (ctx, error) => {
    answers.set(ctx, told(failureOf(ctx, error, 'redirect')))
  })
  provider.on('grant.error', (ctx, error) => {
    failures.set(ctx, failureOf(ctx, error, 'exchange'))
  })
  // A mistake of the stand-in itself; the application only hears server_error.
  provider.on('server_error', (_, error) => console.error(error))

  provider.use(async (context, next) => {
    const ctx = context as KoaContextWithOIDC
    if (ctx.path === paths.token && plans.failure !== undefined) {
      const { failure } = plans
      plans.failure = undefined
      refuse(ctx, fail(failure, 'exchange', { correlationId: correlationOf(ctx) }))
      return
    }
    await next()
    const failure = failures.get(ctx)
    const answer = answers.get(ctx)
    if (failure !== undefined) refuse(ctx, failure)
    else if (ctx.path === paths.token && ctx.status === 200) await complete(ctx)
    else if (answer !== undefined && ctx.state['page'] !== true) await deliver(ctx, answer)
  })
}
