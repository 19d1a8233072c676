import type { Cause } from './event.ts'
import type { User } from './user.ts'

/** Who carries permissions: a user group, by its id, or a role, by its value in whatever letter case. */
export type Holder =
  | { readonly kind: 'group'; readonly id: string }
  | { readonly kind: 'role'; readonly value: string }

/** What somebody may do in the application; the texts are the application's, such as `projects.read`. */
export interface Grant {
  readonly holder: Holder
  readonly permission: string
}

/** What the members of user groups and the users of roles may do. */
export interface Permissions {
  /** By holder and permission: all, or those of one holder. */
  list(holder?: Holder): Promise<Grant[]>
  /** What these holders may do, in no order. */
  among(holders: readonly Holder[]): Promise<Grant[]>
  /** Permissions that somebody was granted, by name, at most `limit`. */
  names(limit: number): Promise<string[]>
  /** Granting twice is no change. Throws `notFound` for a group that is not there. */
  grant(grant: Grant, cause: Cause): Promise<void>
  /** Revoking what nobody has is no change. */
  revoke(grant: Grant, cause: Cause): Promise<void>
  /** The union over a user's groups and roles, sorted; none for a user who is inactive. */
  effective(user: User): Promise<string[]>
}
