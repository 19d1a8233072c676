import type { KeyRing } from './key-ring.ts'
import type { Person } from './person.ts'
import type { SignIns } from './sign-ins.ts'

/** Where the application can be found; as in its app registration. */
export interface Addresses {
  readonly redirectUris: readonly string[]
  readonly postLogoutRedirectUris?: readonly string[]
  readonly frontChannelLogoutUri?: string
}

/** What a test wants to happen once. */
export interface Plans {
  failure: number | undefined
  claims: Readonly<Record<string, unknown>> | undefined
  header: Readonly<Record<string, unknown>> | undefined
}

/** What the parts of the authority share. */
export interface State {
  readonly origin: string
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  /** The issuer of version 2.0. */
  readonly issuer: string
  readonly people: Map<string, Person>
  readonly signIns: SignIns
  /** The object ids of those who consented. */
  readonly consents: Set<string>
  readonly keys: KeyRing
  readonly plans: Plans
  addresses: Addresses
  readonly now: () => Date
}

/** The paths of Entra, the same for every part. */
export function pathsOf({ tenantId }: Pick<State, 'tenantId'>) {
  const base = `/${tenantId}`
  return {
    base,
    authorize: `${base}/oauth2/v2.0/authorize`,
    token: `${base}/oauth2/v2.0/token`,
    logout: `${base}/oauth2/v2.0/logout`,
    keys: `${base}/discovery/v2.0/keys`,
    keysV1: `${base}/discovery/keys`,
    metadata: `${base}/v2.0/.well-known/openid-configuration`,
    metadataV1: `${base}/.well-known/openid-configuration`,
    signIn: `${base}/sign-in`,
  }
}
