import { randomUUID } from 'node:crypto'

/** Where Entra says that something failed: in the redirect to the application, or at the token endpoint. */
export type Place = 'redirect' | 'exchange'

/** A failure of Entra, with a number, a sentence and ids to quote to its support. */
export interface Failure {
  readonly code: number
  readonly error: string
  readonly description: string
  readonly traceId: string
  readonly correlationId: string
  /** Such as `2026-01-31 12:00:00Z`. */
  readonly timestamp: string
}

const DEFAULT_ERROR: Readonly<Record<Place, string>> = {
  redirect: 'server_error',
  exchange: 'invalid_grant',
}

const MFA_NEEDED =
  'Due to a configuration change made by your administrator, or because you moved to a new location,'
const APP_NOT_FOUND =
  'The application was not found in the directory. This can happen if the application has not been ' +
  'installed by the administrator of the tenant. You may have sent your authentication request to ' +
  'the wrong tenant.'

/** Each code with its sentence, and the `error` it has in a redirect and at the token endpoint. */
const KNOWN: Readonly<
  Record<number, { readonly sentence: string } & Partial<Record<Place, string>>>
> = {
  50011: {
    sentence:
      'The redirect URI specified in the request does not match the redirect URIs configured for the application.',
    redirect: 'invalid_request',
  },
  50020: {
    sentence:
      'User account from the identity provider does not exist in the tenant and cannot access the application in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different account.',
    redirect: 'access_denied',
  },
  50013: { sentence: 'Assertion failed signature validation.', exchange: 'invalid_client' },
  50027: { sentence: 'JWT token is invalid or malformed.', exchange: 'invalid_client' },
  50057: { sentence: 'The user account is disabled.', redirect: 'access_denied' },
  50058: {
    sentence: 'A silent sign-in request was sent but no user is signed in.',
    redirect: 'login_required',
  },
  50072: {
    sentence: `${MFA_NEEDED} you must enroll in multi-factor authentication to access the application.`,
    redirect: 'interaction_required',
  },
  50074: { sentence: 'Strong authentication is required.', redirect: 'interaction_required' },
  50076: {
    sentence: `${MFA_NEEDED} you must use multi-factor authentication to access the application.`,
    redirect: 'interaction_required',
  },
  50079: {
    sentence: `${MFA_NEEDED} the user must enroll in multi-factor authentication to access the application.`,
    redirect: 'interaction_required',
  },
  50105: {
    sentence:
      'Your administrator has configured the application to block users unless they are specifically granted access to it. The signed in user is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator.',
    redirect: 'access_denied',
  },
  53000: {
    sentence: 'Device is not in required device state: compliant.',
    redirect: 'access_denied',
    exchange: 'interaction_required',
  },
  53001: {
    sentence: 'Device is not in required device state: domain_joined.',
    redirect: 'access_denied',
    exchange: 'interaction_required',
  },
  53003: {
    sentence:
      'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    redirect: 'access_denied',
    exchange: 'interaction_required',
  },
  54005: {
    sentence:
      'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
  },
  65001: {
    sentence:
      'The user or administrator has not consented to use the application. Send an interactive authorization request for this user and resource.',
    redirect: 'consent_required',
  },
  65004: { sentence: 'User declined to consent to access the app.', redirect: 'access_denied' },
  70000: { sentence: 'Provided grant is invalid or malformed.' },
  70003: {
    sentence: 'The app requested an unsupported grant type.',
    exchange: 'unsupported_grant_type',
  },
  70008: {
    sentence:
      'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
  },
  70011: {
    sentence: 'The provided value for the input parameter scope is not valid.',
    redirect: 'invalid_scope',
    exchange: 'invalid_scope',
  },
  90002: {
    sentence:
      'Tenant not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.',
    exchange: 'invalid_tenant',
  },
  90033: {
    sentence: 'A transient error has occurred. Please try again.',
    redirect: 'temporarily_unavailable',
    exchange: 'temporarily_unavailable',
  },
  500121: {
    sentence: 'Authentication failed during strong authentication request.',
    redirect: 'access_denied',
  },
  501481: {
    sentence:
      'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  },
  700016: {
    sentence: APP_NOT_FOUND,
    redirect: 'unauthorized_client',
    exchange: 'unauthorized_client',
  },
  700021: {
    sentence: "Client assertion application identifier doesn't match 'client_id' parameter.",
    exchange: 'invalid_client',
  },
  700023: {
    sentence: 'Client assertion audience claim does not match Realm issuer.',
    exchange: 'invalid_client',
  },
  700024: {
    sentence: 'Client assertion is not within its valid time range.',
    exchange: 'invalid_client',
  },
  700027: {
    sentence:
      'The certificate with identifier used to sign the client assertion is not registered on application.',
    exchange: 'invalid_client',
  },
  700211: {
    sentence: 'No matching federated identity record found for presented assertion issuer.',
    exchange: 'invalid_client',
  },
  700212: {
    sentence: 'No matching federated identity record found for presented assertion audience.',
    exchange: 'invalid_client',
  },
  700213: {
    sentence: 'No matching federated identity record found for presented assertion subject.',
    exchange: 'invalid_client',
  },
  900144: {
    sentence: 'The request body must contain the following parameter: client_assertion_type.',
    exchange: 'invalid_request',
  },
  1000502: {
    sentence: 'The provided certificate is not within its specified validity window.',
    exchange: 'invalid_client',
  },
  700054: {
    sentence: 'The response_type is not enabled for the application.',
    redirect: 'unsupported_response_type',
  },
  7000215: {
    sentence:
      'Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to the app.',
    exchange: 'invalid_client',
  },
  7000218: {
    sentence:
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    exchange: 'invalid_client',
  },
  7000222: {
    sentence: 'The provided client secret keys for the application are expired.',
    exchange: 'invalid_client',
  },
  9002313: {
    sentence: 'Invalid request. Request is malformed or invalid.',
    redirect: 'invalid_request',
    exchange: 'invalid_request',
  },
}

/** The failure of this code; a code that the stand-in does not know gets a sentence that says so. */
export function fail(
  code: number,
  place: Place,
  more: {
    /** What the request gave for `client-request-id`. */
    readonly correlationId?: string | undefined
    /** What exactly is wrong, after the sentence. */
    readonly detail?: string | undefined
  } = {},
): Failure {
  const { correlationId = randomUUID(), detail } = more
  const known = KNOWN[code]
  const general = known?.sentence ?? 'Something failed that the stand-in has no sentence for.'
  const sentence = detail === undefined ? general : `${general} ${detail}`
  const traceId = randomUUID()
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`
  const ids = `Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`
  return {
    code,
    error: known?.[place] ?? DEFAULT_ERROR[place],
    description: `AADSTS${code}: ${sentence} ${ids}`,
    traceId,
    correlationId,
    timestamp,
  }
}
