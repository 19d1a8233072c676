import { onTestFinished } from 'vitest'
import { createApp, type AppDeps } from '../../src/app.ts'
import { entraKeys } from '../../src/auth/entra-keys.ts'
import { entraTokens } from '../../src/auth/entra-tokens.ts'
import { passwordsOf } from '../../src/auth/passwords.ts'
import { provisioningAuth, type ProvisioningAuth } from '../../src/auth/provisioning.ts'
import { sessionDesk, type SessionDesk } from '../../src/auth/sessions.ts'
import type { EntraDirectory } from '../../src/directory/entra-directory.ts'
import type { Directory, Scope, Store } from '../../src/directory/store.ts'
import { hashSecret, newTokenSecret } from '../../src/directory/token.ts'
import type { AppRegistration } from '../../src/entra/app.ts'
import type { ConnectionsDeps } from '../../src/entra/connections.ts'
import { createLog } from '../../src/log.ts'
import { startRecorder, type Recorder } from '../../src/scim/recorder.ts'
import { SCIM_PATH } from '../../src/scim/routes.ts'
import type { Mails } from '../../src/mail/desk.ts'
import type { RunningWebhooks } from '../../src/webhooks/desk.ts'
import { connectionsOf } from './connections.ts'
import { newDatabase, type Finished, type TestDatabase } from './database.ts'
import { mailsOf } from './mails.ts'
import { scimClient, type ScimClient } from './scim-client.ts'
import { webhooksOf } from './webhooks.ts'

export const PUBLIC_URL = 'https://entrance.example'
export const cause = { actor: 'test', door: 'cli', requestId: 'test-request' } as const
/** Hashed at next to no cost, which stands in the hash. */
export const passwords = passwordsOf({ N: 16, r: 8, p: 1 })

/** A clock that stands still until it is moved. */
export interface TestClock {
  now(): Date
  /** Moves the clock; returns the new time. */
  pass(milliseconds: number): Date
}

export function testClock(start = '2026-03-02T08:00:00.000Z'): TestClock {
  let time = Date.parse(start)
  return {
    now: () => new Date(time),
    pass(milliseconds) {
      time += milliseconds
      return new Date(time)
    },
  }
}

/** Ids that count up: the order in which things were made. */
export function testIds(): () => string {
  let last = 0
  return () => {
    last += 1
    return `00000000-0000-7000-8000-${String(last).padStart(12, '0')}`
  }
}

/** An app registration of Entra, and what the roles of a sign-in do. */
export type Registration = AppRegistration & { readonly roles?: 'sign-in' }

/** What an app needs to sign people in, with Entra or without. */
export function signInDeps(
  now: () => Date,
  options: Partial<AppDeps['entra']> & {
    readonly loginUrl?: string | undefined
    readonly provisioningTenants?: readonly string[] | undefined
  } = {},
): Pick<AppDeps, 'passwords' | 'entra' | 'tokens' | 'contact' | 'installation'> {
  const { app = async () => undefined, roles = 'ignored', provisioningTenants = [] } = options
  const { loginUrl = 'https://login.microsoftonline.com' } = options
  return {
    passwords,
    entra: { app, roles },
    tokens: entraTokens({
      keys: entraKeys(now),
      now,
      loginUrl,
      app,
      apiScope: 'access_as_user',
      provisioningTenants,
    }),
    contact: 'the service desk',
    installation: { version: '1.2.3', runtime: '24.0.0', database: 'SQLite', settings: [] },
  }
}

export interface TestApp {
  readonly store: Store
  readonly database: TestDatabase
  /** The server as a function, for a listener of node:http, which also says which socket a request came in through. */
  readonly fetch: (request: Request, socket?: object) => Response | Promise<Response>
  /** What the server answers, middleware included. */
  readonly routes: readonly { readonly method: string; readonly path: string }[]
  readonly auth: ProvisioningAuth
  /** What keeps the provisioning log; nothing is in it before `flush`, or a moment. */
  readonly recorder: Recorder
  readonly sessions: SessionDesk
  readonly mails: Mails
  readonly webhooks: RunningWebhooks
  /** The rows of the default organisation, local accounts included. */
  readonly directory: Directory
  /** To be aborted where the server is about to stop. */
  readonly closing: AbortController
  readonly clock: TestClock
  /** A client with a valid token of the default organisation. */
  readonly scim: ScimClient
  /** A client with another Authorization header, or with none. */
  clientWith(authorization: string | undefined): ScimClient
  /** A client with a new token of the organisation of this name. */
  clientOf(organisation: string): Promise<ScimClient>
  /** The lines logged so far. */
  readonly logged: readonly Record<string, unknown>[]
}

