import type { JsonObject } from '../scim/schema/attribute.ts'
import type { MemberChange } from '../scim/protocol/members.ts'
import type { ResolvedFilter } from '../scim/protocol/resolve.ts'
import type { Accounts, Administrators, Attempts, Sessions, SignIns } from './access.ts'
import type { HeldSession, OneTimeLink, PasswordHolder } from './account.ts'
import type { AuthorizationCode, ClientSessions, HeldRefreshToken } from './client-session.ts'
import type { Clients, ClientToken, HeldClient } from './client.ts'
import type { ByHand } from './by-hand.ts'
import type { Cause, Door, Event } from './event.ts'
import type { Group, GroupPage, GroupQuery, GroupSize, GroupSource, Membership } from './group.ts'
import type { Holds } from './held.ts'
import type { LinkRequest, NotTheSame, SignInRequest } from './link-request.ts'
import type { Mappings } from './mapping.ts'
import type { Names } from './names.ts'
import type { Organisation } from './organisation.ts'
import type { MailQueue, Outbox } from './outbox.ts'
import type { Permissions } from './permission.ts'
import type { Plans } from './plan.ts'
import type { ProvisioningLog, ProvisioningLogs } from './provisioning-log.ts'
import type { Extent, Roster } from './roster.ts'
import type { Rules } from './rule.ts'
import type { Settings } from './settings.ts'
import type { DueSync, Syncs } from './sync-state.ts'
import type { Token } from './token.ts'
import type { Link, Origin, User } from './user.ts'
import type { WebhookQueue, Webhooks } from './webhook.ts'
import type { Provenance } from './why.ts'

/** Whose rows, and whether accounts that the provisioning client did not make are among them. */
export interface Scope {
  readonly organisation: string
  readonly localUsers: 'visible' | 'hidden'
  /** Who looks: to the provisioning client what is held is done; absent for everybody else, who see what is in force. */
  readonly view?: 'client'
}

export interface Query {
  readonly filter?: ResolvedFilter
  /** 1-based (RFC 7644 §3.4.2.4). */
  readonly startIndex: number
  readonly count: number
}

export interface Page<T> {
  /** All matches, whatever the page. */
  readonly total: number
  readonly items: readonly T[]
}

/** Versions of which one must be the current one; undefined asks for none. */
export type Expected = readonly number[] | undefined

export interface NewUser {
  readonly attributes: JsonObject
  readonly origin: Origin
}

export interface CreatedUser {
  readonly user: User
  /** Whether a deactivated user of the same person came back instead of a new one being made. */
  readonly returned: boolean
  /** Whether an inactive user gave its user name up. */
  readonly retired: boolean
}

export interface UpdatedUser {
  readonly user: User
  readonly retired: boolean
}

/** A user who is an account of Entra. */
export interface LinkedUser {
  readonly userId: string
  readonly objectId: string
}

/** What else becomes of a user who is unlinked. */
export interface Unlinking {
  /** What the attributes become; the user name stays where somebody has the other one. */
  readonly restore?: (attributes: JsonObject) => JsonObject
  /** Queues a mail with a link to choose a password, to the address that the user has then. */
  readonly passwordLink?: 'mailed'
}

export interface Users {
  /**
   * Makes a user. When the user name is taken, `decideHolder` says what happens; `conflict` or `localAccount` is thrown
   * when the holder keeps it, and the latter leaves a link request.
   */
  create(user: NewUser, cause: Cause): Promise<CreatedUser>
  read(id: string): Promise<User | undefined>
  /** The users of these ids, by id, as far as there are any; at most 2,000 ids. */
  some(ids: readonly string[]): Promise<ReadonlyMap<string, User>>
  /** The user of a name, in whatever letter case. */
  named(userName: string): Promise<User | undefined>
  /** The user who is this account of Entra. */
  linked(link: Link): Promise<User | undefined>
  /** Users who are accounts of a tenant of Entra, by id, those after `after`, at most `limit`. */
  links(tenantId: string, after: string, limit: number): Promise<LinkedUser[]>
  /** The users who are these accounts of a tenant of Entra, as far as there are any. */
  linkedTo(tenantId: string, objectIds: readonly string[]): Promise<LinkedUser[]>
  /** Users who are no account of Entra, by id, those after `after`, at most `limit`. */
  unlinked(after: string, limit: number): Promise<User[]>
  /**
   * Oldest first. Throws a ScimError `invalidFilter` for what no engine answers, and `tooMany` for a filter that would
   * read more than there is time for.
   */
  query(query: Query): Promise<Page<User>>
  /**
   * Replaces the attributes by what `change` makes of them. `change` is pure and may run more than once. When nothing
   * changes, version and lastModified stay and no event is written. Throws `notFound`, `versionMismatch`, `conflict`, and
   * through the door `admin`, as `remove` does, `lastAdministrator` when no active one would be left.
   */
  update(
    id: string,
    expected: Expected,
    change: (current: JsonObject) => JsonObject,
    cause: Cause,
  ): Promise<UpdatedUser>
  /**
   * Makes a linked user a local one, who is signed out everywhere and has no password yet; groups and roles stay. Throws
   * `notFound`, and `conflict` for a user whom provisioning made, or who has no address to mail to.
   */
  unlink(id: string, cause: Cause, how?: Unlinking): Promise<User>
  /**
   * Removes the user and its memberships. Throws `notFound`, `versionMismatch`. What comes through the door `scim`, here
   * and in `update`, may be held instead (docs/operations.md, "The brake").
   */
  remove(id: string, expected: Expected, cause: Cause): Promise<void>
}

