import { DirectoryError } from '../directory/errors.ts'
import { SealError, type Sealing } from '../directory/sealing.ts'
import type { Store } from '../directory/store.ts'
import type {
  Delivery,
  NewDelivery,
  TakenWebhook,
  Webhook,
  WebhookDesk,
} from '../directory/webhook.ts'
import type { Log } from '../log.ts'
import { PATIENCE_MILLISECONDS, waitAfter } from './backoff.ts'
import { messageOf, testMessage, type Message } from './message.ts'
import { post } from './post.ts'
import { newWebhookSecret } from './sign.ts'

/** So many webhooks are told of events at a time. */
const AT_ONCE = 8

/** For so long one is, before it is somebody's turn again. */
const TURN_MILLISECONDS = 20_000

const DAY_MILLISECONDS = 24 * 60 * 60_000

/** A receiver that wants nothing more. */
const GONE = 410

export interface WebhooksDeps {
  readonly store: Store
  readonly sealing: Sealing
  readonly now: () => Date
  readonly newId: () => string
  readonly log: Log
  /** How often to look for events, in milliseconds. */
  readonly every: number
}

export interface RunningWebhooks extends WebhookDesk {
  /** Tells of what there is; resolves when nothing more can be told now. Never throws. */
  tick(): Promise<void>
  /** Begins nothing more, and waits for what is under way. */
  stop(): Promise<void>
}

const placeOf = (organisation: string, id: string) => [organisation, 'webhook', id]

/** How a row of tries stands. */
interface Trying {
  attempts: number
  failingSince: string | undefined
}

