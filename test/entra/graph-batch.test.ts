import { describe, expect, test } from 'vitest'
import { asking, EVENTUAL, refusal, type Asking, type Said } from './graph/asking.ts'
import type { Graph } from './graph/graph.ts'
import { groups, people } from './graph/small-tenant.ts'
import { isRecord, type Resource } from './mapping.ts'

const { adele, guest } = people

function responsesIn({ body }: Said): Resource[] {
  const { responses } = body
  return Array.isArray(responses) ? responses.filter(isRecord) : []
}

describe('$batch', () => {
  const get = (id: string, url: string, more: object = {}): object => ({
    id,
    method: 'GET',
    url,
    ...more,
  })

  async function batch(
    requests: readonly object[],
    prepare?: (graph: Graph) => void,
  ): Promise<{
    readonly said: Said
    readonly asked: Asking
    readonly byId: Map<unknown, Resource>
  }> {
    const asked = await asking()
    prepare?.(asked.graph)
    const said = await asked.ask('/$batch', {}, { requests })
    return { said, asked, byId: new Map(responsesIn(said).map((one) => [one['id'], one])) }
  }

  test('answers each request, in another order', async () => {
    const search = `/users?$search=${encodeURIComponent('"displayName:ad"')}&$select=id`
    const { said, asked } = await batch([
      get('1', `/users/${adele.objectId}?$select=id,accountEnabled`),
      get('2', search, { headers: EVENTUAL }),
      get('3', search),
      get('4', '/users/$count', { headers: EVENTUAL }),
    ])
    expect(said.status).toBe(200)
    const responses = responsesIn(said)
    expect(responses.map(({ id, status }) => [id, status])).toEqual([
      ['4', 200],
      ['3', 400],
      ['2', 200],
      ['1', 200],
    ])
    expect(responses[0]?.['body']).toBe('6')
    expect(responses[3]?.['body']).toMatchObject({ id: adele.objectId, accountEnabled: true })
    expect(asked.graph.requests.total).toBe(1)
    expect(asked.graph.requests.byPath).toEqual(
      new Map([
        ['/$batch', 1],
        ['/users/{id}', 1],
        ['/users', 2],
        ['/users/$count', 1],
      ]),
    )
  })

  test('throttles each request on its own', async () => {
    const urls = ['1', '2', '3'].map((id) => get(id, '/users?$top=1'))
    const { byId, asked } = await batch(urls, (graph) => graph.failNext(2, 429, 3))
    expect(['1', '2', '3'].map((id) => byId.get(id)?.['status'])).toEqual([429, 429, 200])
    expect(byId.get('1')?.['headers']).toMatchObject({ 'Retry-After': '3' })
    expect(byId.get('1')?.['body']).toMatchObject({ error: { code: 'TooManyRequests' } })
    expect(asked.graph.requests.throttled).toBe(2)
  })

  test('keeps the order that is asked for, and fails what depends on a failure', async () => {
    const { byId } = await batch([
      get('last', '/users?$top=1', { dependsOn: ['middle'] }),
      get('middle', '/users/nobody', { dependsOn: ['first'] }),
      get('first', '/users?$top=1'),
    ])
    expect(byId.get('first')?.['status']).toBe(200)
    expect(byId.get('middle')?.['status']).toBe(404)
    expect(byId.get('last')).toMatchObject({
      status: 424,
      body: { error: { code: 'FailedDependency' } },
    })
  })

  test('sends a body along, with its type', async () => {
    const url = `/users/${guest.objectId}/getMemberObjects`
    const post = { method: 'POST', url, body: { securityEnabledOnly: true } }
    const headers = { 'Content-Type': 'application/json' }
    const { byId } = await batch([
      { id: '1', ...post, headers },
      { id: '2', ...post },
    ])
    expect(byId.get('1')?.['body']).toMatchObject({
      value: [groups.team.objectId, groups.everybody.objectId],
    })
    expect(byId.get('2')?.['status']).toBe(400)
  })

  test('refuses a whole address for a request, and a batch in a batch', async () => {
    const { byId } = await batch([
      get('1', 'https://graph.microsoft.com/v1.0/users'),
      { id: '2', method: 'POST', url: '/$batch' },
    ])
    expect([...byId.values()].map(({ status }) => status)).toEqual([400, 400])
  })

  test.each<[name: string, requests: unknown, code: string]>([
    [
      'more than 20 requests',
      Array.from({ length: 21 }, (_, id) => get(String(id), '/users')),
      'MaximumValueExceeded',
    ],
    ['the same id twice', [get('1', '/users'), get('1', '/groups')], 'Request_BadRequest'],
    ['an unknown dependency', [get('1', '/users', { dependsOn: ['2'] })], 'Request_BadRequest'],
    [
      'a circle',
      [get('1', '/users', { dependsOn: ['2'] }), get('2', '/users', { dependsOn: ['1'] })],
      'Request_BadRequest',
    ],
    ['no id', [{ method: 'GET', url: '/users' }], 'Request_BadRequest'],
    ['nothing', [], 'Request_BadRequest'],
    ['no list', undefined, 'Request_BadRequest'],
  ])('is refused with %s', async (_, requests, code) => {
    const { ask } = await asking()
    expect(refusal(await ask('/$batch', {}, { requests })).slice(0, 2)).toEqual([400, code])
  })
})
