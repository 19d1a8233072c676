import { scryptSync } from 'node:crypto'
import { issueLink } from '../../src/directory/one-time-link.ts'
import type { LinkPurpose } from '../../src/directory/account.ts'
import { hashSecret } from '../../src/directory/token.ts'
import type { User } from '../../src/directory/user.ts'
import { cause, PUBLIC_URL, type TestApp } from './app.ts'

export const PASSWORD = 'correct horse battery'
/** Hashed at next to no cost, which stands in the hash: checking it takes no more. */
const cost = { N: 1_024, r: 8, p: 1 }
const salt = 'c2FsdA'
const key = scryptSync(PASSWORD, Buffer.from(salt, 'base64url'), 32, cost).toString('base64url')
const hashed = `scrypt$${cost.N}$${cost.r}$${cost.p}$${salt}$${key}`

/** The path of a new one-time link. */
export async function newLink(
  { directory, clock }: TestApp,
  purpose: LinkPurpose,
  userId?: string,
): Promise<string> {
  const { url } = await issueLink(
    directory,
    {
      purpose,
      ...(userId === undefined ? {} : { userId }),
      publicUrl: PUBLIC_URL,
      now: clock.now(),
    },
    cause,
  )
  return url.slice(PUBLIC_URL.length)
}

/** A local user with the password that all have here. */
export async function newLocalUser(app: TestApp, userName: string): Promise<User> {
  const { directory } = app
  const attributes = { userName, displayName: userName, active: true }
  const { user } = await directory.users.create({ attributes, origin: 'local' }, cause)
  const path = await newLink(app, 'invitation', user.id)
  const link = await app.store.findLink(hashSecret(path.split('/').at(-1) ?? ''))
  await directory.accounts.choosePassword(String(link?.id), hashed, cause)
  return user
}
