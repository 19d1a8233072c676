import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'

/** A certificate of its own, as somebody makes one for an app registration. */
export interface TestCertificate {
  /** Both in PEM, the certificate first. */
  readonly certificate: string
  readonly privateKey: string
  readonly pem: string
  readonly expires: string
}

type Bytes = readonly (Buffer | number)[]

/** A value in DER: tag, length, content (X.690 §8.1). */
function der(tag: number, ...parts: Bytes): Buffer {
  const content = Buffer.concat(
    parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : part)),
  )
  const { length } = content
  const size =
    length < 0x80
      ? [length]
      : length < 0x1_00
        ? [0x81, length]
        : [0x82, Math.floor(length / 0x1_00), length % 0x1_00]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: Bytes) => der(0x30, ...parts)

/** sha256WithRSAEncryption, and ecdsa-with-SHA256. */
const ALGORITHMS = {
  rsa: sequence(der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05)),
  ec: sequence(der(0x06, Buffer.from('2a8648ce3d040302', 'hex'))),
} as const

/** A name of one common name. */
const nameOf = (text: string) =>
  sequence(
    der(0x31, sequence(der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from(text)))),
  )

/** GeneralizedTime, in whole seconds. */
const timeOf = (time: Date) =>
  der(0x18, Buffer.from(time.toISOString().replaceAll(/[-:T]|\.\d+/g, '')))

function block(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

const pairs = new Map<string, { readonly publicKey: KeyObject; readonly privateKey: KeyObject }>()

/** A key pair; making one takes long, so that certificates of the same `key` share one. */
function pairOf(kind: 'rsa' | 'ec', key: string, bits: number) {
  const name = `${kind} ${bits} ${key}`
  const found =
    pairs.get(name) ??
    (kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: bits })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' }))
  pairs.set(name, found)
  return found
}

/** A self-signed certificate (RFC 5280 §4.1) with its private key. */
export function newCertificate(
  options: {
    readonly begins?: Date
    readonly expires?: Date
    readonly kind?: 'rsa' | 'ec'
    readonly bits?: number
    /** Certificates of another name have another key. */
    readonly key?: string
  } = {},
): TestCertificate {
  const { kind = 'rsa', bits = 2_048, key = 'one' } = options
  const { begins = new Date('2026-01-01T00:00:00Z') } = options
  const { expires = new Date('2096-01-01T00:00:00Z') } = options
  const { publicKey, privateKey } = pairOf(kind, key, bits)
  const algorithm = ALGORITHMS[kind]
  const name = nameOf('Entrance')
  const body = sequence(
    der(0xa0, der(0x02, 2)),
    der(0x02, 1, randomBytes(15)),
    algorithm,
    name,
    sequence(timeOf(begins), timeOf(expires)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = sign('sha256', body, privateKey)
  const certificate = block('CERTIFICATE', sequence(body, algorithm, der(0x03, 0, signature)))
  const ownKey = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  return {
    certificate,
    privateKey: ownKey,
    pem: `${certificate}${ownKey}`,
    expires: expires.toISOString(),
  }
}
