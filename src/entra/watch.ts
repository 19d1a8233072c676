import { daysUntil, type EntraConnections } from '../directory/connection.ts'
import type { Store } from '../directory/store.ts'
import type { Log } from '../log.ts'

const DAY_MILLISECONDS = 24 * 60 * 60 * 1_000
/** So many days before a credential expires somebody should make another. */
const SOON_DAYS = 30

export interface ConnectionWatch {
  /** Looks now; resolves when every connection was looked at. */
  tick(): Promise<void>
  /** Looks no more, and says nothing of what is under way: that may wait for Entra for long. */
  stop(): void
}

/**
 * Looks at the connections to Entra, at once and then once a day: writes into the log which credentials expire soon and
 * which cannot be used, and seals with the newest key what another one has sealed.
 */
export function startConnectionWatch(deps: {
  readonly store: Store
  readonly connections: EntraConnections
  readonly log: Log
  readonly now: () => Date
  readonly newId: () => string
}): ConnectionWatch {
  const { store, connections, log, now, newId } = deps
  let running: Promise<void> | undefined
  let stopping = false

  function warn(message: string, fields: Readonly<Record<string, unknown>>): void {
    if (!stopping) log.warn(message, fields)
  }

  async function look(organisation: string): Promise<void> {
    const known = await connections.known(organisation)
    if (!known) return
    const { tenantId, clientId, credential: kind } = known
    const about = { organisation, tenantId, clientId, kind }
    let { expires } = known
    try {
      await connections.renew(organisation, { actor: 'server', door: 'cli', requestId: newId() })
      const directory = await connections.of(organisation)
      expires = (await directory?.credentialExpires()) ?? expires
    } catch (failure) {
      warn('entra connection', { ...about, failure })
    }
    const days = expires === undefined ? Infinity : daysUntil(expires, now())
    if (days <= SOON_DAYS) warn('entra credential expires', { ...about, expires, days })
  }

  async function lookAtAll(): Promise<void> {
    for (const { id } of await store.organisations.list()) {
      if (stopping) return
      await look(id).catch((failure: unknown) =>
        warn('entra connection', { organisation: id, failure }),
      )
    }
  }

  function tick(): Promise<void> {
    running ??= lookAtAll()
      .catch((failure: unknown) => warn('entra connection', { failure }))
      .finally(() => {
        running = undefined
      })
    return running
  }

  const timer = setInterval(() => void tick(), DAY_MILLISECONDS)
  timer.unref()
  void tick()

  return {
    tick,
    stop() {
      stopping = true
      clearInterval(timer)
    },
  }
}
