import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What one cell measured: a workload, at a concurrency, on a size. Times are in milliseconds unless named otherwise. */
export interface Measured {
  readonly seconds: number
  readonly requests: number
  /** Requests per second. */
  readonly rate: number
  readonly p50: number
  readonly p99: number
  readonly slowest: number
  readonly errors: number
  /** The first few errors in words. */
  readonly problems: string
  /** Answers whose content was looked at. */
  readonly checked: number
  /** CPU time of the server per request, in microseconds. */
  readonly cpu?: number
  /** Most bytes the server had resident. */
  readonly peak?: number
  /** Resident megabytes of the server at ten moments, with blanks between. */
  readonly memory: string
  /** How much of its core the load generator used, from 0 to 1. */
  readonly generator: number
}

export type CeilingName = 'get' | 'post' | 'insert'

export interface Ceiling extends Measured {
  readonly name: CeilingName
  readonly concurrency: number
}

export interface Cell extends Measured {
  readonly workload: string
  readonly concurrency: number
  /** The rate as a part of each ceiling's. */
  readonly ratios: Partial<Record<CeilingName, number>>
}

export interface SizeResult {
  readonly users: number
  readonly groups: number
  readonly loadSeconds: number
  readonly databaseBytes: number
  /** Bytes of the answer to GET by id, and of the fixed JSON of its ceiling. */
  readonly answerBytes: number
  readonly ceilings: Ceiling[]
  readonly cells: Cell[]
}

export interface Machine {
  readonly cores: number
  readonly cpu: string
  readonly memoryBytes: number
  readonly system: string
  readonly node: string
  readonly sqlite: string
  /** Where server and load generator ran. */
  readonly pinning: string
  readonly fileSystem: string
}

export interface Results {
  readonly date: string
  readonly label: string
  readonly options: string
  readonly machine: Machine
  readonly sizes: SizeResult[]
}

export const RESULTS_FOLDER = join(import.meta.dirname, 'results')

export function writeResults(file: string, results: Results): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
}

export function readResults(file: string): Results {
  return JSON.parse(readFileSync(file, 'utf8')) as Results
}

/** The newest file of results that is kept. */
export function latestResults(): string | undefined {
  try {
    const name = readdirSync(RESULTS_FOLDER)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .at(-1)
    return name === undefined ? undefined : join(RESULTS_FOLDER, name)
  } catch {
    return undefined
  }
}
