import { describeUser } from './describe.ts'
import type { Desk } from './desk.ts'
import type { AuthContext } from './http.tsx'
import type { SignedIn } from './sessions.ts'

/** ASCII without blanks and the percent sign as it is, else percent-encoded: decoding gives the text in any case. */
function headerText(text: string): string {
  return /^[!-$&-~]+$/.test(text) ? text : encodeURIComponent(text.toWellFormed())
}

/** Tells who is signed in: the whole as JSON, and for reverse proxies, which read no bodies, the rest in headers. */
export async function answerSession(
  { store }: Desk,
  context: AuthContext,
  signedIn: SignedIn,
): Promise<Response> {
  const { session } = signedIn
  const described = await describeUser(store, signedIn)
  const { groups, roles, permissions, administrator, ...user } = described
  const { id, kind, method, created, expires } = session
  const body = {
    user,
    organisation: session.organisation,
    groups,
    roles,
    permissions,
    administrator,
    session: { id, kind, method, created, expires },
  }
  return context.json(body, 200, {
    'X-Entrance-User': headerText(user.userName),
    'X-Entrance-User-Id': user.id,
    'X-Entrance-Permissions': permissions.map(headerText).join(' '),
  })
}