/** The whole server on a fresh database, with a clock that stands still and ids that count up. */
export async function testApp(
  options: {
    readonly localUsers?: Scope['localUsers']
    readonly staticToken?: string
    /** The app registration that people sign in through, which the organisation `default` belongs to. */
    readonly entra?: Registration
    readonly entraTokensFrom?: readonly string[]
    /** How long a scan may take. */
    readonly scanMilliseconds?: number
    /** The people of Entra; the organisation `default` belongs to their tenant. */
    readonly entraDirectory?: EntraDirectory
    /** What credentials that administrators enter are kept with. */
    readonly encryptionKeys?: readonly Buffer[]
    /** Where the clouds of Microsoft are. */
    readonly clouds?: ConnectionsDeps['clouds']
    /** Who is told that there is an import to carry out; nobody is, as a rule. */
    readonly runner?: AppDeps['runner']
    /** The mail server, where there is one. */
    readonly smtpUrl?: string
    /** Another than one that stands at a day of its own: Entra's stand-in knows only the time it is. */
    readonly clock?: TestClock
    /** For how many days requests of provisioning clients are kept; none are, as a rule. */
    readonly provisioningLogDays?: number
    /** Where it is found, for a browser that comes in through a socket. */
    readonly publicUrl?: string
    /** `afterAll` for a server that all tests of a file share, or `endOfTests()` where a hook makes it. */
    readonly finished?: Finished
  } = {},
): Promise<TestApp> {
  const { localUsers = 'hidden', staticToken, finished = onTestFinished, entra } = options
  const { clock = testClock(), publicUrl = PUBLIC_URL, entraTokensFrom } = options
  const { entraDirectory, runner = { wake() {} } } = options
  const newId = testIds()
  const { now } = clock
  const database = await newDatabase(finished)
  const store = await database.openStore({
    now,
    newId,
    ...(options.scanMilliseconds === undefined
      ? {}
      : { scanMilliseconds: options.scanMilliseconds }),
  })
  finished(() => store.close())
  const logged: Record<string, unknown>[] = []
  const log = createLog({ level: 'debug', now, write: (line) => logged.push(JSON.parse(line)) })
  const tenantId = entra?.tenantId ?? entraDirectory?.tenantId
  if (tenantId !== undefined) await store.organisations.setTenant('default', tenantId, cause)
  const connections = connectionsOf(store, options)
  const signIn = signInDeps(now, {
    // People in memory cannot sign in.
    ...(entraDirectory && !entra ? {} : { app: connections.signIn }),
    roles: entra?.roles ?? 'ignored',
    loginUrl: entra?.loginUrl,
    provisioningTenants: entraTokensFrom,
  })
  const auth = provisioningAuth(store, { staticToken, tokens: signIn.tokens, now })
  const sessions = sessionDesk(store, now)
  const mails = mailsOf(store, { smtpUrl: options.smtpUrl, publicUrl, now, log })
  finished(() => mails.stop())
  const { encryptionKeys = [] } = options
  const webhooks = webhooksOf(store, { encryptionKeys, now, log })
  finished(() => webhooks.stop())
  const recorder = startRecorder({
    store,
    log,
    now,
    mountedAt: SCIM_PATH,
    days: options.provisioningLogDays ?? 0,
  })
  finished(() => recorder.stop())
  const closing = new AbortController()
  const app = createApp({
    store,
    auth,
    recorder,
    sessions,
    ...signIn,
    log,
    now,
    newId,
    publicUrl,
    localUsers,
    connections,
    runner,
    mails,
    webhooks,
    closing: closing.signal,
  })

  const clientWith = (authorization: string | undefined) =>
    scimClient((path, init) => app.request(path, init), authorization)

  async function clientOf(name: string): Promise<ScimClient> {
    const organisation = await store.organisations.find(name)
    if (!organisation) throw new Error(`There is no organisation ${name}.`)
    const secret = newTokenSecret()
    await store
      .for({ organisation: organisation.id, localUsers: 'visible' })
      .tokens.create({ name, hash: hashSecret(secret), expires: undefined }, cause)
    return clientWith(`Bearer ${secret}`)
  }

  return {
    store,
    database,
    fetch: (request, socket) => app.fetch(request, socket),
    routes: app.routes,
    auth,
    recorder,
    sessions,
    mails,
    webhooks,
    directory: store.for({ organisation: 'default', localUsers: 'visible' }),
    closing,
    clock,
    scim: await clientOf('default'),
    clientWith,
    clientOf,
    logged,
  }
}
