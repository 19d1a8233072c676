import { readFileSync } from 'node:fs'
import type { Cloud } from './directory/settings.ts'
import {
  readCertificate,
  type EntraCredential,
  type ReadCertificate,
} from './directory/credential.ts'

/** Where a cloud of Microsoft signs people in, and where its Graph answers. Without a slash at the end. */
export interface CloudAddresses {
  readonly loginUrl: string
  readonly graphUrl: string
}

/** The app registration of the environment. */
export interface EntraSettings extends CloudAddresses {
  readonly tenantId: string
  readonly clientId: string
  readonly credential: EntraCredential
}

/** Microsoft's own addresses. */
export const CLOUDS: Readonly<Record<Cloud, CloudAddresses>> = {
  global: {
    loginUrl: 'https://login.microsoftonline.com',
    graphUrl: 'https://graph.microsoft.com',
  },
  us: { loginUrl: 'https://login.microsoftonline.us', graphUrl: 'https://graph.microsoft.us' },
  china: {
    loginUrl: 'https://login.partner.microsoftonline.cn',
    graphUrl: 'https://microsoftgraph.chinacloudapi.cn',
  },
}

type Environment = Readonly<Record<string, string | undefined>>

/** What the settings say of Entra, each on its own already checked. */
interface Values {
  readonly ENTRA_TENANT_ID?: string | undefined
  readonly ENTRA_CLIENT_ID?: string | undefined
  readonly ENTRA_CLIENT_SECRET?: string | undefined
  readonly ENTRA_CLIENT_CERTIFICATE?: string | undefined
  readonly ENTRA_FEDERATED_TOKEN_FILE?: string | undefined
  readonly ENTRA_LOGIN_URL: string
  readonly ENTRA_GRAPH_URL?: string | undefined
}

/** The clouds, with the addresses that the settings give one of them; those of no cloud take the place of the global one. */
export function cloudsOf(values: Values): Readonly<Record<Cloud, CloudAddresses>> {
  const { ENTRA_LOGIN_URL: loginUrl, ENTRA_GRAPH_URL } = values
  const names = Object.keys(CLOUDS) as Cloud[]
  const name = names.find((each) => CLOUDS[each].loginUrl === loginUrl) ?? 'global'
  return { ...CLOUDS, [name]: { loginUrl, graphUrl: ENTRA_GRAPH_URL ?? CLOUDS[name].graphUrl } }
}

function readPem(file: string): ReadCertificate {
  try {
    return readCertificate(readFileSync(file, 'utf8'))
  } catch {
    return { ok: false, problem: 'It cannot be read.' }
  }
}

function credentialOf(values: Values): EntraCredential | undefined {
  const { ENTRA_CLIENT_SECRET: secret, ENTRA_FEDERATED_TOKEN_FILE: tokenFile } = values
  if (secret !== undefined) return { kind: 'secret', secret }
  if (tokenFile !== undefined) return { kind: 'federated', file: tokenFile }
  const read = values.ENTRA_CLIENT_CERTIFICATE && readPem(values.ENTRA_CLIENT_CERTIFICATE)
  return read && read.ok ? { kind: 'certificate', certificate: read.certificate } : undefined
}

/** The app registration, where there is a whole one. */
export function registrationOf(values: Values): EntraSettings | undefined {
  const { ENTRA_TENANT_ID: tenantId, ENTRA_CLIENT_ID: clientId } = values
  const credential = credentialOf(values)
  if (tenantId === undefined || clientId === undefined || !credential) return undefined
  const loginUrl = values.ENTRA_LOGIN_URL
  const addresses = Object.values(cloudsOf(values)).find((each) => each.loginUrl === loginUrl)
  return addresses && { tenantId, clientId, credential, ...addresses }
}

const IDS = ['ENTRA_TENANT_ID', 'ENTRA_CLIENT_ID'] as const
const CREDENTIALS = [
  'ENTRA_CLIENT_SECRET',
  'ENTRA_CLIENT_CERTIFICATE',
  'ENTRA_FEDERATED_TOKEN_FILE',
] as const

const listed = (names: readonly string[]) =>
  [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(' and ')

/** What is wrong with the settings of an app registration together: what is missing, what is too much, and a certificate that is none. */
export function registrationProblems(
  given: Environment,
  expects: (name: (typeof IDS)[number]) => string,
): string[] {
  const proofs = CREDENTIALS.filter((name) => given[name] !== undefined)
  const ids = IDS.filter((name) => given[name] === undefined)
  if (proofs.length === 0 && ids.length === IDS.length) return []
  const none = 'or set nothing of the app registration'
  const file = given['ENTRA_CLIENT_CERTIFICATE']
  const read = file === undefined ? undefined : readPem(file)
  return [
    ...ids.map((name) => `${name} is not set; write ${expects(name)}, ${none}`),
    ...(proofs.length === 0 ? [`None of ${CREDENTIALS.join(', ')} is set; set one, ${none}`] : []),
    ...(proofs.length > 1 ? [`${listed(proofs)} are set; set one of them only`] : []),
    ...(read?.ok === false
      ? [
          `ENTRA_CLIENT_CERTIFICATE is ${JSON.stringify(file)}. ${read.problem} Write the path of a PEM file with the certificate and its private key`,
        ]
      : []),
  ]
}