export interface GroupChange {
  readonly attributes: JsonObject
  /** Applied in order, each at the cost of the rows it names. */
  readonly members: readonly MemberChange[]
}

export interface Groups {
  /** Makes a group. Throws `conflict` when the display name is taken. */
  create(
    group: {
      readonly attributes: JsonObject
      readonly members: MemberChange
      readonly origin: Origin
    },
    cause: Cause,
  ): Promise<Group>
  read(id: string, withMembers: boolean): Promise<Group | undefined>
  /** The group of a display name, in whatever letter case, without its members. */
  named(displayName: string): Promise<Group | undefined>
  query(query: Query, withMembers: boolean): Promise<Page<Group>>
  /** A page of groups by name. */
  list(query: GroupQuery): Promise<GroupPage>
  /** How large groups are, by id. */
  sizes(ids: readonly string[]): Promise<ReadonlyMap<string, GroupSize>>
  /** As for users; the answer is without members. */
  update(
    id: string,
    expected: Expected,
    change: (current: JsonObject) => GroupChange,
    cause: Cause,
  ): Promise<Group>
  remove(id: string, expected: Expected, cause: Cause): Promise<void>
  /** Who is in a group, by id, those after `after`, at most `limit`; nobody in one that is not there. */
  memberships(id: string, after: string, limit: number): Promise<Membership[]>
  /** How many are in a group, counted as far as that takes a moment. */
  countMembers(id: string): Promise<Extent>
  /** How these users came into a group, and when, by their ids; those who are not in it are left out. */
  membershipsFor(
    id: string,
    userIds: readonly string[],
  ): Promise<ReadonlyMap<string, Pick<Membership, 'via' | 'since'>>>
  /** How the members of a group came into it; of a group of more than 10,000 the first ones. */
  sources(id: string): Promise<GroupSource[]>
  /**
   * Puts users into a group and takes members out of it; who is in it, or is not, is no change. Throws `notFound` for a
   * group or a user to add that is not there, and `conflict` for a group whose members come from provisioning.
   */
  changeMembers(
    id: string,
    change: { readonly add: readonly string[]; readonly remove: readonly string[] },
    cause: Cause,
  ): Promise<void>
}

/** Which events; all that are given have to fit. */
export interface EventFilter {
  readonly resourceId?: string
  /** Actions such as `user.created`, or kinds of them such as `user`: one of them has to fit. */
  readonly actions?: readonly string[]
  readonly actor?: string
  readonly door?: Door
  /** From this time on, and before that one: ISO-8601, UTC. */
  readonly from?: string
  readonly to?: string
}

export interface EventPage {
  /** Newest first. */
  readonly items: readonly Event[]
  /** Where to go on, as `before`; a page may have few items, or none, and more may follow. */
  readonly next?: number
}

export interface Events {
  /** Oldest first, those after `after`, at most `limit`. */
  list(after: number, limit: number): Promise<Event[]>
  /** Newest first, those before the one of the number `before`, at most `limit`; those of one resource where it is given. */
  latest(page: {
    readonly before?: number
    readonly limit: number
    readonly resourceId?: string
  }): Promise<Event[]>
  /** Newest first, those before the one of the number `before`. */
  search(
    filter: EventFilter,
    page: { readonly before?: number; readonly limit: number },
  ): Promise<EventPage>
}

