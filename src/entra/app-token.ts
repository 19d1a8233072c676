import { AuthError, ConfidentialClientApplication } from '@azure/msal-node'
import { EntraFailure } from '../directory/entra-directory.ts'
import { msalConfiguration, numberOf, type AppRegistration } from './app.ts'

const unknownTenant =
  'There is no such tenant: check the directory (tenant) ID, and the cloud that it is in.'
const unknownPlatform =
  'No federated credential of the application goes with the token of the platform: compare issuer, subject and audience, in the same letter case.'
const unknownCertificate =
  'The application does not know the certificate: upload it at Entra under “Certificates & secrets”.'

/** What an administrator can do about an error of the token endpoint, by Entra's number. */
const remedies = new Map<number, string>([
  [7000215, 'The client secret is wrong: it takes the value of the secret, not the secret ID.'],
  [7000222, 'The client secret has expired: make a new one at Entra, and enter it here.'],
  [
    700016,
    'The tenant does not know the application: check the application (client) ID and the directory (tenant) ID.',
  ],
  [90002, unknownTenant],
  [90038, unknownTenant],
  [900382, unknownTenant],
  [7000112, 'The application is disabled in the tenant.'],
  [700027, unknownCertificate],
  [
    700024,
    'The proof of the application is too old or not valid yet: look at the clock of the server.',
  ],
  [1000502, 'The certificate has expired or is not valid yet.'],
  [70021, unknownPlatform],
  [700211, unknownPlatform],
  [700212, unknownPlatform],
  [700213, unknownPlatform],
  [7002138, unknownPlatform],
])

function failureOf(error: unknown): EntraFailure {
  if (error instanceof EntraFailure) return error
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
      // An answer that is none of Entra's may have no token in it.
      if (result?.accessToken) return result.accessToken
    } catch (error) {
      throw failureOf(error)
    }
    throw new EntraFailure('credentials', 'Entra gave no token.')
  }
}
