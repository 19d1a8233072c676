import type { Cause } from './event.ts'
import type { Mapping } from './mapping.ts'
import type { Plan, SyncKind, SyncOptions, SyncSubject } from './plan.ts'
import type { Proposal } from './proposal.ts'

/** Where the sync of an organisation stands. Times are ISO-8601, UTC. */
export interface SyncState {
  /** Where Entra goes on to say what has changed since the last run; absent where everybody has to be compared. */
  readonly link?: string
  /** When everybody was last compared. */
  readonly compared?: string
  /** When it runs by itself next; absent where it does not. */
  readonly due?: string
  /** When the last run of everybody or of changes began, whatever came of it. */
  readonly lastRun?: string
  /** The last plan that came of such a run. */
  readonly lastPlan?: string
  /** Why the last run came to nothing, in words; absent where it did not. */
  readonly problem?: string
}

/** Linked users, a part at a time: each part is asked for when the one before has been worked out. */
export type SyncParts = AsyncIterable<readonly SyncSubject[]>

/** Somebody whom the last plan has not settled. */
export interface Unsettled {
  readonly position: number
  readonly userId: string
  readonly objectId: string
  /** What failed, as `attemptOf` writes it; absent for what was not tried. */
  readonly failed?: string
}

/** A run of sync, to be worked out. */
export interface SyncRun extends SyncKind {
  readonly options: SyncOptions
  readonly parts: SyncParts
  /** The tenant whose users it is about. */
  readonly tenantId: string
  /** When it began, before Entra was asked anything. */
  readonly began: string
  /** Where Entra goes on afterwards; absent for those who were chosen. */
  readonly link?: string
  /**
   * Whether nobody looks at it first: it starts at once unless it is held, and nothing is kept where there is nothing to
   * do but what failed before.
   */
  readonly unattended: boolean
}

/** Whom a sync looks after. */
export type SyncScope = { readonly tenantId: string } & Pick<SyncOptions, 'provisioned'>

/** The runs of an organisation's sync, and where it stands. */
export interface Syncs {
  state(): Promise<SyncState>
  /** What a sync would do with one linked user now. Nothing is kept. Throws `notFound`. */
  propose(subject: SyncSubject, options: SyncOptions): Promise<Proposal>
  /**
   * Works a run out, and keeps the plan that comes of it together with where Entra goes on. A run that fails, or whose
   * server is stopped, leaves nothing. Undefined where an unattended run has nothing to do.
   */
  plan(run: SyncRun, cause: Cause): Promise<Plan | undefined>
  /**
   * Whom a plan was to change and has not, for whatever reason, as far as they are still linked to the tenant; those after
   * `after`, at most `limit`.
   */
  unsettled(
    which: { readonly planId: string; readonly tenantId: string },
    after: number,
    limit: number,
  ): Promise<Unsettled[]>
  /**
   * The object ids of whose users lack what a mapping gives though they are in its group, or have it of the mapping though
   * they are not; for users whom sync looks after.
   */
  astray(
    which: SyncScope & { readonly mapping: Mapping; readonly members: ReadonlySet<string> },
  ): Promise<string[]>
  /** Whether a plan is being carried out, or the last one is held and nobody has decided yet. */
  isBusy(): Promise<boolean>
  /** Takes the run that was due then, if nobody else has, until it is due next; undefined if somebody has. */
  claim(due: string): Promise<string | undefined>
  /** Moves the time when a run is due, for whoever has taken it; undefined if it is somebody else's by now. */
  postpone(due: string, to: string): Promise<string | undefined>
  /** Notes why a run came to nothing. */
  fail(began: string, problem: string): Promise<void>
}

/** A run that is due, in whatever organisation. */
export interface DueSync {
  readonly organisation: string
  readonly due: string
}

/** What somebody was to get, in a form that can be compared with what they are to get now. */
export function attemptOf({ action, changes }: Pick<Proposal, 'action' | 'changes'>): string {
  return `${action} ${JSON.stringify(changes)}`
}
