import { pathsOf, type State } from './state.ts'

const COMMON = {
  response_modes_supported: ['query', 'fragment', 'form_post'],
  subject_types_supported: ['pairwise'],
  id_token_signing_alg_values_supported: ['RS256'],
  token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
  http_logout_supported: true,
  frontchannel_logout_supported: true,
}

const CLAIMS =
  'sub iss aud exp iat nonce preferred_username name tid ver email oid roles sid uti login_hint'

/** What the authority says of itself: version 2.0, and 1.0 for the tokens that Entra's own services send. */
export function metadata(state: State): { readonly v1: object; readonly v2: object } {
  const { origin, tenantId, issuer } = state
  const paths = pathsOf(state)
  const endpoints = {
    authorization_endpoint: `${origin}${paths.authorize}`,
    token_endpoint: `${origin}${paths.token}`,
    end_session_endpoint: `${origin}${paths.logout}`,
  }
  return {
    v1: {
      ...endpoints,
      ...COMMON,
      issuer: `https://sts.windows.net/${tenantId}/`,
      jwks_uri: `${origin}${paths.keysV1}`,
    },
    v2: {
      ...endpoints,
      ...COMMON,
      issuer,
      jwks_uri: `${origin}${paths.keys}`,
      response_types_supported: ['code'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      claims_supported: CLAIMS.split(' '),
      request_uri_parameter_supported: false,
      tenant_region_scope: 'EU',
      cloud_instance_name: 'microsoftonline.com',
    },
  }
}
