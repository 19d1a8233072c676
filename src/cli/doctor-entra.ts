import type { Config } from '../config.ts'
import type { Store } from '../directory/store.ts'
import { bad, good, notable, type Finding } from './finding.ts'
import { plain } from './terminal.ts'

const PATIENCE = 5_000

/** What came of reading the keys of a tenant: whether Entra can be reached, and knows the tenant. */
async function readKeys(loginUrl: string, tenantId: string): Promise<string | undefined> {
  const address = `${loginUrl}/${tenantId}/discovery/v2.0/keys`
  try {
    const { status } = await fetch(address, {
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    })
    if (status === 200) return undefined
    return `${address} answers ${status}. Check ENTRA_TENANT_ID.`
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error
    const reason = cause instanceof Error ? cause.message : String(cause)
    return `${loginUrl} cannot be reached (${reason}). Let this machine through the firewall, or check ENTRA_LOGIN_URL.`
  }
}

/** Looks at what signing in with Entra needs, as far as it shows without anybody signing in. */
export async function checkEntra(store: Store, { entra, publicUrl }: Config): Promise<Finding[]> {
  if (!entra) return [notable('Nobody can sign in with Microsoft Entra ID: see docs/sign-in.md.')]
  const organisation = await store.organisations.ofTenant(entra.tenantId)
  const problem = await readKeys(entra.loginUrl, entra.tenantId)
  return [
    organisation
      ? good(
          `People of the organisation "${plain(organisation.name)}" sign in with the tenant ${entra.tenantId}; the redirect URI to register is ${publicUrl}/auth/entra/callback.`,
        )
      : notable(
          `The tenant ${entra.tenantId} belongs to no organisation yet; the next start gives it to the first.`,
        ),
    problem === undefined ? good('The keys of Entra can be read.') : bad(problem),
  ]
}
