import type { Cause } from './event.ts'

/** A program that calls: Entra's provisioning service, or the server of the application. */
export type ClientKind = 'provisioning' | 'application'

/** A secret of a client as it may be shown. */
export interface ClientSecret {
  readonly id: string
  readonly created: string
  readonly expires: string
  readonly lastUsed?: string
}

/** A workload identity of Entra that stands for a client instead of a secret (RFC 7523 §2.2). */
export interface Federation {
  /** The object id of the workload identity, which is the `sub` of its assertions. */
  readonly subject: string
  /** What its assertions are made for: their `aud`. */
  readonly audience: string
}

export interface Client {
  /** The `client_id`. */
  readonly id: string
  readonly kind: ClientKind
  readonly name: string
  readonly created: string
  readonly revoked?: string
  readonly federation?: Federation
  readonly secrets: readonly ClientSecret[]
}

/** A client as who checks its credentials needs it: with the hashes of the secrets that are valid. */
export interface HeldClient {
  readonly id: string
  readonly organisation: string
  readonly kind: ClientKind
  readonly name: string
  readonly federation?: Federation
  readonly secrets: readonly { readonly id: string; readonly hash: string }[]
}

/** Who holds an access token that a client got. */
export interface ClientToken {
  readonly organisation: string
  readonly clientId: string
  readonly kind: ClientKind
  readonly name: string
  readonly expires: string
}

/** How many secrets of a client are valid at the same time: the one in use and the one that replaces it. */
export const SECRETS_AT_A_TIME = 2

export interface Clients {
  create(
    client: { readonly kind: ClientKind; readonly name: string },
    cause: Cause,
  ): Promise<Client>
  /** Oldest first, those that were revoked too. */
  list(): Promise<Client[]>
  /** Ends a client with its secrets and tokens. Throws `notFound`; revoking twice is no change. */
  revoke(id: string, cause: Cause): Promise<Client>
  /** Throws `notFound`, also for a revoked client, and `conflict` when two secrets are valid already. */
  addSecret(
    id: string,
    secret: { readonly hash: string; readonly expires: string },
    cause: Cause,
  ): Promise<ClientSecret>
  /** Ends a secret and the tokens that were given for it. Throws `notFound`. */
  removeSecret(id: string, secretId: string, cause: Cause): Promise<void>
  /** Says which workload identity may stand for a client. Throws `notFound`, also for a revoked client. */
  federate(id: string, federation: Federation, cause: Cause): Promise<Client>
  /**
   * Keeps an access token that a client got, and when the secret it showed was last used. Throws `notFound` when the
   * client was revoked meanwhile.
   */
  issueToken(
    id: string,
    token: { readonly hash: string; readonly expires: string; readonly secretId?: string },
    cause: Cause,
  ): Promise<void>
}
