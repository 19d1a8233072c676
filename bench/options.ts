import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { MOST_PEOPLE } from '../src/directory/import.ts'
import { type EngineName, engines, latestResults, RESULTS_FOLDER } from './results.ts'
import { workloads } from './workloads.ts'

export interface RunOptions {
  readonly command: 'run'
  readonly engine: EngineName
  readonly users: readonly number[]
  /** Undefined makes one group for every hundred users. */
  readonly groups: number | undefined
  readonly workloads: readonly string[]
  readonly concurrency: readonly number[]
  readonly seconds: number
  /** How long the initial cycle goes on at the end of the last size; undefined leaves it out. */
  readonly soak: number | undefined
  readonly label: string
  readonly out: string
  /** Where databases are loaded to; undefined is a temporary folder. */
  readonly folder: string | undefined
  /** Where CPU profiles of the server are written; undefined writes none. */
  readonly profile: string | undefined
}

export type Options =
  | RunOptions
  | { readonly command: 'help' }
  | { readonly command: 'verify' }
  | { readonly command: 'import' | 'sync' | 'roster' | 'console'; readonly people: number }
  | { readonly command: 'report'; readonly files: readonly string[] }
  | { readonly command: 'profile'; readonly file: string }
  | { readonly command: 'wrong'; readonly problem: string }

export const help = `Measures Entrance against what the same machine does at best.

Usage: npm run bench -- [options]
       npm run bench -- report [FILE …]   writes docs/performance.md and its charts from results,
                                          by default the newest of bench/results of each engine; what
                                          stands in FILE with .md in place of .json goes below its
                                          first table
       npm run bench -- verify            measures what it costs to find out who calls
       npm run bench -- import [--people 10000]
                                          measures an import of so many people of Entra
       npm run bench -- sync [--people 50000]
                                          measures a sync of so many linked users, of whom some have
                                          changed
       npm run bench -- roster [--people 100000]
                                          measures the lists of so many users that the console shows
       npm run bench -- console [--people 100000]
                                          measures every page of the console with so many users
       npm run bench -- profile FILE      says where the time of a CPU profile went

  --engine sqlite|postgres      by default sqlite; a PostgreSQL server is started for the run
  --users 1000,100000,1000000   users to load, a run for each
  --groups N                    ordinary groups; by default one for every 100 users
  --workloads a,b               only these, in the order below
  --concurrency 1,16,64         connections that ask at the same time
  --seconds 5                   of each cell, after a warm-up of a fifth of it
  --soak 600                    at the end, seconds of the initial cycle on the last size, for memory
  --quick                       1,000 users, 1 and 16 connections, 1 second
  --label NAME                  a word in the name of the results, by default "run"
  --out FILE                    where the results go, by default bench/results/<date>-<label>.json or
                                <date>-postgres-<label>.json
  --folder DIR                  loads databases here and keeps them for the next run; by default
                                they are in a temporary folder and removed
  --profile DIR                 writes a CPU profile of each server here; slows it down
  --help                        this text

Workloads:
${Object.entries(workloads)
  .map(([name, { about }]) => `  ${name.padEnd(18)}${about}`)
  .join('\n')}

Ceilings, measured before each size: get and post, a bare Hono server that answers a fixed JSON or
echoes what it parsed; insert, the row of a user into the database, each in its own durable
transaction; and on PostgreSQL select, that row by its primary key.
`

function wrong(problem: string): Options {
  return { command: 'wrong', problem }
}

function numbers(text: string): number[] | undefined {
  const list = text.split(',').map(Number)
  return list.every((number) => Number.isSafeInteger(number) && number > 0) ? list : undefined
}

function resultsFile(engine: EngineName, label: string, now: Date): string {
  const name = engine === 'sqlite' ? label : `${engine}-${label}`
  return join(RESULTS_FOLDER, `${now.toISOString().slice(0, 10)}-${name}.json`)
}

