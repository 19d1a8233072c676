import type { EntraConnections } from '../../src/directory/connection.ts'
import { newAdmin, type AdminApi } from './admin.ts'
import { testApp, testClock, type TestApp } from './app.ts'
import { newCertificate } from './certificate.ts'
import { connectionsOf } from './connections.ts'
import { SECRET, type TestTenant } from './entra-tenant.ts'
import { CLIENT, TENANT } from './microsoft.ts'
import type { Answer } from './programs.ts'

export const KEY = Buffer.alloc(32, 1)
export const OTHER_TENANT = '99999999-0000-4000-8000-000000000000'

export const certificate = newCertificate({ expires: new Date('2026-04-01T08:00:00Z') })
export const secret = { kind: 'secret', secret: SECRET } as const
/** What an administrator enters to connect the organisation with the tenant. */
export const registration = { tenantId: TENANT, clientId: CLIENT, credential: secret }

/** Makes a tenant again as it was when it began. */
export function reset({ graph, authority }: TestTenant): void {
  graph.permissions = ['User.Read.All', 'GroupMember.Read.All', 'Application.Read.All']
  graph.secretExpired = false
  graph.secrets = []
  authority.proofs.certificates = [certificate.certificate]
}

/** An administrator of an organisation that can be connected with a tenant. */
export interface Scene {
  readonly tenant: TestTenant
  readonly app: TestApp
  readonly api: AdminApi
}

const clock = testClock()

export async function newScene(
  tenant: TestTenant,
  options: Pick<Parameters<typeof testApp>[0] & object, 'encryptionKeys' | 'entra'> = {},
): Promise<Scene> {
  const { clouds } = tenant
  const app = await testApp({ clock, clouds, encryptionKeys: [KEY], ...options })
  return { tenant, app, api: await newAdmin(app) }
}

/** What another server, or the same with other keys, has of the same database. */
export function connectionsWith(
  { app, tenant: { clouds } }: Scene,
  ...encryptionKeys: readonly Buffer[]
): EntraConnections {
  return connectionsOf(app.store, { encryptionKeys, clouds })
}

/** Connects the organisation. */
export async function stored({ api }: Scene, more: object = {}): Promise<Answer> {
  const answer = await api.post('/connection', { ...registration, ...more })
  if (answer.status !== 200) throw new Error(answer.text)
  return answer
}

export const checksOf = ({ body }: Pick<Answer, 'body'>) =>
  body['checks'] as readonly { what: string; ok: boolean; problem?: string }[]

/** What comes of looking for people: 200 where they can be read. */
export const searched = async ({ api }: Scene) =>
  (await api.get('/entra/users?search=adele')).status
