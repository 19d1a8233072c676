import type { TokenForm } from './grant.ts'
import type { AuthContext } from './http.tsx'
import { OAuthError } from './oauth.ts'

const MEDIA_TYPE = 'application/x-www-form-urlencoded'

/** The parameters of a request of a program. Throws OAuthError `invalid_request` (RFC 6749 §3.2). */
export async function readTokenForm({ req }: AuthContext): Promise<TokenForm> {
  const [type = ''] = (req.header('content-type') ?? '').split(';')
  if (type.trim().toLowerCase() !== MEDIA_TYPE) {
    throw new OAuthError('invalid_request', `Send the parameters as ${MEDIA_TYPE}.`)
  }
  const form = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(await req.text())) {
    if (value === '') continue
    if (form.has(name)) throw new OAuthError('invalid_request', 'A parameter comes twice.')
    form.set(name, value)
  }
  return form
}
