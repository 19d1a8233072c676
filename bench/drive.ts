import type { Measured } from './results.ts'
import { summarise } from './summary.ts'
import { peakMemory, processorClock, residentMemory, resetPeak } from './usage.ts'
import { openWire, type Wire } from './wire.ts'

export type Body = Record<string, unknown>

/** A request and what is to come back. */
export interface Exchange {
  readonly request: string
  readonly status: number
  /** Whether the script goes on from the text of the answer. */
  readonly read?: boolean
  /** Part of checking, not of the work: sent and checked always, and not measured. */
  readonly aside?: boolean
  /** What is wrong with the content, or undefined. */
  readonly check?: (body: Body) => string | undefined
}

/** For a request that may be answered or refused. */
export const ANY_STATUS = 0

/** What a connection does one after the other; it is given the text of the answers it wants to read. */
export type Script = Generator<Exchange, void, string>

export interface Drive {
  readonly port: number
  /** The server's. */
  readonly pid: number
  /** The database's, where it is a server of its own. */
  readonly databasePid?: number
  readonly concurrency: number
  readonly warmUpSeconds: number
  readonly seconds: number
  readonly script: () => Script
  /** Runs beside the others on a connection of its own, unmeasured. */
  readonly background?: () => Script
}

/** One answer in so many is looked into. */
const CHECKED_OF = 100
const PROBLEMS = 3
/** A server that only fails is not asked forever. */
const MOST_ERRORS = 1_000
/** Times that are kept; a soak may have more requests. */
const MOST_TIMES = 5_000_000
const PATIENCE_MILLISECONDS = 60_000
const REOPEN_MILLISECONDS = 20
const MEMORY_SAMPLES = 10
const MEGABYTE = 1_048_576

interface Tally {
  readonly times: Float64Array
  requests: number
  answers: number
  errors: number
  checked: number
  readonly problems: Set<string>
}

function look(exchange: Exchange, text: string): string | undefined {
  if (!exchange.check) return undefined
  try {
    return exchange.check(JSON.parse(text) as Body)
  } catch (error) {
    return `${String(error)} in ${text.slice(0, 200)}`
  }
}

/** A closed loop: every connection has one request on its way until the time is over. */
export function drive(given: Drive): Promise<Measured> {
  const { port, pid, concurrency, warmUpSeconds, seconds } = given
  const tally: Tally = {
    times: new Float64Array(MOST_TIMES),
    requests: 0,
    answers: 0,
    errors: 0,
    checked: 0,
    problems: new Set(),
  }
  let measuring = false
  let over = false
  let running = 0
  /** Those of them that are not in the background. */
  let working = 0
  let seen = 0
  let result: Measured
  const { promise, resolve } = Promise.withResolvers<Measured>()

  function fail(problem: string): void {
    tally.errors += 1
    if (tally.problems.size < PROBLEMS) tally.problems.add(problem.slice(0, 300))
    if (tally.errors >= MOST_ERRORS) finish()
  }

  function count(exchange: Exchange, status: number, bytes: Buffer, time: number, main: boolean) {
    seen += 1
    const bad = exchange.status !== ANY_STATUS && status !== exchange.status
    const checks = exchange.aside === true || seen % CHECKED_OF === 0
    const text = bad || checks || exchange.read ? bytes.toString() : ''
    const unexpected = `${status} instead of ${exchange.status}: ${text}`
    const problem = bad ? unexpected : checks ? look(exchange, text) : undefined
    if (problem !== undefined) fail(problem)
    if (!measuring) return text
    tally.answers += 1
    if (checks && exchange.check) tally.checked += 1
    if (main && exchange.aside !== true) {
      if (tally.requests < MOST_TIMES) tally.times[tally.requests] = time
      tally.requests += 1
    }
    return text
  }

  function run(script: Script, main: boolean): void {
    let step = script.next()
    let sent = 0
    let wire: Wire
    running += 1
    if (main) working += 1
    const late = setInterval(() => {
      if (sent === 0 || performance.now() - sent < PATIENCE_MILLISECONDS) return
      fail('No answer in 60 s.')
      wire.close()
      end()
    }, 1_000)

    function end(): void {
      clearInterval(late)
      running -= 1
      if (main) working -= 1
      if (working === 0) finish()
      if (over && running === 0) resolve(result)
    }

    function go(): void {
      if (step.done || over) {
        wire.close()
        return end()
      }
      sent = performance.now()
      wire.send(step.value.request)
    }

    function open(): void {
      wire = openWire(port, {
        connected: go,
        lost(reason) {
          if (over) return end()
          fail(reason)
          // Nobody knows what became of the request; the next one is another.
          if (sent > 0) step = script.next('')
          sent = 0
          setTimeout(open, REOPEN_MILLISECONDS)
        },
        answered(status, bytes) {
          const time = performance.now() - sent
          sent = 0
          if (!step.done && !over) step = script.next(count(step.value, status, bytes, time, main))
          go()
        },
      })
    }
    open()
  }

  let start = 0
  let processors = processorClock(pid, given.databasePid)
  const memory: number[] = []

  function sampleMemory(): void {
    const bytes = residentMemory(pid)
    if (measuring && bytes !== undefined) memory.push(Math.round(bytes / MEGABYTE))
  }

  function begin(): void {
    if (over) return
    resetPeak(pid)
    processors = processorClock(pid, given.databasePid)
    start = performance.now()
    measuring = true
  }

  const beginTimer = setTimeout(begin, warmUpSeconds * 1_000)
  const memoryTimer = setInterval(sampleMemory, (seconds * 1_000) / MEMORY_SAMPLES)
  const endTimer = setTimeout(finish, (warmUpSeconds + seconds) * 1_000)

  function finish(): void {
    if (over) return
    // A script may have nothing left to do before the warm-up is over.
    if (!measuring) begin()
    over = true
    const elapsed = performance.now() - start
    const used = processors(tally.answers)
    const peak = peakMemory(pid)
    for (const timer of [beginTimer, memoryTimer, endTimer]) clearTimeout(timer)
    // Given away when all that is still on its way has been answered, so that no cell burdens the next.
    result = {
      ...summarise(tally.times.slice(0, tally.requests), tally.requests, elapsed),
      errors: tally.errors,
      problems: [...tally.problems].join(' | '),
      checked: tally.checked,
      ...used,
      ...(peak === undefined ? {} : { peak }),
      memory: memory.join(' '),
    }
    if (running === 0) resolve(result)
  }

  /**
   * Waking a program that sleeps on another core costs the one that wakes it: a slow server with each answer, and a fast
   * one never, since it leaves no time to fall asleep. So nobody has to pay that.
   */
  function stayAwake(): void {
    if (!over || running > 0) setImmediate(stayAwake)
  }

  stayAwake()
  if (given.background) run(given.background(), false)
  for (let worker = 0; worker < concurrency; worker += 1) run(given.script(), true)
  return promise
}