export interface LinkRequests {
  /** Those nobody has decided on, oldest first: all of them, or `count` of them that follow the first `from`. */
  list(part?: { readonly from: number; readonly count: number }): Promise<LinkRequest[]>
  /** One of those; undefined where it is decided on, or not there. */
  read(id: string): Promise<LinkRequest | undefined>
  /** How many there are, counted no further than `most`. */
  count(most: number): Promise<number>
  /** Leaves word that an account of Entra wanted in that nobody is linked to; asking again only moves the time. */
  ask(request: SignInRequest, cause: Cause): Promise<void>
  /**
   * Links the user to the account that asks and opens it to the provisioning client. `userId` says whom, where it
   * is not the user whom the request names. Throws `notFound`, and `conflict` when the user or the account is linked already.
   */
  accept(id: string, userId: string | undefined, cause: Cause): Promise<void>
  /** Throws `notFound`. */
  dismiss(id: string, cause: Cause): Promise<void>
  /**
   * Says that a user is not the person of an account of Entra, whether that account asks or not; gives the id of the
   * decision. Throws `notFound` for a user who is not there.
   */
  reject(pair: NotTheSame, cause: Cause): Promise<string>
  /** Of these users the accounts of Entra that they are not, as somebody has decided, by the id of the user. */
  rejected(userIds: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>>
  /** Takes a decision back: who asked asks again, and who was suggested may be once more. Throws `notFound`. */
  reopen(id: string, cause: Cause): Promise<void>
}

export interface NewToken {
  readonly name: string
  /** Hex SHA-256 of the secret. */
  readonly hash: string
  /** ISO-8601, UTC; undefined never expires. */
  readonly expires: string | undefined
}

export interface OrganisationTokens {
  create(token: NewToken, cause: Cause): Promise<Token>
  list(): Promise<Token[]>
  /** Throws `notFound`; revoking twice is no change. */
  revoke(id: string, cause: Cause): Promise<Token>
}

/** The rows of one organisation. */
export interface Directory {
  readonly users: Users
  readonly groups: Groups
  readonly events: Events
  readonly tokens: OrganisationTokens
  readonly linkRequests: LinkRequests
  readonly sessions: Sessions
  readonly accounts: Accounts
  readonly administrators: Administrators
  readonly byHand: ByHand
  readonly clientSessions: ClientSessions
  readonly clients: Clients
  readonly permissions: Permissions
  readonly outbox: Outbox
  readonly plans: Plans
  readonly roster: Roster
  readonly rules: Rules
  readonly mappings: Mappings
  readonly names: Names
  readonly provenance: Provenance
  readonly settings: Settings
  readonly syncs: Syncs
  readonly holds: Holds
  readonly provisioningLog: ProvisioningLog
  readonly webhooks: Webhooks
}

/** A plan that is being carried out, in whatever organisation. */
export interface RunningPlan {
  readonly organisation: string
  readonly id: string
  /** Who made it. */
  readonly actor: string
}

export interface Organisations {
  /** Throws `conflict` when the name is taken, or the tenant. */
  create(
    organisation: { readonly name: string; readonly entraTenantId: string | undefined },
    cause: Cause,
  ): Promise<Organisation>
  /**
   * Says which tenant the users come from, and links those whom the provisioning client gave an object id. Throws
   * `notFound`, and `conflict` when the tenant is another organisation's.
   */
  setTenant(name: string, entraTenantId: string, cause: Cause): Promise<Organisation>
  list(): Promise<Organisation[]>
  find(name: string): Promise<Organisation | undefined>
  /** The organisation that a tenant of Entra belongs to. */
  ofTenant(entraTenantId: string): Promise<Organisation | undefined>
}

/**
 * Everything Entrance keeps. `for` is the only way to the rows of an organisation. Nothing a write promises is
 * answered before it is durable, and every change writes its event in the same transaction.
 */
export interface Store {
  for(scope: Scope): Directory
  readonly organisations: Organisations
  readonly attempts: Attempts
  readonly signIns: SignIns
  readonly mailQueue: MailQueue
  readonly webhookQueue: WebhookQueue
  readonly provisioningLogs: ProvisioningLogs
  /** The plans of all organisations that are being carried out, for whoever does that. */
  runningPlans(): Promise<RunningPlan[]>
  /** The syncs of all organisations that are to run by themselves now. */
  dueSyncs(): Promise<DueSync[]>
  /** The organisations that have released departures which are not done yet, for whoever does that. */
  organisationsWithReleased(): Promise<string[]>
  /** The token with this hash in whatever organisation, usable or not. */
  findToken(hash: string): Promise<Token | undefined>
  /** The session whose secret has this hash in whatever organisation, over or not. */
  findSession(hash: string): Promise<HeldSession | undefined>
  /** Notes when sessions, by the hash of their secret, were last used; no event. */
  touchSessions(uses: ReadonlyMap<string, string>): Promise<void>
  /** The authorization code with this hash in whatever organisation, used or expired or not. */
  findCode(hash: string): Promise<AuthorizationCode | undefined>
  /** The session that a refresh token of this hash belongs to, whether it was used or not. */
  findRefreshToken(hash: string): Promise<HeldRefreshToken | undefined>
  /** The client of this id in whatever organisation, unless it was revoked. */
  findClient(id: string): Promise<HeldClient | undefined>
  /** Who holds the access token of this hash in whatever organisation, expired or not. */
  findClientToken(hash: string): Promise<ClientToken | undefined>
  /** The one-time link whose secret has this hash in whatever organisation, if it can still be used. */
  findLink(hash: string): Promise<OneTimeLink | undefined>
  /** The users of this name, in whatever organisation, who have a password. */
  passwordHolders(userName: string): Promise<PasswordHolder[]>
  /** Who has a password, and this user name or e-mail address, in whatever organisation. */
  forgetful(typed: string): Promise<{ readonly organisation: string; readonly userId: string }[]>
  /** Notes when tokens were last used; no event. */
  touchTokens(uses: ReadonlyMap<string, string>): Promise<void>
  /** Resolves when the database answers and rejects when it does not. */
  check(): Promise<void>
  /** Writes a consistent copy to a file that must not exist. */
  backup(file: string): Promise<void>
  close(): Promise<void>
}
