import type { Document } from '../scim/protocol/document.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import type { Origin, Via } from './user.ts'

/** A member as it is stored: the id may be one that the directory does not know. */
export interface MemberReference {
  readonly value: string
  readonly type?: 'User' | 'Group'
  readonly display?: string
}

/** That somebody is in a group. */
export interface Membership {
  /** May be one that the directory does not know. */
  readonly id: string
  readonly type?: 'User' | 'Group'
  readonly userName?: string
  readonly displayName?: string
  readonly via: Via
  /** ISO-8601, UTC. */
  readonly since: string
}

/** A user group. */
export interface Group {
  readonly id: string
  readonly version: number
  readonly created: string
  readonly lastModified: string
  readonly origin: Origin
  /** The SCIM attributes, without `schemas`, `id`, `meta` and `members`. */
  readonly attributes: JsonObject
  /** The same as text. */
  readonly document: Document
  /** Undefined when the members were not asked for. */
  readonly members?: readonly MemberReference[]
}
