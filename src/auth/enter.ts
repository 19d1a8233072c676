import type { Method } from '../directory/account.ts'
import type { Desk } from './desk.ts'
import { deviceOf } from './device.ts'
import { addressOf, causeOf, type AuthContext } from './http.tsx'
import { homeOf, NOWHERE } from './return-to.ts'
import { LIMITS } from './sessions.ts'

/**
 * Signs a user in: a new session, its cookie, and the end of the session that the browser had. Gives where to go: the
 * `place` that was asked for, or home where that is nowhere.
 */
export async function enter(
  { store, sessions, cookies, publicUrl }: Desk,
  context: AuthContext,
  who: {
    readonly organisation: string
    readonly userId: string
    readonly method: Method
    readonly entraSession?: string | undefined
    readonly loginHint?: string | undefined
  },
  place: string,
): Promise<string> {
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
  if (place !== NOWHERE) return place
  const { organisation, userId } = who
  const { administrators } = store.for({ organisation, localUsers: 'visible' })
  return homeOf(publicUrl, await administrators.has(userId))
}
