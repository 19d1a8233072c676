import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import { newAdmin, type AdminApi } from './admin.ts'
import { testApp, type TestApp } from './app.ts'
import { GROUP, USER } from './resources.ts'

/** An entry as the API tells it. */
export interface Told extends JsonObject {
  sequence: number
  sentence: string
  outcome: string
  status: number
}

/** A server that keeps a provisioning log, and an administrator who reads it. */
export interface Watched {
  readonly app: TestApp
  readonly api: AdminApi
  readonly scim: TestApp['scim']
  /** Makes a user through provisioning; its id. */
  newUser(userName: string, more?: JsonObject): Promise<string>
  newGroup(displayName: string): Promise<string>
  /** What has been asked for, newest first, once it is written. */
  list(query?: string): Promise<Told[]>
  /** The newest one with everything. */
  newest(): Promise<JsonObject>
}

export async function newWatched(options: Parameters<typeof testApp>[0] = {}): Promise<Watched> {
  const app = await testApp({ provisioningLogDays: 30, ...options })
  const api = await newAdmin(app)
  const { scim } = app
  async function list(query = ''): Promise<Told[]> {
    await app.recorder.flush()
    const { body } = await api.get(`/provisioning-log?${query}`)
    return body['items'] as Told[]
  }
  return {
    app,
    api,
    scim,
    async newUser(userName, more = {}) {
      const { body } = await scim.post('/Users', { schemas: [USER], userName, ...more })
      return String(body['id'])
    },
    async newGroup(displayName) {
      const { body } = await scim.post('/Groups', { schemas: [GROUP], displayName })
      return String(body['id'])
    },
    list,
    async newest() {
      const [first] = await list('limit=1')
      const { body } = await api.get(`/provisioning-log/${first?.sequence}`)
      return body as JsonObject
    },
  }
}

export const ADA = 'ada@contoso.com'
/** What Entra looks for to try the connection. */
export const NOBODY = '3e59e27b-68ad-41f5-bb0e-dadf130e2ac8'
export const unknown = 'f0000000-0000-4000-8000-000000000000'

export const off = { op: 'Replace', path: 'active', value: 'False' }
export const on = { op: 'Replace', path: 'active', value: 'True' }

/** The same with somebody and a group. */
export async function newLogScene() {
  const watched = await newWatched()
  const ada = await watched.newUser(ADA, { displayName: 'Ada Lovelace' })
  const finance = await watched.newGroup('Finance')
  return { ...watched, ada, finance }
}

export type LogScene = Awaited<ReturnType<typeof newLogScene>>
