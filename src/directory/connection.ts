import type { CredentialKind, EntraCredential } from './credential.ts'
import type { EntraApp } from './entra.ts'
import type { Cause } from './event.ts'
import type { EntraCheck, EntraDirectory } from './entra-directory.ts'
import type { Cloud, StoredConnection } from './settings.ts'

/** The people of the tenants that organisations are connected to. */
export interface EntraDirectories {
  /**
   * Undefined for an organisation that is connected to none. Throws EntraFailure `credentials` for a stored credential
   * that cannot be opened, or is for another tenant than the organisation has by now.
   */
  of(organisation: string): Promise<EntraDirectory | undefined>
}

/** How an organisation is connected, without what must not be shown. */
export interface KnownConnection {
  readonly from: 'environment' | 'stored'
  readonly tenantId: string
  readonly clientId: string
  readonly cloud: Cloud
  readonly credential: CredentialKind
  /** When the credential expires, where that is known without asking Entra. ISO-8601, UTC. */
  readonly expires?: string
}

/** A connection as an administrator enters it. */
export interface NewConnection extends Pick<StoredConnection, 'tenantId' | 'clientId' | 'cloud'> {
  readonly credential:
    | { readonly kind: 'secret'; readonly secret: string }
    /** A certificate and its private key, in PEM. */
    | { readonly kind: 'certificate'; readonly pem: string }
  /** When a secret expires, for whom Entra does not tell. ISO-8601, UTC. */
  readonly expires?: string
}

/** What came of trying a connection. */
export interface Trial {
  readonly checks: readonly EntraCheck[]
  /** The name of somebody of the tenant, where people can be read. */
  readonly sample?: string
  /** When the credential expires, where that is known. ISO-8601, UTC. */
  readonly expires?: string
}

/** How organisations are connected to their tenants: by what an administrator entered, or else by the environment. */
export interface EntraConnections extends EntraDirectories {
  /** Whether connections can be stored: whether the installation has a key. */
  readonly storable: boolean
  /** The tenant that the environment names. */
  readonly environmentTenant: string | undefined
  /** Undefined for an organisation that is connected to nothing. */
  known(organisation: string): Promise<KnownConnection | undefined>
  /** A connection in the form that is stored. Throws SealError `noKey`. */
  seal(organisation: string, connection: NewConnection): StoredConnection
  /** Seals what is stored with the newest key, where another one has. Throws SealError. */
  renew(organisation: string, cause: Cause): Promise<void>
  /** What is stored, with its credential. Throws SealError. */
  open(organisation: string, stored: StoredConnection): NewConnection
  /** Resolves when Entra gives a token for the connection. Throws EntraFailure. */
  prove(connection: NewConnection): Promise<void>
  /** Tries a connection, stored or not: the token, each permission, and one person. What Entra refuses is told, not thrown. */
  attempt(connection: NewConnection): Promise<Trial>
  /** The app registration that people sign in through, as it is now. */
  signIn(): Promise<EntraApp | undefined>
}

/** An app registration, and where its cloud answers. */
export interface Registration {
  readonly tenantId: string
  readonly clientId: string
  readonly credential: EntraCredential
  /** Without a slash at its end, as `graphUrl`. */
  readonly loginUrl: string
  readonly graphUrl: string
}

const DAY = 24 * 60 * 60 * 1_000

/** How many whole days are left; negative once it is over. */
export function daysUntil(expires: string, now: Date): number {
  return Math.floor((Date.parse(expires) - now.getTime()) / DAY)
}
