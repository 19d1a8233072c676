import { AuthError, ConfidentialClientApplication } from '@azure/msal-node'
import { EntraFailure } from '../directory/entra-directory.ts'
import { msalConfiguration, numberOf, type AppRegistration } from './app.ts'

/** What an administrator can do about an error of the token endpoint, by Entra's number. */
const remedies = new Map<number, string>([
  [
    7000215,
    'The client secret is wrong: set ENTRA_CLIENT_SECRET to its value, not to the secret ID.',
  ],
  [7000222, 'The client secret has expired: make a new one and set ENTRA_CLIENT_SECRET.'],
  [700016, 'The tenant does not know the application: check ENTRA_CLIENT_ID and ENTRA_TENANT_ID.'],
  [90002, 'There is no such tenant: check ENTRA_TENANT_ID.'],
  [7000112, 'The application is disabled in the tenant.'],
])

function failureOf(error: unknown): EntraFailure {
  if (!(error instanceof AuthError)) {
    return new EntraFailure('unavailable', 'Entra cannot be reached.', { cause: error })
  }
  const number = numberOf(error)
  const remedy = number === undefined ? undefined : remedies.get(number)
  const name = number === undefined ? error.errorCode : `AADSTS${number}`
  if (remedy !== undefined) {
    return new EntraFailure('credentials', `${remedy} (${name})`, { cause: error })
  }
  const refused = /^(invalid_client|unauthorized_client|invalid_request)$/.test(error.errorCode)
  return refused
    ? new EntraFailure('credentials', `Entra gives no token: ${name}.`, { cause: error })
    : new EntraFailure('unavailable', `Entra cannot be reached (${name}).`, { cause: error })
}

/** Gets tokens for Microsoft Graph in the name of the application; MSAL keeps one until shortly before it expires. */
export function appToken(registration: AppRegistration, graphUrl: string): () => Promise<string> {
  const msal = new ConfidentialClientApplication(msalConfiguration(registration))
  const scopes = [`${graphUrl}/.default`]
  return async () => {
    try {
      const result = await msal.acquireTokenByClientCredential({ scopes })
      if (result) return result.accessToken
    } catch (error) {
      throw failureOf(error)
    }
    throw new EntraFailure('credentials', 'Entra gave no token.')
  }
}
