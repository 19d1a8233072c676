import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Tenant } from '../tenant.ts'
import type { Certificate, Secret } from './application-kind.ts'
import type { GroupAssignments } from './assignments.ts'
import { openDirectory, type Directory } from './directory.ts'
import { newHistory } from './history.ts'
import type { Answer } from './request.ts'
import { newService } from './service.ts'
import type { State } from './state.ts'
import { newTokens } from './tokens.ts'
import { newTroubles, type TroubleStatus } from './troubles.ts'

export interface GraphOptions {
  readonly tenantId: string
  /** The app registration that may get tokens. */
  readonly clientId: string
  readonly clientSecret: string
  /**
   * Application permissions that were consented to: users, group members and applications unless
   * told.
   */
  readonly permissions?: readonly string[]
  /** The tenant as it is now: read at every request. A changed tenant is another object. */
  readonly tenant: () => Tenant
  /** 0: any. */
  readonly port?: number
  /**
   * Takes a `client_assertion` that says it comes from the application, without looking at its
   * signature.
   */
  readonly acceptAssertions?: boolean
  /** Empty and short pages, objects that come twice, and removed ones in the first delta round. */
  readonly oddPages?: boolean
  /**
   * Groups that are assigned to the application, with the value of an app role or null. Unless
   * told, those whose members are all `assigned`.
   */
  readonly groupAssignments?: GroupAssignments
  /** Another program that is assigned to the application, with the value of an app role. */
  readonly programAssigned?: string
  readonly certificates?: readonly Certificate[]
}

export interface GraphRequests {
  /** Requests below `/v1.0`; a batch is one. */
  readonly total: number
  /** Those answered with 429, in a batch each on its own. */
  readonly throttled: number
  /** Requests for a token. */
  readonly tokens: number
  /** By path without ids, such as `/users/{id}/manager`; those of a batch too. */
  readonly byPath: ReadonlyMap<string, number>
}

/** A working stand-in for the read side of Microsoft Graph. */
export interface Graph {
  /**
   * `http://127.0.0.1:PORT`; users are at `/v1.0/users`, tokens at `/{tenant}/oauth2/v2.0/token`.
   */
  readonly origin: string
  readonly requests: GraphRequests
  /** May be changed between requests. */
  permissions: readonly string[]
  /**
   * The client secrets as the app registration lists them: unless told one, which begins as the
   * real one does and is good for long.
   */
  secrets: readonly Secret[]
  /** While true, the token endpoint takes the client secret for one that has expired. */
  secretExpired: boolean
  /** Accepts this token besides those of the token endpoint. */
  acceptToken(token: string): void
  /** All access tokens handed out so far have expired (401). */
  expireTokens(): void
  /**
   * The next requests are answered with this status, and this Retry-After, in seconds or a date; in a
   * batch
   * each on its own.
   */
  failNext(count: number, status: TroubleStatus, retryAfter?: number | string): void
  /** The connection is cut for the next requests. */
  dropNext(count: number): void
  /** All delta tokens handed out so far have expired (410). */
  expireDeltaTokens(): void
  /** Stops it; resolves when the port is free. */
  close(): Promise<void>
}

const FAR = '2099-12-31T00:00:00Z'
const DEFAULT_PERMISSIONS = ['User.Read.All', 'GroupMember.Read.All', 'Application.Read.All']

function headersOf({ headers }: IncomingMessage): Record<string, string | undefined> {
  const single = Object.entries(headers).map(([name, value]) => [name, value?.toString()] as const)
  return Object.fromEntries(single)
}

function send(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  const type = { 'Content-Type': 'application/json; charset=utf-8' }
  outgoing.writeHead(status, { ...type, ...headers })
  outgoing.end(typeof body === 'string' ? body : JSON.stringify(body))
}

export async function startGraph(options: GraphOptions): Promise<Graph> {
  const { tenantId, clientId, clientSecret, tenant, port = 0 } = options
  const { groupAssignments, programAssigned, certificates = [] } = options
  const server = createServer()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('No port was given.')
  const origin = `http://127.0.0.1:${address.port}`

  const requests = { total: 0, throttled: 0, tokens: 0, byPath: new Map<string, number>() }
  const { permissions = DEFAULT_PERMISSIONS, oddPages = false, acceptAssertions = false } = options
  const history = newHistory()
  const secrets = [{ hint: clientSecret.slice(0, 3), endDateTime: FAR }]
  const epoch = randomUUID()
  const proof = { secrets, certificates }
  const state: State = { origin, history, oddPages, permissions, epoch, ...proof }
  const tokens = newTokens({ tenantId, clientId, clientSecret, acceptAssertions })
  const troubles = newTroubles(() => {
    requests.throttled += 1
  })
  let directory: Directory | undefined
  const serve = newService({
    state,
    tokens,
    troubles,
    openDirectory: () => {
      const now = tenant()
      history.observe(now)
      if (directory?.tenant !== now) {
        const application = { tenantId, clientId, groupAssignments, programAssigned }
        directory = openDirectory(now, application)
      }
      return directory
    },
    count: (path) => {
      requests.byPath.set(path, (requests.byPath.get(path) ?? 0) + 1)
    },
  })

  const answer = async (incoming: IncomingMessage): Promise<Answer> => {
    const { method = 'GET', url = '/' } = incoming
    const body = await text(incoming)
    const target = new URL(url, origin)
    const asked = /^\/([^/]+)\/oauth2\/v2\.0\/token$/u.exec(target.pathname)?.[1]
    if (asked === undefined || method !== 'POST') {
      return serve({ method, url, headers: headersOf(incoming), body })
    }
    requests.tokens += 1
    const id = target.searchParams.get('client-request-id') ?? undefined
    return tokens.exchange(asked, new URLSearchParams(body), id)
  }
  const isToken = (url: string | undefined): boolean => url?.includes('/oauth2/v2.0/') === true
  server.on('request', (incoming, outgoing) => {
    if (!isToken(incoming.url)) {
      requests.total += 1
      if (troubles.isDropped()) {
        incoming.socket.destroy()
        return
      }
    }
    answer(incoming).then(
      (given) => send(outgoing, given),
      (error: unknown) => {
        // A mistake of the stand-in itself, or a client that went away.
        console.error(error)
        outgoing.destroy()
      },
    )
  })

  return {
    origin,
    requests,
    get permissions() {
      return state.permissions
    },
    set permissions(given) {
      state.permissions = given
    },
    get secrets() {
      return state.secrets
    },
    set secrets(given) {
      state.secrets = given
    },
    get secretExpired() {
      return tokens.secretExpired
    },
    set secretExpired(expired) {
      tokens.secretExpired = expired
    },
    acceptToken: (token) => tokens.accept(token),
    expireTokens: () => tokens.expire(),
    failNext: (count, status, retryAfter) => troubles.failNext(count, status, retryAfter),
    dropNext: (count) => troubles.dropNext(count),
    expireDeltaTokens: () => {
      state.epoch = randomUUID()
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
