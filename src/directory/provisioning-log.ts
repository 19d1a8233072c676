import { isObject, type JsonObject } from '../scim/schema/attribute.ts'
import type { ErrorCode } from '../scim/protocol/error.ts'
import type { ToleranceId } from '../scim/protocol/tolerances.ts'

/*
 * The provisioning log: every request of the provisioning client as it came and went, for people to read. It is no record of
 * changes, which events are; an entry and the events of its request have the request id in common.
 */

/** What a request was about. */
export const logKinds = [
  /** Entra asks for somebody who cannot be, to see whether the address and the credentials are right. */
  'test',
  'discover',
  'find-user',
  'list-users',
  'read-user',
  'create-user',
  'replace-user',
  'update-user',
  'switch-off-user',
  'switch-on-user',
  'delete-user',
  'find-group',
  'list-groups',
  'read-group',
  'create-group',
  'replace-group',
  'update-group',
  'add-members',
  'remove-members',
  'change-members',
  'delete-group',
  /** A path or a method that the door does not have. */
  'other',
] as const
export type LogKind = (typeof logKinds)[number]

/** Why a request was refused: the code of its answer, and where that does not tell enough, what was behind it. */
export type LogFailure = ErrorCode | 'localAccount'

/** Somebody or something that a request names, as it was called then; without a name where nobody knew one. */
export interface LogSubject {
  readonly type: 'User' | 'Group'
  readonly id?: string
  readonly name?: string
}

export interface LogMember {
  readonly id: string
  readonly name?: string
}

/** What else is known of a request, for the words about it. */
export interface LogFacts {
  /** The filter of a search as it was sent. */
  readonly filter?: string
  /** What a simple search compared, and with what. */
  readonly attribute?: string
  readonly value?: string
  /** How many a search found. */
  readonly total?: number
  /** The first of the members that a request adds, removes or sets, and how many there are in all. */
  readonly members?: readonly LogMember[]
  readonly memberCount?: number
  /** The attributes that a change names, without `active` where the kind tells of it. */
  readonly attributes?: readonly string[]
  /** The user name or display name that a request asks for. */
  readonly wanted?: string
  /** Whether it waits for an administrator, while the client was told that it is done. */
  readonly held?: true
}

/** A request without its bodies. */
export interface LogEntry {
  /** Grows with every entry of an organisation, in the order in which they can be read. */
  readonly sequence: number
  /** When it came: ISO-8601, UTC. */
  readonly at: string
  /** Who sent it, as events name the actor. */
  readonly actor: string
  readonly requestId: string
  readonly method: string
  /** Below the door, with the query; what is secret in it is taken out. */
  readonly path: string
  readonly status: number
  readonly milliseconds: number
  readonly kind: LogKind
  readonly subject?: LogSubject
  /** Present for every status from 400 on. */
  readonly failure?: LogFailure
  readonly tolerances: readonly ToleranceId[]
  readonly facts: LogFacts
}

/** A body as it is kept: what is secret was taken out first. */
export interface LogBody {
  /** JSON text; a part of it where it is cut, and empty where nothing is kept. */
  readonly text: string
  /** Characters there were. */
  readonly length: number
  /** `unreadable` is no JSON, in which nothing secret could be found and taken out; `large` is too much to look through. */
  readonly kept: 'whole' | 'cut' | 'unreadable' | 'large'
}

