import type { Group } from '../directory/group.ts'
import type { LogFailure } from '../directory/provisioning-log.ts'
import type { User } from '../directory/user.ts'
import type { JsonObject } from './schema/attribute.ts'

/** Longer answers, in characters, are not kept: what is secret is looked for in all of a text. */
const LONGEST_ANSWER = 65_536

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
  /** The answer, where it is kept. */
  text?: string
  /** How long it was, in characters. */
  length?: number
  headers?: Readonly<Record<string, string>>
}

/** Leaves the answer. */
export function noteAnswer(
  exchange: Exchange,
  text: string,
  headers: Readonly<Record<string, string>>,
): void {
  exchange.headers = headers
  exchange.length = text.length
  if (text.length <= LONGEST_ANSWER) exchange.text = text
}
