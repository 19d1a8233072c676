import { type Authority, startAuthority } from './authority/authority.ts'

/** The tenant of the demo and its app registration. */
export const DEMO_TENANT = '1b4e28ba-2fa1-4d2e-883f-0016d3cca427'
export const DEMO_CLIENT = '6731de76-14a6-49ae-97bc-6eba6914391e'

/**
 * Starts a stand-in for the sign-in side of Entra, where nobody has an account yet, for an Entrance at `origin` that
 * reads people at `graphOrigin`.
 */
export function startDemoAuthority(
  origin: string,
  clientSecret: string,
  graphOrigin?: string,
): Promise<Authority> {
  return startAuthority({
    tenantId: DEMO_TENANT,
    clientId: DEMO_CLIENT,
    clientSecret,
    redirectUris: [`${origin}/auth/entra/callback`],
    postLogoutRedirectUris: [`${origin}/auth/signed-out`],
    frontChannelLogoutUri: `${origin}/auth/entra/sign-out`,
    people: [],
    ...(graphOrigin === undefined ? {} : { graphOrigin }),
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
