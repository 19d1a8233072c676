import { issueLink } from '../../src/directory/one-time-link.ts'
import type { LinkPurpose } from '../../src/directory/account.ts'
import { hashSecret } from '../../src/directory/token.ts'
import type { User } from '../../src/directory/user.ts'
import { cause, passwords, PUBLIC_URL, type TestApp } from './app.ts'

export const PASSWORD = 'correct horse battery'
const hashed = passwords.hash(PASSWORD)

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
  await directory.accounts.choosePassword(String(link?.id), await hashed, cause)
  return user
}
