import type { Group } from '../directory/group.ts'
import type { LogFailure } from '../directory/provisioning-log.ts'
import type { User } from '../directory/user.ts'
import type { JsonObject } from './schema/attribute.ts'

/** What the stages of a request leave for the provisioning log, each what it has at hand anyway. */
export interface Exchange {
  /** The body as it was read; never changed afterwards. */
  body?: JsonObject
  /** How long the body was, in bytes, whether it could be read or not. */
  bodyLength?: number
  /** The resource that was found or written, or the only one of a list. */
  resource?: User | Group
  /** How many a search found. */
  total?: number
  failure?: LogFailure
  /** The answer. */
  text?: string
  headers?: Readonly<Record<string, string>>
}
