import { onTestFinished } from 'vitest'
import { CLOUDS } from '../../src/config-entra.ts'
import type { ConnectionsDeps } from '../../src/entra/connections.ts'
import { startAuthority, type Authority } from '../entra/authority/authority.ts'
import { startGraph, type Graph } from '../entra/graph/graph.ts'
import { smallTenant } from '../entra/graph/small-tenant.ts'
import { PUBLIC_URL, type TestClock } from './app.ts'
import type { Finished } from './database.ts'
import { ada, CLIENT, grace, TENANT } from './microsoft.ts'

export const SECRET = 'q~8.the-secret_of-the-app-registration'

/** A tenant of Entra, and where it is. */
export interface TestTenant {
  readonly authority: Authority
  readonly graph: Graph
  /** Where its cloud is, in place of Microsoft's; nothing answers in the one of China. */
  readonly clouds: ConnectionsDeps['clouds']
}

/** A stand-in for a whole tenant: people sign in there, and are read through Graph. */
export async function newTenant(
  clock: TestClock,
  finished: Finished = onTestFinished,
): Promise<TestTenant> {
  const registration = { tenantId: TENANT, clientId: CLIENT, clientSecret: SECRET }
  const tenant = smallTenant()
  const graph = await startGraph({ ...registration, tenant: () => tenant })
  finished(() => graph.close())
  const authority = await startAuthority({
    ...registration,
    redirectUris: [`${PUBLIC_URL}/auth/entra/callback`],
    people: [ada, grace],
    graphOrigin: graph.origin,
    now: clock.now,
  })
  finished(() => authority.close())
  const nowhere = 'http://127.0.0.1:9'
  return {
    authority,
    graph,
    clouds: {
      ...CLOUDS,
      global: { loginUrl: authority.origin, graphUrl: graph.origin },
      china: { loginUrl: nowhere, graphUrl: nowhere },
    },
  }
}
