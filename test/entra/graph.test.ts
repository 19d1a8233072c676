import { ConfidentialClientApplication } from '@azure/msal-node'
import { describe, expect, test } from 'vitest'
import { APP, asking, refusal, valuesIn } from './graph/asking.ts'
import type { Graph, GraphOptions } from './graph/graph.ts'
import { groups, people } from './graph/small-tenant.ts'
import { isRecord, type Resource } from './mapping.ts'

const { adele } = people
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

async function startAlone(options: Partial<GraphOptions> = {}): Promise<Graph> {
  return (await asking(options)).graph
}

/** Asks for a token; undefined leaves a field out. */
async function exchange(
  { origin }: Graph,
  changed: Readonly<Record<string, string | undefined>> = {},
  tenantId: string = APP.tenantId,
): Promise<{ readonly status: number; readonly body: Resource }> {
  const fields = {
    grant_type: 'client_credentials',
    client_id: APP.clientId,
    client_secret: APP.clientSecret,
    scope: 'https://graph.microsoft.com/.default',
    ...changed,
  }
  const given = Object.entries(fields).filter(
    (field): field is [string, string] => field[1] !== undefined,
  )
  const response = await fetch(`${origin}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(given),
  })
  const body: unknown = await response.json()
  return { status: response.status, body: isRecord(body) ? body : {} }
}

function assertion(claims: object): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  return `${encode({ alg: 'RS256' })}.${encode(claims)}.no-signature`
}

describe('the token endpoint', () => {
  test('gives a token that opens Graph', async () => {
    const graph = await startAlone()
    const { status, body } = await exchange(graph)
    expect(status).toBe(200)
    expect(body).toEqual({
      token_type: 'Bearer',
      expires_in: 3_599,
      ext_expires_in: 3_599,
      access_token: expect.any(String),
    })
    const headers = { Authorization: `Bearer ${String(body['access_token'])}` }
    expect((await fetch(`${graph.origin}/v1.0/users`, { headers })).status).toBe(200)
    expect(graph.requests).toMatchObject({ total: 1, tokens: 1 })
  })

  test('satisfies MSAL for Node', async () => {
    const { origin, ...rest } = await startAlone()
    const { tenantId, clientId, clientSecret } = APP
    const authority = `https://login.microsoftonline.com/${tenantId}`
    const authorityMetadata = JSON.stringify({
      authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
      token_endpoint: `${origin}/${tenantId}/oauth2/v2.0/token`,
      issuer: `${authority}/v2.0`,
      jwks_uri: `${authority}/discovery/v2.0/keys`,
    })
    const auth = { clientId, clientSecret, authority, authorityMetadata }
    const client = new ConfidentialClientApplication({ auth })
    const scopes = ['https://graph.microsoft.com/.default']
    const first = await client.acquireTokenByClientCredential({ scopes })
    const second = await client.acquireTokenByClientCredential({ scopes })
    expect(first?.accessToken).toBeTruthy()
    expect(second).toMatchObject({ accessToken: first?.accessToken, fromCache: true })
    expect(rest.requests.tokens).toBe(1)
  })

  test('takes an assertion of the application, where that is wanted', async () => {
    const given = {
      client_secret: undefined,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: assertion({ iss: APP.clientId, sub: APP.clientId }),
    }
    const trusting = await startAlone({ acceptAssertions: true })
    expect((await exchange(trusting, given)).status).toBe(200)
    const strange = { ...given, client_assertion: assertion({ iss: 'x', sub: APP.clientId }) }
    for (const [graph, fields] of [
      [trusting, strange],
      [await startAlone(), given],
    ] as const) {
      const { status, body } = await exchange(graph, fields)
      expect([status, body['error'], body['error_codes']]).toEqual([
        401,
        'invalid_client',
        [700027],
      ])
    }
  })

  test.each<
    [
      name: string,
      fields: Record<string, string | undefined>,
      code: number,
      status: number,
      error: string,
    ]
  >([
    ['a wrong secret', { client_secret: 'wrong' }, 7000215, 401, 'invalid_client'],
    ['no secret', { client_secret: undefined }, 7000218, 401, 'invalid_client'],
    ['another application', { client_id: 'another' }, 700016, 400, 'unauthorized_client'],
    ['another grant', { grant_type: 'password' }, 70003, 400, 'unsupported_grant_type'],
    [
      'a scope by name',
      { scope: 'https://graph.microsoft.com/User.Read.All' },
      70011,
      400,
      'invalid_scope',
    ],
  ])('refuses %s', async (_, fields, code, status, error) => {
    const answer = await exchange(await startAlone(), fields)
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ error, error_codes: [code] })
    expect(answer.body['error_description']).toMatch(
      new RegExp(`^AADSTS${code}: .+ Trace ID: `, 'u'),
    )
  })

  test('refuses an expired secret and another tenant', async () => {
    const graph = await startAlone()
    expect((await exchange(graph, {}, 'another')).body['error_codes']).toEqual([90002])
    graph.secretExpired = true
    expect((await exchange(graph)).body['error_codes']).toEqual([7000222])
    graph.secretExpired = false
    expect((await exchange(graph)).status).toBe(200)
  })
})

