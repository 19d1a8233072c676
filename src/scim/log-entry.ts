import type { LogBody, NewLogEntry } from '../directory/provisioning-log.ts'
import type { Exchange } from './exchange.ts'
import { describeRequest } from './log-facts.ts'
import { mentionsSecret, redact, redactPath, REDACTED, withoutSecrets } from './protocol/redact.ts'
import type { ToleranceId } from './protocol/tolerances.ts'
import { isObject, type Json } from './schema/attribute.ts'

/** A request as the door noted it, with nothing worked out yet. */
export interface Noted {
  readonly organisation: string
  readonly actor: string
  readonly requestId: string
  /** ISO-8601, UTC. */
  readonly at: string
  readonly milliseconds: number
  readonly method: string
  /** Below the door, with the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly status: number
  readonly tolerances: readonly ToleranceId[]
  readonly exchange: Exchange
}

/** Characters of a body that are kept. */
const KEPT = 16_384

function shorten(text: string): LogBody {
  if (text.length <= KEPT) return { text, length: text.length, kept: 'whole' }
  // A pair of surrogates may have been cut apart.
  return { text: text.slice(0, KEPT).toWellFormed(), length: text.length, kept: 'cut' }
}

function requestBody({ body, bodyLength = 0 }: Exchange, shown: Json): LogBody | undefined {
  if (body) return shorten(JSON.stringify(shown))
  return bodyLength === 0 ? undefined : { text: '', length: bodyLength, kept: 'unreadable' }
}

function responseBody(
  { text, length = 0 }: Exchange,
  secrets: readonly string[],
): LogBody | undefined {
  if (text === undefined) return length === 0 ? undefined : { text: '', length, kept: 'large' }
  if (secrets.length === 0 && !mentionsSecret(text)) return shorten(text)
  // An answer of this door is JSON.
  const { value } = redact(JSON.parse(text) as Json)
  return shorten(JSON.stringify(withoutSecrets(value, secrets)))
}

/** Headers of answers that tell something about the request. */
const told = ['Content-Type', 'ETag', 'Location', 'Retry-After', 'Allow', 'WWW-Authenticate']

function tellingOf(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    told.flatMap((name) => {
      const value = headers[name]
      return value === undefined ? [] : [[name.toLowerCase(), value]]
    }),
  )
}

function filterIn(query: string): string | undefined {
  const filter = new URLSearchParams(query).get('filter') ?? undefined
  return filter === REDACTED ? undefined : filter
}

/** What is kept of a request: what is secret is taken out before anything else is done with it. */
export function entryOf(noted: Noted): NewLogEntry {
  const { exchange, path: asked, headers, ...common } = noted
  const path = redactPath(asked)
  const [place = '', query = ''] = path.split('?', 2)
  const { value: shown, secrets } = redact(exchange.body ?? {})
  const found = path === asked ? [] : [...new URLSearchParams(asked.slice(place.length)).values()]
  const described = describeRequest(
    { method: common.method, path: place, filter: filterIn(query) },
    exchange.body && isObject(shown) ? shown : undefined,
    exchange,
  )
  const { kind, subject, facts, memberIds } = described
  const sent = requestBody(exchange, shown)
  const answered = responseBody(exchange, [...secrets, ...found.filter((text) => text.length > 2)])
  return {
    ...common,
    path,
    kind,
    ...(subject ? { subject } : {}),
    ...(exchange.failure === undefined ? {} : { failure: exchange.failure }),
    facts,
    memberIds,
    request: { headers, ...(sent ? { body: sent } : {}) },
    response: { headers: tellingOf(exchange.headers), ...(answered ? { body: answered } : {}) },
  }
}
