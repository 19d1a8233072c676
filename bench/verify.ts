/** What it costs to find out who calls: GET by id with each kind of credential, and with nobody asking for one. */
import { join } from 'node:path'
import { build, stop } from 'esbuild'
import { FLAGS } from '../tools/build.ts'
import { LOAD_CORE, ROOT, SERVER_CORE, startChild } from './children.ts'
import { describeMachine } from './machine.ts'
import type { CellMessage } from './processes/generator.ts'
import { type Machine, type Measured, RESULTS_FOLDER } from './results.ts'
import { say } from './screen.ts'
import { sqliteDatabases } from './sqlite.ts'
import { keepResult, latestIn, scratchFolder } from './timing.ts'

export const credentialNames = [
  'SCIM_TOKEN',
  'secret token',
  'access token',
  'token of Entra',
] as const
export type Credential = (typeof credentialNames)[number]
export type Credentials = Readonly<Record<Credential, string>>

/** Begins to count, or tells what was counted since. */
export interface VerificationMessage {
  readonly kind: 'begin' | 'end'
  readonly url: string
}

/** Some hundred requests in a row, of which every credential was looked at or none. */
export interface Slice {
  readonly verified: boolean
  /** CPU time of the server per request, in microseconds. */
  readonly cpu: number
}

export interface Verification {
  readonly date: string
  readonly machine: Machine
  readonly users: number
  readonly concurrency: number
  readonly results: Readonly<Record<Credential, Cost>>
}

/** The medians of the slices of a credential. */
export interface Cost {
  /** CPU time of the server per request, in microseconds, when it verifies the credential. */
  readonly cpu: number
  /** The same for the same requests when it does not. */
  readonly without: number
  /** What verifying adds, as a part of the request without: each slice beside the one before and the one after. */
  readonly added: number
}

const FOLDER = join(RESULTS_FOLDER, 'verification')
const USERS = 1_000
const GROUPS = 10
const CONCURRENCY = 16
const WARM_UP_SECONDS = 2
const SECONDS = 20

/** As the server is bundled, since Node does not read its pages as they stand. */
async function bundle(): Promise<string> {
  const outfile = join(ROOT, 'dist/bench/verification.js')
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['bench/processes/verification.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: ['better-sqlite3', 'pg'],
    logLevel: 'error',
  })
  await stop()
  return outfile
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

function costOf(slices: readonly Slice[]): Cost {
  const added = slices.flatMap(({ verified, cpu }, index) => {
    const [before, after] = [slices[index - 1], slices[index + 1]]
    return verified && before && after ? [(2 * cpu) / (before.cpu + after.cpu) - 1] : []
  })
  const all = (wanted: boolean) =>
    slices.flatMap(({ verified, cpu }) => (verified === wanted ? [cpu] : []))
  return { cpu: median(all(true)), without: median(all(false)), added: median(added) }
}

/** Has the same requests answered with and without verifying, in turns so short that the machine is the same for both. */
async function measure(url: string, server: string): Promise<Verification['results']> {
  const entrance = startChild(SERVER_CORE, [...FLAGS, server])
  const generator = startChild(LOAD_CORE, ['bench/processes/generator.ts'])

  async function cost(credential: Credential): Promise<Cost> {
    const ask = <T>(kind: VerificationMessage['kind']) =>
      entrance.ask<T>({ kind, url } satisfies VerificationMessage)
    const { port, credentials } = await ask<{ port: number; credentials: Credentials }>('begin')
    const token = credentials[credential]
    const world = { name: credential, port, token, users: USERS, groups: GROUPS }
    await generator.ask({ kind: 'world', ...world })
    const cell: CellMessage & { world: string } = {
      kind: 'cell',
      world: credential,
      workload: 'get',
      ceiling: false,
      pid: entrance.pid,
      concurrency: CONCURRENCY,
      warmUpSeconds: WARM_UP_SECONDS,
      seconds: SECONDS,
    }
    const measured = await entrance.during(generator.ask<Measured>(cell))
    if (measured.errors > 0) throw new Error(`${credential}: ${measured.problems}`)
    const slices = await ask<Slice[]>('end')
    // The first ones warm up.
    return costOf(slices.slice(Math.floor(slices.length / 5)))
  }

  try {
    const costs: [Credential, Cost][] = []
    for (const name of credentialNames) costs.push([name, await cost(name)])
    return Object.fromEntries(costs) as Record<Credential, Cost>
  } finally {
    await Promise.all([entrance.stop(), generator.stop()])
  }
}

/** Measures and writes down what verification costs. */
export async function runVerification(now: Date): Promise<void> {
  const folder = scratchFolder()
  const databases = sqliteDatabases(folder, false, SECONDS)
  const server = await bundle()
  const { url } = await databases.provide(USERS, GROUPS)
  const machine = describeMachine(folder, undefined)
  const results = await measure(url, server)
  const date = now.toISOString()
  const result: Verification = {
    date,
    machine,
    users: USERS,
    concurrency: CONCURRENCY,
    results,
  }
  const file = keepResult(FOLDER, result)
  for (const name of credentialNames) {
    const { cpu, without } = results[name]
    say(
      `${name.padEnd(16)} ${without.toFixed(1).padStart(7)} µs without, ${cpu.toFixed(1).padStart(7)} µs with  ${share(results[name]).padStart(7)}`,
    )
  }
  say(`\nWrote ${file}`)
}

/** What verifying a credential adds to a GET by id that shows it and nobody looks at. */
export function share({ added }: Cost): string {
  const percent = added * 100
  return `${percent >= 0 ? '+' : '−'}${Math.abs(percent).toFixed(1)} %`
}

/** The newest that was written down. */
export function latestVerification(): Verification | undefined {
  // Written above, from this very type.
  return latestIn(FOLDER) as Verification | undefined
}
