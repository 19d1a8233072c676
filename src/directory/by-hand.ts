import type { JsonObject } from '../scim/schema/attribute.ts'
import type { Cause } from './event.ts'
import type { User } from './user.ts'

/** A local user as an administrator makes one. */
export interface LocalUser {
  readonly attributes: JsonObject
  /** Ids of user groups to join. */
  readonly groups: readonly string[]
  /** Whether a mail with a link to choose a password is queued. */
  readonly passwordLink?: 'mailed'
}

/** The user groups that somebody is to be in from now on, and those not any more, by id. */
export interface GroupsByHand {
  readonly join: readonly string[]
  readonly leave: readonly string[]
}

/** What administrators do by hand, each in one transaction. */
export interface ByHand {
  /**
   * Makes a local user with its groups and the mail, or nothing of it. Throws `notFound` for a group that is not there, and
   * `conflict` for one whose members come from provisioning, for a user name that is taken, and for a mail without address.
   */
  createUser(user: LocalUser, cause: Cause): Promise<User>
  /**
   * Makes a user a member of groups and takes it out of others, however it came into them; what is so already is no change.
   * Throws `notFound` for the user or a group, and `conflict` for a group whose members come from provisioning.
   */
  changeGroups(userId: string, groups: GroupsByHand, cause: Cause): Promise<void>
}
