import type { Desk } from './desk.ts'
import type { AuthContext } from './http.tsx'

/** The parameters of a token request; none comes twice, and an empty one counts as absent (RFC 6749 §3.2). */
export type TokenForm = ReadonlyMap<string, string>

/** RFC 6749 §5.1; `issued_token_type` for an exchange (RFC 8693 §2.2.1). */
export interface TokenAnswer {
  readonly access_token: string
  readonly token_type: 'Bearer'
  /** Seconds. */
  readonly expires_in: number
  readonly refresh_token?: string
  readonly scope?: string
  readonly issued_token_type?: string
}

/** A way to get a token, by its `grant_type`. Throws OAuthError and what `renderOAuthError` knows. */
export type Grant = (desk: Desk, context: AuthContext, form: TokenForm) => Promise<TokenAnswer>
