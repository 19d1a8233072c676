import type { Document } from '../scim/protocol/document.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import type { Extent } from './roster.ts'
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

export interface GroupQuery {
  /** A part of the name, in whatever letter case. */
  readonly search?: string
  /** Whether the members are chosen here, or come from provisioning; both where nothing is said. */
  readonly filled?: 'here' | 'entra'
  /** The `next` of the page before. */
  readonly after?: string
  readonly count: number
}

/** A user group of a list. */
export interface ListedGroup {
  readonly id: string
  readonly displayName: string
  readonly origin: Origin
}

/** How many members a user group has, and how many permissions. */
export interface GroupSize {
  readonly members: Extent
  readonly permissions: number
}

/** A page of user groups, by name. */
export interface GroupPage {
  /** All that are asked for, whatever the page. */
  readonly total: number
  readonly items: readonly ListedGroup[]
  /** Absent at the end. */
  readonly next?: string
}

/** How members of a group came into it, and how many came so. */
export interface GroupSource {
  readonly via: Via
  readonly members: number
}
