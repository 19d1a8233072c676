import { AuthError, ConfidentialClientApplication, type Configuration } from '@azure/msal-node'
import type { EntraCredential } from '../directory/credential.ts'
import { EntraError, type EntraApp } from '../directory/entra.ts'
import { EntraFailure } from '../directory/entra-directory.ts'
import { SealError } from '../directory/sealing.ts'
import { readAssertion } from './assertion.ts'

const SCOPES = ['openid', 'profile', 'email']

export interface AppRegistration {
  readonly tenantId: string
  readonly clientId: string
  readonly credential: EntraCredential
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

type Proof = Pick<Configuration['auth'], 'clientSecret' | 'clientCertificate' | 'clientAssertion'>

/** How MSAL proves who asks. */
function proofOf(credential: EntraCredential): Proof {
  switch (credential.kind) {
    case 'secret':
      return { clientSecret: credential.secret }
    case 'certificate': {
      const { thumbprint: thumbprintSha256, privateKey } = credential.certificate
      return { clientCertificate: { thumbprintSha256, privateKey } }
    }
    case 'federated':
      return { clientAssertion: () => readAssertion(credential.file) }
  }
}

/** How MSAL finds a tenant, whatever cloud or stand-in it is in. */
export function msalConfiguration(registration: AppRegistration): Configuration {
  const { tenantId, clientId, credential, loginUrl } = registration
  // MSAL takes an authority only over https; where requests go is what the metadata says.
  const host = loginUrl.startsWith('https:') ? loginUrl : 'https://login.microsoftonline.com'
  return {
    auth: {
      clientId,
      ...proofOf(credential),
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
  // Nobody was asked: there is nothing to prove with who asks.
  if (error instanceof EntraFailure || error instanceof SealError) {
    return new EntraError('invalid_client', {}, { cause: error })
  }
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

/**
 * An app registration of Entra, through MSAL. The credential is asked for at each sign-in, and what it throws is a
 * failure of the sign-in.
 */
export function entraApp(
  { tenantId, clientId, loginUrl }: Omit<AppRegistration, 'credential'>,
  credential: () => EntraCredential,
): EntraApp {
  /** One for each sign-in: MSAL would keep the tokens of everybody who ever signed in. */
  async function ask<T>(question: (msal: ConfidentialClientApplication) => Promise<T>): Promise<T> {
    try {
      const registration = { tenantId, clientId, loginUrl, credential: credential() }
      return await question(new ConfidentialClientApplication(msalConfiguration(registration)))
    } catch (error) {
      throw toEntraError(error)
    }
  }

  return {
    tenantId,
    clientId,
    loginUrl,
    authorizeUrl: ({ state, nonce, challenge, redirectUri }) =>
      ask((msal) =>
        msal.getAuthCodeUrl({
          scopes: SCOPES,
          redirectUri,
          state,
          nonce,
          responseMode: 'query',
          codeChallenge: challenge,
          codeChallengeMethod: 'S256',
          prompt: 'select_account',
        }),
      ),
    redeem: ({ code, state, nonce, verifier, redirectUri }) =>
      ask(async (msal) => {
        const request = { code, scopes: SCOPES, redirectUri, codeVerifier: verifier, state, nonce }
        return (await msal.acquireTokenByCode(request, { code, state })).idToken
      }),
    logoutUrl(returnTo, hint) {
      const url = new URL(`${loginUrl}/${tenantId}/oauth2/v2.0/logout`)
      url.searchParams.set('post_logout_redirect_uri', returnTo)
      if (hint !== undefined) url.searchParams.set('logout_hint', hint)
      return url.href
    },
  }
}
