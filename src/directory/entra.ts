/** What a sign-in at Entra was begun with, and its answer has to match (OpenID Connect Core §3.1.2). */
export interface CodeRequest {
  readonly state: string
  readonly nonce: string
  /** The S256 challenge of the verifier (RFC 7636 §4.2). */
  readonly challenge: string
  readonly redirectUri: string
}

export interface CodeRedemption {
  readonly code: string
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly redirectUri: string
}

/** The app registration in a tenant of Entra that people sign in through. */
export interface EntraApp {
  readonly tenantId: string
  readonly clientId: string
  /** Such as `https://login.microsoftonline.com`, without a slash at its end. */
  readonly loginUrl: string
  /** Where a browser goes so that a person picks an account. */
  authorizeUrl(request: CodeRequest): Promise<string>
  /** The ID token for a code; nobody has verified it yet. Throws EntraError. */
  redeem(redemption: CodeRedemption): Promise<string>
  /** Where a browser goes to be signed out of Entra too; `hint` spares the question which account. */
  logoutUrl(returnTo: string, hint: string | undefined): string
}

/** What Entra answered instead of what was asked for. */
export class EntraError extends Error {
  /** The OAuth 2.0 error, such as `invalid_client`. */
  readonly error: string
  /** Entra's own number, of `AADSTS50105`. */
  readonly code: number | undefined
  /** What Microsoft's support asks for. */
  readonly correlationId: string | undefined

  constructor(
    error: string,
    details: { readonly code?: number | undefined; readonly correlationId?: string | undefined },
    options?: ErrorOptions,
  ) {
    const { code, correlationId } = details
    const numbers = [
      ...(code === undefined ? [] : [`AADSTS${code}`]),
      ...(correlationId === undefined ? [] : [`correlation id ${correlationId}`]),
    ]
    super(`Entra answered ${[error, ...numbers].join(', ')}.`, options)
    this.name = 'EntraError'
    this.error = error
    this.code = code
    this.correlationId = correlationId
  }
}
