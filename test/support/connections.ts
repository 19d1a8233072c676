import { CLOUDS } from '../../src/config-entra.ts'
import type { EntraConnections } from '../../src/directory/connection.ts'
import type { EntraDirectory } from '../../src/directory/entra-directory.ts'
import { sealing } from '../../src/directory/sealing.ts'
import type { Store } from '../../src/directory/store.ts'
import type { AppRegistration } from '../../src/entra/app.ts'
import { entraConnections, type ConnectionsDeps } from '../../src/entra/connections.ts'

/** What people sign in through, where nothing but people of Entra in memory is given. */
const nobodys = {
  clientId: '00000000-0000-4000-8000-000000000000',
  credential: { kind: 'secret', secret: 'a secret of nobody' },
  loginUrl: 'https://login.microsoftonline.com',
} as const

/**
 * How organisations are connected: through an app registration of the environment, with the people of a directory
 * in place of those that Graph would tell, and through what administrators store.
 */
export function connectionsOf(
  store: Store,
  options: {
    readonly entra?: AppRegistration
    /** Where Graph is; at the same place as Entra unless told. */
    readonly graphUrl?: string
    readonly entraDirectory?: EntraDirectory
    readonly encryptionKeys?: readonly Buffer[]
    /** Where the clouds are; those of Microsoft unless told. */
    readonly clouds?: ConnectionsDeps['clouds']
  } = {},
): EntraConnections {
  const { entra, entraDirectory, encryptionKeys = [], clouds = CLOUDS } = options
  const given = options.graphUrl === undefined ? {} : { graphUrl: options.graphUrl }
  const registration = entra ?? (entraDirectory && { ...nobodys, ...tenantOf(entraDirectory) })
  return entraConnections({
    store,
    sealing: sealing(encryptionKeys),
    environment: registration && { graphUrl: registration.loginUrl, ...given, ...registration },
    clouds,
    ...(entraDirectory
      ? { reach: async () => ({ directory: entraDirectory, token: async () => 'a token' }) }
      : {}),
  })
}

const tenantOf = ({ tenantId }: EntraDirectory) => ({ tenantId })
