import type { DeliveryResult, Exchange } from '../directory/webhook.ts'
import type { Message } from './message.ts'
import { signatures } from './sign.ts'

/** So long a receiver may take to answer. */
const ANSWER_MILLISECONDS = 10_000

/** Of what went out and came back so much is kept. */
const KEPT_OF_REQUEST = 20_000
const KEPT_OF_RESPONSE = 4_000

/** What stands where a signature was. */
const HIDDEN = 'v1,…'

/** Headers of an answer that are nobody's business. */
const UNKEPT = new Set(['set-cookie', 'set-cookie2'])

/** What came of handing a message over once. */
export interface Posted extends DeliveryResult, Exchange {}

const UNTRUSTED = /CERT|SELF_SIGNED|ISSUER|ALTNAME|SSL|TLS/

/** Why a receiver could not be asked, in words. */
function wordsOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `It did not answer within ${ANSWER_MILLISECONDS / 1000} seconds.`
  }
  const cause = error instanceof Error ? error.cause : undefined
  const code =
    typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'No server of this name was found.'
  if (code === 'ECONNREFUSED') return 'Nothing answers at this address: the connection was refused.'
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') {
    return 'The connection broke before there was an answer.'
  }
  if (UNTRUSTED.test(code)) return `Its certificate is not trusted (${code}).`
  return `It could not be reached${code === '' ? '' : ` (${code})`}.`
}

/** Why an answer does not count as taken; undefined for one that does. */
function problemOf(status: number): string | undefined {
  if (status >= 200 && status < 300) return undefined
  if (status >= 300 && status < 400) {
    return `It answered ${status}, which leads elsewhere and is not followed. Enter the address that it leads to.`
  }
  if (status === 410) return 'It answered 410: it wants nothing more.'
  return `It answered ${status}.`
}

/** The beginning of a body; the rest is never read. */
async function beginningOf({ body }: Response): Promise<string> {
  if (!body) return ''
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  try {
    while (text.length < KEPT_OF_RESPONSE) {
      const { done, value } = await reader.read()
      if (done) break
      text += decoder.decode(value, { stream: true })
    }
  } catch {
    // It was taken, or not, by its status; what else it says is only for people.
  }
  reader.cancel().catch(() => {})
  return text.length > KEPT_OF_RESPONSE ? `${text.slice(0, KEPT_OF_RESPONSE)}…` : text
}

/** Text that every database takes. */
const keepable = (text: string) => text.replaceAll('\0', '\ufffd').toWellFormed()

async function writtenAnswer(response: Response): Promise<string> {
  const headers = [...response.headers]
    .filter(([name]) => !UNKEPT.has(name))
    .map(([name, value]) => `${name}: ${value}\n`)
  const first = `${response.status} ${response.statusText}`.trim()
  return keepable(`${first}\n${headers.join('')}\n${await beginningOf(response)}`)
}

function writtenRequest(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): string {
  const lines = Object.entries({ ...headers, 'webhook-signature': HIDDEN }).map(
    ([name, value]) => `${name}: ${value}\n`,
  )
  const shown = body.length > KEPT_OF_REQUEST ? `${body.slice(0, KEPT_OF_REQUEST)}…` : body
  return keepable(`POST ${url}\n${lines.join('')}\n${shown}`)
}

/** Hands a message over once. What goes wrong is told, not thrown. */
export async function post(
  url: string,
  { id, body }: Message,
  { secrets, now }: { readonly secrets: readonly string[]; readonly now: () => Date },
): Promise<Posted> {
  const at = now()
  const timestamp = Math.floor(at.getTime() / 1000)
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Entrance-Webhooks',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures({ id, timestamp, body }, secrets),
  }
  const request = writtenRequest(url, headers, body)
  const began = performance.now()
  const took = () => Math.round(performance.now() - began)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
    })
    const milliseconds = took()
    const { status } = response
    const problem = problemOf(status)
    return {
      at: at.toISOString(),
      milliseconds,
      status,
      request,
      response: await writtenAnswer(response),
      ...(problem === undefined ? {} : { problem }),
    }
  } catch (error) {
    return { at: at.toISOString(), milliseconds: took(), request, problem: wordsOf(error) }
  }
}
