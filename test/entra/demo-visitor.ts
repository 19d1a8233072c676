import { createHash, randomBytes } from 'node:crypto'
import { fetchWithCookies } from './authority/cookies.ts'
import { visit } from './authority/visitor.ts'

/** Somebody with a browser and the desktop client, at one Entrance. Answers are HTTP statuses. */
export type Visitor = {
  /** Signs in with a password; 303 leads in. */
  withPassword: (userName: string, password: string) => Promise<number>
  /** Signs in at Entra as the account of this user principal name; 303 leads in. */
  withEntra: (userPrincipalName: string) => Promise<number>
  /** Starts the desktop client, which signs in with the browser. Throws when it does not get in. */
  startClient: () => Promise<void>
  /** What the server of the application is told of the session in the browser: 200, or 401. */
  inBrowser: () => Promise<number>
  /** The same of the access token of the client. */
  inClient: () => Promise<number>
  /** What becomes of the wish of the client for new tokens. */
  renew: () => Promise<number>
}

const REDIRECT = 'http://127.0.0.1:49152/signed-in'
const random = (): string => randomBytes(32).toString('base64url')

/** Opens a browser without cookies. */
export function newVisitor(origin: string): Visitor {
  const send = fetchWithCookies()
  let tokens = { access_token: '', refresh_token: '' }
  const at = (path: string): URL => new URL(path, origin)
  const post = (path: string, form: Record<string, string>) =>
    send(at(path), new URLSearchParams(form))
  const exchange = (form: Record<string, string>) =>
    fetch(at('/auth/token'), {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'desktop', ...form }),
    })

  return {
    withPassword: async (userName, password) =>
      (await post('/auth/sign-in', { userName, password })).status,
    withEntra: async (userPrincipalName) => {
      const begun = await post('/auth/sign-in', { entra: 'on' })
      const { url } = await visit(begun.headers.get('location') ?? '', userPrincipalName)
      return (await send(url)).status
    },
    startClient: async () => {
      const verifier = random()
      const shown = await post('/auth/native/authorize', {
        response_type: 'code',
        client_id: 'desktop',
        redirect_uri: REDIRECT,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        state: random(),
      })
      const code = /[?;]code=([\w-]+)/u.exec(await shown.text())?.[1]
      if (code === undefined) throw new Error(`The client got no code: ${shown.status}.`)
      const grant = { grant_type: 'authorization_code', redirect_uri: REDIRECT }
      const answer = await exchange({ ...grant, code, code_verifier: verifier })
      if (!answer.ok) throw new Error(`The client got no tokens: ${answer.status}.`)
      tokens = (await answer.json()) as typeof tokens
    },
    inBrowser: async () => (await send(at('/auth/session'))).status,
    inClient: async () => {
      const headers = { Authorization: `Bearer ${tokens.access_token}` }
      return (await fetch(at('/auth/session'), { headers })).status
    },
    renew: async () => {
      const { refresh_token } = tokens
      return (await exchange({ grant_type: 'refresh_token', refresh_token })).status
    },
  }
}
