import type { AdminApi } from './admin.ts'
import type { Answer } from './programs.ts'

/** The routes of webhooks, and of what goes on in the background. */
export const webhookRoutes = [
  'GET /webhooks',
  'POST /webhooks',
  'GET /webhooks/:id',
  'POST /webhooks/:id',
  'POST /webhooks/:id/secret',
  'POST /webhooks/:id/pause',
  'POST /webhooks/:id/resume',
  'POST /webhooks/:id/replay',
  'POST /webhooks/:id/test',
  'POST /webhooks/:id/remove',
  'GET /webhooks/:id/deliveries',
  'GET /webhook-deliveries/:id',
  'GET /jobs',
  'POST /jobs/wake',
] as const

/** What they answer, in good cases and bad ones. */
export async function webhookAnswers(
  api: AdminApi,
): Promise<Readonly<Record<string, readonly Answer[]>>> {
  // Nothing answers there, which is a delivery too.
  const wish = { name: 'Help desk', url: 'http://127.0.0.1:9/', actions: ['user'] }
  const made = await api.post('/webhooks', wish)
  const { id } = made.body['webhook'] as { id: string }
  const path = `/webhooks/${id}`
  const of = async (verb: string, body: object = {}) => [
    await api.post(`${path}/${verb}`, body),
    await api.post(`/webhooks/x/${verb}`, body),
  ]
  const tested = await of('test')
  const secret = await of('secret')
  const whole = [await api.get(path), await api.get('/webhooks/x')]
  return {
    'POST /webhooks': [
      made,
      await api.post('/webhooks', { ...wish, url: 'x' }),
      await api.post('/webhooks', wish),
    ],
    'GET /webhooks': [await api.get('/webhooks')],
    'GET /webhooks/{id}': whole,
    'POST /webhooks/{id}': [
      await api.post(path, { ...wish, name: 'Service desk' }),
      await api.post('/webhooks/x', wish),
    ],
    'POST /webhooks/{id}/test': tested,
    'POST /webhooks/{id}/secret': secret,
    'GET /webhooks/{id}/deliveries': [
      await api.get(`${path}/deliveries`),
      await api.get('/webhooks/x/deliveries'),
    ],
    'GET /webhook-deliveries/{id}': [
      await api.get(`/webhook-deliveries/${String(tested[0]?.body['id'])}`),
      await api.get('/webhook-deliveries/x'),
    ],
    'POST /webhooks/{id}/pause': await of('pause'),
    'GET /jobs': [await api.get('/jobs')],
    'POST /webhooks/{id}/resume': await of('resume', { from: 'now' }),
    'POST /webhooks/{id}/replay': await of('replay', { event: 1 }),
    'POST /webhooks/{id}/remove': await of('remove'),
    'POST /jobs/wake': [await api.post('/jobs/wake')],
  }
}
