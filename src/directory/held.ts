import { writeDocument } from '../scim/protocol/document.ts'
import { userType } from '../scim/schema/registry.ts'
import type { Cause } from './event.ts'
import type { BrakeSettings } from './settings.ts'
import type { Hold, User } from './user.ts'

/** Whether anything is held at all: all users are no limit. */
export function isOn({ percent }: BrakeSettings): boolean {
  return percent < 100
}

/** How many may go within a window at whose beginning so many were active. */
export function limitOf({ users, percent }: BrakeSettings, active: number): number {
  return Math.max(users, Math.floor((active * percent) / 100))
}

export type Departure = 'deactivate' | 'delete'

/** What the provisioning client asked for. */
export function wants(hold: Hold): Departure {
  return hold === 'deactivate' || hold === 'deactivating' ? 'deactivate' : 'delete'
}

/** Whether an administrator has said that it is right. */
export function isReleased(hold: Hold): boolean {
  return hold === 'deactivating' || hold === 'deleting'
}

/** Whether the provisioning client was told that there is no such user any more. */
export function isGone({ held }: { readonly held?: Hold | null }): boolean {
  return held ? wants(held) === 'delete' : false
}

/** A user as the provisioning client believes it to be: inactive, once it was told so. */
export function believed(user: User): User {
  if (user.held === undefined) return user
  const attributes = { ...user.attributes, active: false }
  return { ...user, attributes, document: writeDocument(userType, user.id, attributes) }
}

/** A user as somebody sees it. */
export function seenBy({ view }: { readonly view?: 'client' }, user: User): User {
  return view === 'client' ? believed(user) : user
}

/** A user whose departure is held. */
export interface HeldUser {
  readonly user: User
  readonly hold: Hold
  /** When it was asked for; ISO-8601, UTC. */
  readonly since: string
  /** Who asked for it. */
  readonly actor: string
}

/** How the brake of an organisation stands. */
export interface BrakeState {
  readonly settings: BrakeSettings
  /** How many departures wait for an administrator, by what they are, */
  readonly waiting: Readonly<Record<Departure, number>>
  /** how many were released and are not done yet, */
  readonly released: number
  /** how many went in the window that ends now, */
  readonly departed: number
  /** and how many may. */
  readonly limit: number
}

/** Which departures are decided on. */
export interface Selection {
  /** Ids of users; without them everybody. */
  readonly users?: readonly string[]
  /** Only whom nothing has changed since: those whom an administrator has seen in a list of that time. */
  readonly until?: string
}

/** The departures that the brake of an organisation holds. */
export interface Holds {
  state(): Promise<BrakeState>
  /** How many departures wait for an administrator, counted no further than `most`. */
  countWaiting(most: number): Promise<number>
  /** By user id, those after `after`, at most `limit`. */
  list(after: string, limit: number): Promise<HeldUser[]>
  /**
   * Says that departures which wait are right, a part of them at a time; says how many those were. Where everybody is meant,
   * the count of departures begins anew.
   */
  release(which: Selection, cause: Cause): Promise<number>
  /** Says that departures are wrong, released ones that are not done among them: the users stay. Says how many those were. */
  discard(which: Selection, cause: Cause): Promise<number>
  /** Ids of users whose departure was released, those after `after`, at most `limit`. */
  released(after: string, limit: number): Promise<string[]>
  /** Does what was released, in the name of who released it; nothing when it is done already, or not wanted any more. */
  carryOut(userId: string): Promise<void>
}