describe('Graph refuses', () => {
  test.each([
    ['no token', undefined, 'Access token is empty.'],
    ['no bearer', 'Basic eDp5', 'Access token is empty.'],
    ['a token that nobody gave', 'Bearer made-up', 'CompactToken parsing failed.'],
  ])('%s', async (_, authorization, message) => {
    const { origin } = await startAlone()
    const headers = authorization === undefined ? {} : { Authorization: authorization }
    const response = await fetch(`${origin}/v1.0/users`, { headers })
    expect(response.status).toBe(401)
    expect(response.headers.get('WWW-Authenticate')).toContain('Bearer')
    expect(await response.json()).toMatchObject({
      error: { code: 'InvalidAuthenticationToken', message },
    })
  })

  test('a token that has expired', async () => {
    const { graph, ask } = await asking()
    graph.expireTokens()
    const message = 'Lifetime validation failed, the token is expired.'
    expect(refusal(await ask('/users'))).toEqual([401, 'InvalidAuthenticationToken', message])
  })

  test.each([
    [
      'an unknown resource',
      '/organization',
      undefined,
      400,
      "Resource not found for the segment 'organization'.",
    ],
    [
      'an unknown relationship',
      `/users/${adele.objectId}/drive`,
      undefined,
      400,
      "Resource not found for the segment 'drive'.",
    ],
    ['to write', '/users', {}, 405, 'Specified HTTP method is not allowed for the request target.'],
  ])('%s', async (_, path, body, status, message) => {
    const { ask } = await asking()
    const [said, , why] = refusal(await ask(path, {}, body))
    expect([said, why]).toEqual([status, message])
  })

  test('another version, and a body that is no JSON', async () => {
    const { graph, ask } = await asking()
    const version = await ask(`${graph.origin}/v2.0/users`)
    expect(refusal(version)).toEqual([400, 'BadRequest', 'Invalid version: v2.0'])
    const headers = { Authorization: 'Bearer always-good' }
    const sent = { method: 'POST', body: '{', headers }
    expect((await fetch(`${graph.origin}/v1.0/$batch`, sent)).status).toBe(400)
  })

  test('with ids to quote, and those of the client', async () => {
    const { ask } = await asking()
    const id = '12345678-1234-4234-8234-123456789abc'
    const { headers, body } = await ask('/users/nobody', { 'client-request-id': id })
    const requestId = headers.get('request-id')
    expect(requestId).toMatch(UUID)
    expect(headers.get('client-request-id')).toBe(id)
    expect(headers.get('Content-Type')).toMatch(/^application\/json/u)
    expect(body['error']).toEqual({
      code: 'Request_ResourceNotFound',
      message:
        "Resource 'nobody' does not exist or one of its queried reference-property objects are not present.",
      innerError: {
        date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/u),
        'request-id': requestId,
        'client-request-id': id,
      },
    })
  })
})

