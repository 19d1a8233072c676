import type { Origin, User } from './user.ts'

/** The order of a list: by display name, or by user name where there is none, or by when users were made. */
export const sorts = ['name', '-name', 'created', '-created'] as const

export type Sort = (typeof sorts)[number]

/** Whom a list is of: users of whom all of this is so. */
export interface Chosen {
  /** Beginnings of words of names, of the user name and of e-mail addresses, each of which has to be there. */
  readonly search?: string
  readonly origin?: Origin
  readonly linked?: boolean
  /** Everybody is either active or not; whose departure is held is one of these too. */
  readonly status?: 'active' | 'inactive' | 'held'
  readonly signedIn?: 'never' | 'ever'
  /** Whose member they are, by id. */
  readonly group?: string
  /** A role they have, in whatever letter case. */
  readonly role?: string
}

/** What a list too long to be sorted goes through: those of one of the words, the group or the role asked for. */
export interface Through {
  /** Which of them, from 0. */
  readonly trait: number
  /** What was said of the size of the list. */
  readonly atLeast: number
}

/** Where a list goes on: after this user. */
export interface Place {
  /** What the list is ordered by: the name as it is sorted, the word that was found, or nothing. */
  readonly key: string
  readonly id: string
  readonly through?: Through
}

export interface RosterQuery extends Chosen {
  readonly sort: Sort
  readonly count: number
  readonly after?: Place
}

/** A user of a list. */
export interface Listed {
  readonly user: User
  /** ISO-8601, UTC; absent for who has never signed in. */
  readonly lastSignIn?: string
}

/** How long a list is: counted, or longer than anybody counts. */
export type Extent = { readonly total: number } | { readonly atLeast: number }

export interface RosterPage {
  /**
   * Fewer than were asked for, even none, do not mean that the list ends: where few are found among many, a page ends
   * with the rows that may be looked at for one.
   */
  readonly items: readonly Listed[]
  readonly extent: Extent
  /**
   * Whether the order is the one asked for. Some thousands whom a search finds, or who are in a group or have a role, are
   * not sorted: they come by the word that was found, or by when they were made.
   */
  readonly sorted: boolean
  /** Absent at the end. */
  readonly next?: Place
}

/** How many users there are; who is held is active or inactive too. */
export interface RosterCounts {
  readonly total: number
  readonly active: number
  readonly inactive: number
  readonly held: number
  readonly linked: number
  readonly notLinked: number
  readonly origins: Readonly<Record<Origin, number>>
  readonly neverSignedIn: number
}

/** A role that users have, or that permissions were granted to. */
export interface RoleInUse {
  /** As one who has it has it; as it is compared where nobody has. */
  readonly value: string
  /** What it is compared by, and the roles are sorted by. */
  readonly key: string
  /** How many users have it. */
  readonly users: Extent
  readonly hasPermissions: boolean
}

/** The users of an organisation as they are listed, whoever they are. What it costs does not grow with how many there are. */
export interface Roster {
  /** A page of those who are chosen, in the order asked for. */
  list(query: RosterQuery): Promise<RosterPage>
  /** All who are chosen, read some at a time: who is renamed meanwhile may come twice, or not at all. */
  export(chosen: Chosen & { readonly sort: Sort }): AsyncGenerator<Listed, void>
  counts(): Promise<RosterCounts>
  /** When each of these users last signed in, at most 1,000 of them; those who never did are left out. */
  lastSignIns(userIds: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** By `key`, those after `after`, at most `limit`. */
  roles(after: string, limit: number): Promise<RoleInUse[]>
  /** What the first of these are called, to choose from: nobody is counted for it. */
  roleNames(limit: number): Promise<string[]>
}
