import type { Method } from '../directory/account.ts'
import type { Desk } from './desk.ts'
import { deviceOf } from './device.ts'
import { addressOf, causeOf, type AuthContext } from './http.tsx'
import { LIMITS } from './sessions.ts'

/** Signs a user in: a new session, its cookie, and the end of the session that the browser had. */
export async function enter(
  { store, sessions, cookies }: Desk,
  context: AuthContext,
  who: {
    readonly organisation: string
    readonly userId: string
    readonly method: Method
    readonly entraSession?: string | undefined
    readonly loginHint?: string | undefined
  },
): Promise<void> {
  const before = await sessions.verify(cookies.session.read(context), 'browser')
  const cause = causeOf(context, `user:${who.userId}`)
  const secret = await sessions.open({
    ...who,
    device: deviceOf(context.req.header('user-agent')),
    address: addressOf(context),
    cause,
  })
  cookies.session.write(context, secret, LIMITS.browser.absolute / 1_000)
  if (before) {
    const { organisation, id } = before.session
    await store.for({ organisation, localUsers: 'visible' }).sessions.end(id, cause)
  }
}
