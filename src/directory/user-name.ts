import type { JsonObject } from '../scim/schema/attribute.ts'
import { isObject } from '../scim/schema/attribute.ts'
import { fold } from '../scim/protocol/compare.ts'
import type { Door } from './event.ts'
import { externalId, isActive, userName, type User } from './user.ts'

/** What becomes of a user who already has the user name that is asked for. */
export type Holder =
  /** The name is taken: 409. */
  | 'keeps'
  /** A local account that nobody tied to Entra: 409, and an administrator is asked to decide. */
  | 'asks'
  /** The same person, deactivated before: becomes active again with what was sent. */
  | 'returns'
  /** Somebody else, deactivated before: gives the name up and keeps its history. */
  | 'yields'

/**
 * Decides between the holder of a user name and whoever asks for it through a door. Only the provisioning client can
 * take a name over, only from a user it provisioned, and only when that user is inactive; the same person is known by
 * the externalId, and by the name alone only where one side has no externalId.
 */
export function decideHolder(holder: User, asking: JsonObject, door: Door): Holder {
  if (door !== 'scim') return 'keeps'
  if (!holder.provisioned) return 'asks'
  if (isActive(holder.attributes)) return 'keeps'
  const known = externalId(holder.attributes)
  const given = externalId(asking)
  return known === undefined || given === undefined || known === given ? 'returns' : 'yields'
}

/** The name under which a user who gave its name up is kept: the form that Entra's recycle bin uses. */
export function retiredName(user: User): string {
  return `${user.id.replaceAll('-', '')}${userName(user.attributes)}`
}

/** What is left of a text when 32 hex digits in front of it are taken away; undefined when there are none. */
function withoutPrefix(text: unknown): string | undefined {
  return typeof text === 'string' ? /^[0-9a-f]{32}(.+)$/is.exec(text)?.[1] : undefined
}

function isRenamed(text: unknown, former: unknown): boolean {
  const bare = withoutPrefix(text)
  return bare !== undefined && typeof former === 'string' && fold(bare) === fold(former)
}

/** The e-mail addresses with each mangled one put back to what it was. */
function keepAddresses(before: JsonObject, after: JsonObject): JsonObject {
  const { emails } = after
  const former = Array.isArray(before['emails']) ? before['emails'] : []
  if (!Array.isArray(emails)) return after
  const kept = emails.map((email) => {
    if (!isObject(email)) return email
    const old = former.find((known) => isObject(known) && isRenamed(email['value'], known['value']))
    return isObject(old) ? { ...email, value: old['value'] ?? null } : email
  })
  return { ...after, emails: kept }
}

/**
 * Undoes the renaming by which Entra's recycle bin marks a deleted person, `<32 hex digits><user name>`, when it comes
 * with the deactivation or for an inactive user. Returns the same object when there was nothing to undo.
 */
export function keepName(before: JsonObject, after: JsonObject): JsonObject {
  if (isActive(after)) return after
  if (!isRenamed(after['userName'], before['userName'])) return after
  return keepAddresses(before, { ...after, userName: before['userName'] ?? null })
}

/** The bare user name of a user who carries a recycle-bin prefix and becomes active under it; else undefined. */
export function healedName(before: JsonObject, after: JsonObject): string | undefined {
  if (isActive(before) || !isActive(after) || before['userName'] !== after['userName'])
    return undefined
  return withoutPrefix(after['userName'])
}
