import type { MiddlewareHandler } from 'hono'
import { DirectoryError } from '../directory/errors.ts'
import {
  hourOf,
  type DroppedRequests,
  type LogEntry,
  type LogFeed,
  type NewLogEntry,
} from '../directory/provisioning-log.ts'
import type { Store } from '../directory/store.ts'
import type { Log } from '../log.ts'
import type { Exchange } from './exchange.ts'
import type { ScimEnv } from './http.ts'
import { entryOf, type Noted } from './log-entry.ts'

/** So many requests are written at a time, and so soon. */
const BATCH = 100
const PAUSE_MILLISECONDS = 500
/**
 * The same while more wait: 100 a second, four times what Entra asks a server to bear. Writing costs more than its own
 * time, since SQLite reads anew afterwards what it had at hand. What comes beyond that is counted and not kept.
 */
const BUSY_MILLISECONDS = 1_000
/** The same while the database is away. */
const AWAY_MILLISECONDS = 5_000
/** So many wait to be written, and so many characters of bodies; reads leave room for what changes something. */
const MOST_WAITING = 1_500
const MOST_READS_WAITING = 1_000
const MOST_CHARACTERS = 8_388_608
/** How long others wait while a batch is made ready. */
const TURN_MILLISECONDS = 5
/** How often those who follow look for what other servers have written. */
const LOOK_MILLISECONDS = 1_000
const FOLLOWED_AT_ONCE = 100
const HOUR_MILLISECONDS = 3_600_000

/** Headers of requests that tell something; never credentials. */
const told = ['content-type', 'user-agent', 'accept', 'if-match', 'if-none-match'] as const

export interface Recorder extends LogFeed {
  /** Notes requests of the door that it is used in; absent where nothing is kept. */
  readonly middleware: MiddlewareHandler<ScimEnv> | undefined
  /** Writes all that waits; resolves when it is readable. Never throws. */
  flush(): Promise<void>
  /** Writes what waits, and ends what follows. */
  stop(): Promise<void>
}

interface Deps {
  readonly store: Store
  readonly log: Log
  readonly now: () => Date
  /** Below which path requests are told. */
  readonly mountedAt: string
  /** For how many days entries are kept; 0 keeps none. */
  readonly days: number
}

function isAway(failure: unknown): boolean {
  return failure instanceof DirectoryError && failure.code === 'unavailable'
}

function weightOf({ text = '', bodyLength = 0 }: Exchange): number {
  return text.length + bodyLength
}

/** Counts what is not kept, by organisation and hour. */
function dropCounter() {
  const counts = new Map<
    string,
    { -readonly [Name in keyof DroppedRequests]: DroppedRequests[Name] }
  >()
  return {
    /** The time in milliseconds. */
    add(organisation: string, time: number, status: number): void {
      const key = `${Math.floor(time / HOUR_MILLISECONDS)} ${organisation}`
      const count = counts.get(key) ?? {
        organisation,
        hour: hourOf(new Date(time).toISOString()),
        requests: 0,
        errors: 0,
      }
      count.requests += 1
      if (status >= 400) count.errors += 1
      counts.set(key, count)
    },
    take(): DroppedRequests[] {
      const all = [...counts.values()]
      counts.clear()
      return all
    },
    giveBack(taken: readonly DroppedRequests[]): void {
      for (const one of taken) {
        const key = `${Math.floor(Date.parse(one.hour) / HOUR_MILLISECONDS)} ${one.organisation}`
        const { requests = 0, errors = 0 } = counts.get(key) ?? {}
        counts.set(key, { ...one, requests: one.requests + requests, errors: one.errors + errors })
      }
    },
    get size() {
      return counts.size
    },
  }
}

