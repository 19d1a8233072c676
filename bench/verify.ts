/** What it costs to find out who calls: GET by id with each kind of credential, and with nobody asking for one. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, stop } from 'esbuild'
import { LOAD_CORE, ROOT, SERVER_CORE, startChild } from './children.ts'
import { describeMachine } from './machine.ts'
import type { CellMessage } from './processes/generator.ts'
import { type Machine, type Measured, RESULTS_FOLDER } from './results.ts'
import { say } from './screen.ts'
import { sqliteDatabases } from './sqlite.ts'

export const credentialNames = [
  'none',
  'SCIM_TOKEN',
  'secret token',
  'access token',
  'token of Entra',
] as const
export type Credential = (typeof credentialNames)[number]
export type Credentials = Readonly<Record<Credential, string>>

export interface VerificationMessage {
  readonly url: string
  readonly credential: Credential
}

export interface Verification {
  readonly date: string
  readonly machine: Machine
  readonly users: number
  readonly concurrency: number
  /** CPU time of the server per request, in microseconds: the median of the rounds. */
  readonly cpu: Readonly<Record<Credential, number>>
  /** Requests per second, likewise. */
  readonly rate: Readonly<Record<Credential, number>>
  /** The CPU time as a part of that of the same round with nobody asking: the median. */
  readonly ratio: Readonly<Record<Credential, number>>
}

const FOLDER = join(RESULTS_FOLDER, 'verification')
const USERS = 1_000
const GROUPS = 10
const CONCURRENCY = 16
const ROUNDS = 15
const SECONDS = 1

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

function medians(rounds: Readonly<Record<Credential, number[]>>): Record<Credential, number> {
  const entries = credentialNames.map((name) => [name, median(rounds[name])] as const)
  return Object.fromEntries(entries) as Record<Credential, number>
}

const lists = (): Record<Credential, number[]> => ({
  none: [],
  SCIM_TOKEN: [],
  'secret token': [],
  'access token': [],
  'token of Entra': [],
})

/** Measures the credentials in turns, so that what else the machine does meets them all. */
async function measure(url: string, server: string) {
  const entrance = startChild(SERVER_CORE, ['--max-semi-space-size=8', server])
  const generator = startChild(LOAD_CORE, ['bench/processes/generator.ts'])
  const cpu = lists()
  const rate = lists()
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const credential of credentialNames) {
        const { port, credentials } = await entrance.ask<{
          port: number
          credentials: Credentials
        }>({ url, credential } satisfies VerificationMessage)
        const world = credential
        const token = credentials[credential]
        await generator.ask({
          kind: 'world',
          name: world,
          port,
          token,
          users: USERS,
          groups: GROUPS,
        })
        const cell: CellMessage & { world: string } = {
          kind: 'cell',
          world,
          workload: 'get',
          ceiling: false,
          pid: entrance.pid,
          concurrency: CONCURRENCY,
          warmUpSeconds: SECONDS / 5,
          seconds: SECONDS,
        }
        const measured = await entrance.during(generator.ask<Measured>(cell))
        if (measured.errors > 0) throw new Error(`${credential}: ${measured.problems}`)
        // The first round warms up.
        if (round === 0) continue
        cpu[credential].push(measured.cpu ?? Number.NaN)
        rate[credential].push(measured.rate)
      }
    }
    const ratio = lists()
    for (const name of credentialNames) {
      ratio[name] = cpu[name].map((each, round) => each / (cpu.none[round] ?? Number.NaN))
    }
    return { cpu: medians(cpu), rate: medians(rate), ratio: medians(ratio) }
  } finally {
    await Promise.all([entrance.stop(), generator.stop()])
  }
}

/** Measures and writes down what verification costs. */
export async function runVerification(now: Date): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'entrance-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const databases = sqliteDatabases(folder, false, SECONDS)
  const server = await bundle()
  const { url } = await databases.provide(USERS, GROUPS)
  const machine = describeMachine(folder, undefined)
  const { cpu, rate, ratio } = await measure(url, server)
  const date = now.toISOString()
  const result: Verification = {
    date,
    machine,
    users: USERS,
    concurrency: CONCURRENCY,
    cpu,
    rate,
    ratio,
  }
  mkdirSync(FOLDER, { recursive: true })
  const file = join(FOLDER, `${date.slice(0, 10)}.json`)
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`)
  for (const name of credentialNames) {
    say(
      `${name.padEnd(16)} ${cpu[name].toFixed(1).padStart(7)} µs  ${share(result, name).padStart(7)}  ${Math.round(rate[name])} requests/s`,
    )
  }
  say(`\nWrote ${file}`)
}

/** What a credential adds to a GET by id that nobody asks a credential for. */
export function share({ ratio }: Verification, name: Credential): string {
  const percent = (ratio[name] - 1) * 100
  return name === 'none' ? '' : `${percent >= 0 ? '+' : '−'}${Math.abs(percent).toFixed(1)} %`
}

/** The newest that was written down. */
export function latestVerification(): Verification | undefined {
  try {
    const newest = readdirSync(FOLDER).sort().at(-1)
    if (newest === undefined) return undefined
    return JSON.parse(readFileSync(join(FOLDER, newest), 'utf8')) as Verification
  } catch {
    return undefined
  }
}
