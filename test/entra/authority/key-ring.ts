import { createHmac, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { calculateJwkThumbprint, CompactSign, exportJWK, type JWK } from 'jose'

type Header = Readonly<Record<string, unknown>>

/** A key as Entra publishes it, with the issuer that may use it. */
type PublishedKey = JWK & { readonly issuer: string }

interface Pair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

interface Key extends Pair {
  readonly kid: string
  readonly published: PublishedKey
}

/** The signing keys of a tenant: one signs, and those that are published are believed. */
export interface KeyRing {
  /** Signs with the newest key, or as the header says: `none`, HS256 with the public key, another `kid`. */
  sign(claims: Readonly<Record<string, unknown>>, header?: Header): Promise<string>
  roll(options: { readonly keepOld: boolean }): Promise<void>
  /** As Entra publishes them: with the issuer, without the algorithm. */
  published(): readonly PublishedKey[]
  /** The key that signs now, with its private part. */
  privateJwk(): Promise<JWK>
}

const generate = promisify(generateKeyPair)
let firstPair: Promise<Pair> | undefined

function newPair(): Promise<Pair> {
  return generate('rsa', { modulusLength: 2048 })
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

async function newKey(issuer: string, { privateKey, publicKey }: Pair): Promise<Key> {
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  return { kid, privateKey, publicKey, published: { ...jwk, use: 'sig', kid, issuer } }
}

/** A ring whose first key is that of every other in this process: Entra's tenants share their keys too. */
export async function newKeyRing(issuer: string): Promise<KeyRing> {
  firstPair ??= newPair()
  let current = await newKey(issuer, await firstPair)
  let known = [current]
  return {
    sign: async (claims, more = {}) => {
      const header = { typ: 'JWT', alg: 'RS256', kid: current.kid, ...more }
      if (header.alg === 'RS256') {
        const signer = new CompactSign(Buffer.from(JSON.stringify(claims)))
        return signer.setProtectedHeader(header).sign(current.privateKey)
      }
      const text = `${encode(header)}.${encode(claims)}`
      if (header.alg === 'none') return `${text}.`
      if (header.alg !== 'HS256') throw new Error(`Nobody can sign with ${header.alg} here.`)
      const secret = current.publicKey.export({ type: 'spki', format: 'pem' })
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
    },
    roll: async ({ keepOld }) => {
      const former = keepOld ? known : []
      current = await newKey(issuer, await newPair())
      known = [...former, current]
    },
    published: () => known.map(({ published }) => published),
    privateJwk: () => exportJWK(current.privateKey),
  }
}