/** Keeps the provisioning log: notes requests as they go by, and writes them down while nobody waits. */
export function startRecorder({ store, log, now, mountedAt, days }: Deps): Recorder {
  let waiting: Noted[] = []
  let characters = 0
  const dropped = dropCounter()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  let stopped = false
  let followed = true
  let away = false
  const wakers = new Set<() => void>()

  function drop({ organisation, at, status }: Noted): void {
    dropped.add(organisation, Date.parse(at), status)
  }

  /** A batch without those that cannot be made out, which no request can bring about. */
  async function prepare(batch: readonly Noted[]): Promise<NewLogEntry[]> {
    const entries: NewLogEntry[] = []
    let turn = performance.now()
    for (const noted of batch) {
      try {
        entries.push(entryOf(noted))
      } catch (failure) {
        log.error('provisioning log', { requestId: noted.requestId, failure })
        drop(noted)
      }
      if (performance.now() - turn > TURN_MILLISECONDS) {
        await new Promise((resolve) => setImmediate(resolve))
        turn = performance.now()
      }
    }
    return entries
  }

  async function writeBatch(): Promise<void> {
    const batch = waiting.slice(0, BATCH)
    const entries = await prepare(batch)
    const missed = dropped.take()
    try {
      await store.provisioningLogs.append(entries, missed)
      const requests = missed.reduce((sum, each) => sum + each.requests, 0)
      if (requests > 0) log.warn('provisioning log', { notKept: requests })
    } catch (failure) {
      dropped.giveBack(missed)
      // While the database is away they wait; what it refuses would be refused for ever.
      if (isAway(failure)) {
        if (!away) log.warn('provisioning log', { failure })
        away = true
        return
      }
      log.error('provisioning log', { failure })
      batch.forEach(drop)
    }
    away = false
    // Others have come meanwhile, at the end.
    waiting = waiting.slice(batch.length)
    characters -= batch.reduce((sum, { exchange }) => sum + weightOf(exchange), 0)
    for (const wake of wakers) wake()
  }

  /** One batch at a time. */
  function write(): Promise<void> {
    writing ??= writeBatch().finally(() => {
      writing = undefined
    })
    return writing
  }

  function pause(): number {
    if (away) return AWAY_MILLISECONDS
    return waiting.length > BATCH ? BUSY_MILLISECONDS : PAUSE_MILLISECONDS
  }

  function plan(): void {
    if (timer || stopped) return
    timer = setTimeout(() => {
      void write().then(() => {
        timer = undefined
        if (waiting.length > 0 || dropped.size > 0) plan()
      })
    }, pause())
    timer.unref()
  }

  async function flush(): Promise<void> {
    await writing
    const left = () => waiting.length + dropped.size
    // What the database does not take now is not waited for.
    for (let before = Infinity; left() > 0 && left() < before; ) {
      before = left()
      await write()
    }
  }

  const middleware: MiddlewareHandler<ScimEnv> = async function record(context, next) {
    const came = now()
    const start = performance.now()
    const room = context.req.method === 'GET' ? MOST_READS_WAITING : MOST_WAITING
    const exchange: Exchange | undefined =
      waiting.length < room && characters < MOST_CHARACTERS ? {} : undefined
    context.set('exchange', exchange)
    await next()
    // Set by the guard, unless it knew nobody; the type tells of what comes after it.
    const principal = context.get('principal') as ScimEnv['Variables']['principal'] | undefined
    if (!principal) return
    const { organisation, actor } = principal
    const { status } = context.res
    if (!exchange) {
      dropped.add(organisation, came.getTime(), status)
      return plan()
    }
    const { url, method } = context.req
    const headers = Object.fromEntries(
      told.flatMap((name) => {
        const value = context.req.header(name)
        return value === undefined ? [] : [[name, value]]
      }),
    )
    waiting.push({
      organisation,
      actor,
      requestId: context.get('requestId'),
      at: came.toISOString(),
      milliseconds: Math.round((performance.now() - start) * 10) / 10,
      method,
      path: url.slice(url.indexOf(mountedAt) + mountedAt.length) || '/',
      headers,
      status,
      tolerances: [...(context.get('tolerances') ?? [])],
      exchange,
    })
    characters += weightOf(exchange)
    plan()
  }

  /** Resolves when this server has written something, or others may have. */
  function nextLook(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(late)
        wakers.delete(end)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const late = setTimeout(end, LOOK_MILLISECONDS)
      late.unref()
      wakers.add(end)
      signal?.addEventListener('abort', end)
    })
  }

  async function* follow(
    organisation: string,
    after: number,
    signal?: AbortSignal,
  ): AsyncGenerator<LogEntry, void, undefined> {
    const { provisioningLog } = store.for({ organisation, localUsers: 'visible' })
    const ended = () => !followed || signal?.aborted === true
    for (let last = after; !ended(); ) {
      const entries = await provisioningLog.since(last, FOLLOWED_AT_ONCE)
      for (const entry of entries) {
        if (ended()) return
        yield entry
        last = entry.sequence
      }
      if (entries.length < FOLLOWED_AT_ONCE && !ended()) await nextLook(signal)
    }
  }

  return {
    days,
    middleware: days === 0 ? undefined : middleware,
    follow,
    flush,
    async stop() {
      clearTimeout(timer)
      await flush()
      stopped = true
      followed = false
      for (const wake of wakers) wake()
    },
  }
}
