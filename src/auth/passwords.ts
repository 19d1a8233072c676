import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** What scrypt is to take for a password; it stands in the hash. */
export interface PasswordCost {
  readonly N: number
  readonly r: number
  readonly p: number
}

/** 32 MB and some 100 ms a password: OWASP's parameters for scrypt at this size. */
const COST: PasswordCost = { N: 2 ** 15, r: 8, p: 3 }
const MEMORY = 64 * 1_048_576
const KEY_BYTES = 32
const SALT_BYTES = 16
/** Hashes at the same time: each takes its memory. */
const AT_A_TIME = 2

const SHORTEST = 12
const LONGEST = 256

const STORED = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/

let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_A_TIME) await new Promise<void>((resolve) => waiting.push(resolve))
  running += 1
  try {
    return await work()
  } finally {
    running -= 1
    waiting.shift()?.()
  }
}

function derive(password: string, salt: Buffer, cost: PasswordCost): Promise<Buffer> {
  return inTurn(
    () =>
      new Promise((resolve, reject) => {
        // As RFC 8265 §4.2 has it: the same password typed on another keyboard is the same.
        const text = password.normalize('NFC')
        scrypt(text, salt, KEY_BYTES, { ...cost, maxmem: MEMORY }, (error, key) => {
          if (error) reject(error)
          else resolve(key)
        })
      }),
  )
}

/** Whether a password is the one that was kept. */
async function check(password: string, stored: string): Promise<boolean> {
  const [, N, r, p, salt = '', key = ''] = STORED.exec(stored) ?? []
  if (N === undefined) throw new Error('A stored password has a form that is not known.')
  const cost = { N: Number(N), r: Number(r), p: Number(p) }
  const found = await derive(password, Buffer.from(salt, 'base64url'), cost)
  return timingSafeEqual(found, Buffer.from(key, 'base64url'))
}

export interface Passwords {
  /** What is kept of a password, with all that is needed to check one against it. */
  hash(password: string): Promise<string>
  /** Whether a password is the one that was kept, at the cost that it was kept with. */
  check(password: string, stored: string): Promise<boolean>
  /** Refuses a password where there is nobody, and takes as long. */
  checkNobody(password: string): Promise<false>
}

/** Passwords that are hashed at a cost: what is safe today, or what a test can wait for. */
export function passwordsOf(cost: PasswordCost = COST): Passwords {
  async function hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES)
    const key = await derive(password, salt, cost)
    const { N, r, p } = cost
    return `scrypt$${N}$${r}$${p}$${salt.toString('base64url')}$${key.toString('base64url')}`
  }

  /** Nobody's, made before it is needed. */
  const nobody = hash(randomBytes(SALT_BYTES).toString('base64url'))

  return {
    hash,
    check,
    async checkNobody(password) {
      await check(password, await nobody)
      return false
    },
  }
}

/** What is wrong with a new password, as a sentence, or undefined. Length is what counts (NIST SP 800-63B §3.1.1). */
export function faultOf(password: string, userName: string): string | undefined {
  const { length } = Array.from(password)
  if (length < SHORTEST)
    return `Choose at least ${SHORTEST} characters; a few words are easy to keep.`
  if (length > LONGEST) return `Choose at most ${LONGEST} characters.`
  const plain = password.toLowerCase()
  const name = userName.toLowerCase().split('@')[0] ?? ''
  if (name.length > 3 && plain.includes(name))
    return 'Choose one that does not contain your user name.'
  if (new Set(plain).size < 5) return 'Choose one of more different characters.'
  return undefined
}
