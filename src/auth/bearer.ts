const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i

/** The credential of a bearer Authorization header; undefined for a malformed or any other one (RFC 6750 §2.1). */
export function bearerOf(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : BEARER.exec(authorization)?.[1]
}
