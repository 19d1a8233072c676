import { hash, randomBytes } from 'node:crypto'

/** A provisioning token as the store knows it; the secret itself is shown once and never kept. */
export interface Token {
  readonly id: string
  readonly organisation: string
  readonly name: string
  readonly created: string
  readonly expires?: string
  readonly lastUsed?: string
  readonly revoked?: string
}

export type TokenState = 'active' | 'expired' | 'revoked'

/** `now` in ISO-8601 UTC, like the times of the token. */
export function tokenState(token: Token, now: string): TokenState {
  if (token.revoked !== undefined) return 'revoked'
  return token.expires !== undefined && token.expires <= now ? 'expired' : 'active'
}

/** What a secret is for, where its form is to say so. */
export type SecretKind = 'access' | 'client' | 'code' | 'refresh' | 'scim'

/** 256 random bits in a form that secret scanners can find: `entrance_…`, or `entrance_access_…`. */
export function newTokenSecret(kind?: SecretKind): string {
  const prefix = kind === undefined ? 'entrance_' : `entrance_${kind}_`
  return `${prefix}${randomBytes(32).toString('base64url')}`
}

/** SHA-256 in hex: enough for a secret of 256 bits, and fast enough for every request. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'hex')
}
