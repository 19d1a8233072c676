import { z } from 'zod'
import { daysUntil, type NewConnection } from '../directory/connection.ts'
import { readCertificate } from '../directory/credential.ts'
import { EntraFailure, type EntraCheck, type EntraDirectory } from '../directory/entra-directory.ts'
import { SealError } from '../directory/sealing.ts'
import type { StoredConnection } from '../directory/settings.ts'
import { badBody } from './input.ts'
import { Problem, type ProblemCode } from './problems.ts'
import { route, type Caller, type Route } from './route.ts'
import { connection, trial } from './schemas.ts'

/** What can come of asking Entra. */
export const entraProblems: readonly ProblemCode[] = [
  'notConnected',
  'entraCredentials',
  'entraForbidden',
  'entraUnavailable',
]

/** The people of the tenant that the organisation is connected to. Throws `notConnected`. */
export async function requireConnection({
  connections,
  organisation,
}: Caller): Promise<EntraDirectory> {
  const connected = await connections.of(organisation)
  if (connected) return connected
  throw new Problem(
    'notConnected',
    'The server does not read this organisation from Microsoft Entra ID. Register an app for it at Entra and enter it here, or give it to the server in its environment.',
  )
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** Far more than a certificate with its chain and the longest key take. */
const LONGEST_PEM = 40_000

const guid = (what: string) =>
  z
    .string()
    .trim()
    .regex(GUID, `Is no GUID; it is on the overview page of the app registration, as ${what}.`)
    .toLowerCase()

const secret = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{8,500}$/, 'Is no value of a client secret.')
  .refine(
    (value) => !GUID.test(value),
    'Is the ID of a secret. Its value is needed, which Entra shows once, when the secret is made.',
  )

const credential = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('secret'), secret }),
  z.strictObject({
    kind: z.literal('certificate'),
    pem: z
      .string()
      .max(LONGEST_PEM)
      .meta({ description: 'The certificate and its private key without a passphrase, in PEM.' }),
  }),
])

const entered = z.strictObject({
  tenantId: guid('“Directory (tenant) ID”'),
  clientId: guid('“Application (client) ID”'),
  cloud: z.enum(['global', 'us', 'china']).default('global'),
  credential: credential.exactOptional().meta({
    description:
      'Can be left out where the stored one stays: for the same tenant, application and cloud.',
  }),
  expires: z
    .union([z.iso.date(), z.iso.datetime()])
    .exactOptional()
    .meta({ description: 'When a secret expires, where the server may not read it at Entra.' }),
  moveLinks: z.boolean().default(false).meta({
    description:
      'Whether the links of users move, who are linked to accounts of another tenant until now.',
  }),
})

type Entered = z.output<typeof entered>

const expiring = (expires: string | undefined, now: Date) =>
  expires === undefined ? {} : { expires, expiresInDays: daysUntil(expires, now) }

/** What works of a connection; that the credential cannot be opened is a check that fails. */
async function checksOf({ connections, organisation }: Caller): Promise<readonly EntraCheck[]> {
  try {
    const entra = await connections.of(organisation)
    return entra ? await entra.check() : []
  } catch (error) {
    if (!(error instanceof EntraFailure)) throw error
    return [{ what: 'credential', purpose: 'ask Entra', ok: false, problem: error.message }]
  }
}

async function shown(caller: Caller) {
  const { connections, organisation, now } = caller
  const { storable } = connections
  const known = await connections.known(organisation)
  if (!known) return { configured: false, storable }
  const { expires: entered, ...told } = known
  const checks = await checksOf(caller)
  const expires = checks.find((each) => each.expires !== undefined)?.expires ?? entered
  return { configured: true, storable, ...told, ...expiring(expires, now()), checks }
}

/** Refuses a certificate that Entra would not take; what it says of itself is taken from it later. */
function requireCertificate({ credential, expires }: Entered, now: Date): void {
  if (credential?.kind !== 'certificate') return
  if (expires !== undefined) throw badBody(['expires'], 'A certificate says it itself.')
  const read = readCertificate(credential.pem)
  const place = ['credential', 'pem']
  if (!read.ok) throw badBody(place, read.problem)
  const { begins, expires: ends } = read.certificate
  if (Date.parse(ends) <= now.getTime()) throw badBody(place, `The certificate expired at ${ends}.`)
  if (Date.parse(begins) > now.getTime()) {
    throw badBody(place, `The certificate is not valid before ${begins}.`)
  }
}

/** A time as it is kept. */
const timeOf = ({ expires }: Entered) =>
  expires === undefined ? {} : { expires: new Date(expires).toISOString() }

/** What was entered, where it has a credential. */
function newConnection(body: Entered): NewConnection | undefined {
  const { tenantId, clientId, cloud, credential } = body
  return credential && { tenantId, clientId, cloud, credential, ...timeOf(body) }
}

