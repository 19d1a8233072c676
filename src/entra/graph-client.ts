import {
  Client,
  GraphError,
  type GraphRequest,
  HTTPMessageHandler,
  RetryHandler,
  RetryHandlerOptions,
} from '@microsoft/microsoft-graph-client'
import { EntraFailure } from '../directory/entra-directory.ts'

const SECONDS = 30
/** Of a request that is throttled or fails for a moment, besides the first. */
const RETRIES = 5
const RETRY_DELAY_SECONDS = 2

/** What Graph answers in words, without what only Microsoft can use. */
function failureOf(error: unknown): unknown {
  if (!(error instanceof GraphError)) return error
  const { statusCode, code, message, requestId } = error
  const about = `Microsoft Graph answered ${statusCode} ${code ?? ''}: ${message}${requestId ? ` (request-id ${requestId})` : ''}`
  const options = { cause: error }
  if (statusCode === 401) return new EntraFailure('credentials', about, options)
  if (statusCode === 403) return new EntraFailure('forbidden', about, options)
  if (statusCode === 404) return new EntraFailure('notFound', about, options)
  if (statusCode === -1 || statusCode === 429 || statusCode >= 500) {
    return new EntraFailure('unavailable', about, options)
  }
  return new EntraFailure('refused', about, options)
}

/** Asks Microsoft Graph; a path begins with `/` and may have a query, whose values are encoded. */
export interface GraphClient {
  get(path: string): Promise<unknown>
  post(path: string, body: object): Promise<unknown>
}

/**
 * Microsoft Graph over its own library. Requests that are throttled or meet an outage are tried again, as `Retry-After`
 * says. Throws EntraFailure.
 */
export function graphClient(graphUrl: string, token: () => Promise<string>): GraphClient {
  const retry = new RetryHandler(new RetryHandlerOptions(RETRY_DELAY_SECONDS, RETRIES))
  const client = Client.initWithMiddleware({
    baseUrl: `${graphUrl}/`,
    defaultVersion: 'v1.0',
    // Not the library's own for the token: that sends it only to Microsoft's hosts, over https.
    middleware: [retry, new HTTPMessageHandler()],
  })

  async function ask(path: string, work: (request: GraphRequest) => Promise<unknown>) {
    const authorization = `Bearer ${await token()}`
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
      throw failureOf(error)
    }
  }

  return {
    get: (path) => ask(path, (request) => request.get() as Promise<unknown>),
    post: (path, body) => ask(path, (request) => request.post(body) as Promise<unknown>),
  }
}
