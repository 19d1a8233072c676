/** A person as Microsoft Graph has them; what has no value is absent. */
export interface EntraUser {
  /** The object id, in small letters. */
  readonly id: string
  readonly userPrincipalName: string
  readonly displayName: string
  readonly givenName?: string
  readonly surname?: string
  readonly mail?: string
  readonly mobilePhone?: string
  readonly businessPhone?: string
  readonly jobTitle?: string
  readonly department?: string
  readonly companyName?: string
  readonly employeeId?: string
  /** What the account is called in the company's own directory, where it is synchronised from one. */
  readonly onPremisesImmutableId?: string
  readonly onPremisesSamAccountName?: string
  readonly preferredLanguage?: string
  /** E-mail addresses, the first one too, without what kind they are. */
  readonly proxyAddresses: readonly string[]
  readonly guest: boolean
  /** Whether the account may sign in at Entra. */
  readonly enabled: boolean
}

export interface EntraGroup {
  readonly id: string
  readonly displayName: string
  readonly description?: string
}

/** What stands for an app role where people are assigned to the application without one. */
export const DEFAULT_ACCESS = '00000000-0000-0000-0000-000000000000'

/** A role that the application at Entra knows, and people are assigned to. */
export interface EntraAppRole {
  readonly id: string
  /** What the `roles` claim and provisioning have; empty for a role that tells nobody anything, such as `User` of many applications. */
  readonly value: string
  readonly displayName: string
}

/** What has changed in a tenant since somebody asked before. */
export interface EntraChanges {
  /** Object ids of people of whom something is new, or who are gone; each once. Entra says more than it has to. */
  readonly ids: readonly string[]
  /** Where to go on the next time, within seven days. */
  readonly link: string
}

/** A part of a long list, which may be empty; `next` asks for the part that follows, and is absent in the last one. */
export interface EntraPage<Item> {
  readonly items: readonly Item[]
  readonly next?: string
}

/** One thing that the connection needs, and whether it has it. */
export interface EntraCheck {
  /** Such as `User.Read.All`, or `token`. */
  readonly what: string
  readonly purpose: string
  readonly ok: boolean
  /** What is wrong and what to do, where it is not. */
  readonly problem?: string
  /** When what works now will not any more, where that is known. ISO-8601, UTC. */
  readonly expires?: string
}

/** Why Entra did not answer as it should: a closed set that a door turns into its own words. */
export type EntraFailureCode =
  /** The tenant, the client or its secret is not right; `message` says which. */
  | 'credentials'
  /** A permission was not granted. */
  | 'forbidden'
  | 'notFound'
  /** A link to changes is too old, or no longer good: all people have to be compared once. */
  | 'expired'
  /** Entra does not understand the question. */
  | 'refused'
  /** Entra is away or too busy, and was so several times in a row. */
  | 'unavailable'

export class EntraFailure extends Error {
  readonly code: EntraFailureCode

  constructor(code: EntraFailureCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EntraFailure'
    this.code = code
  }
}

/** Where a text that is searched for may stand; an address is the mailbox or the user principal name. */
export const searchedFields = ['name', 'address', 'department', 'jobTitle'] as const

export type SearchedField = (typeof searchedFields)[number]

/** By what people can be found besides their object id and their addresses. */
export type EntraKey = 'onPremisesImmutableId' | 'onPremisesSamAccountName' | 'employeeId'

/** The people of a tenant, read through Microsoft Graph (entra.md §5). All but `check` throw EntraFailure. */
export interface EntraDirectory {
  readonly tenantId: string
  /** Says what works and what does not; never throws. */
  check(): Promise<EntraCheck[]>
  /** When the client secret expires, ISO-8601, UTC; undefined where nobody may know it, and for a certificate. */
  credentialExpires(): Promise<string | undefined>
  /**
   * People of whose name words begin so, or whose address, user principal name, department or job title does; all
   * where the text is empty. With `field` it is looked for there alone.
   */
  searchUsers(text: string, next?: string, field?: SearchedField): Promise<EntraPage<EntraUser>>
  searchGroups(text: string, next?: string): Promise<EntraPage<EntraGroup>>
  /** The members of a group who are people: direct ones, or with `nested` those of groups in it too. Throws `notFound`. */
  membersOf(groupId: string, next?: string, nested?: boolean): Promise<EntraPage<EntraUser>>
  /** The person of this object id; undefined for one whom the tenant does not have, or not any more. */
  userById(id: string): Promise<EntraUser | undefined>
  /** Those of these object ids whom the tenant has, by id. */
  usersById(ids: readonly string[]): Promise<Map<string, EntraUser>>
  /** Who has each of these as user principal name, e-mail address or alias, by the address in small letters. */
  usersByAddress(addresses: readonly string[]): Promise<Map<string, readonly EntraUser[]>>
  /** Who has each of these values of a key, by the value in small letters; nothing makes a value one person's alone. */
  usersByKey(key: EntraKey, values: readonly string[]): Promise<Map<string, readonly EntraUser[]>>
  /** The object ids of the people who are members of a group: directly, or with `nested` through groups in it too. Throws `notFound`. */
  memberIdsOf(groupId: string, nested: boolean): Promise<ReadonlySet<string>>
  /** The roles of the application that people can be assigned to now. */
  appRoles(): Promise<readonly EntraAppRole[]>
  /**
   * The people who are assigned to a role of `appRoles`, or with DEFAULT_ACCESS without a role, or with undefined
   * to the application at all: directly, and as direct members of groups that are. A part has each once; who is
   * assigned in several ways may come again in a later part. Throws `notFound` for another role.
   */
  assigneesOf(roleId: string | undefined, next?: string): Promise<EntraPage<EntraUser>>
  /**
   * What has changed since the link was given; with undefined nothing, and the link to begin with. Throws `expired`
   * for a link that is no longer good, and of which it cannot be told what has changed.
   */
  changes(link: string | undefined): Promise<EntraChanges>
}
