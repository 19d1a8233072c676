import { randomBytes } from 'node:crypto'
import { interactionPolicy, Provider } from 'oidc-provider'
import { renderTrouble } from './answers.ts'
import { pathsOf, type State } from './state.ts'
import { memoryStore } from './store.ts'

const SCOPES = ['openid', 'profile', 'email', 'offline_access']
const HOUR = 3_600
const DAY = 24 * HOUR

/**
 * The OpenID provider under the authority. Its account is a sign-in: the account id is the `sid`. It sees to
 * the requests, codes and secrets; what Entra says differently is put over its answers.
 */
export async function newProvider(
  state: State,
  /** Whether the person of this `sid` gets through without seeing a page. */
  isSilent: (sid: string) => boolean,
): Promise<Provider> {
  const { clientId, clientSecret } = state
  const paths = pathsOf(state)
  const { Prompt, Check } = interactionPolicy
  const cookie = { httpOnly: true, sameSite: 'lax', path: paths.base } as const

  const notSignedIn = new Check('not_signed_in', 'Nobody is signed in.', ({ oidc }) => {
    if (oidc.result?.login !== undefined) return false
    const sid = oidc.session?.accountId
    return !(oidc.prompts.has('none') && sid !== undefined && isSilent(sid))
  })

  const provider = new Provider(state.issuer, {
    adapter: memoryStore(() => ({
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: state.addresses.redirectUris,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_post',
    })),
    jwks: { keys: [await state.keys.privateJwk()] },
    routes: { authorization: paths.authorize, token: paths.token },
    cookies: { keys: [randomBytes(32).toString('base64url')], long: cookie, short: cookie },
    scopes: SCOPES,
    clientBasedCORS: () => false,
    pkce: { required: () => false },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
    },
    interactions: {
      // The pages ask for everything at once, so the prompts only have to be known.
      policy: [
        new Prompt({ name: 'login', requestable: true }, notSignedIn),
        new Prompt({ name: 'select_account', requestable: true }),
        new Prompt({ name: 'consent', requestable: true }),
      ],
      url: (_, { uid }) => `${paths.signIn}/${uid}`,
    },
    findAccount: (_, sid) => {
      if (state.signIns.find(sid) === undefined) return undefined
      return { accountId: sid, claims: () => ({ sub: sid }) }
    },
    // Consent was asked for on the page.
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        clientId,
        ...(oidc.session?.accountId === undefined ? {} : { accountId: oidc.session.accountId }),
      })
      grant.addOIDCScope(SCOPES)
      await grant.save()
      return grant
    },
    renderError: (ctx, _, error) => renderTrouble(ctx, error),
    revokeGrantPolicy: () => false,
    expiresWithSession: () => false,
    issueRefreshToken: ({ oidc }) => String(oidc.body?.['scope']).includes('offline_access'),
    ttl: {
      AccessToken: HOUR,
      AuthorizationCode: HOUR / 6,
      Grant: DAY,
      IdToken: HOUR,
      Interaction: HOUR,
      RefreshToken: DAY,
      Session: DAY,
    },
  })
  return provider
}
