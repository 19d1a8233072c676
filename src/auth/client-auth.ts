import { timingSafeEqual } from 'node:crypto'
import { SECRETS_AT_A_TIME, type HeldClient } from '../directory/client.ts'
import { hashSecret, newTokenSecret } from '../directory/token.ts'
import type { Desk } from './desk.ts'
import { TokenRefused } from './entra-tokens.ts'
import type { TokenForm } from './grant.ts'
import { addressOf, type AuthContext } from './http.tsx'
import { OAuthError } from './oauth.ts'

/** A client that proved who it is. */
export interface AuthenticatedClient {
  readonly client: HeldClient
  /** The secret that it showed, unless an assertion stood for it. */
  readonly secretId?: string
}

/** A way for a client to prove who it is. */
interface Method {
  isUsed(authorization: string, form: TokenForm): boolean
  /** Undefined when it proves nothing. Throws TokenRefused, KeysUnavailable. */
  prove(
    desk: Desk,
    authorization: string,
    form: TokenForm,
  ): Promise<AuthenticatedClient | undefined>
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2})$/i

/** Stands where there is no secret, and is none. */
const nobodys = { id: '', hash: hashSecret(newTokenSecret()) }

/** The client whose secret this is; takes as long for a client that there is not. */
async function bySecret(
  desk: Desk,
  id: string,
  secret: string,
): Promise<AuthenticatedClient | undefined> {
  const client = await desk.store.findClient(id)
  const shown = Buffer.from(hashSecret(secret))
  const held = Array.from(
    { length: SECRETS_AT_A_TIME },
    (_, index) => client?.secrets[index] ?? nobodys,
  )
  const [match] = held.filter(({ hash }) => timingSafeEqual(Buffer.from(hash), shown))
  return client && match ? { client, secretId: match.id } : undefined
}

/** One half of what Basic carries, which is encoded like a form (RFC 6749 §2.3.1, Appendix B). */
function decodePart(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}

function decodeBasic(authorization: string): { id: string; secret: string } | undefined {
  const encoded = BASIC.exec(authorization)?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString()
  const colon = text.indexOf(':')
  try {
    return colon < 0
      ? undefined
      : { id: decodePart(text.slice(0, colon)), secret: decodePart(text.slice(colon + 1)) }
  } catch {
    return undefined
  }
}

/** The tenant that a client's organisation belongs to, and its workload identity there. */
async function federationOf({ store }: Desk, { organisation, federation }: HeldClient) {
  const found = (await store.organisations.list()).find(({ id }) => id === organisation)
  if (found?.entraTenantId === undefined) throw new TokenRefused('tenant')
  if (!federation) throw new TokenRefused('subject')
  return { tenantId: found.entraTenantId, federation }
}

const methods: Readonly<Record<string, Method>> = {
  client_secret_basic: {
    isUsed: (authorization) => /^Basic\b/i.test(authorization),
    async prove(desk, authorization, form) {
      const shown = decodeBasic(authorization)
      if (shown && (form.get('client_id') ?? shown.id) !== shown.id) {
        throw new OAuthError('invalid_request', 'client_id is not the client of the header.')
      }
      return shown && bySecret(desk, shown.id, shown.secret)
    },
  },

  client_secret_post: {
    isUsed: (_, form) => form.has('client_secret'),
    prove: (desk, _, form) =>
      bySecret(desk, form.get('client_id') ?? '', form.get('client_secret') ?? ''),
  },

  // RFC 7523 §2.2. The subject is not the client's id, as it should be, but Entra's own (entra.md §2.4).
  client_assertion: {
    isUsed: (_, form) => form.has('client_assertion'),
    async prove(desk, _, form) {
      const client = await desk.store.findClient(form.get('client_id') ?? '')
      if (!client || form.get('client_assertion_type') !== ASSERTION_TYPE) return undefined
      const { tenantId, federation } = await federationOf(desk, client)
      await desk.tokens.assertion(form.get('client_assertion') ?? '', tenantId, federation)
      return { client }
    },
  },
}

/** The answer to a client that did not prove who it is (RFC 6749 §5.2). */
export function invalidClient(description: string, cause?: unknown): OAuthError {
  return new OAuthError('invalid_client', description, {
    headers: { 'WWW-Authenticate': 'Basic realm="entrance"' },
    ...(cause === undefined ? {} : { cause }),
  })
}

/**
 * The client that a request proves to come from (RFC 6749 §2.3.1, RFC 7523 §2.2); undefined when it tries no way to. Throws
 * OAuthError: `invalid_request` for more than one way, `invalid_client`, and `slow_down` after too many failures of an
 * address. A client that is right is never slowed down.
 */
export async function authenticateClient(
  desk: Desk,
  context: AuthContext,
  form: TokenForm,
): Promise<AuthenticatedClient | undefined> {
  const authorization = context.req.header('authorization') ?? ''
  const [method, ...more] = Object.entries(methods).filter(([, { isUsed }]) =>
    isUsed(authorization, form),
  )
  if (more.length > 0) {
    const names = Object.keys(methods).join(', ')
    throw new OAuthError('invalid_request', `Use only one of these: ${names}.`)
  }
  if (!method) return undefined

  function fail(cause?: unknown): never {
    const wait = desk.failures.fail(addressOf(context))
    if (wait === undefined) throw invalidClient('The client did not prove who it is.', cause)
    const headers = { 'Retry-After': String(wait) }
    throw new OAuthError('slow_down', 'Too many failed attempts; retry later.', {
      headers,
      ...(cause === undefined ? {} : { cause }),
    })
  }

  try {
    return (await method[1].prove(desk, authorization, form)) ?? fail()
  } catch (error) {
    if (error instanceof TokenRefused) return fail(error)
    throw error
  }
}
