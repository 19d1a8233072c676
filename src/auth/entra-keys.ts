import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'

const MINUTE = 60_000
/** So old keys are asked for again, without anybody waiting for them; older ones are of no use (Microsoft's advice). */
const FRESH = 60 * MINUTE
const OLDEST = 24 * 60 * MINUTE
/** How often at most an unknown key makes the endpoint be asked. */
const COOLDOWN = MINUTE / 2
const TIMEOUT = 5_000

/** Nothing is wrong with a token; the keys to check it with cannot be had. */
export class KeysUnavailable extends Error {
  constructor(cause: unknown) {
    super('The keys of Entra cannot be read.', { cause })
    this.name = 'KeysUnavailable'
  }
}

/** The public keys of tenants. */
export interface EntraKeys {
  /** `loginUrl` says in which cloud the tenant is. */
  of(loginUrl: string, tenantId: string): JWTVerifyGetKey
}

interface Known {
  readonly find: JWTVerifyGetKey
  /** In milliseconds. */
  readonly read: number
}

type Key = JSONWebKeySet['keys'][number] & { readonly issuer?: unknown }

/** Whether a key may sign for a tenant: one that names an issuer names this one, or every tenant's. */
function signsFor(key: Key, issuer: string, tenantId: string): boolean {
  if (typeof key.issuer !== 'string') return key.issuer === undefined
  return key.issuer.replace('{tenantid}', tenantId) === issuer
}

function keysOfTenant(loginUrl: string, tenantId: string, now: () => Date): JWTVerifyGetKey {
  const address = `${loginUrl}/${tenantId}/discovery/v2.0/keys`
  const issuer = `${loginUrl}/${tenantId}/v2.0`
  let known: Known | undefined
  let asked = 0
  let reading: Promise<Known> | undefined

  async function read(): Promise<Known> {
    try {
      const response = await fetch(address, {
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT),
      })
      if (!response.ok) throw new Error(`${address} answered ${response.status}.`)
      const { keys } = (await response.json()) as JSONWebKeySet
      const usable = keys.filter((key) => signsFor(key, issuer, tenantId))
      return { find: createLocalJWKSet({ keys: usable }), read: now().getTime() }
    } catch (error) {
      throw new KeysUnavailable(error)
    }
  }

  /** Asks for the keys, once for all who want them now. */
  function renew(): Promise<Known> {
    asked = now().getTime()
    reading ??= read()
      .then((found) => (known = found))
      .finally(() => {
        reading = undefined
      })
    return reading
  }

  async function current(): Promise<Known> {
    const age = known ? now().getTime() - known.read : Infinity
    if (!known || age >= OLDEST) return renew()
    // While the endpoint does not answer, the keys that are known are good enough.
    if (age >= FRESH && now().getTime() - asked >= COOLDOWN) renew().catch(() => undefined)
    return known
  }

  return async (header, token) => {
    const keys = await current()
    try {
      return await keys.find(header, token)
    } catch (error) {
      const unknown = error instanceof errors.JWKSNoMatchingKey
      if (!unknown || now().getTime() - asked < COOLDOWN) throw error
      // Keys roll at any time, without notice.
      return (await renew()).find(header, token)
    }
  }
}

/** Reads the keys of tenants when they are needed, and keeps them over an outage of the endpoint. */
export function entraKeys(now: () => Date): EntraKeys {
  const tenants = new Map<string, JWTVerifyGetKey>()
  return {
    of(loginUrl, tenantId) {
      const key = `${loginUrl}/${tenantId}`
      const found = tenants.get(key) ?? keysOfTenant(loginUrl, tenantId, now)
      tenants.set(key, found)
      return found
    },
  }
}
