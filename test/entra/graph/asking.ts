import { onTestFinished } from 'vitest'
import { isRecord, type Resource } from '../mapping.ts'
import type { Change, Tenant } from '../tenant.ts'
import { applyChanges } from '../tenant.ts'
import { startGraph, type Graph, type GraphOptions } from './graph.ts'
import { people, smallTenant } from './small-tenant.ts'

export const APP = {
  tenantId: '11111111-2222-3333-4444-555555555555',
  clientId: 'cccccccc-0000-4000-8000-000000000001',
  clientSecret: 'a secret',
} as const
export const EVENTUAL = { ConsistencyLevel: 'eventual' } as const

const TOKEN = 'always-good'

/** What Graph said. */
export interface Said {
  readonly status: number
  readonly headers: Headers
  /** An empty object if the answer is no JSON. */
  readonly body: Resource
  readonly text: string
}

export interface Asking {
  readonly graph: Graph
  /** Applies changes to the tenant. */
  change(...changes: readonly Change[]): void
  /** Sends a request with a good token: a path such as `/users`, or a whole link. */
  ask(where: string, headers?: Readonly<Record<string, string>>, body?: object): Promise<Said>
}

/** A stand-in that runs until the test has finished. */
export async function asking(
  options: Partial<GraphOptions> & { readonly first?: Tenant } = {},
): Promise<Asking> {
  const { first = smallTenant(), ...more } = options
  let tenant = first
  const graph = await startGraph({ ...APP, tenant: () => tenant, ...more })
  onTestFinished(() => graph.close())
  graph.acceptToken(TOKEN)
  return {
    graph,
    change: (...changes) => {
      tenant = applyChanges(tenant, changes)
    },
    ask: async (where, headers = {}, body) => {
      const url = where.startsWith('/') ? `${graph.origin}/v1.0${where}` : where
      const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
      const response = await fetch(url, {
        ...sent,
        headers: {
          Authorization: `Bearer ${TOKEN}`,
          'Content-Type': 'application/json',
          ...headers,
        },
      })
      const text = await response.text()
      const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : {}
      const { status } = response
      return { status, headers: response.headers, body: isRecord(parsed) ? parsed : {}, text }
    },
  }
}

/** The objects in an answer. */
export function valuesIn({ body }: Said): Resource[] {
  const { value } = body
  return Array.isArray(value) ? value.filter(isRecord) : []
}

/** The code and the message of a refusal. */
export function refusal({ status, body }: Said): readonly [number, unknown, unknown] {
  const error = isRecord(body['error']) ? body['error'] : {}
  return [status, error['code'], error['message']]
}

/** A link to go on with, or undefined. */
export function linkIn({ body }: Said, name: 'nextLink' | 'deltaLink'): string | undefined {
  const link = body[`@odata.${name}`]
  return typeof link === 'string' ? link : undefined
}

/** Every page, from a first one on. */
export async function pages(
  ask: Asking['ask'],
  first: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Said[]> {
  const all: Said[] = []
  for (let link: string | undefined = first; link !== undefined; ) {
    const said: Said = await ask(link, headers)
    all.push(said)
    link = linkIn(said, 'nextLink')
  }
  return all
}

/** The address of a list of users with options, which are encoded. */
export function query(options: Readonly<Record<string, string>>): string {
  return `/users?${Object.entries(options)
    .map(([name, value]) => `$${name}=${encodeURIComponent(value)}`)
    .join('&')}`
}

/** Who of the small tenant is in an answer. */
export function found(said: Said): string[] {
  return valuesIn(said).map(({ id }) => {
    const [name] = Object.entries(people).find(([, { objectId }]) => objectId === id) ?? ['?']
    return name
  })
}