/** One direction of a request. */
export interface LogMessage {
  /** Those that matter, by their name in small letters; never credentials. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: LogBody
}

export interface LoggedRequest extends LogEntry {
  readonly request: LogMessage
  readonly response: LogMessage
}

/** A request that is to be kept; names of subject and members that are missing are looked up. */
export interface NewLogEntry extends Omit<LoggedRequest, 'sequence'> {
  readonly organisation: string
  /** Everybody whom the request adds to a group or takes out of it, by id. */
  readonly memberIds: readonly string[]
}

/** Which requests; all that are given have to fit. */
export interface LogFilter {
  readonly errors?: true
  /** A user or a group by id: requests for it, and those that put it in a group or took it out. */
  readonly resourceId?: string
  /** Words that an entry has in its names, ids and values, in whatever letter case. */
  readonly words?: string
  readonly actor?: string
  /** Of one of these kinds. */
  readonly kinds?: readonly LogKind[]
  /** From this time on, and before that one: ISO-8601, UTC. */
  readonly from?: string
  readonly to?: string
  /** Newer than the one of this number. */
  readonly after?: number
}

export interface LogPage {
  /** Newest first. */
  readonly items: readonly LogEntry[]
  /** Where to go on, as `before`; a page may have few items, or none, and more may follow. */
  readonly next?: number
}

/** The requests before and after one, by number, where there are any. */
export interface LogNeighbours {
  readonly earlier?: number
  readonly later?: number
}

/** When something last came, and from whom. */
export interface LogContact {
  readonly at: string
  readonly actor: string
  readonly kind: LogKind
  readonly status: number
}

export interface LogHour {
  /** Its beginning: ISO-8601, UTC. */
  readonly hour: string
  readonly requests: number
  readonly errors: number
  /** Requests that there was no time to keep. */
  readonly dropped: number
}

/** How provisioning does. */
export interface LogStatus {
  readonly lastContact?: LogContact
  readonly lastTest?: LogContact
  /** The last ones that succeeded. */
  readonly lastUserWrite?: LogContact
  readonly lastGroupWrite?: LogContact
  /** The last 24 hours, the oldest first, the one that has begun included. */
  readonly hours: readonly LogHour[]
  /** How many requests of these hours needed a rule, those with most first. */
  readonly tolerances: readonly { readonly id: ToleranceId; readonly requests: number }[]
}

/** The provisioning log of an organisation. */
export interface ProvisioningLog {
  /** Newest first, those before the one of the number `before`. */
  list(
    filter: LogFilter,
    page: { readonly before?: number; readonly limit: number },
  ): Promise<LogPage>
  /** Oldest first, those after `after`. */
  since(after: number, limit: number): Promise<LogEntry[]>
  /** The number of the newest one; 0 where there is none. */
  last(): Promise<number>
  read(sequence: number): Promise<LoggedRequest | undefined>
  /** The numbers of the requests right before and after one that were about a user or a group, memberships included. */
  beside(sequence: number, resourceId: string): Promise<LogNeighbours>
  status(): Promise<LogStatus>
}

/** Requests of an hour that were counted and not kept. */
export interface DroppedRequests {
  readonly organisation: string
  /** Its beginning: ISO-8601, UTC. */
  readonly hour: string
  readonly requests: number
  readonly errors: number
}

/** What writes provisioning logs, of whatever organisation. */
export interface ProvisioningLogs {
  /** Keeps requests, in their order, and counts them and those that were dropped. */
  append(entries: readonly NewLogEntry[], dropped: readonly DroppedRequests[]): Promise<void>
  /**
   * Removes, of an organisation, the oldest entries from before a time and those beyond the newest `keep`, at most `limit`;
   * says how many. Removing them is no change that anybody is told of.
   */
  prune(
    organisation: string,
    bounds: { readonly before: string; readonly keep: number; readonly limit: number },
  ): Promise<number>
}

/** The log as it is being written. */
export interface LogFeed {
  /** For how many days entries are kept; 0 where nothing is. */
  readonly days: number
  /**
   * The entries of an organisation after one, as they are written, by this server or another; it ends when `signal` says so.
   * Throws what reading them throws.
   */
  follow(organisation: string, after: number, signal?: AbortSignal): AsyncIterable<LogEntry>
}

/** The hour of a time, as its beginning. */
export function hourOf(at: string): string {
  return `${at.slice(0, 13)}:00:00.000Z`
}

/** Requests that say how provisioning does when they succeed, by kind. */
export const userWrites: readonly LogKind[] = [
  'create-user',
  'replace-user',
  'update-user',
  'switch-off-user',
  'switch-on-user',
  'delete-user',
]
export const groupWrites: readonly LogKind[] = [
  'create-group',
  'replace-group',
  'update-group',
  'add-members',
  'remove-members',
  'change-members',
  'delete-group',
]

/** What people call a user, or a group, of these attributes; empty where nothing is said. */
export function personName(attributes: JsonObject): string {
  const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '')
  const { displayName, name, userName } = attributes
  const parts = isObject(name) ? name : {}
  const formatted =
    text(parts['formatted']) || `${text(parts['givenName'])} ${text(parts['familyName'])}`.trim()
  return text(displayName) || formatted || text(userName)
}
