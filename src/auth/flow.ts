import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** The secrets of one sign-in at Entra. None is kept: the browser has the seed they are made of. */
export interface Flow {
  /** Names the sign-in and proves that this browser began it. */
  readonly state: string
  readonly nonce: string
  /** The PKCE verifier (RFC 7636 §4.1) and its S256 challenge. */
  readonly verifier: string
  readonly challenge: string
}

const SEED = /^[\w-]{43}$/
const STATE = /^([\w-]{22})\.[\w-]{43}$/

/** The seed that a browser has, or a new one. Sign-ins in several tabs share it. */
export function seedFrom(cookie: string | undefined): string {
  return cookie !== undefined && SEED.test(cookie) ? cookie : randomBytes(32).toString('base64url')
}

function make(seed: string, id: string): Flow {
  const derive = (purpose: string) =>
    createHmac('sha256', seed).update(`${purpose} ${id}`).digest('base64url')
  const verifier = derive('verifier')
  return {
    state: `${id}.${derive('state')}`,
    nonce: derive('nonce'),
    verifier,
    challenge: createHash('sha256').update(verifier).digest('base64url'),
  }
}

export function newFlow(seed: string): Flow {
  return make(seed, randomBytes(16).toString('base64url'))
}

/** The sign-in that an answer of Entra belongs to; undefined when the browser with this seed did not begin it. */
export function flowOf(cookie: string | undefined, state: string): Flow | undefined {
  const id = STATE.exec(state)?.[1]
  if (cookie === undefined || !SEED.test(cookie) || id === undefined) return undefined
  const flow = make(cookie, id)
  return timingSafeEqual(Buffer.from(flow.state), Buffer.from(state)) ? flow : undefined
}
