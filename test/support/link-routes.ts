import type { AdminApi } from './admin.ts'
import type { Answer } from './programs.ts'

/** The routes of links: who asks, who may be whom, and what is decided. */
export const linkRoutes = [
  'GET /link-requests',
  'GET /link-suggestions',
  'POST /link-requests/:id/accept',
  'POST /link-requests/:id/dismiss',
  'POST /link-requests/:id/reopen',
  'POST /users/:id/link',
  'POST /users/:id/reject-link',
] as const

/** The routes of syncs: worked out, carried out, and when they run by themselves. */
export const syncRoutes = [
  'GET /syncs',
  'POST /syncs',
  'GET /syncs/:id',
  'GET /syncs/:id/items',
  'POST /syncs/:id/start',
  'POST /syncs/:id/cancel',
  'POST /syncs/:id/release',
  'GET /sync-settings',
  'POST /sync-settings',
  'GET /sync-settings/sample',
  'GET /sync-state',
] as const

const NOBODY = 'e0000000-0000-4000-8000-999999999999'

/** What they answer, in good cases and bad ones. */
export async function linkAnswers(
  api: AdminApi,
  given: {
    readonly request: string
    /** Somebody who is to be linked to `stranger`. */
    readonly lonely: string
    readonly stranger: string
    /** An account that somebody is linked to. */
    readonly taken: string
  },
): Promise<Readonly<Record<string, readonly Answer[]>>> {
  const { request, lonely, stranger, taken } = given
  const link = (id: string, objectId: string) => api.post(`/users/${id}/link`, { objectId })
  const reject = (id: string) => api.post(`/users/${id}/reject-link`, { objectId: taken })
  return {
    'GET /link-requests': [await api.get('/link-requests')],
    'GET /link-suggestions': [
      await api.get('/link-suggestions'),
      await api.get(`/link-suggestions?user=${lonely}`),
      await api.get('/link-suggestions?user=x'),
    ],
    'POST /link-requests/{id}/accept': [await api.post(`/link-requests/${request}/accept`)],
    'POST /link-requests/{id}/dismiss': [await api.post(`/link-requests/${request}/dismiss`)],
    'POST /link-requests/{id}/reopen': [
      await api.post(`/link-requests/${request}/reopen`),
      await api.post('/link-requests/x/reopen'),
    ],
    'POST /users/{id}/reject-link': [await reject(lonely), await reject('x')],
    'POST /users/{id}/link': [
      await link(lonely, NOBODY),
      await link(lonely, stranger),
      await link(lonely, taken),
      await link('x', stranger),
    ],
  }
}

/** What they answer; `other` is a plan that is no sync. */
export async function syncAnswers(
  api: AdminApi,
  other: string,
): Promise<Readonly<Record<string, readonly Answer[]>>> {
  const syncing = await api.post('/syncs', { options: { provisioned: 'left' } })
  const sync = String(syncing.body['id'])
  return {
    'POST /syncs': [syncing, await api.post('/syncs', { users: ['x'] })],
    'GET /syncs': [await api.get('/syncs')],
    'GET /syncs/{id}': [await api.get(`/syncs/${sync}`), await api.get(`/syncs/${other}`)],
    'GET /syncs/{id}/items': [await api.get(`/syncs/${sync}/items`)],
    'POST /syncs/{id}/release': [await api.post(`/syncs/${sync}/release`)],
    'POST /syncs/{id}/start': [await api.post(`/syncs/${sync}/start`)],
    'POST /syncs/{id}/cancel': [await api.post(`/syncs/${sync}/cancel`)],
    'GET /sync-settings': [await api.get('/sync-settings')],
    'POST /sync-settings': [
      await api.post('/sync-settings', { fields: ['jobTitle'], provisioned: 'left', every: 60 }),
      await api.post('/sync-settings', {}),
    ],
    'GET /sync-settings/sample': [
      await api.get('/sync-settings/sample'),
      await api.get('/sync-settings/sample?user=x'),
    ],
    'GET /sync-state': [await api.get('/sync-state')],
  }
}
