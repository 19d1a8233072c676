import { foldId, isObjectId } from '../scim/protocol/compare.ts'
import type { Document } from '../scim/protocol/document.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'

export type Origin = 'local' | 'import' | 'scim'

/** What the provisioning client was told is done, and is not: it waits for an administrator, */
export type Hold =
  | 'deactivate'
  | 'delete'
  /** or an administrator has released it, and it is about to be done. */
  | 'deactivating'
  | 'deleting'

/** The Entra account that a user is: the key is the object id, never a name or an address. */
export interface Link {
  readonly tenantId: string
  readonly objectId: string
}

/** How a membership came about: the id is that of the plan, the rule or the mapping. */
export type Via = 'scim' | 'hand' | `import:${string}` | `rule:${string}` | `mapping:${string}`

export interface GroupReference {
  readonly id: string
  readonly displayName: string
}

/** An account of the application. */
export interface User {
  readonly id: string
  /** Counts the states of the resource, from 1. */
  readonly version: number
  readonly created: string
  readonly lastModified: string
  readonly origin: Origin
  /** Whether the provisioning client may see and change the user: it pushed it, or an administrator said so. */
  readonly provisioned: boolean
  readonly link?: Link
  /** Until it is done, everything about the user is in force as if nobody had asked for it. */
  readonly held?: Hold
  /** The SCIM attributes, without `schemas`, `id`, `meta` and `groups`. */
  readonly attributes: JsonObject
  /** The same as text. */
  readonly document: Document
  readonly groups: readonly GroupReference[]
}

/** Only `true` lets a person in: a user whose `active` was cleared is not active. */
export function isActive(attributes: JsonObject): boolean {
  return attributes['active'] === true
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function userName(attributes: JsonObject): string {
  return text(attributes['userName'])
}

/** The display name; empty where there is none. */
export function displayName(attributes: JsonObject): string {
  return text(attributes['displayName'])
}

/** The externalId in the form in which it is compared. */
export function externalId(attributes: JsonObject): string | undefined {
  const id = text(attributes['externalId'])
  return id === '' ? undefined : foldId(id)
}

/** The Entra object id that the provisioning client gave as externalId, if it is one. */
export function objectId(attributes: JsonObject): string | undefined {
  const id = externalId(attributes)
  return id !== undefined && isObjectId(id) ? id : undefined
}

/**
 * Whether a change hands an inactive account to somebody else: Entra matches by user name, and the name of a person who
 * left may be another's by now. Only two different object ids prove it; a mapping may change from another value to ids.
 */
export function changesHands(before: JsonObject, after: JsonObject): boolean {
  const [from, to] = [objectId(before), objectId(after)]
  return !isActive(before) && from !== undefined && to !== undefined && from !== to
}

/** The link that a provisioned externalId stands for, when it is an Entra object id and the tenant is known. */
export function linkOf(attributes: JsonObject, tenantId: string | undefined): Link | undefined {
  const id = objectId(attributes)
  return tenantId === undefined || id === undefined ? undefined : { tenantId, objectId: id }
}
