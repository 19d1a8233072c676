import type { EntraDirectory, EntraPage } from '../../src/directory/entra-directory.ts'
import { entraDirectory } from '../../src/entra/graph.ts'
import { APP, asking, type Asking } from './graph/asking.ts'
import type { Graph, GraphOptions } from './graph/graph.ts'
import type { Tenant } from './tenant.ts'

export interface Reading extends Pick<Asking, 'graph' | 'change'> {
  readonly directory: EntraDirectory
  /** The seconds that were waited before something was asked again; nobody really waits. */
  readonly waits: readonly number[]
}

/** The reader of the product, and the stand-in it asks. */
export async function reading(
  options: Parameters<typeof asking>[0] = {},
  given: Partial<Pick<GraphOptions, 'tenantId' | 'clientId' | 'clientSecret'>> = {},
  /** What happens during a wait. */
  meanwhile: (graph: Graph) => void = () => {},
): Promise<Reading> {
  const { graph, change } = await asking(options)
  const { tenantId, clientId, clientSecret } = { ...APP, ...given }
  const credential = { kind: 'secret', secret: clientSecret } as const
  const registration = { tenantId, clientId, credential, loginUrl: graph.origin }
  const waits: number[] = []
  const pause = async (seconds: number) => {
    waits.push(seconds)
    meanwhile(graph)
  }
  return { graph, change, waits, directory: entraDirectory(registration, graph.origin, pause) }
}

/** Everything of a list, part by part. */
export async function all<Item>(ask: (next?: string) => Promise<EntraPage<Item>>): Promise<Item[]> {
  const found: Item[] = []
  let next: string | undefined
  do {
    const page: EntraPage<Item> = await ask(next)
    found.push(...page.items)
    next = page.next
  } while (next !== undefined)
  return found
}

export const names = (users: readonly { readonly displayName: string }[]): string[] =>
  users.map(({ displayName }) => displayName).sort()

/** The object ids of those of a tenant who are not deleted. */
export const idsThere = (tenant: Tenant): string[] =>
  [...tenant.users.values()]
    .filter((user) => !user.softDeleted && !user.purged)
    .map((user) => user.objectId)
