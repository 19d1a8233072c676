import type { Directory } from '../directory/store.ts'
import type { User } from '../directory/user.ts'
import { Failure, plain } from './terminal.ts'

/** The user of a name. Throws a Failure when there is none. */
export async function requireUser(directory: Directory, name: string): Promise<User> {
  const user = await directory.users.named(name)
  if (!user) throw new Failure(`There is no user "${plain(name)}".`)
  return user
}