/** Tells webhooks of events while the server runs, and lets the doors make and try them. */
export function startWebhooks(deps: WebhooksDeps): RunningWebhooks {
  const { store, sealing, now, newId, log, every } = deps
  const queue = store.webhookQueue
  const underWay = new Map<string, Promise<void>>()
  let looking: Promise<void> | undefined
  let woken = false
  let stopped = false

  function note(failure: unknown, fields: { readonly webhook?: string }): void {
    const away = failure instanceof DirectoryError && failure.code === 'unavailable'
    log[away ? 'warn' : 'error']('webhooks', { ...fields, failure })
  }

  /** The secrets that sign now. Throws SealError where the newest cannot be opened. */
  async function secretsOf(organisation: string, id: string): Promise<readonly string[]> {
    const { webhooks } = store.for({ organisation, localUsers: 'visible' })
    const [newest = '', ...old] = await webhooks.secrets(id)
    const place = placeOf(organisation, id)
    // A new secret is the way out where the key of the old one is lost.
    return [sealing.open(newest, place), ...old.flatMap((each) => openable(each, place))]
  }

  /** A text that is opened, unless it cannot be. */
  function openable(sealed: string, place: readonly string[]): string[] {
    try {
      return [sealing.open(sealed, place)]
    } catch (error) {
      if (error instanceof SealError) return []
      throw error
    }
  }

  /** Hands a message over once; that the secret cannot be read is a failure like any other. */
  async function send(
    organisation: string,
    { id, url }: Pick<Webhook, 'id' | 'url'>,
    message: Message,
    attempt: number,
  ): Promise<NewDelivery> {
    const { action, sequence } = message
    const about = { action, attempt, ...(sequence === undefined ? {} : { sequence }) }
    try {
      const secrets = await secretsOf(organisation, id)
      return { ...about, ...(await post(url, message, { secrets, now })) }
    } catch (error) {
      if (!(error instanceof SealError)) throw error
      const at = now().toISOString()
      return { ...about, at, milliseconds: 0, problem: error.message, request: message.body }
    }
  }

  async function fail(taken: TakenWebhook, delivery: NewDelivery, trying: Trying): Promise<void> {
    const { at, attempt, status, problem } = delivery
    const since = Date.parse(trying.failingSince ?? at)
    const over = now().getTime() - since >= PATIENCE_MILLISECONDS || status === GONE
    const due = over ? undefined : new Date(now().getTime() + waitAfter(attempt)).toISOString()
    await queue.failed(taken, due, delivery)
    const { id: webhook, organisation } = taken
    log.warn('webhook not taken', { webhook, organisation, attempt, problem, again: due })
  }

  /** Tells a webhook of all there is; how far it came, or undefined where it is not this server's any more. */
  async function tellAll(taken: TakenWebhook): Promise<number | undefined> {
    const end = performance.now() + TURN_MILLISECONDS
    const trying: Trying = { attempts: taken.attempts, failingSince: taken.failingSince }
    let { position } = taken
    for (;;) {
      const waiting = await queue.next(taken, position)
      if (!waiting) return position
      for (const event of waiting.events) {
        if (stopped || performance.now() > end) return position
        const attempt = trying.attempts + 1
        const delivery = await send(taken.organisation, taken, messageOf(event), attempt)
        if (delivery.problem !== undefined) {
          await fail(taken, delivery, trying)
          return undefined
        }
        if (!(await queue.delivered(taken, event.sequence, delivery))) return undefined
        position = event.sequence
        trying.attempts = 0
        trying.failingSince = undefined
      }
      position = waiting.upTo
      if (waiting.all || stopped || performance.now() > end) return position
    }
  }

  async function serve(organisation: string, id: string): Promise<void> {
    try {
      const taken = await queue.take(organisation, id)
      if (!taken) return
      const position = await tellAll(taken)
      if (position !== undefined) await queue.release(taken, position)
    } catch (failure) {
      note(failure, { webhook: id })
    }
  }

  async function look(): Promise<void> {
    try {
      for (const { organisation, id } of await queue.due()) {
        if (stopped) return
        if (underWay.has(id)) continue
        if (underWay.size >= AT_ONCE) await Promise.race(underWay.values())
        const end = serve(organisation, id).finally(() => underWay.delete(id))
        underWay.set(id, end)
      }
    } catch (failure) {
      note(failure, {})
    }
  }

  /** Looks for what is due, once at a time; whoever asks meanwhile is looked for again. */
  function begin(): Promise<void> {
    woken = looking !== undefined
    looking ??= look().finally(() => {
      looking = undefined
      if (woken && !stopped) void begin()
    })
    return looking
  }

  /** Seals with the newest key what another one has sealed: servers with other keys may still make webhooks. */
  async function renewSeals(): Promise<void> {
    if (!sealing.ready) return
    for (const { id: organisation } of await store.organisations.list()) {
      const { webhooks } = store.for({ organisation, localUsers: 'visible' })
      for (const { id } of await webhooks.list()) {
        const place = placeOf(organisation, id)
        const cause = { actor: 'server', door: 'cli', requestId: newId() } as const
        const again = (sealed: string) => {
          if (sealing.isNewest(sealed)) return sealed
          const [text] = openable(sealed, place)
          // Whoever sends with it says that it cannot be opened.
          return text === undefined ? sealed : sealing.seal(text, place)
        }
        await webhooks.reseal(id, again, cause).catch((failure: unknown) => {
          note(failure, { webhook: id })
        })
      }
    }
  }

  async function settle(): Promise<void> {
    while (looking || underWay.size > 0) await Promise.all([looking, ...underWay.values()])
  }

  const renew = () => renewSeals().catch((failure: unknown) => note(failure, {}))
  const renewed = renew()
  const daily = setInterval(() => void renew(), DAY_MILLISECONDS)
  daily.unref()
  const timer = setInterval(() => void begin(), every)
  timer.unref()

  const newSecret: WebhookDesk['newSecret'] = (organisation, id) => {
    const secret = newWebhookSecret()
    return { secret, sealed: sealing.seal(secret, placeOf(organisation, id)) }
  }

  return {
    ready: sealing.ready,
    newSecret,
    newWebhook(organisation) {
      const id = newId()
      return { id, ...newSecret(organisation, id) }
    },
    wake: () => void begin(),
    async test(organisation, webhook): Promise<Delivery> {
      const message = testMessage(newId(), webhook.id, now())
      const delivery = await send(organisation, webhook, message, 1)
      const { webhooks } = store.for({ organisation, localUsers: 'visible' })
      return webhooks.note(webhook.id, delivery)
    },
    async tick() {
      await begin()
      await settle()
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      clearInterval(daily)
      await renewed
      await settle()
    },
  }
}