describe('a missing permission refuses', () => {
  const all = ['User.Read.All', 'GroupMember.Read.All', 'Application.Read.All']
  const user = `/users/${adele.objectId}`
  const group = `/groups/${groups.team.objectId}`
  test.each<[path: string, enough: string[][]]>([
    ['/users', [['User.Read.All'], ['Directory.Read.All']]],
    ['/users/delta', [['User.Read.All'], ['Directory.Read.All']]],
    [`${user}/manager`, [['User.Read.All'], ['Directory.Read.All']]],
    [`${user}/transitiveMemberOf`, [['User.Read.All'], ['GroupMember.Read.All']]],
    [`${user}/appRoleAssignments`, [['Directory.Read.All']]],
    ['/directory/deletedItems/microsoft.graph.user', [['User.Read.All'], ['Directory.Read.All']]],
    ['/groups', [['GroupMember.Read.All'], ['Group.Read.All'], ['Directory.Read.All']]],
    [`${group}/members`, [['GroupMember.Read.All'], ['Directory.Read.All']]],
    ['/servicePrincipals', [['Application.Read.All'], ['Directory.Read.All']]],
    [`/servicePrincipals(appId='${APP.clientId}')/appRoleAssignedTo`, [['Application.Read.All']]],
  ])('%s', async (path, enough) => {
    const { graph, ask } = await asking()
    for (const permissions of enough) {
      graph.permissions = permissions
      expect([permissions, (await ask(path)).status]).toEqual([permissions, 200])
    }
    graph.permissions = all.filter((permission) => !enough.flat().includes(permission))
    expect(refusal(await ask(path))).toEqual([
      403,
      'Authorization_RequestDenied',
      'Insufficient privileges to complete the operation.',
    ])
  })

  test('getByIds', async () => {
    const { graph, ask } = await asking({ permissions: all })
    const body = { ids: [adele.objectId] }
    expect((await ask('/directoryObjects/getByIds', {}, body)).status).toBe(403)
    graph.permissions = ['Directory.Read.All']
    expect((await ask('/directoryObjects/getByIds', {}, body)).status).toBe(200)
  })

  test('not the members of a group, but what they are', async () => {
    const { ask } = await asking({ permissions: ['GroupMember.Read.All'] })
    const path = `/groups/${groups.everybody.objectId}/members?$select=id,displayName`
    expect(valuesIn(await ask(path))).toEqual([
      { '@odata.type': '#microsoft.graph.user', id: adele.objectId, displayName: null },
      {
        '@odata.type': '#microsoft.graph.group',
        id: groups.team.objectId,
        displayName: 'Sales EMEA',
      },
    ])
  })
})

describe('troubles', () => {
  test.each<[429 | 500 | 503 | 504, number | undefined, string]>([
    [429, 7, 'TooManyRequests'],
    [429, undefined, 'TooManyRequests'],
    [500, undefined, 'InternalServerError'],
    [503, 2, 'serviceNotAvailable'],
    [504, undefined, 'UnknownError'],
  ])('%d with Retry-After %s', async (status, retryAfter, code) => {
    const { graph, ask } = await asking()
    graph.failNext(2, status, retryAfter)
    for (const _ of [1, 2]) {
      const said = await ask('/users')
      expect(refusal(said).slice(0, 2)).toEqual([status, code])
      expect(said.headers.get('Retry-After')).toBe(retryAfter?.toString() ?? null)
    }
    expect((await ask('/users')).status).toBe(200)
    const throttled = status === 429 ? 2 : 0
    expect(graph.requests).toMatchObject({ total: 3, throttled })
  })

  test('cut connections', async () => {
    const { graph, ask } = await asking()
    graph.dropNext(2)
    for (const _ of [1, 2]) await expect(ask('/users')).rejects.toThrow('fetch failed')
    expect((await ask('/users')).status).toBe(200)
  })
})