/** How many people a command is about, as a rule and at most. */
const peopleOf = {
  import: { usual: 10_000, most: MOST_PEOPLE },
  sync: { usual: 50_000, most: 200_000 },
  roster: { usual: 100_000, most: 1_000_000 },
  console: { usual: 100_000, most: 1_000_000 },
} as const

const isCounted = (command: string): command is keyof typeof peopleOf =>
  Object.hasOwn(peopleOf, command)

function readCommand(
  [command = '', ...files]: readonly string[],
  given: string | undefined,
): Options | undefined {
  if (given !== undefined && !isCounted(command)) {
    return wrong(`--people goes with ${Object.keys(peopleOf).join(', ')}.`)
  }
  if (command === '') return undefined
  if (isCounted(command)) {
    const { usual, most } = peopleOf[command]
    const people = numbers(given ?? String(usual))?.[0]
    if (files.length > 0) return wrong(`The command ${command} takes only --people.`)
    return people === undefined || people > most
      ? wrong(`--people takes a number from 1 to ${most.toLocaleString('en')}.`)
      : { command, people }
  }
  if (command === 'report') {
    const found = files.length > 0 ? files : latestResults()
    return found.length === 0 ? wrong('There are no results yet.') : { command, files: found }
  }
  if (command === 'verify')
    return files.length > 0 ? wrong('The command verify takes nothing.') : { command }
  const [file, ...more] = files
  if (command !== 'profile') return wrong(`There is no command ${command}.`)
  return file === undefined || more.length > 0
    ? wrong('The command profile takes one file.')
    : { command, file }
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      engine: { type: 'string' },
      people: { type: 'string' },
      users: { type: 'string' },
      groups: { type: 'string' },
      workloads: { type: 'string' },
      concurrency: { type: 'string' },
      seconds: { type: 'string' },
      soak: { type: 'string' },
      quick: { type: 'boolean' },
      label: { type: 'string' },
      out: { type: 'string' },
      folder: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
}

export function readOptions(args: string[], now: Date): Options {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error))
  }
  const { values, positionals } = parsed
  if (values.help) return { command: 'help' }
  const command = readCommand(positionals, values.people)
  if (command) return command

  const engine = engines.find((name) => name === (values.engine ?? 'sqlite'))
  if (engine === undefined) return wrong(`--engine takes ${engines.join(' or ')}.`)
  const quick = values.quick === true
  const users = numbers(values.users ?? (quick ? '1000' : '1000,100000,1000000'))
  const concurrency = numbers(values.concurrency ?? (quick ? '1,16' : '1,16,64'))
  const groups = values.groups === undefined ? undefined : numbers(values.groups)?.[0]
  const seconds = Number(values.seconds ?? (quick ? 1 : 5))
  if (!users || users.some((count) => count < 100 || count > 10_000_000)) {
    return wrong('--users takes numbers from 100 to 10,000,000 with commas between.')
  }
  if (!concurrency || concurrency.some((count) => count > 1_000)) {
    return wrong('--concurrency takes numbers up to 1,000 with commas between.')
  }
  if (values.groups !== undefined && groups === undefined) return wrong('--groups takes a number.')
  if (!(seconds >= 0.2 && seconds <= 3_600)) return wrong('--seconds takes 0.2 to 3600.')
  const soak = values.soak === undefined ? undefined : Number(values.soak)
  if (soak !== undefined && !(soak >= 1 && soak <= 3_600)) return wrong('--soak takes 1 to 3600.')
  const all = Object.keys(workloads)
  const wanted = values.workloads?.split(',') ?? all
  const unknown = wanted.filter((name) => !all.includes(name))
  if (unknown.length > 0) return wrong(`There is no workload ${unknown.join(', ')}.`)
  const label = values.label ?? (quick ? 'quick' : 'run')
  if (!/^[\w.-]+$/.test(label)) return wrong('--label takes letters, digits and hyphens.')
  return {
    command: 'run',
    engine,
    users,
    groups,
    workloads: all.filter((name) => wanted.includes(name)),
    concurrency,
    seconds,
    soak,
    label,
    out: values.out ?? resultsFile(engine, label, now),
    folder: values.folder,
    profile: values.profile,
  }
}
