import type { Cause, Change } from './event.ts'
import type { EntraUser } from './entra-directory.ts'
import type { Proposal } from './proposal.ts'
import type { SyncSettings } from './settings.ts'

/** What is to become of a person. */
export type PlanAction =
  /** A new user, linked. */
  | 'create'
  /** The user of somebody here becomes this account of Entra. */
  | 'link'
  /** A linked user gets what Entra has. */
  | 'update'
  /** A linked user is switched off, as the account is at Entra. */
  | 'deactivate'
  /** A linked user who was switched off becomes active again. */
  | 'reactivate'
  /** Nothing: it is as it should be. */
  | 'skip'
  /** Nothing: an administrator has to decide first. */
  | 'conflict'

export type ItemState =
  | 'planned'
  | 'done'
  /** What has changed here since the plan was made no longer fits it. */
  | 'changed'
  | 'failed'

/** One person of a plan: what is to happen, and what did. */
export interface PlanItem {
  /** From 0, in the order in which people were chosen. */
  readonly position: number
  readonly person: EntraUser
  readonly action: PlanAction
  readonly chosen: Chosen
  /** The user here whom it is about, if there is one. */
  readonly userId?: string
  /** Old and new values, for whoever decides. */
  readonly changes: readonly Change[]
  /** In words: why, and what to look out for. */
  readonly notes: readonly string[]
  readonly state: ItemState
  /** What came of it, in words, where it was not done. */
  readonly outcome?: string
}

export type PlanState = 'preview' | 'running' | 'cancelled' | 'finished'

/** When people are mailed where to get the client and how to sign in. */
export type Invite =
  /** Never is not at all, and later when an administrator says so. */
  { readonly when: 'now' | 'later' | 'never' } | { readonly when: 'at'; readonly at: string }

/** What people of an import get. */
export interface ImportOptions {
  /** Ids of user groups. */
  readonly groups: readonly string[]
  /** The value of a role. */
  readonly role?: string
  readonly invite: Invite
  /** Whether new users get what the assignment rules and the mapped groups of Entra give, besides. */
  readonly rules: boolean
}

/** What is chosen for one person of a plan instead of what all get, and what is known of the person alone. */
export interface Chosen {
  /** The user here who is the same person. */
  readonly link?: string
  readonly groups?: readonly string[]
  /** Null for none. */
  readonly role?: string | null
  readonly invite?: boolean
  /** Ids of the mappings whose group of Entra the person is in; absent where nobody asked. */
  readonly mappings?: readonly string[]
  /** Ids of the mappings whose group Entra does not have any more, so that nobody knows who is in it. */
  readonly gone?: readonly string[]
}

/** What somebody who plans an import chooses for one person. */
export type PersonChoice = Omit<Chosen, 'mappings' | 'gone'>

/** Somebody to import. */
export interface ImportSubject {
  readonly person: EntraUser
  readonly chosen: Chosen
}

/** How linked users follow Entra in one run. */
export type SyncOptions = Pick<SyncSettings, 'fields' | 'provisioned'>

/** Whom a run of sync is about: all linked users, those whom Entra names as changed, or those who were chosen. */
export type SyncMode = 'full' | 'changes' | 'chosen'

/** What a run of sync is, for whoever looks at its plan. */
export interface SyncKind {
  readonly mode: SyncMode
  /** In words: why everybody is compared where that was not asked for. */
  readonly why?: string
}

/** A linked user, and what Entra has of the account: nothing, for one that is not in the tenant any more. */
export interface SyncSubject {
  readonly userId: string
  readonly person: EntraUser | undefined
  /** As in `Chosen`; `readMappedGroups` says both of people. */
  readonly mappings?: readonly string[]
  readonly gone?: readonly string[]
  /** What failed before, as `attemptOf` writes it: the same again is nothing new. */
  readonly failed?: string
}

export type PlanKind = 'import' | 'sync'

export interface Plan {
  readonly id: string
  readonly kind: PlanKind
  readonly options: ImportOptions | (SyncOptions & SyncKind)
  /** In words: what to think about before it is carried out. */
  readonly advice: readonly string[]
  /** Whether it would switch off so many that it does not start before somebody has said that this is right. */
  readonly held: boolean
  readonly state: PlanState
  readonly created: string
  /** Who made it. */
  readonly actor: string
  /** How many people, by what is to happen and by what did. */
  readonly actions: Readonly<Record<PlanAction, number>>
  readonly states: Readonly<Record<ItemState, number>>
}

/** How a person of Entra stands to the users here. */
export type Standing =
  /** Nobody here is this person. */
  | 'new'
  /** A user is linked to exactly this account. */
  | 'linked'
  /** A user may be the same person; an administrator decides. */
  | 'match'
  /** Somebody has the user name and is certainly another: linked to another account. */
  | 'conflict'

export interface Judgement {
  readonly person: EntraUser
  readonly standing: Standing
  /** The user it is about, unless the person is new. */
  readonly user?: { readonly id: string; readonly userName: string; readonly active: boolean }
  /** Why, in words, for what is not plain. */
  readonly why?: string
}

/** Plans of an organisation: made, looked at, and carried out one person at a time. */
export interface Plans {
  /** How people of Entra stand to the users here, in their order. */
  judge(people: readonly EntraUser[]): Promise<Judgement[]>
  /**
   * Works out what an import of these people would do, and keeps it: as a plan of its own, or in place of the preview
   * `instead`. Nothing else changes. Throws `notFound` for a preview that is not there, and `conflict` for one that was started.
   */
  planImport(
    subjects: readonly ImportSubject[],
    options: ImportOptions,
    cause: Cause,
    instead?: string,
  ): Promise<Plan>
  /**
   * Says what single people of a preview get, by their position, and works those out anew; with undefined they are left
   * out. Throws `notFound`, and `conflict` for an import that was started.
   */
  changeImport(
    id: string,
    people: ReadonlyMap<number, PersonChoice | undefined>,
    cause: Cause,
  ): Promise<Plan>
  /** What an import would do with one person now. Nothing is kept. */
  propose(subject: ImportSubject, options: ImportOptions): Promise<Proposal>
  read(id: string): Promise<Plan | undefined>
  /** Newest first, at most `limit`, or 100; those that are older than the one of the id `before`, which throws `notFound`. */
  list(kind: PlanKind, limit?: number, before?: string): Promise<Plan[]>
  /** In order, those after `after`, at most `limit`; of one state or action, or of all but one, where that is said. */
  items(
    id: string,
    which: {
      readonly after: number
      readonly limit: number
      readonly state?: ItemState
      readonly action?: PlanAction
      readonly but?: PlanAction
    },
  ): Promise<PlanItem[]>
  /** Says that a held plan is right. Throws `notFound`; one that is not held is no change. */
  release(id: string, cause: Cause): Promise<Plan>
  /**
   * Lets a plan be carried out; those that failed are tried again. Throws `notFound`, and `conflict` for one that runs or is
   * held.
   */
  start(id: string, cause: Cause): Promise<Plan>
  /**
   * Stops a plan that runs, and gives up one that is held, or an import that was not started; what is done stays. Throws `notFound`; stopping another is no change.
   */
  cancel(id: string, cause: Cause): Promise<Plan>
  /**
   * Carries out one person of a running plan, with its event and its result in one transaction; false when nobody is left,
   * and the plan is finished then. Several servers may do so at once.
   */
  applyNext(id: string, cause: Cause): Promise<boolean>
}
