import { DirectoryError } from '../directory/errors.ts'
import type { Kind } from './engine.ts'

/** So long a scan may run; the time it waits for its turn is not counted. */
export const SCAN_MILLISECONDS = 5_000

const keys: Readonly<Record<Kind, string>> = {
  User: 'userName, externalId, id or emails.value',
  Group: 'displayName, externalId, id or members.value',
}

/** A scan that came to its limit. */
export function tooMany(kind: Kind): DirectoryError {
  return new DirectoryError(
    'tooMany',
    `The filter would read too many ${kind === 'User' ? 'users' : 'groups'}. Filter with eq on ${keys[kind]}, or add such a term with and.`,
  )
}

/** A scan that the end of the server ends. */
export function stopping(): DirectoryError {
  return new DirectoryError('unavailable', 'The server is stopping; retry shortly.')
}
