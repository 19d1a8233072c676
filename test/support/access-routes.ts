import type { AdminApi } from './admin.ts'
import type { Answer } from './programs.ts'

/** The routes of user groups, permissions, administrators, tokens and the record. */
export const accessRoutes = [
  'POST /groups',
  'GET /groups/:id',
  'POST /groups/:id',
  'GET /groups/:id/members',
  'POST /groups/:id/members',
  'POST /groups/:id/remove',
  'GET /permissions',
  'POST /permissions/grant',
  'POST /permissions/revoke',
  'GET /administrators',
  'POST /administrators',
  'POST /administrators/:id/remove',
  'GET /tokens',
  'POST /tokens',
  'POST /tokens/:id/revoke',
  'GET /events',
] as const

/** What they answer, in good cases and bad ones. */
export async function accessAnswers(
  api: AdminApi,
  userId: string,
): Promise<Readonly<Record<string, readonly Answer[]>>> {
  const team = await api.post('/groups', { displayName: 'Testers' })
  const path = `/groups/${String(team.body['id'])}`
  const toTeam = { holder: { kind: 'group', id: team.body['id'] }, permission: 'p' }
  const toRole = { holder: { kind: 'role', value: 'PM' }, permission: 'p' }
  const token = await api.post('/tokens', { name: 'Entra' })
  const { id: tokenId } = token.body['token'] as { id: string }
  return {
    'POST /groups': [
      team,
      await api.post('/groups', { displayName: 'testers' }),
      await api.post('/groups'),
    ],
    'GET /groups/{id}': [await api.get(path), await api.get('/groups/x')],
    'POST /groups/{id}': [await api.post(path, { displayName: 'Everybody' })],
    'POST /groups/{id}/members': [
      await api.post(`${path}/members`, { add: [userId] }),
      await api.post(`${path}/members`, { add: ['x'] }),
    ],
    'GET /groups/{id}/members': [
      await api.get(`${path}/members?limit=1`),
      await api.get('/groups/x/members'),
    ],
    'POST /permissions/grant': [
      await api.post('/permissions/grant', toRole),
      await api.post('/permissions/grant', toTeam),
      await api.post('/permissions/grant'),
    ],
    'GET /permissions': [await api.get('/permissions')],
    'POST /permissions/revoke': [await api.post('/permissions/revoke', toTeam)],
    'POST /groups/{id}/remove': [await api.post(`${path}/remove`)],
    'POST /administrators': [
      await api.post('/administrators', { userId }),
      await api.post('/administrators', { userId: 'x' }),
    ],
    'GET /administrators': [await api.get('/administrators')],
    'POST /administrators/{id}/remove': [
      await api.post(`/administrators/${userId}/remove`),
      await api.post('/administrators/x/remove'),
    ],
    'POST /tokens': [token, await api.post('/tokens')],
    'GET /tokens': [await api.get('/tokens')],
    'POST /tokens/{id}/revoke': [
      await api.post(`/tokens/${tokenId}/revoke`),
      await api.post('/tokens/x/revoke'),
    ],
    'GET /events': [await api.get('/events?limit=200'), await api.get('/events?before=x')],
  }
}
