import type { ClientKind } from '../directory/client.ts'
import type { SignedIn } from './sessions.ts'

/** What a route may need of who calls it. */
export type Need =
  /** Provisioning users and groups. */
  | 'scim'
  /** Asking who one is: a person in a browser, or their desktop client. */
  | 'session'
  /** The pages of one's own account: a person in a browser. */
  | 'account'
  /** Importing, linking and deciding: an administrator in a browser. */
  | 'administer'
  /** Asking whose a token is. */
  | 'introspect'

interface Caller {
  readonly organisation: string
  /** Named in events and logs, such as `token:Entra`. */
  readonly actor: string
}

/** Somebody who is signed in. */
export interface Person extends Caller {
  readonly kind: 'user' | 'administrator'
  readonly signedIn: SignedIn
}

/** Who is calling. */
export type Principal =
  | (Caller & { readonly kind: 'provisioning client' })
  | (Caller & { readonly kind: 'application server' })
  | Person

/** Somebody who is signed in, as a caller. */
export function personPrincipal(signedIn: SignedIn): Person {
  const { session, user, administrator } = signedIn
  return {
    kind: administrator ? 'administrator' : 'user',
    organisation: session.organisation,
    actor: `user:${user.id}`,
    signedIn,
  }
}

const clientKinds = {
  provisioning: 'provisioning client',
  application: 'application server',
} as const satisfies Record<ClientKind, Principal['kind']>

/** A client that showed its credentials or a token it got for them, as a caller. */
export function clientPrincipal(client: {
  readonly organisation: string
  readonly kind: ClientKind
  readonly name: string
}): Principal {
  const { organisation, kind, name } = client
  return { kind: clientKinds[kind], organisation, actor: `client:${name}` }
}

const allowed: Readonly<Record<Principal['kind'], readonly Need[]>> = {
  'provisioning client': ['scim'],
  'application server': ['introspect'],
  user: ['session', 'account'],
  administrator: ['session', 'account', 'administer'],
}

/** A page is for a browser, and so is what administrators do: the token of a client opens neither. */
const forBrowsers: readonly Need[] = ['account', 'administer']

/** Whether a caller may have what a route needs: the one rule of all doors. */
export function may(principal: Principal, need: Need): boolean {
  if (
    forBrowsers.includes(need) &&
    'signedIn' in principal &&
    principal.signedIn.session.kind !== 'browser'
  )
    return false
  return allowed[principal.kind].includes(need)
}
