import type { Json } from '../scim/schema/attribute.ts'

export type Door = 'scim' | 'admin' | 'auth' | 'cli'

/** Who asked for a change, through which door, in which request. */
export interface Cause {
  readonly actor: string
  readonly door: Door
  readonly requestId: string
}

export type Action =
  | 'user.created'
  | 'user.updated'
  | 'user.deactivated'
  | 'user.reactivated'
  | 'user.retired'
  | 'user.deleted'
  /** A deactivation or deletion waits for an administrator. */
  | 'user.held'
  /** The provisioning client wants the user back. */
  | 'user.hold-dropped'
  | 'user.hold-released'
  | 'user.hold-discarded'
  | 'group.created'
  | 'group.updated'
  | 'group.deleted'
  | 'link.requested'
  | 'link.accepted'
  | 'link.dismissed'
  /** What was dismissed is open again. */
  | 'link.reopened'
  | 'token.created'
  | 'token.revoked'
  | 'organisation.created'
  | 'organisation.updated'
  | 'session.opened'
  | 'session.ended'
  | 'code.issued'
  | 'link.issued'
  | 'password.chosen'
  | 'administrator.appointed'
  | 'administrator.dismissed'
  | 'user.linked'
  | 'user.unlinked'
  | 'plan.created'
  | 'plan.changed'
  | 'plan.started'
  | 'plan.cancelled'
  | 'plan.released'
  | 'plan.finished'
  | 'rule.created'
  | 'rule.updated'
  | 'rule.deleted'
  | 'rules.ordered'
  | 'mapping.created'
  | 'mapping.updated'
  | 'mapping.deleted'
  | 'setting.changed'
  | 'mail.queued'
  | 'mail.dispatched'
  | 'mail.cancelled'
  | 'client.created'
  | 'client.updated'
  | 'client.revoked'
  | 'client.token'
  | 'permission.granted'
  | 'permission.revoked'
  | 'webhook.created'
  | 'webhook.updated'
  | 'webhook.secret-renewed'
  | 'webhook.paused'
  | 'webhook.resumed'
  /** It is told again of what it was told before. */
  | 'webhook.replayed'
  /** Its receiver failed for so long that Entrance has stopped it. */
  | 'webhook.given-up'
  | 'webhook.deleted'

/** One changed value, at the path of the attribute that holds it. Absent means unassigned. */
export interface Change {
  readonly path: string
  readonly from?: Json
  readonly to?: Json
}

/** One entry of the append-only record of an organisation. */
export interface Event extends Cause {
  /** Grows with every event. */
  readonly sequence: number
  /** ISO-8601, UTC. */
  readonly at: string
  readonly action: Action
  readonly resourceId: string
  readonly changes: readonly Change[]
}
