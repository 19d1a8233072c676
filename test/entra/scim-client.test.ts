import { createServer, type RequestListener } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { equals, Incompatible, makeScimClient, Unreachable, withQuery } from './scim-client.ts'
import { httpTransport } from './transport.ts'

const NOW = Date.parse('2026-11-02T08:00:00Z')
const closers: (() => void)[] = []

afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A client of a real HTTP server whose pauses are written down instead of waited for. */
async function against(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const pauses: number[] = []
  const client = makeScimClient({
    base: `http://127.0.0.1:${port}/scim/v2`,
    token: 'secret',
    transport: httpTransport({ parallel: 2, timeout: 200 }),
    tries: 4,
    sleep: async (milliseconds) => {
      pauses.push(milliseconds)
    },
    now: () => NOW,
  })
  return { client, pauses }
}

function replies(...script: [status: number, headers?: Record<string, string>][]): RequestListener {
  return (_, response) => {
    const [status, headers] = script.shift() ?? [200]
    response.writeHead(status, { 'Content-Type': 'application/scim+json', ...headers })
    response.end('{}')
  }
}

test('names itself in no User-Agent and sends the token, the media type and the body', async () => {
  let seen: unknown
  let body = ''
  const { client } = await against((request, response) => {
    const { 'user-agent': agent, authorization, 'content-type': type } = request.headers
    seen = [agent, authorization, type]
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      response.writeHead(201, { 'Content-Type': 'application/scim+json' }).end('{"id":"ü"}')
    })
  })
  const answer = await client.send('POST', '/Users', { userName: 'Żaneta' })
  expect(answer).toStrictEqual({ status: 201, resource: { id: 'ü' } })
  expect(seen).toStrictEqual([undefined, 'Bearer secret', 'application/scim+json; charset=utf-8'])
  expect(body).toBe('{"userName":"Żaneta"}')
})

test('encodes a filter as a form does and escapes its value as JSON does', async () => {
  let url: string | undefined
  const { client } = await against((request, response) => {
    url = request.url
    response.writeHead(200, { 'Content-Type': 'application/scim+json' }).end('{}')
  })
  await client.send('GET', withQuery('/Users', { filter: equals('userName', 'a+"b\\@x.y') }))
  expect(url).toBe('/scim/v2/Users?filter=userName+eq+%22a%2B%5C%22b%5C%5C%40x.y%22')
})

test.each([
  ['seconds', { 'Retry-After': '7' }, 7000],
  ['a date', { 'Retry-After': 'Mon, 02 Nov 2026 08:00:09 GMT' }, 9000],
  ['an hour, which is cut', { 'Retry-After': '3600' }, 60_000],
  ['nothing', {}, 200],
])('waits when told to by %s', async (_, headers, pause) => {
  const { client, pauses } = await against(replies([429, headers], [200]))
  expect(await client.send('GET', '/Users')).toMatchObject({ status: 200 })
  expect(pauses).toStrictEqual([pause])
})

test('backs off from a failing server, a bounded number of times', async () => {
  const { client, pauses } = await against(replies([503], [500], [502], [503], [200]))
  expect(await client.send('GET', '/Users')).toMatchObject({ status: 503 })
  expect(pauses).toStrictEqual([200, 400, 800])
  const { requests, retries, byStatus, times } = client.traffic()
  expect({ requests, retries, byStatus }).toStrictEqual({
    requests: 4,
    retries: 3,
    byStatus: { 500: 1, 502: 1, 503: 2 },
  })
  expect(times).toHaveLength(4)
})

test('does not repeat what was refused', async () => {
  const { client } = await against(replies([409], [200]))
  expect(await client.send('POST', '/Users', {})).toMatchObject({ status: 409 })
  expect(client.traffic().retries).toBe(0)
})

test('repeats a request whose connection breaks', async () => {
  let calls = 0
  const { client } = await against((request, response) => {
    calls += 1
    if (calls === 1) request.socket.destroy()
    else response.writeHead(201, { 'Content-Type': 'application/scim+json' }).end('{}')
  })
  expect(await client.send('POST', '/Users', {})).toMatchObject({ status: 201 })
  expect(client.traffic()).toMatchObject({ requests: 2, retries: 1, lost: 1 })
})

test('gives up when no answer comes in time', async () => {
  const { client } = await against(() => undefined)
  await expect(client.send('GET', '/Users')).rejects.toBeInstanceOf(Unreachable)
  expect(client.traffic().lost).toBe(4)
})

test.each([
  ['another media type', 'application/json', '{}'],
  ['a parameter', 'application/scim+json; charset=utf-8', '{}'],
  ['a page', 'text/html', '<html>'],
  ['broken JSON', 'application/scim+json', '{'],
  ['a list', 'application/scim+json', '[]'],
])('does not take %s for SCIM', async (_, type, body) => {
  const { client } = await against((_request, response) => {
    response.writeHead(200, { 'Content-Type': type }).end(body)
  })
  await expect(client.send('GET', '/Users')).rejects.toBeInstanceOf(Incompatible)
})
