import type { Cause } from './event.ts'
import type { Extent } from './roster.ts'

/** A group of Entra whose members get a user group here, a role, or both, for as long as they are in it. */
export interface Mapping {
  readonly id: string
  /** Its object id, in small letters. */
  readonly entraGroup: string
  /** What it was called when it was chosen. */
  readonly entraName: string
  /** Whether members of groups within it count too. */
  readonly nested: boolean
  /** A user group, by id. */
  readonly group?: string
  readonly role?: string
}

export type NewMapping = Omit<Mapping, 'id'>

/** Each is read from Entra whenever people are imported by rules, or synced. */
export const MOST_MAPPINGS = 100

/** What a mapping gives, and to whom of the group. */
export type MappingChange = Pick<Mapping, 'nested' | 'group' | 'role'>

/** What came of a mapping, and stayed or went with it. */
export interface MappingEnd {
  readonly memberships: number
  readonly roles: number
}

/** Groups of Entra that give user groups and roles, in an organisation. */
export interface Mappings {
  /** In the order in which they were made. */
  list(): Promise<Mapping[]>
  /** How many memberships came of each of these, by its id, counted as far as that takes a moment. */
  memberships(ids: readonly string[]): Promise<ReadonlyMap<string, Extent>>
  /**
   * Throws `notFound` for a user group that is not there, `conflict` for one whose members come from provisioning and for
   * a mapping that is there already, and `tooMany`.
   */
  create(mapping: NewMapping, cause: Cause): Promise<Mapping>
  /**
   * Changes what one gives. What came of it and is not given any more stays or goes as with `remove`. Throws as `create`
   * does, and `notFound`.
   */
  update(
    id: string,
    change: MappingChange,
    keep: boolean,
    cause: Cause,
  ): Promise<MappingEnd & { readonly mapping: Mapping }>
  /**
   * Removes one. The memberships that came of it stay where `keep` says so, as if somebody had made them by hand, and go
   * otherwise; so do the roles. Throws `notFound`.
   */
  remove(id: string, keep: boolean, cause: Cause): Promise<MappingEnd>
}
