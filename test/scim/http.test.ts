import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { listen, type Listening } from '../support/listen.ts'
import { newUser, USER } from '../support/resources.ts'

/*
 * What only a real connection shows: sizes with and without Content-Length, empty bodies, HEAD.
 */

interface Answer {
  readonly status: number | undefined
  readonly type: string | undefined
  readonly body: string
}

/** Posts the chunks; with `length` they are announced by Content-Length, otherwise sent chunked. */
function send(
  { origin, secret }: Listening,
  chunks: readonly (string | Uint8Array)[],
  length?: number,
) {
  return new Promise<Answer>((resolve, reject) => {
    const outgoing = request(`${origin}/scim/v2/Users`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${secret}`,
        'content-type': 'application/scim+json',
        ...(length === undefined ? {} : { 'content-length': length }),
      },
    })
    outgoing.on('response', (incoming) => {
      const { statusCode: status, headers } = incoming
      text(incoming).then(
        (body) => resolve({ status, type: headers['content-type'], body }),
        reject,
      )
    })
    outgoing.on('error', reject)
    for (const chunk of chunks) outgoing.write(chunk)
    outgoing.end()
  })
}

const user = `{"schemas":["${USER}"],"userName":"a"`
const tooLarge = {
  status: 413,
  type: 'application/scim+json',
  body: expect.stringContaining('"status":"413"'),
}

describe('a body of more than 1 MiB is refused', () => {
  const blanks = ' '.repeat(65_536)
  const chunks = [user, ...Array.from({ length: 17 }, () => blanks), '}']

  test('with Content-Length', async () => {
    const app = await testApp()
    const listening = await listen(app)
    const length = Buffer.byteLength(chunks.join(''))
    expect(await send(listening, chunks, length)).toStrictEqual(tooLarge)
    expect((await app.scim.get('/Users')).body['totalResults']).toBe(0)
  })

  test('without it', async () => {
    const app = await testApp()
    const listening = await listen(app)
    expect(await send(listening, chunks)).toStrictEqual(tooLarge)
    expect((await app.scim.get('/Users')).body['totalResults']).toBe(0)
  })

  test('and the next request on the same server is answered', async () => {
    const listening = await listen(await testApp())
    await send(listening, chunks)
    expect(await send(listening, [user, '}'])).toMatchObject({ status: 201 })
  })
})

test('a body that comes byte by byte, without Content-Length, is read whole', async () => {
  const listening = await listen(await testApp())
  const pieces = [...Buffer.from(`${user},"displayName":"Zoë 张"}`)].map((byte) =>
    Uint8Array.of(byte),
  )
  const answer = await send(listening, pieces)
  expect(answer).toMatchObject({ status: 201 })
  expect(answer.body).toContain('Zoë 张')
})

test('an empty POST is invalidSyntax', async () => {
  const listening = await listen(await testApp())
  expect(await send(listening, [])).toMatchObject({
    status: 400,
    body: expect.stringContaining('"scimType":"invalidSyntax"'),
  })
})

test('H-10 204 and 304 have no body and no content type', async () => {
  const { client } = await listen(await testApp())
  const { id } = await newUser(client, 'a')
  const same = await client.get(`/Users/${id}`, { 'if-none-match': 'W/"1"' })
  const gone = await client.delete(`/Users/${id}`)
  for (const [answer, status] of [
    [same, 304],
    [gone, 204],
  ] as const) {
    expect({ status: answer.status, text: answer.text }).toStrictEqual({ status, text: '' })
    expect(answer.headers.get('content-type')).toBeNull()
  }
})

test('HEAD is answered like GET, without a body', async () => {
  const { client } = await listen(await testApp())
  const { id } = await newUser(client, 'a')
  const { status, text: body, headers } = await client.send('HEAD', `/Users/${id}`)
  expect({ status, body }).toStrictEqual({ status: 200, body: '' })
  expect(headers.get('etag')).toBe('W/"1"')
})

test('H-02 H-11 every answer with a body is application/scim+json without charset, and no-store', async () => {
  const { client } = await listen(await testApp())
  const { id } = await newUser(client, 'a')
  for (const path of [
    `/Users/${id}`,
    '/Users',
    '/Schemas',
    '/ServiceProviderConfig',
    '/Nope',
    '/Me',
  ]) {
    const { headers } = await client.get(path, { accept: 'application/json' })
    expect(headers.get('content-type'), path).toBe('application/scim+json')
    expect(headers.get('cache-control'), path).toBe('no-store')
  }
})

test.each(['application/scim+json', 'application/json', '*/*', 'text/html'])(
  'H-01 H-04 Accept: %s is answered with SCIM',
  async (accept) => {
    const { client } = await listen(await testApp())
    expect((await client.get('/Users', { accept })).status).toBe(200)
  },
)
