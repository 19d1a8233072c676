import type { Document } from '../scim/protocol/document.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import type { Origin } from './user.ts'

/** A member as it is stored: the id may be one that the directory does not know. */
export interface MemberReference {
  readonly value: string
  readonly type?: 'User' | 'Group'
  readonly display?: string
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