/** What is stored, for a body that leaves the credential as it is. */
async function keptConnection(
  { directory }: Caller,
  { tenantId, clientId, cloud, expires }: Entered,
): Promise<StoredConnection> {
  const stored = await directory.settings.read('connection')
  const same =
    stored?.tenantId === tenantId && stored.clientId === clientId && stored.cloud === cloud
  if (!stored || !same) {
    throw badBody(['credential'], 'Is needed: none is stored for this tenant, client and cloud.')
  }
  if (expires !== undefined && stored.kind === 'certificate') {
    throw badBody(['expires'], 'A certificate says it itself.')
  }
  return stored
}

/** What cannot be sealed or opened, in words. */
function toProblem(error: unknown): unknown {
  return error instanceof SealError ? new Problem('conflict', error.message) : error
}

/** A conflict about one value of the body. */
const conflictAt = (name: keyof Entered, detail: string) =>
  new Problem('conflict', detail, { mistakes: [{ pointer: `#/${name}`, detail }] })

const taken = () => conflictAt('tenantId', 'This tenant belongs to another organisation.')

/**
 * Makes sure that a tenant may become that of the organisation: nobody has it, the environment does not say another,
 * and Entra gives a token for it, which it does only to whom the tenant has let in.
 */
async function requireTenant(
  { store, connections, organisation }: Caller,
  connection: NewConnection,
): Promise<void> {
  const { tenantId } = connection
  const owner = await store.organisations.ofTenant(tenantId)
  if (owner?.id === organisation) return
  if (owner) throw taken()
  const { environmentTenant } = connections
  const bound = environmentTenant && (await store.organisations.ofTenant(environmentTenant))
  if (bound && bound.id === organisation) {
    const detail = `ENTRA_TENANT_ID says that the tenant is ${environmentTenant}: change it there.`
    throw conflictAt('tenantId', detail)
  }
  await connections.prove(connection)
}

async function store(caller: Caller, body: Entered): Promise<void> {
  const { connections, directory, organisation, cause, now } = caller
  requireCertificate(body, now())
  if (!connections.storable) throw toProblem(new SealError('noKey'))
  const connection = newConnection(body)
  if (connection) await requireTenant(caller, connection)
  const sealed = connection
    ? connections.seal(organisation, connection)
    : { ...(await keptConnection(caller, body)), ...timeOf(body) }
  const outcome = await directory.settings.connect(sealed, body.moveLinks, cause)
  if (outcome === 'taken') throw taken()
  if (outcome === 'linked') {
    throw conflictAt(
      'moveLinks',
      'Users are linked to accounts of another tenant. Their links move to this one when “moveLinks” says so: whoever has another object id there is nobody here until linked again.',
    )
  }
}

async function attempt(caller: Caller, body: Entered) {
  const { connections, organisation, now } = caller
  requireCertificate(body, now())
  const given =
    newConnection(body) ?? connections.open(organisation, await keptConnection(caller, body))
  const { expires, ...came } = await connections.attempt(given)
  return { ok: came.checks.every(({ ok }) => ok), ...came, ...expiring(expires, now()) }
}

export const checkConnection = route({
  method: 'GET',
  path: '/connection',
  operation: 'checkConnection',
  summary: 'How the organisation is connected to Entra, and what works',
  status: 200,
  answer: connection,
  handle: shown,
})

export const storeConnection = route({
  method: 'POST',
  path: '/connection',
  operation: 'storeConnection',
  summary: 'Stores the app registration that the tenant is read with',
  body: entered,
  status: 200,
  answer: connection,
  problems: ['conflict', 'entraCredentials', 'entraUnavailable'],
  async handle(caller, { body }) {
    await store(caller, body)
    return shown(caller)
  },
})

export const tryConnection = route({
  method: 'POST',
  path: '/connection/test',
  operation: 'tryConnection',
  summary: 'Tries an app registration without storing it',
  body: entered,
  status: 200,
  answer: trial,
  problems: ['conflict'],
  async handle(caller, { body }) {
    try {
      return await attempt(caller, body)
    } catch (error) {
      throw toProblem(error)
    }
  },
})

export const removeConnection = route({
  method: 'POST',
  path: '/connection/remove',
  operation: 'removeConnection',
  summary: 'Forgets the app registration that was stored; what the environment says holds again',
  status: 200,
  answer: connection,
  async handle(caller) {
    await caller.directory.settings.change('connection', undefined, caller.cause)
    return shown(caller)
  },
})

/** How the organisation is connected to Entra, and whether that works. */
export const connectionRoutes: readonly Route[] = [
  checkConnection,
  storeConnection,
  tryConnection,
  removeConnection,
]

/** Whether Entra has no such thing. */
export function isNotAtEntra(error: unknown): boolean {
  return error instanceof EntraFailure && error.code === 'notFound'
}
