import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono, type Context } from 'hono'
import type { JWK } from 'jose'
import { fail } from './aadsts.ts'
import { appTokensOf } from './app-tokens.ts'
import { speakAsEntra } from './answers.ts'
import { failureJson } from './failure-json.ts'
import { newKeyRing } from './key-ring.ts'
import { logoutRoutes } from './logout.ts'
import { metadata } from './metadata.ts'
import type { Person } from './person.ts'
import { checkProofs, type Proofs } from './proofs.ts'
import { newProvider } from './provider.ts'
import { isSilent, signInPages } from './sign-in.ts'
import { newSignIns } from './sign-ins.ts'
import { pathsOf, type Addresses, type State } from './state.ts'

export type { Person } from './person.ts'

export interface AuthorityOptions extends Addresses {
  readonly tenantId: string
  /** The app registration. */
  readonly clientId: string
  readonly clientSecret: string
  /** How the application may prove who it is besides by its secret. */
  readonly proofs?: Partial<Proofs>
  readonly people: readonly Person[]
  /** 0: any. */
  readonly port?: number
  /** Where tokens for the application itself come from: a stand-in for Graph, such as `http://127.0.0.1:PORT`. */
  readonly graphOrigin?: string
  /** What ID tokens take for the present; the computer's clock unless told. */
  readonly now?: () => Date
}

/** A working stand-in for the sign-in side of Microsoft Entra ID. */
export interface Authority {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  /** May be changed between requests. */
  readonly proofs: Proofs
  /** Changes where the application is found, for one whose port is not known before. */
  register(addresses: Addresses): void
  /** Replaces the person of this object id, or adds one. */
  setPerson(person: Person): void
  /** From now on tokens are signed with a new key; the old one stays published if `keepOld`. */
  rollKeys(options: { readonly keepOld: boolean }): Promise<void>
  /** While false, the key endpoint answers 503. */
  keysAvailable: boolean
  /** How often the key endpoint was asked. */
  readonly keyRequests: number
  /** What the token endpoint answers next instead of redeeming a code: an error of Entra such as 7000215. */
  failNextExchange(code: number): void
  /** What is put over the claims, and the header, of the next ID token; undefined removes a claim. */
  alterNextIdToken(
    claims: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): void
  /**
   * Signs any claims like a token of this tenant. A header may say otherwise: another `kid`, `alg` `none`, or
   * `HS256`, which takes the public key in PEM for a secret.
   */
  sign(
    claims: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>
  /** The public keys as they are published now. */
  publishedKeys(): readonly JWK[]
  /** Stops it; resolves when the port is free. */
  close(): Promise<void>
}

type Env = { readonly Bindings: HttpBindings }

async function listen(port: number): Promise<{ readonly server: Server; readonly origin: string }> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('No port was given.')
  return { server, origin: `http://127.0.0.1:${address.port}` }
}

/** What Entra says to whoever asks for a tenant that does not exist. */
function noSuchTenant(c: Context): Response {
  const { status, body } = failureJson(fail(90002, 'exchange'))
  return c.json(body, status)
}

export async function startAuthority(options: AuthorityOptions): Promise<Authority> {
  const { tenantId, clientId, clientSecret, people, port = 0, now = () => new Date() } = options
  const { server, origin } = await listen(port)
  const issuer = `${origin}/${tenantId}/v2.0`
  const keys = await newKeyRing(issuer)
  const state: State = {
    origin,
    tenantId,
    clientId,
    clientSecret,
    issuer,
    people: new Map(people.map((person) => [person.objectId, person])),
    signIns: newSignIns(),
    consents: new Set(),
    keys,
    plans: { failure: undefined, claims: undefined, header: undefined },
    addresses: options,
    now,
  }
  const provider = await newProvider(state, (sid) => isSilent(state, sid))
  speakAsEntra(provider, state)

  let keysAvailable = true
  let keyRequests = 0
  const showKeys = (c: Context): Response => {
    keyRequests += 1
    return keysAvailable ? c.json({ keys: keys.published() }) : c.text('', 503)
  }
  const passOn = provider.callback()
  // Made after a listener has put its own Response in place of the global one, the mark would be written as an answer,
  // unless somebody has looked into it.
  void RESPONSE_ALREADY_SENT.body
  const toProvider = async (c: Context<Env>): Promise<Response> => {
    await passOn(c.env.incoming, c.env.outgoing)
    return RESPONSE_ALREADY_SENT
  }

  const paths = pathsOf(state)
  const described = metadata(state)
  const app = new Hono<Env>()
  app.get(paths.metadata, (c) => c.json(described.v2))
  app.get(paths.metadataV1, (c) => c.json(described.v1))
  app.get(paths.keys, showKeys)
  app.get(paths.keysV1, showKeys)
  app.all(paths.authorize, toProvider)
  app.all(`${paths.authorize}/:uid`, toProvider)
  const proofs: Proofs = { certificates: [], federations: [], ...options.proofs }
  const tokenEndpoint = `${origin}${paths.token}`
  app.post(paths.token, checkProofs({ clientId, clientSecret, tokenEndpoint, proofs, now }))
  if (options.graphOrigin !== undefined) app.post(paths.token, appTokensOf(options.graphOrigin))
  app.all(paths.token, toProvider)
  app.route('/', signInPages(state, provider))
  app.route('/', logoutRoutes(state, provider))
  app.all('/:tenant/:rest{(oauth2|discovery|v2.0|.well-known)/.+}', (c) =>
    c.req.param('tenant') === tenantId ? c.notFound() : noSuchTenant(c),
  )
  const serve = getRequestListener(app.fetch)
  server.on('request', (incoming, outgoing) => void serve(incoming, outgoing))

  return {
    origin,
    tenantId,
    clientId,
    clientSecret,
    proofs,
    register: (addresses) => {
      state.addresses = addresses
    },
    setPerson: (person) => {
      state.people.set(person.objectId, person)
    },
    rollKeys: (how) => keys.roll(how),
    get keysAvailable() {
      return keysAvailable
    },
    set keysAvailable(available) {
      keysAvailable = available
    },
    get keyRequests() {
      return keyRequests
    },
    failNextExchange: (code) => {
      state.plans.failure = code
    },
    alterNextIdToken: (claims, header) => {
      state.plans.claims = claims
      state.plans.header = header
    },
    sign: (claims, header) => keys.sign(claims, header),
    publishedKeys: () => keys.published(),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
