import { type Authority, startAuthority } from './authority/authority.ts'

/** The tenant of the demo and its app registration. */
const TENANT = '1b4e28ba-2fa1-4d2e-883f-0016d3cca427'
const CLIENT = '6731de76-14a6-49ae-97bc-6eba6914391e'

/** Starts a stand-in for the sign-in side of Entra, where nobody has an account yet, for an Entrance at `origin`. */
export function startDemoAuthority(origin: string, clientSecret: string): Promise<Authority> {
  return startAuthority({
    tenantId: TENANT,
    clientId: CLIENT,
    clientSecret,
    redirectUris: [`${origin}/auth/entra/callback`],
    postLogoutRedirectUris: [`${origin}/auth/signed-out`],
    frontChannelLogoutUri: `${origin}/auth/entra/sign-out`,
    people: [],
  })
}

/** The settings with which Entrance signs people in there. */
export function signInSettings(authority: Authority): Record<string, string> {
  return {
    ENTRA_TENANT_ID: authority.tenantId,
    ENTRA_CLIENT_ID: authority.clientId,
    ENTRA_CLIENT_SECRET: authority.clientSecret,
    ENTRA_LOGIN_URL: authority.origin,
  }
}
