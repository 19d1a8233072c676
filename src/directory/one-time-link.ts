import type { LinkPurpose } from './account.ts'
import type { Cause } from './event.ts'
import type { Directory } from './store.ts'
import { hashSecret, newTokenSecret } from './token.ts'

const MINUTE = 60_000

/** How long a link can be used, in milliseconds. */
const VALID: Readonly<Record<LinkPurpose, number>> = {
  setup: 24 * 60 * MINUTE,
  invitation: 7 * 24 * 60 * MINUTE,
  reset: 60 * MINUTE,
  recovery: 15 * MINUTE,
}

/** Makes a link and gives its address, the only time it is seen. Throws what `issueLink` throws. */
export async function issueLink(
  directory: Directory,
  {
    purpose,
    userId,
    publicUrl,
    now,
  }: {
    readonly purpose: LinkPurpose
    readonly userId?: string
    readonly publicUrl: string
    readonly now: Date
  },
  cause: Cause,
): Promise<{ readonly url: string; readonly expires: string }> {
  const secret = newTokenSecret()
  const expires = new Date(now.getTime() + VALID[purpose]).toISOString()
  const link = { purpose, hash: hashSecret(secret), expires }
  await directory.accounts.issueLink(userId === undefined ? link : { ...link, userId }, cause)
  return { url: `${publicUrl}/auth/link/${secret}`, expires }
}
