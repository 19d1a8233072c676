import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const engines = ['sqlite', 'postgres'] as const
export type EngineName = (typeof engines)[number]

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
  /** The same of the database, where it is a server of its own. */
  readonly databaseCpu?: number
  /** Most bytes the server had resident. */
  readonly peak?: number
  /** Resident megabytes of the server at ten moments, with blanks between. */
  readonly memory: string
}

export type CeilingName = 'get' | 'post' | 'select' | 'insert'

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
  readonly postgres?: string
  /** Where server and load generator ran. */
  readonly pinning: string
  readonly fileSystem: string
}

export interface Results {
  readonly engine: EngineName
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
  // The first results do not say it.
  return {
    engine: 'sqlite',
    ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<Results>),
  } as Results
}

/** The newest file of results that is kept of each engine. */
export function latestResults(): string[] {
  if (!existsSync(RESULTS_FOLDER)) return []
  const files = readdirSync(RESULTS_FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(RESULTS_FOLDER, name))
  return engines.flatMap((engine) => {
    const newest = files.findLast((file) => readResults(file).engine === engine)
    return newest === undefined ? [] : [newest]
  })
}

/** The ceiling at a concurrency. Inserts into SQLite are measured one by one, since nothing is gained by more at once. */
export function ceilingOf(
  ceilings: readonly Ceiling[],
  name: CeilingName,
  concurrency: number,
): Ceiling | undefined {
  const named = ceilings.filter((each) => each.name === name)
  const same = named.find((each) => each.concurrency === concurrency)
  return same ?? (name === 'insert' ? named[0] : undefined)
}
