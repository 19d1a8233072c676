import { hash, timingSafeEqual } from 'node:crypto'
import type { AuthorizationCode } from '../directory/client-session.ts'
import { hashSecret } from '../directory/token.ts'
import {
  isShut,
  newClientSecrets,
  newClientSession,
  required,
  requireDesktopClient,
} from './client-secrets.ts'
import type { Desk } from './desk.ts'
import type { Grant } from './grant.ts'
import { causeOf, type AuthContext } from './http.tsx'
import { OAuthError } from './oauth.ts'

const VERIFIER = /^[\w.~-]{43,128}$/

/** Whether a verifier is the one that the S256 challenge was made of (RFC 7636 §4.6). */
function proves(verifier: string, challenge: string): boolean {
  const found = Buffer.from(hash('sha256', verifier, 'base64url'))
  const expected = Buffer.from(challenge)
  return found.length === expected.length && timingSafeEqual(found, expected)
}

/** One of the two who know a code that comes twice stole it: whom it let in is out (RFC 6749 §4.1.2). */
async function endReplayed(desk: Desk, context: AuthContext, code: AuthorizationCode) {
  if (code.sessionId === undefined) return
  const { sessions } = desk.store.for({
    organisation: code.organisation,
    localUsers: 'visible',
  })
  const cause = causeOf(context, `user:${code.userId}`)
  await sessions.end(code.sessionId, cause, 'an authorization code came twice')
}

const refused = (text: string, cause?: unknown) =>
  new OAuthError('invalid_grant', text, cause === undefined ? {} : { cause })

/** Exchanges the code that a sign-in in the browser ended with for the session of a client (RFC 6749 §4.1.3). */
export const exchangeCode: Grant = async (desk, context, form) => {
  requireDesktopClient(form)
  const codeHash = hashSecret(required(form, 'code'))
  const redirectUri = required(form, 'redirect_uri')
  const verifier = required(form, 'code_verifier')
  if (!VERIFIER.test(verifier)) {
    throw new OAuthError('invalid_request', 'code_verifier has 43 to 128 unreserved characters.')
  }
  const code = await desk.store.findCode(codeHash)
  if (!code) throw refused('The code is not valid.')
  if (code.sessionId !== undefined) {
    await endReplayed(desk, context, code)
    throw refused('The code has been used.')
  }
  if (Date.parse(code.expires) <= desk.now().getTime()) throw refused('The code has expired.')
  if (code.redirectUri !== redirectUri) {
    throw refused('redirect_uri is another than that of the authorization request.')
  }
  if (!proves(verifier, code.challenge)) {
    throw refused('code_verifier is not what code_challenge was made of.')
  }

  const { organisation, userId, method } = code
  const { clientSessions } = desk.store.for({ organisation, localUsers: 'visible' })
  const { kept, answer } = newClientSecrets(desk)
  const session = newClientSession(desk, context, { userId, method }, kept)
  try {
    await clientSessions.redeemCode(codeHash, session, causeOf(context, `user:${userId}`))
    return answer
  } catch (error) {
    if (!isShut(error)) throw error
    const used = await desk.store.findCode(codeHash)
    if (used) await endReplayed(desk, context, used)
    throw refused('The code is not valid any more.', error)
  }
}
