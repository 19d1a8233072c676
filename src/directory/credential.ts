import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'

/** A certificate that an app registration knows, and the private key for it. */
export interface Certificate {
  /** SHA-256 of the certificate, in hex. */
  readonly thumbprint: string
  /** PKCS #8, in PEM. */
  readonly privateKey: string
  /** Between when it is valid. ISO-8601, UTC. */
  readonly begins: string
  readonly expires: string
}

/** How the application proves to Entra who it is. */
export type EntraCredential =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'certificate'; readonly certificate: Certificate }
  /** A token of another issuer, which the platform writes into a file and renews (workload identity federation). */
  | { readonly kind: 'federated'; readonly file: string }

export type CredentialKind = EntraCredential['kind']

/** The least that Entra takes. */
const LEAST_BITS = 2_048
const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g
const PRIVATE_KEY = /-----BEGIN ((?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----[\s\S]*?-----END \1-----/

export type ReadCertificate =
  | { readonly ok: true; readonly certificate: Certificate }
  /** What is wrong, as a sentence; nothing of the text is in it. */
  | { readonly ok: false; readonly problem: string }

function keyIn(pem: string): KeyObject | string {
  const [block, kind = ''] = PRIVATE_KEY.exec(pem) ?? []
  if (block === undefined) return 'There is no private key in PEM form in it.'
  if (kind.startsWith('ENCRYPTED') || block.includes('ENCRYPTED')) {
    return 'The private key has a passphrase. Take it off first: openssl pkey -in key.pem -out open.pem'
  }
  try {
    return createPrivateKey(block)
  } catch {
    return 'The private key cannot be read.'
  }
}

function certificatesIn(pem: string): X509Certificate[] | string {
  const blocks = pem.match(CERTIFICATES) ?? []
  if (blocks.length === 0) return 'There is no certificate in PEM form in it.'
  try {
    return blocks.map((block) => new X509Certificate(block))
  } catch {
    return 'The certificate cannot be read.'
  }
}

/** A certificate with its private key, both in PEM, in any order; others of the chain may be among them. */
export function readCertificate(pem: string): ReadCertificate {
  const refuse = (problem: string) => ({ ok: false, problem }) as const
  const certificates = certificatesIn(pem)
  if (typeof certificates === 'string') return refuse(certificates)
  const key = keyIn(pem)
  if (typeof key === 'string') return refuse(key)
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa' || bits < LEAST_BITS) {
    return refuse(`Entra takes RSA keys of at least ${LEAST_BITS} bits.`)
  }
  const certificate = certificates.find((each) => each.checkPrivateKey(key))
  if (!certificate) return refuse('The private key is not that of the certificate.')
  return {
    ok: true,
    certificate: {
      thumbprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
      privateKey: key.export({ type: 'pkcs8', format: 'pem' }) as string,
      begins: certificate.validFromDate.toISOString(),
      expires: certificate.validToDate.toISOString(),
    },
  }
}
