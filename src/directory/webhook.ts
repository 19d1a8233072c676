import type { Cause, Event } from './event.ts'

/** How many webhooks an organisation has at most. */
export const MOST_WEBHOOKS = 20

/** So many of the last deliveries of a webhook are kept. */
export const DELIVERIES_KEPT = 100

/** The old secret signs beside the new one for so long. */
export const BOTH_SECRETS_MILLISECONDS = 24 * 60 * 60_000

/** Whether a webhook is told of events. */
export type WebhookState =
  | 'on'
  /** An administrator has stopped it. */
  | 'paused'
  /** Its receiver failed for so long, or said that it wants nothing more, that Entrance has stopped it. */
  | 'given-up'

/** What came of a delivery. */
export interface DeliveryResult {
  /** When it was begun; ISO-8601, UTC. */
  readonly at: string
  readonly milliseconds: number
  /** What the receiver answered, where it answered. */
  readonly status?: number
  /** Why it counts as failed, in words; absent where it was taken. */
  readonly problem?: string
}

/** What an administrator says of a webhook. */
export interface WebhookWish {
  readonly name: string
  readonly url: string
  /** Actions such as `user.created`, or kinds of them such as `user`; none for everything. */
  readonly actions: readonly string[]
}

/** An address that is told of events. */
export interface Webhook extends WebhookWish {
  readonly id: string
  readonly created: string
  readonly state: WebhookState
  /** How many tries in a row have failed. */
  readonly attempts: number
  /** Since when all tries have failed. */
  readonly failingSince?: string
  /** When it is tried again, where the last try failed. */
  readonly due?: string
  /** The last try, of a test too. */
  readonly last?: DeliveryResult
  /** Until when the secret before the last one signs too. */
  readonly bothUntil?: string
}

/** What went out, and what came back. Nothing secret is in it: signatures are left out. */
export interface Exchange {
  readonly request: string
  /** Status, headers and the beginning of the body; absent where nothing came back. */
  readonly response?: string
}

/** A try at telling a webhook of an event. */
export interface Delivery extends DeliveryResult {
  readonly id: string
  readonly webhookId: string
  readonly action: string
  /** The number of the event; absent for a test. */
  readonly sequence?: number
  /** From 1. */
  readonly attempt: number
}

export interface NewDelivery extends DeliveryResult, Exchange {
  readonly action: string
  readonly sequence?: number
  readonly attempt: number
}

/** The webhooks of an organisation. All but reading throws `notFound` for one that is not there. */
export interface Webhooks {
  /** By name. */
  list(): Promise<Webhook[]>
  read(id: string): Promise<Webhook | undefined>
  /** Is told of what happens from now on. Throws `tooMany`, and `conflict` where the name is taken. */
  create(
    webhook: WebhookWish & { readonly id: string; readonly sealed: string },
    cause: Cause,
  ): Promise<Webhook>
  change(id: string, wish: WebhookWish, cause: Cause): Promise<Webhook>
  /** Gives it another secret; the one before signs too until then. */
  rotate(id: string, sealed: string, bothUntil: string, cause: Cause): Promise<Webhook>
  /** One that stands still is left as it is. */
  pause(id: string, cause: Cause): Promise<Webhook>
  /** Goes on where it stopped, or with what happens from now on; also one that is on but waits for its next try. */
  resume(id: string, from: 'stopped' | 'now', cause: Cause): Promise<Webhook>
  /** Tells it again of the event of a number and of all after it, and switches it on. */
  replay(id: string, sequence: number, cause: Cause): Promise<Webhook>
  remove(id: string, cause: Cause): Promise<void>
  /** Newest first, those older than `before`, at most `limit`. */
  deliveries(
    id: string,
    page: { readonly before?: string; readonly limit: number },
  ): Promise<Delivery[]>
  delivery(id: string): Promise<(Delivery & Exchange) | undefined>
  /** The secrets that sign now, the newest first. */
  secrets(id: string): Promise<string[]>
  /** Seals the secrets anew where `again` gives another text; it is pure, and may run more than once. */
  reseal(id: string, again: (sealed: string) => string, cause: Cause): Promise<void>
  /** Keeps what came of a test; no event. */
  note(id: string, delivery: NewDelivery): Promise<Delivery>
}

/** A webhook that is one's for a while. */
export interface TakenWebhook extends Webhook {
  readonly organisation: string
  /** Who has taken it. */
  readonly holder: string
  /** The number of the last event that it was told of. */
  readonly position: number
}

/** Events that a webhook was not told of yet. */
export interface WaitingEvents {
  /** Oldest first; those that the webhook wants. */
  readonly events: readonly Event[]
  /** The number up to which none is missing; more may follow. */
  readonly upTo: number
  /** Whether all that there are have been looked at. */
  readonly all: boolean
}

/**
 * The webhooks of all organisations, for whoever delivers. Several servers may do so at once: each webhook is one's at a
 * time, and another's when that one has not been heard of for a while.
 */
export interface WebhookQueue {
  /** Those that may be told of something now. */
  due(): Promise<{ readonly organisation: string; readonly id: string }[]>
  /** Takes a webhook, unless somebody has it or there is nothing to do any more. */
  take(organisation: string, id: string): Promise<TakenWebhook | undefined>
  /**
   * What comes next after a number. An event that is not here yet while one of a higher number is keeps that one waiting, so
   * that none is ever left out; undefined while that takes long.
   */
  next(taken: TakenWebhook, position: number): Promise<WaitingEvents | undefined>
  /** Notes what came of a delivery; false when the webhook is somebody else's by now, stopped, or gone. */
  delivered(taken: TakenWebhook, sequence: number, delivery: NewDelivery): Promise<boolean>
  /** The same for one that failed: it is tried again at `due`, or with undefined given up. */
  failed(taken: TakenWebhook, due: string | undefined, delivery: NewDelivery): Promise<void>
  /** Lets go of a webhook that was told of everything up to a number. */
  release(taken: TakenWebhook, position: number): Promise<void>
}

/** What doors have to do with webhooks besides keeping them. */
export interface WebhookDesk {
  /** Whether there can be webhooks: whether the installation has a key to keep their secrets with. */
  readonly ready: boolean
  /** A webhook's id, and its first secret. Throws SealError `noKey`. */
  newWebhook(organisation: string): {
    readonly id: string
    readonly secret: string
    readonly sealed: string
  }
  /** A secret for a webhook, as it is shown once and as it is kept. Throws SealError `noKey`. */
  newSecret(organisation: string, id: string): { readonly secret: string; readonly sealed: string }
  /** Begins at once with what there is to tell. */
  wake(): void
  /** Sends an event that did not happen, whatever the state of the webhook, and says what came of it. */
  test(organisation: string, webhook: Webhook): Promise<Delivery>
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i

/** Why nothing can be sent to an address, in words; undefined for one that is right. */
export function addressMistake(text: string): string | undefined {
  if (!URL.canParse(text)) return 'Is no address, such as https://example.com/entrance.'
  const { protocol, hostname, username, password, hash } = new URL(text)
  if (protocol !== 'https:' && !(protocol === 'http:' && LOOPBACK.test(hostname))) {
    return 'Must begin with https://. Plain http is for this machine alone.'
  }
  if (username !== '' || password !== '') return 'Must have no user name or password in it.'
  if (hash !== '') return 'Must have nothing behind a #.'
  return undefined
}

/** Whether a webhook wants to be told of an action. */
export function wantsAction({ actions }: Pick<WebhookWish, 'actions'>, action: string): boolean {
  if (actions.length === 0) return true
  const [kind = ''] = action.split('.')
  return actions.includes(action) || actions.includes(kind)
}
