import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

const ALGORITHM = 'aes-256-gcm'
const VERSION = 'v1'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Why a text is not sealed or opened: a closed set. */
export type SealErrorCode =
  /** The installation has no key. */
  | 'noKey'
  /** It was sealed with a key that the installation does not have. */
  | 'otherKey'
  /** It was sealed for another place, or changed since. */
  | 'damaged'

const messages: Readonly<Record<SealErrorCode, string>> = {
  noKey:
    'The server has no key to keep credentials with. Make one with “openssl rand -base64 32”, give it to the server as ENCRYPTION_KEY, and start it again.',
  otherKey:
    'The stored credential was sealed with another key. Put the key it was sealed with into ENCRYPTION_KEY, behind the new one and a comma, and start the server again; or enter the credential once more.',
  damaged: 'The stored credential is damaged. Enter it once more.',
}

/** What went wrong, in words for an administrator; nothing of what is sealed is in them. */
export class SealError extends Error {
  readonly code: SealErrorCode

  constructor(code: SealErrorCode, options?: ErrorOptions) {
    super(messages[code], options)
    this.name = 'SealError'
    this.code = code
  }
}

/** Keeps secrets in a form that only this installation can read. */
export interface Sealing {
  /** Whether there is a key. */
  readonly ready: boolean
  /**
   * The text for the database, sealed with the newest key. `place` says what it belongs to, such as an organisation
   * and a purpose: it opens nowhere else. Throws SealError `noKey`.
   */
  seal(text: string, place: readonly string[]): string
  /** Whether the newest key has sealed it, so that the others can be left out. */
  isNewest(sealed: string): boolean
  /** The text again. Throws SealError. */
  open(sealed: string, place: readonly string[]): string
}

/** The keys of a setting: each 32 bytes in base64, separated by commas, the newest first; undefined for what are none. */
export function readKeys(text: string): Buffer[] | undefined {
  const parts = text.split(',').map((part) => part.trim())
  const keys = parts.map((part) => Buffer.from(part, 'base64'))
  const right = keys.every(
    (key, index) => key.length === KEY_BYTES && key.toString('base64') === parts[index],
  )
  return right ? keys : undefined
}

/** A name for a key that says nothing about it. */
const nameOf = (key: Buffer) => createHash('sha256').update(key).digest('hex').slice(0, 8)

interface Parts {
  readonly name: string
  readonly nonce: Buffer
  readonly text: Buffer
  readonly tag: Buffer
}

function partsOf(sealed: string): Parts {
  const [version, name = '', nonce = '', rest = ''] = sealed.split('.')
  const bytes = Buffer.from(rest, 'base64url')
  if (version !== VERSION || bytes.length < TAG_BYTES) throw new SealError('damaged')
  const end = bytes.length - TAG_BYTES
  return {
    name,
    nonce: Buffer.from(nonce, 'base64url'),
    text: bytes.subarray(0, end),
    tag: bytes.subarray(end),
  }
}

/** AES-256-GCM; the place and the name of the key are its additional data. The first key seals, all open. */
export function sealing(keys: readonly Buffer[]): Sealing {
  const [newest] = keys
  const aboutOf = (name: string, place: readonly string[]) =>
    Buffer.from(JSON.stringify([VERSION, name, ...place]))

  return {
    ready: newest !== undefined,
    isNewest: (sealed) => newest !== undefined && sealed.split('.')[1] === nameOf(newest),
    seal(text, place) {
      if (!newest) throw new SealError('noKey')
      const name = nameOf(newest)
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, newest, nonce).setAAD(aboutOf(name, place))
      const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      const rest = Buffer.concat([bytes, cipher.getAuthTag()])
      return [VERSION, name, nonce.toString('base64url'), rest.toString('base64url')].join('.')
    },
    open(sealed, place) {
      if (!newest) throw new SealError('noKey')
      const { name, nonce, text, tag } = partsOf(sealed)
      const key = keys.find((each) => nameOf(each) === name)
      if (!key) throw new SealError('otherKey')
      try {
        const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
        decipher.setAAD(aboutOf(name, place)).setAuthTag(tag)
        return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8')
      } catch (error) {
        throw new SealError('damaged', { cause: error })
      }
    },
  }
}
