import type { Config } from '../config.ts'
import { daysUntil, type EntraConnections } from '../directory/connection.ts'
import type { EntraCheck } from '../directory/entra-directory.ts'
import { sealing } from '../directory/sealing.ts'
import type { Store } from '../directory/store.ts'
import { entraConnections } from '../entra/connections.ts'
import { bad, good, notable, type Finding } from './finding.ts'
import { plain } from './terminal.ts'

const PATIENCE = 5_000
const SOON_DAYS = 30

/** What came of reading the keys of a tenant: whether Entra can be reached, and knows the tenant. */
async function readKeys(loginUrl: string, tenantId: string): Promise<string | undefined> {
  const address = `${loginUrl}/${tenantId}/discovery/v2.0/keys`
  try {
    const { status } = await fetch(address, {
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    })
    if (status === 200) return undefined
    return `${address} answers ${status}. Check the directory (tenant) ID.`
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error
    const reason = cause instanceof Error ? cause.message : String(cause)
    return `${loginUrl} cannot be reached (${reason}). Let this machine through the firewall, or check ENTRA_LOGIN_URL.`
  }
}

/** Looks at what signing in with Entra needs, as far as it shows without anybody signing in. */
async function checkSignIn(
  store: Store,
  connections: EntraConnections,
  publicUrl: string,
): Promise<Finding[]> {
  const app = await connections.signIn()
  if (!app) return [notable('Nobody can sign in with Microsoft Entra ID: see docs/sign-in.md.')]
  const { tenantId, loginUrl } = app
  const organisation = await store.organisations.ofTenant(tenantId)
  const problem = await readKeys(loginUrl, tenantId)
  return [
    organisation
      ? good(
          `People of the organisation "${plain(organisation.name)}" sign in with the tenant ${tenantId}; the redirect URI to register is ${publicUrl}/auth/entra/callback.`,
        )
      : notable(
          `The tenant ${tenantId} belongs to no organisation yet; the next start gives it to the first.`,
        ),
    problem === undefined ? good('The keys of Entra can be read.') : bad(problem),
  ]
}

function checkExpiry(name: string, expires: string | undefined, now: Date): Finding[] {
  const days = expires === undefined ? Infinity : daysUntil(expires, now)
  if (expires === undefined || days > SOON_DAYS) return []
  const day = expires.slice(0, 10)
  return days < 0
    ? [bad(`The credential of "${name}" for Entra expired on ${day}. Make another.`)]
    : [notable(`The credential of "${name}" for Entra expires on ${day}. Make another in time.`)]
}

/** What a check says of an organisation; without a token nothing else can be right, so that is told alone. */
function findingsOf(name: string, checks: readonly EntraCheck[]): Finding[] {
  const failed = checks.filter(({ ok }) => !ok)
  const [refused] = failed.filter(({ what }) => what === 'token')
  const told = refused ? [refused] : failed
  return told.length === 0
    ? [good(`The people of "${name}" can be read at Entra.`)]
    : told.map(({ what, problem }) =>
        (refused ? bad : notable)(`"${name}" at Entra, ${what}: ${problem ?? 'it does not work.'}`),
      )
}

/** Looks at how the people of an organisation are read. */
async function checkConnection(
  connections: EntraConnections,
  { id, name }: { readonly id: string; readonly name: string },
  now: Date,
): Promise<Finding[]> {
  const known = await connections.known(id)
  if (!known) return []
  const shown = plain(name)
  try {
    const checks = (await (await connections.of(id))?.check()) ?? []
    const expires = checks.find((each) => each.expires !== undefined)?.expires ?? known.expires
    return [...findingsOf(shown, checks), ...checkExpiry(shown, expires, now)]
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    return [bad(`"${shown}" at Entra: ${problem}`), ...checkExpiry(shown, known.expires, now)]
  }
}

/** Looks at the way to Entra: for those who sign in, and for what each organisation reads there. */
export async function checkEntra(store: Store, config: Config, now: Date): Promise<Finding[]> {
  const connections = entraConnections({
    store,
    sealing: sealing(config.encryptionKeys),
    environment: config.entra,
    clouds: config.clouds,
  })
  const organisations = await store.organisations.list()
  const findings = await Promise.all(
    organisations.map((each) => checkConnection(connections, each, now)),
  )
  return [...(await checkSignIn(store, connections, config.publicUrl)), ...findings.flat()]
}
