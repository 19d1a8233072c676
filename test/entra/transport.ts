import * as http from 'node:http'
import * as https from 'node:https'

export type WireRequest = {
  method: string
  url: string
  headers: Record<string, string>
  body: string | null
}

export type WireAnswer = {
  status: number
  contentType: string | null
  retryAfter: string | null
  body: string
}

/** Sends one request once. Rejects when no whole answer arrives. */
export type Transport = (request: WireRequest) => Promise<WireAnswer>

/**
 * A transport over node:http rather than fetch, because fetch always names itself in a User-Agent
 * and Entra sends none.
 */
export function httpTransport(options: { parallel: number; timeout: number }): Transport {
  const pool = { keepAlive: true, maxSockets: options.parallel }
  const plain = new http.Agent(pool)
  const secure = new https.Agent(pool)
  return (request) =>
    new Promise((resolve, reject) => {
      const url = new URL(request.url)
      const isSecure = url.protocol === 'https:'
      const body = request.body === null ? null : Buffer.from(request.body)
      const outgoing = (isSecure ? https : http).request(
        url,
        {
          method: request.method,
          headers: {
            ...request.headers,
            ...(body === null ? {} : { 'Content-Length': String(body.length) }),
          },
          agent: isSecure ? secure : plain,
          timeout: options.timeout,
        },
        (incoming) => {
          const chunks: Buffer[] = []
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
          incoming.on('error', reject)
          incoming.on('end', () => {
            resolve({
              status: incoming.statusCode ?? 0,
              contentType: incoming.headers['content-type'] ?? null,
              retryAfter: incoming.headers['retry-after'] ?? null,
              body: Buffer.concat(chunks).toString('utf8'),
            })
          })
        },
      )
      outgoing.on('timeout', () => outgoing.destroy(new Error('No answer in time.')))
      outgoing.on('error', reject)
      outgoing.end(body)
    })
}
