import { createHash } from 'node:crypto'
import { momentOf, uuidOf } from './derive.ts'
import type { Filtering, Kind, Property } from './kind.ts'

/** A client secret as an app registration lists it: by how it begins, never whole. */
export interface Secret {
  /** The first three characters. */
  readonly hint: string
  /** ISO-8601. */
  readonly endDateTime: string
}

/** A certificate of an app registration. */
export interface Certificate {
  /** Hexadecimal. */
  readonly thumbprint: string
  readonly endDateTime: string
}

/** The app registration, which is another object than the enterprise application. */
export interface Application {
  readonly id: string
  readonly appId: string
  readonly displayName: string
  readonly secrets: readonly Secret[]
  readonly certificates: readonly Certificate[]
}

const EXACT: Filtering = { eq: 'always' }

function passwordCredentials({ secrets }: Application) {
  return secrets.map(({ hint, endDateTime }, index) => ({
    customKeyIdentifier: null,
    displayName: `Secret ${index + 1}`,
    endDateTime,
    hint,
    keyId: uuidOf(`secret ${index} ${hint}`),
    secretText: null,
    startDateTime: momentOf(hint, 2023),
  }))
}

function keyCredentials({ certificates }: Application) {
  return certificates.map(({ thumbprint, endDateTime }) => ({
    customKeyIdentifier: Buffer.from(thumbprint, 'hex').toString('base64'),
    displayName: 'CN=entrance',
    endDateTime,
    key: createHash('sha256').update(thumbprint).digest('base64'),
    keyId: uuidOf(`certificate ${thumbprint}`),
    startDateTime: momentOf(thumbprint, 2023),
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
  }))
}

const properties: Readonly<Record<string, Property<Application>>> = {
  id: { type: 'text', of: ({ id }) => id, filter: EXACT },
  deletedDateTime: { type: 'date', of: () => null },
  appId: { type: 'text', of: ({ appId }) => appId, filter: EXACT },
  createdDateTime: { type: 'date', of: ({ id }) => momentOf(id, 2020) },
  displayName: {
    type: 'text',
    of: ({ displayName }) => displayName,
    filter: { eq: 'always', startsWith: 'always' },
    sort: 'advanced',
    words: true,
  },
  passwordCredentials: { type: 'other', of: passwordCredentials },
  keyCredentials: { type: 'other', of: keyCredentials },
  signInAudience: { type: 'text', of: () => 'AzureADMyOrg', filter: EXACT },
}

/** An app registration as Graph shows it. */
export const applicationKind: Kind<Application> = {
  name: 'application',
  idOf: ({ id }) => id,
  properties: new Map(Object.entries(properties)),
  byDefault: Object.keys(properties),
  elsewhere: new Set(),
}
