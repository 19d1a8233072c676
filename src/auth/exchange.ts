import {
  isShut,
  newClientSecrets,
  newClientSession,
  required,
  requireDesktopClient,
} from './client-secrets.ts'
import type { Grant } from './grant.ts'
import { causeOf } from './http.tsx'
import { OAuthError } from './oauth.ts'

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'

/** A session for a client that holds a token of Entra for the application's API (RFC 8693 §2). */
export const exchangeEntraToken: Grant = async (desk, context, form) => {
  const { store, tokens, entra, contact } = desk
  requireDesktopClient(form)
  if (!(await entra.app())) {
    throw new OAuthError('unsupported_grant_type', 'This server has no app registration in Entra.')
  }
  const subject = required(form, 'subject_token')
  if (required(form, 'subject_token_type') !== ACCESS_TOKEN) {
    throw new OAuthError('invalid_request', `subject_token_type can only be ${ACCESS_TOKEN}.`)
  }
  if ((form.get('requested_token_type') ?? ACCESS_TOKEN) !== ACCESS_TOKEN) {
    throw new OAuthError('invalid_request', `requested_token_type can only be ${ACCESS_TOKEN}.`)
  }

  const account = await tokens.apiCaller(subject)
  const organisation = await store.organisations.ofTenant(account.tenantId)
  const directory =
    organisation && store.for({ organisation: organisation.id, localUsers: 'visible' })
  const user = await directory?.users.linked(account)
  if (!directory || !user) {
    const text = `Nobody here is tied to this account of Entra. Ask ${contact}.`
    throw new OAuthError('invalid_grant', text)
  }

  const { kept, answer } = newClientSecrets(desk)
  const session = newClientSession(desk, context, { userId: user.id, method: 'entra' }, kept)
  try {
    await directory.sessions.open(session, causeOf(context, `user:${user.id}`))
  } catch (error) {
    if (!isShut(error)) throw error
    const text = `The user is not active here. Ask ${contact}.`
    throw new OAuthError('invalid_grant', text, { cause: error })
  }
  return { ...answer, issued_token_type: ACCESS_TOKEN }
}
