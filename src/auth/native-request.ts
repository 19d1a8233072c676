import { DESKTOP_CLIENT } from './client-secrets.ts'

/** What the desktop client opened the browser with (RFC 6749 §4.1.1, RFC 7636 §4.3). */
export interface NativeRequest {
  readonly redirectUri: string
  readonly state: string
  /** The S256 challenge. */
  readonly challenge: string
}

export type ReadRequest =
  | { readonly ok: true; readonly request: NativeRequest }
  | {
      readonly ok: false
      /** What is wrong, for whoever writes the client. */
      readonly text: string
      /** Where to tell the client so; undefined where it is not certain who waits there. */
      readonly location?: string
    }

/** The parameters of a query or a form. */
export type Given = Readonly<Record<string, unknown>>

/** A port of this very machine, where the client that asks listens (RFC 8252 §7.3); any path, and nothing else. */
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost):[1-9]\d{0,4}(\/[\w.~%/-]*)?$/
const LONGEST_REDIRECT = 500
const STATE = /^[\u0020-\u007e]{1,512}$/
const CHALLENGE = /^[\w-]{43}$/

/** The value of a parameter; undefined when there is none or more than one (RFC 6749 §3.1). */
function single(given: Given, name: string): string | undefined {
  const values = [given[name]].flat()
  const [value] = values
  return values.length === 1 && typeof value === 'string' ? value : undefined
}

function isLoopback(uri: string): boolean {
  return uri.length <= LONGEST_REDIRECT && LOOPBACK.test(uri) && URL.canParse(uri)
}

/** An address of the client with an answer in it; `issuer` says whose answer it is (RFC 9207 §2). */
export function answerAddress(
  redirectUri: string,
  issuer: string,
  answer: Readonly<Record<string, string>>,
): string {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries({ ...answer, iss: issuer })) {
    url.searchParams.set(name, value)
  }
  return url.href
}

/** Where the client is told that the person does not want to (RFC 6749 §4.1.2.1). */
export function denialAddress({ redirectUri, state }: NativeRequest, issuer: string): string {
  const answer = { error: 'access_denied', error_description: 'The person cancelled.', state }
  return answerAddress(redirectUri, issuer, answer)
}

/** The parameters of a request, to be asked for again. */
export function toParameters({ redirectUri, state, challenge }: NativeRequest) {
  return {
    response_type: 'code',
    client_id: DESKTOP_CLIENT,
    redirect_uri: redirectUri,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state,
  }
}

/** Checks a request of the desktop client. `issuer` goes with errors that the client is told. */
export function readNativeRequest(given: Given, issuer: string): ReadRequest {
  const redirectUri = single(given, 'redirect_uri')
  const state = single(given, 'state')
  const challenge = single(given, 'code_challenge')
  if (single(given, 'client_id') !== DESKTOP_CLIENT) {
    return { ok: false, text: `client_id has to be ${DESKTOP_CLIENT}.` }
  }
  if (redirectUri === undefined || !isLoopback(redirectUri)) {
    const text = 'redirect_uri has to be http://127.0.0.1 with a port, and a path if you like.'
    return { ok: false, text }
  }

  const known = state !== undefined && STATE.test(state) ? { state } : {}
  const refuse = (error: string, text: string): ReadRequest => {
    const answer = { error, error_description: text, ...known }
    return { ok: false, text, location: answerAddress(redirectUri, issuer, answer) }
  }
  if (known.state === undefined) {
    return refuse('invalid_request', 'state has to be 1 to 512 printable characters.')
  }
  const type = single(given, 'response_type')
  if (type !== 'code') {
    const error = type === undefined ? 'invalid_request' : 'unsupported_response_type'
    return refuse(error, 'response_type has to be code.')
  }
  if (single(given, 'code_challenge_method') !== 'S256') {
    return refuse('invalid_request', 'code_challenge_method has to be S256.')
  }
  if (challenge === undefined || !CHALLENGE.test(challenge)) {
    return refuse('invalid_request', 'code_challenge has to be 43 characters of base64url.')
  }
  return { ok: true, request: { redirectUri, challenge, state: known.state } }
}
