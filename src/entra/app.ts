import { AuthError, ConfidentialClientApplication, type Configuration } from '@azure/msal-node'
import { EntraError, type EntraApp } from '../directory/entra.ts'

const SCOPES = ['openid', 'profile', 'email']

export interface AppRegistration {
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  /** Without a slash at its end. */
  readonly loginUrl: string
}

/** What a tenant's metadata would say. Given to MSAL, so that nobody has to be asked and no stand-in has to have TLS. */
function metadata(loginUrl: string, tenantId: string): string {
  const base = `${loginUrl}/${tenantId}`
  return JSON.stringify({
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
  })
}

/** How MSAL finds a tenant, whatever cloud or stand-in it is in. */
export function msalConfiguration(registration: AppRegistration): Configuration {
  const { tenantId, clientId, clientSecret, loginUrl } = registration
  // MSAL takes an authority only over https; where requests go is what the metadata says.
  const host = loginUrl.startsWith('https:') ? loginUrl : 'https://login.microsoftonline.com'
  return {
    auth: {
      clientId,
      clientSecret,
      authority: `${host}/${tenantId}`,
      knownAuthorities: [new URL(host).host],
      authorityMetadata: metadata(loginUrl, tenantId),
    },
  }
}

/** Entra's own number of an error, of `AADSTS50105`. */
export function numberOf(error: AuthError): number | undefined {
  const listed = 'errorNo' in error ? Number(error.errorNo) : Number.NaN
  const code = Number.isInteger(listed)
    ? listed
    : Number(/AADSTS(\d+)/.exec(error.errorMessage)?.[1])
  return Number.isInteger(code) ? code : undefined
}

function toEntraError(error: unknown): EntraError {
  if (!(error instanceof AuthError)) {
    return new EntraError('unreachable', {}, { cause: error })
  }
  const { correlationId } = error
  return new EntraError(
    error.errorCode,
    { code: numberOf(error), correlationId: correlationId || undefined },
    { cause: error },
  )
}

/** An app registration of Entra, through MSAL. */
export function entraApp(registration: AppRegistration): EntraApp {
  const { tenantId, clientId, loginUrl } = registration
  const configuration = msalConfiguration(registration)
  // One for each sign-in: MSAL would keep the tokens of everybody who ever signed in.
  const msal = () => new ConfidentialClientApplication(configuration)

  return {
    tenantId,
    clientId,
    loginUrl,
    authorizeUrl: ({ state, nonce, challenge, redirectUri }) =>
      msal().getAuthCodeUrl({
        scopes: SCOPES,
        redirectUri,
        state,
        nonce,
        responseMode: 'query',
        codeChallenge: challenge,
        codeChallengeMethod: 'S256',
        prompt: 'select_account',
      }),
    async redeem({ code, state, nonce, verifier, redirectUri }) {
      try {
        const result = await msal().acquireTokenByCode(
          { code, scopes: SCOPES, redirectUri, codeVerifier: verifier, state, nonce },
          { code, state },
        )
        return result.idToken
      } catch (error) {
        throw toEntraError(error)
      }
    },
    logoutUrl(returnTo, hint) {
      const url = new URL(`${loginUrl}/${tenantId}/oauth2/v2.0/logout`)
      url.searchParams.set('post_logout_redirect_uri', returnTo)
      if (hint !== undefined) url.searchParams.set('logout_hint', hint)
      return url.href
    },
  }
}
