import type {
  EntraConnections,
  KnownConnection,
  NewConnection,
  Registration,
  Trial,
} from '../directory/connection.ts'
import { readCertificate, type EntraCredential } from '../directory/credential.ts'
import type { EntraApp } from '../directory/entra.ts'
import { EntraFailure, type EntraDirectory } from '../directory/entra-directory.ts'
import { DEFAULT_ORGANISATION } from '../directory/organisation.ts'
import { SealError, type Sealing } from '../directory/sealing.ts'
import type { Cloud, StoredConnection } from '../directory/settings.ts'
import type { Store } from '../directory/store.ts'

/** What answers for an app registration. */
interface Reach {
  readonly directory: EntraDirectory
  /** Throws EntraFailure. */
  readonly token: () => Promise<string>
}

export interface ConnectionsDeps {
  readonly store: Store
  readonly sealing: Sealing
  readonly environment: Registration | undefined
  readonly clouds: Readonly<Record<Cloud, Pick<Registration, 'loginUrl' | 'graphUrl'>>>
  /** Another way to Entra than through Microsoft's libraries. */
  readonly reach?: (registration: Registration) => Promise<Reach>
}

/** What speaks with Microsoft is loaded only where there is an app registration. */
async function reachMicrosoft(registration: Registration): Promise<Reach> {
  const { appToken } = await import('./app-token.ts')
  const { entraDirectory } = await import('./graph.ts')
  const { graphUrl } = registration
  return {
    directory: entraDirectory(registration, graphUrl),
    token: appToken(registration, graphUrl),
  }
}

/** What a credential is sealed for: it opens for no other organisation, application or cloud. */
function placeOf(
  organisation: string,
  { tenantId, clientId, cloud }: Pick<StoredConnection, 'tenantId' | 'clientId' | 'cloud'>,
  kind: StoredConnection['kind'],
): readonly string[] {
  return [organisation, 'connection', tenantId, clientId, cloud, kind]
}

function credentialOf({ credential }: NewConnection): EntraCredential {
  if (credential.kind === 'secret') return credential
  const read = readCertificate(credential.pem)
  if (read.ok) return { kind: 'certificate', certificate: read.certificate }
  throw new EntraFailure('credentials', read.problem)
}

/** When a credential expires, where it says so itself. */
function expiryOf(credential: EntraCredential): { readonly expires?: string } {
  return credential.kind === 'certificate' ? { expires: credential.certificate.expires } : {}
}

/** Makes a value once for an organisation, and anew when what is stored has changed, whichever server changed it. */
function cached<T>(make: (organisation: string, stored: StoredConnection) => Promise<T>) {
  const known = new Map<string, { readonly text: string; readonly value: T }>()
  return async (organisation: string, stored: StoredConnection | undefined) => {
    const text = stored && JSON.stringify(stored)
    const found = known.get(organisation)
    if (found && found.text === text) return found.value
    known.delete(organisation)
    if (!stored || text === undefined) return undefined
    const value = await make(organisation, stored)
    known.set(organisation, { text, value })
    return value
  }
}

