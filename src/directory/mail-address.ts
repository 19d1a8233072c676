import { isObject, type JsonObject } from '../scim/schema/attribute.ts'
import { userName } from './user.ts'

/** Nothing that could end the address and begin something else, in a header or on the wire (RFC 5321 §4.1.2). */
const ADDRESS = /^[^\s\p{Cc}@<>()[\]",:;\\]{1,64}@[^\s\p{Cc}@<>()[\]",:;\\]{1,253}$/u

/** Whether a mail can be sent there as far as its form shows: no quoted names, no literal hosts. */
export function isMailAddress(text: string): boolean {
  return ADDRESS.test(text)
}

/** Entra's name for a guest, which looks like an address and is none. */
const GUEST = /#EXT#@/i

/**
 * Where a user gets mail: at the primary e-mail address, else at the first, else at the user name where that is an
 * address.
 */
export function mailAddress(attributes: JsonObject): string | undefined {
  const { emails } = attributes
  const entries = Array.isArray(emails) ? emails.filter(isObject) : []
  const primaryFirst = entries.toSorted(
    (one, other) => Number(other['primary'] === true) - Number(one['primary'] === true),
  )
  const name = userName(attributes)
  const given = [...primaryFirst.map(({ value }) => value), GUEST.test(name) ? undefined : name]
  return given.filter((value) => typeof value === 'string').find(isMailAddress)
}
