import { setTimeout as delay } from 'node:timers/promises'
import { isRecord, type Resource } from './mapping.ts'
import type { Transport, WireAnswer, WireRequest } from './transport.ts'

/** What came back. `resource` is null for an answer without a body. */
export type Answer = { status: number; resource: Resource | null }

/** Counters since the client was made. */
export type Traffic = {
  requests: number
  retries: number
  /** Requests that no answer came to. */
  lost: number
  byStatus: Record<string, number>
  /** Milliseconds of each request. */
  times: number[]
}

export type ScimClient = {
  /**
   * Sends a request until it is answered with something other than 429 or 5xx, a bounded number of
   * times. Throws Unreachable when no answer comes and Incompatible when one is not SCIM.
   */
  send: (method: string, path: string, body?: unknown) => Promise<Answer>
  traffic: () => Traffic
}

/** No answer, however often it was tried. */
export class Unreachable extends Error {}

/** An answer that is not SCIM: another content type, or a body that is not a JSON object. */
export class Incompatible extends Error {}

export type ClientOptions = {
  /** The tenant URL, such as `http://127.0.0.1:8080/scim/v2`. */
  base: string
  token: string
  transport: Transport
  /** How often a request is sent at most. */
  tries?: number
  sleep?: (milliseconds: number) => Promise<unknown>
  now?: () => number
}

const CONTENT_TYPE = 'application/scim+json'
const FIRST_PAUSE = 200
const LONGEST_PAUSE = 5000
const LONGEST_RETRY_AFTER = 60_000

/** A path with a query in the form encoding that Entra uses: `+` for a blank, %22, %40. */
export function withQuery(path: string, query: Record<string, string>): string {
  return `${path}?${Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%20', '+')}`)
    .join('&')}`
}

/** A filter for one value; quotes and backslashes are escaped as in JSON. */
export function equals(target: string, value: string): string {
  return `${target} eq ${JSON.stringify(value)}`
}

/** Milliseconds of a Retry-After header: seconds or a date. Null when there is none to honour. */
function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null
  const wait = /^\d+$/u.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), LONGEST_RETRY_AFTER)
}

function decode(answer: WireAnswer, request: WireRequest): Answer {
  // A proxy's own error page says that the server is away, not that it does not speak SCIM.
  const foreign = answer.status >= 500 && answer.contentType !== CONTENT_TYPE
  if (answer.body === '' || foreign) return { status: answer.status, resource: null }
  const where = `${request.method} ${request.url} answered ${answer.status}`
  if (answer.contentType !== CONTENT_TYPE) {
    throw new Incompatible(`${where} with Content-Type ${answer.contentType ?? '(none)'}.`)
  }
  let resource: unknown
  try {
    resource = JSON.parse(answer.body)
  } catch (error) {
    throw new Incompatible(`${where} with a body that is not JSON.`, { cause: error })
  }
  if (!isRecord(resource)) throw new Incompatible(`${where} with a body that is not an object.`)
  return { status: answer.status, resource }
}

export function makeScimClient(options: ClientOptions): ScimClient {
  const { base, token, transport, tries = 6, sleep = delay, now = Date.now } = options
  const traffic: Traffic = { requests: 0, retries: 0, lost: 0, byStatus: {}, times: [] }

  /** One attempt; an error when no answer came. */
  const attempt = async (request: WireRequest): Promise<WireAnswer | Error> => {
    const start = performance.now()
    traffic.requests += 1
    try {
      const answer = await transport(request)
      traffic.byStatus[answer.status] = (traffic.byStatus[answer.status] ?? 0) + 1
      return answer
    } catch (error) {
      traffic.lost += 1
      return error instanceof Error ? error : new Error(String(error))
    } finally {
      traffic.times.push(performance.now() - start)
    }
  }

  const send = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const request: WireRequest = {
      method,
      url: base + path,
      headers: {
        Authorization: `Bearer ${token}`,
        Accept: CONTENT_TYPE,
        ...(body === undefined ? {} : { 'Content-Type': `${CONTENT_TYPE}; charset=utf-8` }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    }
    for (let tried = 1; ; tried += 1) {
      const answer = await attempt(request)
      const lost = answer instanceof Error
      const again = lost || answer.status === 429 || answer.status >= 500
      if (!again) return decode(answer, request)
      if (tried >= tries) {
        if (!lost) return decode(answer, request)
        throw new Unreachable(`${method} ${request.url}: ${answer.message}`, { cause: answer })
      }
      const pause = Math.min(FIRST_PAUSE * 2 ** (tried - 1), LONGEST_PAUSE)
      await sleep((lost ? null : retryAfter(answer.retryAfter, now())) ?? pause)
      traffic.retries += 1
    }
  }

  return { send, traffic: () => structuredClone(traffic) }
}
