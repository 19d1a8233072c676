import type { Link, Origin } from './user.ts'

/** How a person signed in. */
export type Method = 'entra' | 'password'

/** A signed-in user, in a browser or in the application's desktop client. */
export interface Session {
  readonly id: string
  readonly userId: string
  readonly kind: 'browser' | 'client'
  readonly method: Method
  /** ISO-8601, UTC, as all times here. */
  readonly created: string
  readonly lastUsed: string
  /** When it ends even if it is in use. */
  readonly expires: string
  /** What the browser or client calls itself. */
  readonly device?: string
  readonly address?: string
  /** Until when the secret is valid, where a refresh token renews it. */
  readonly secretExpires?: string
  /** How Entra recognises the account when it is to be signed out there too (`login_hint`). */
  readonly loginHint?: string
}

/** A session as the holder of its secret has it. */
export interface HeldSession extends Session {
  readonly organisation: string
}

export interface NewSession {
  readonly userId: string
  /** Hex SHA-256 of the secret. */
  readonly hash: string
  readonly kind: Session['kind']
  readonly method: Method
  readonly expires: string
  readonly device?: string
  readonly address?: string
  /** What Entra calls the session there (`sid`). */
  readonly entraSession?: string
  readonly loginHint?: string
  /** The secrets of a client. */
  readonly client?: { readonly secretExpires: string; readonly refreshHash: string }
}

/** What a one-time link is for: a first administrator, a password, or an administrator who is locked out. */
export type LinkPurpose = 'setup' | 'invitation' | 'reset' | 'recovery'

/** A link that its holder can use once; the secret itself is shown once and never kept. */
export interface OneTimeLink {
  readonly id: string
  readonly organisation: string
  readonly purpose: LinkPurpose
  /** Undefined for the set-up link, whose user there is not yet. */
  readonly userId?: string
  readonly expires: string
}

export interface NewOneTimeLink {
  readonly purpose: LinkPurpose
  readonly userId?: string
  /** Hex SHA-256 of the secret. */
  readonly hash: string
  readonly expires: string
}

/** A user who has a password, as the sign-in needs it. */
export interface PasswordHolder {
  readonly organisation: string
  readonly userId: string
  readonly active: boolean
  readonly hash: string
}

/**
 * Whether a user may have a password here: nobody whom Entra owns may, so neither who is linked or imported nor whom the
 * provisioning client may change (DESIGN §5.1).
 */
export function mayHavePassword(user: {
  readonly origin: Origin
  readonly provisioned: boolean
  readonly link?: Link | undefined
}): boolean {
  return user.origin === 'local' && !user.provisioned && user.link === undefined
}