export function entraConnections(deps: ConnectionsDeps): EntraConnections {
  const { store, sealing, environment, clouds, reach = reachMicrosoft } = deps
  let fromEnvironment: Promise<Reach> | undefined
  let appOfEnvironment: EntraApp | undefined

  const stored = (organisation: string) =>
    store.for({ organisation, localUsers: 'visible' }).settings.read('connection')

  async function owns(organisation: string, tenantId: string): Promise<boolean> {
    return (await store.organisations.ofTenant(tenantId))?.id === organisation
  }

  function open(organisation: string, connection: StoredConnection): NewConnection {
    const { tenantId, clientId, cloud, kind, expires } = connection
    const text = sealing.open(connection.sealed, placeOf(organisation, connection, kind))
    const credential = kind === 'secret' ? { kind, secret: text } : { kind, pem: text }
    return {
      tenantId,
      clientId,
      cloud,
      credential,
      ...(expires === undefined ? {} : { expires }),
    }
  }

  function registrationOf(connection: NewConnection): Registration {
    const { tenantId, clientId, cloud } = connection
    return { tenantId, clientId, credential: credentialOf(connection), ...clouds[cloud] }
  }

  const directoryOf = cached(async (organisation, connection) => {
    const { directory } = await reach(registrationOf(open(organisation, connection)))
    return directory
  })

  const appOf = cached(async (organisation, connection): Promise<EntraApp> => {
    const { entraApp } = await import('./app.ts')
    const { tenantId, clientId, cloud } = connection
    const { loginUrl } = clouds[cloud]
    return entraApp({ tenantId, clientId, loginUrl }, () =>
      credentialOf(open(organisation, connection)),
    )
  })

  async function directoryStored(
    organisation: string,
    connection: StoredConnection | undefined,
  ): Promise<EntraDirectory | undefined> {
    try {
      return await directoryOf(organisation, connection)
    } catch (error) {
      if (!(error instanceof SealError)) throw error
      throw new EntraFailure('credentials', error.message, { cause: error })
    }
  }

  async function of(organisation: string): Promise<EntraDirectory | undefined> {
    const connection = await stored(organisation)
    const found = await directoryStored(organisation, connection)
    if (connection && !(await owns(organisation, connection.tenantId))) {
      // Object ids of one tenant would become links to another.
      throw new EntraFailure(
        'credentials',
        `The stored app registration is one of the tenant ${connection.tenantId}, which is not that of the organisation any more: enter one of its tenant.`,
      )
    }
    if (found || !environment || !(await owns(organisation, environment.tenantId))) return found
    fromEnvironment ??= reach(environment)
    return (await fromEnvironment).directory
  }

  async function known(organisation: string): Promise<KnownConnection | undefined> {
    const connection = await stored(organisation)
    if (connection) {
      const { sealed: _, kind, ...shown } = connection
      return { from: 'stored', credential: kind, ...shown }
    }
    if (!environment || !(await owns(organisation, environment.tenantId))) return undefined
    const { tenantId, clientId, credential, loginUrl } = environment
    const names = Object.keys(clouds) as Cloud[]
    return {
      from: 'environment',
      tenantId,
      clientId,
      cloud: names.find((name) => clouds[name].loginUrl === loginUrl) ?? 'global',
      credential: credential.kind,
      ...expiryOf(credential),
    }
  }

  async function attempt(connection: NewConnection): Promise<Trial> {
    const registration = registrationOf(connection)
    const { directory } = await reach(registration)
    const checks = await directory.check()
    // Without a token nothing else can be right.
    const refused = checks.find(({ what, ok }) => what === 'token' && !ok)
    if (refused) return { checks: [refused] }
    const people = await directory.searchUsers('').catch(() => undefined)
    const sample = people?.items[0]?.displayName
    const told = checks.find((check) => check.expires !== undefined)?.expires
    const { expires = told ?? connection.expires } = expiryOf(registration.credential)
    return {
      checks,
      ...(sample === undefined ? {} : { sample }),
      ...(expires === undefined ? {} : { expires }),
    }
  }

  return {
    storable: sealing.ready,
    environmentTenant: environment?.tenantId,
    of,
    known,
    open,
    attempt,

    seal(organisation, connection) {
      const { tenantId, clientId, cloud, credential } = connection
      const text = credential.kind === 'secret' ? credential.secret : credential.pem
      const { expires = connection.expires } = expiryOf(credentialOf(connection))
      return {
        tenantId,
        clientId,
        cloud,
        kind: credential.kind,
        sealed: sealing.seal(text, placeOf(organisation, connection, credential.kind)),
        ...(expires === undefined ? {} : { expires }),
      }
    },

    async renew(organisation, cause) {
      const connection = await stored(organisation)
      if (!connection || !sealing.ready || sealing.isNewest(connection.sealed)) return
      const place = placeOf(organisation, connection, connection.kind)
      const sealed = sealing.seal(sealing.open(connection.sealed, place), place)
      const { settings } = store.for({ organisation, localUsers: 'visible' })
      await settings.reseal(connection, sealed, cause)
    },

    async prove(connection) {
      const { token } = await reach(registrationOf(connection))
      await token()
    },

    async signIn() {
      if (!environment) return appOf(DEFAULT_ORGANISATION, await stored(DEFAULT_ORGANISATION))
      const { entraApp } = await import('./app.ts')
      appOfEnvironment ??= entraApp(environment, () => environment.credential)
      return appOfEnvironment
    },
  }
}
