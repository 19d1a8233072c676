import {
  Client,
  GraphError,
  type GraphRequest,
  HTTPMessageHandler,
} from '@microsoft/microsoft-graph-client'
import { batch } from './batch.ts'
import { isPassing, toFailure, type Refusal } from './graph-failure.ts'
import { type Pause, secondsToWait } from './patience.ts'

/** How long one answer may take. */
const SECONDS = 30
/** How often a question is asked again that is throttled or meets an outage, */
const RETRIES = 5
/** and one to which no answer comes at all. */
const RETRIES_UNANSWERED = 2

/** What Graph wants to see of whoever asks. */
export interface GraphTokens {
  /** A good token. Throws EntraFailure. */
  get(): Promise<string>
  /** Forgets what it has: Graph does not take it. */
  renew(): void
}

/** Asks Microsoft Graph; a path begins with `/` and may have a query, whose values are encoded. Throws EntraFailure. */
export interface GraphClient {
  get(path: string): Promise<unknown>
  /** Asks for many paths in few requests; the answers, in the order of the paths. */
  all(paths: readonly string[]): Promise<unknown[]>
}

function refusalOf(error: unknown): (Refusal & { readonly retryAfter?: string }) | undefined {
  if (!(error instanceof GraphError)) return undefined
  const { statusCode: status, code, message, requestId, headers } = error
  const retryAfter = headers?.get('Retry-After')
  return {
    status,
    code: code ?? undefined,
    message,
    requestId: requestId ?? undefined,
    ...(retryAfter ? { retryAfter } : {}),
  }
}

/**
 * Microsoft Graph over its own library. What is throttled or meets an outage is asked again, when `Retry-After` says.
 * What waits for how long is known here, not to the library: its own retries would share the time of one answer.
 */
export function graphClient(graphUrl: string, tokens: GraphTokens, pause: Pause): GraphClient {
  const client = Client.initWithMiddleware({
    baseUrl: `${graphUrl}/`,
    defaultVersion: 'v1.0',
    // Not the library's own for the token: that sends it only to Microsoft's hosts, over https.
    middleware: [new HTTPMessageHandler()],
  })

  async function ask(path: string, work: (request: GraphRequest) => Promise<unknown>) {
    let renewed = false
    for (let retry = 0; ; ) {
      const authorization = `Bearer ${await tokens.get()}`
      try {
        return await work(
          client
            .api(path)
            .header('Authorization', authorization)
            .header('client-request-id', crypto.randomUUID())
            // Searching and counting are only for those who can live with what is a moment old (entra.md §5.4).
            .header('ConsistencyLevel', 'eventual')
            .options({ signal: AbortSignal.timeout(SECONDS * 1_000) }),
        )
      } catch (error) {
        const refusal = refusalOf(error)
        if (!refusal) throw error
        if (refusal.status === 401 && !renewed) {
          renewed = true
          tokens.renew()
          continue
        }
        const most = refusal.status === -1 ? RETRIES_UNANSWERED : RETRIES
        const seconds =
          isPassing(refusal) && retry < most ? secondsToWait(retry, refusal.retryAfter) : undefined
        if (seconds === undefined) throw toFailure(refusal, { cause: error })
        retry += 1
        await pause(seconds)
      }
    }
  }

  const post = (path: string, body: object) =>
    ask(path, (request) => request.post(body) as Promise<unknown>)

  return {
    get: (path) => ask(path, (request) => request.get() as Promise<unknown>),
    all: (paths) => batch((requests) => post('/$batch', { requests }), paths, pause),
  }
}
