import type { Cause } from './event.ts'
import type { SyncField } from './sync-field.ts'

/** The clouds of Microsoft, each with its own addresses. */
export type Cloud = 'global' | 'us' | 'china'

/** How an organisation's tenant is read, as an administrator entered it. */
export interface StoredConnection {
  readonly tenantId: string
  readonly clientId: string
  readonly cloud: Cloud
  /** What kind of credential is sealed. */
  readonly kind: 'secret' | 'certificate'
  /** The credential, which only the key of the installation opens. */
  readonly sealed: string
  /** When the credential expires, where that is known. ISO-8601, UTC. */
  readonly expires?: string
}

/** How linked users follow Entra. */
export interface SyncSettings {
  /** What follows besides what always does. */
  readonly fields: readonly SyncField[]
  /** Whether users whom provisioning looks after are left to it. */
  readonly provisioned: 'left' | 'synced'
  /** Minutes between runs that begin by themselves; undefined for none. */
  readonly every?: number
}

/** How linked users follow Entra where nobody has said anything else. */
export const DEFAULT_SYNC: SyncSettings = { fields: [], provisioned: 'left' }

/** How many users the provisioning client may switch off or delete within a window before it has to wait. */
export interface BrakeSettings {
  /** So many always may go, */
  readonly users: number
  /** and such a part of the provisioned users; more than both is held. */
  readonly percent: number
  /** The length of the window. */
  readonly minutes: number
}

/** What is so where nobody has said anything else. */
export const DEFAULT_BRAKE: BrakeSettings = { users: 10, percent: 10, minutes: 60 }

/** A mail as an administrator wrote it; docs/operations.md says what can stand in it. */
export interface MailTemplate {
  readonly subject: string
  readonly body: string
}

export interface SettingValues {
  readonly connection: StoredConnection
  readonly sync: SyncSettings
  readonly brake: BrakeSettings
  readonly 'mail.invitation': MailTemplate
  readonly 'mail.password-invitation': MailTemplate
  readonly 'mail.password-reset': MailTemplate
}

export type SettingName = keyof SettingValues

/** What became of storing a connection. */
export type Connected =
  | 'stored'
  /** The tenant is that of another organisation. */
  | 'taken'
  /** Users are linked to accounts of another tenant, and nobody said that their links move. */
  | 'linked'

/** What administrators set of an organisation. */
export interface Settings {
  /**
   * Stores a connection and makes its tenant that of the organisation, all at once. Links of users move to the tenant
   * when `moveLinks` says so. What is refused changes nothing.
   */
  connect(connection: StoredConnection, moveLinks: boolean, cause: Cause): Promise<Connected>
  /** Keeps the same credential in another sealed form, unless it is another connection by now. */
  reseal(connection: StoredConnection, sealed: string, cause: Cause): Promise<void>
  /** Undefined for what nobody has set. */
  read<Name extends SettingName>(name: Name): Promise<SettingValues[Name] | undefined>
  /** Sets a value, or with undefined goes back to what the program has. The event says what differs, without what is sealed. */
  change<Name extends SettingName>(
    name: Name,
    value: SettingValues[Name] | undefined,
    cause: Cause,
  ): Promise<void>
}
