import { z } from 'zod'
import { EntraFailure, type EntraCheck } from '../directory/entra-directory.ts'
import type { GraphClient, GraphTokens } from './graph-client.ts'
import { literal, query } from './graph-query.ts'

const application = z.object({
  passwordCredentials: z.array(
    z.object({ hint: z.string().nullish(), endDateTime: z.iso.datetime().nullish() }),
  ),
})

/** What the server is at Entra. */
export interface Application {
  readonly clientId: string
  /** Its client secret; undefined where it has something else to show. */
  readonly secret: string | undefined
}

/**
 * When the client secret expires, ISO-8601. Graph knows of each secret how it begins; of those that begin alike, the one
 * that is good for the shortest time is taken. Undefined where the application may not be read, or is not of this tenant.
 */
export async function readExpiry(
  client: GraphClient,
  { clientId, secret }: Application,
): Promise<string | undefined> {
  if (secret === undefined) return undefined
  const path = `/applications(appId='${encodeURIComponent(clientId)}')?${query({ $select: 'passwordCredentials' })}`
  try {
    const { passwordCredentials } = application.parse(await client.get(path))
    const ends = passwordCredentials
      .filter(({ hint }) => hint && secret.startsWith(hint))
      .flatMap(({ endDateTime }) => (endDateTime ? [new Date(endDateTime).toISOString()] : []))
      .sort()
    const now = new Date().toISOString()
    return ends.find((end) => end > now) ?? ends.at(-1)
  } catch (error) {
    const unknown = error instanceof EntraFailure && /^(forbidden|notFound)$/.test(error.code)
    if (unknown) return undefined
    throw error
  }
}

function problemOf(error: unknown): string {
  return error instanceof EntraFailure ? error.message : 'Microsoft Graph cannot be asked.'
}

/** What the connection needs, and whether it has it. Never throws. */
export async function runChecks(
  client: GraphClient,
  tokens: GraphTokens,
  registered: Application,
): Promise<EntraCheck[]> {
  async function token(): Promise<EntraCheck> {
    const about = { what: 'token', purpose: 'ask Microsoft Graph in the name of the application' }
    try {
      await tokens.get()
    } catch (error) {
      return { ...about, ok: false, problem: problemOf(error) }
    }
    const expires = await readExpiry(client, registered).catch(() => undefined)
    return { ...about, ok: true, ...(expires === undefined ? {} : { expires }) }
  }

  async function permission(what: string, purpose: string, path: string): Promise<EntraCheck> {
    try {
      await client.get(path)
      return { what, purpose, ok: true }
    } catch (error) {
      const missing = error instanceof EntraFailure && error.code === 'forbidden'
      const problem = missing
        ? `Add the application permission ${what} of Microsoft Graph under “API permissions” of the app registration, and grant admin consent.`
        : problemOf(error)
      return { what, purpose, ok: false, problem }
    }
  }

  const principal = { $filter: `appId eq ${literal(registered.clientId)}`, $select: 'id,appRoles' }
  return [
    await token(),
    await permission(
      'User.Read.All',
      'find people, import and sync them',
      `/users?${query({ $top: 1, $select: 'id,accountEnabled' })}`,
    ),
    await permission(
      'GroupMember.Read.All',
      'find groups and import their members',
      `/groups?${query({ $top: 1, $select: 'id' })}`,
    ),
    await permission(
      'Application.Read.All',
      'read the app roles and who has them',
      `/servicePrincipals?${query(principal)}`,
    ),
  ]
}
