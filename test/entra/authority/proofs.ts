import { once } from 'node:events'
import { constants, createHash, verify, X509Certificate, type KeyObject } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'
import { fail } from './aadsts.ts'
import { failureJson } from './failure-json.ts'

/** What a federated credential of an app registration says; all is compared in its letter case. */
export interface Federation {
  readonly issuer: string
  readonly subject: string
  readonly audience: string
  /** What the issuer signs with. */
  readonly publicKey: KeyObject
}

/** How an application proves who it is without a secret. */
export interface Proofs {
  /** Certificates that were uploaded, in PEM. */
  certificates: readonly string[]
  federations: readonly Federation[]
}

type Claims = Readonly<Record<string, unknown>>

interface Assertion {
  readonly header: Claims
  readonly claims: Claims
  readonly signed: Buffer
  readonly signature: Buffer
}

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const SKEW_SECONDS = 300

function claimsIn(part: string): Claims {
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
  if (typeof value === 'object' && value !== null) return value as Claims
  throw new Error('That is no object.')
}

function read(text: string): Assertion | undefined {
  const [header = '', claims = '', signature = '', ...more] = text.split('.')
  try {
    if (more.length > 0) return undefined
    return {
      header: claimsIn(header),
      claims: claimsIn(claims),
      signed: Buffer.from(`${header}.${claims}`),
      signature: Buffer.from(signature, 'base64url'),
    }
  } catch {
    return undefined
  }
}

function isSignedBy({ header, signed, signature }: Assertion, publicKey: KeyObject): boolean {
  if (header['alg'] === 'RS256') return verify('sha256', signed, publicKey, signature)
  if (header['alg'] !== 'PS256') return false
  const key = {
    key: publicKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  }
  return verify('sha256', signed, key, signature)
}

function isTimely({ exp, nbf }: Claims): boolean {
  const now = Date.now() / 1_000
  const begun = nbf === undefined || (typeof nbf === 'number' && nbf <= now + SKEW_SECONDS)
  return begun && typeof exp === 'number' && exp > now - SKEW_SECONDS
}

function thumbprint({ raw }: X509Certificate): string {
  return createHash('sha256').update(raw).digest('base64url')
}

export interface Proved {
  readonly clientId: string
  readonly tokenEndpoint: string
  readonly proofs: Proofs
  /** Whether certificates are valid is asked of this clock; assertions say themselves when they are. */
  readonly now: () => Date
}

/** What is wrong with an assertion of the application itself (RFC 7523 §3), as a number of Entra's. */
function certificateRefusal(
  assertion: Assertion,
  { clientId, tokenEndpoint, proofs, now }: Proved,
): number | undefined {
  const { header, claims } = assertion
  const certificate = proofs.certificates
    .map((pem) => new X509Certificate(pem))
    .find((each) => thumbprint(each) === header['x5t#S256'])
  if (!certificate || !isSignedBy(assertion, certificate.publicKey)) return 700027
  const { validFromDate, validToDate } = certificate
  if (validToDate <= now() || validFromDate > now()) return 1000502
  if (claims['iss'] !== clientId || claims['sub'] !== clientId) return 700021
  if (claims['aud'] !== tokenEndpoint) return 700023
  return isTimely(claims) ? undefined : 700024
}

/** The same of an assertion of another issuer. */
function federationRefusal(assertion: Assertion, { proofs }: Proved): number | undefined {
  const { claims } = assertion
  const ofIssuer = proofs.federations.filter(({ issuer }) => issuer === claims['iss'])
  if (ofIssuer.length === 0) return 700211
  const ofSubject = ofIssuer.filter(({ subject }) => subject === claims['sub'])
  if (ofSubject.length === 0) return 700213
  const [found] = ofSubject.filter(({ audience }) => audience === claims['aud'])
  if (!found) return 700212
  if (!isSignedBy(assertion, found.publicKey)) return 50013
  return isTimely(claims) ? undefined : 700024
}

function refusal(form: URLSearchParams, proved: Proved): number | undefined {
  if (form.get('client_assertion_type') !== TYPE) return 900144
  if (form.get('client_id') !== proved.clientId) return 700016
  const assertion = read(form.get('client_assertion') ?? '')
  if (!assertion) return 50027
  return 'x5t#S256' in assertion.header
    ? certificateRefusal(assertion, proved)
    : federationRefusal(assertion, proved)
}

/**
 * Checks the assertion of a request for a token, where it has one. Whoever is behind it only knows secrets: it gets the
 * right one in place of an assertion that is good.
 */
export function checkProofs(
  proved: Proved & { readonly clientSecret: string },
): MiddlewareHandler<{ readonly Bindings: HttpBindings }> {
  return async (c, next) => {
    const { incoming } = c.env
    if (incoming.readableLength === 0) await once(incoming, 'readable')
    // A form is small enough to come at once. It goes back before anything else happens, or it would be missed.
    const sent = incoming.read() as Buffer
    const form = new URLSearchParams(sent.toString())
    if (!form.has('client_assertion')) {
      incoming.unshift(sent)
      return next()
    }
    const code = refusal(form, proved)
    if (code !== undefined) {
      const { status, body } = failureJson(fail(code, 'exchange'))
      return c.json(body, status)
    }
    form.delete('client_assertion')
    form.delete('client_assertion_type')
    form.set('client_secret', proved.clientSecret)
    const given = Buffer.from(form.toString())
    incoming.headers['content-length'] = String(given.length)
    incoming.unshift(given)
    return next()
  }
}
