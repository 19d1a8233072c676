import {
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Child, LOAD_CORE, SERVER_CORE, startChild } from './children.ts'
import { removeDatabase } from './database.ts'
import { type Entrance, startEntrance, verifyLoaded } from './entrance.ts'
import { describeMachine } from './machine.ts'
import type { RunOptions } from './options.ts'
import type { CellMessage } from './processes/generator.ts'
import type { LoadMessage } from './processes/load.ts'
import { type Ceiling, type Measured, type SizeResult, writeResults } from './results.ts'
import { printCeiling, printCell, printHead, printSize, say } from './screen.ts'
import { SOAK, workloads } from './workloads.ts'

interface Bench {
  readonly options: RunOptions
  readonly folder: string
  readonly generator: Child
  readonly hono: Child
}

/** Loads a database, or takes the one that an earlier run has kept; the file is the run's to change. */
async function provideDatabase({ options, folder }: Bench, users: number, groups: number) {
  const loader = startChild(LOAD_CORE, ['bench/processes/load.ts'])
  const ask = (message: LoadMessage) => loader.ask<{ hash: string }>(message)
  const started = performance.now()
  const file = join(folder, 'run.db')
  removeDatabase(file)
  try {
    const { hash } = await ask({ kind: 'template', file })
    const kept = join(folder, `users-${users}-groups-${groups}-${hash}.db`)
    if (!existsSync(kept)) {
      say(`Loading ${users.toLocaleString('en')} users …`)
      const partial = `${kept}.partial`
      await ask({ kind: 'load', file: partial, users, groups })
      renameSync(partial, kept)
    }
    const loadSeconds = (performance.now() - started) / 1_000
    if (options.folder === undefined) renameSync(kept, file)
    else copyFileSync(kept, file, constants.COPYFILE_FICLONE)
    return { file, loadSeconds }
  } finally {
    await loader.stop()
  }
}

/** The ceilings, measured next to the size that is compared with them. */
async function measureCeilings(bench: Bench, users: number, fixed: string): Promise<Ceiling[]> {
  const { options, generator, hono, folder } = bench
  const { seconds } = options
  const { port } = await hono.ask<{ port: number }>({ fixed })
  const world = `hono-${users}`
  await generator.ask({ kind: 'world', name: world, port, token: 'none', users, groups: 1 })
  const ceilings: Ceiling[] = []
  for (const name of ['get', 'post'] as const) {
    for (const concurrency of options.concurrency) {
      const cell: CellMessage & { world: string } = {
        kind: 'cell',
        world,
        workload: name,
        ceiling: true,
        pid: hono.pid,
        concurrency,
        warmUpSeconds: Math.max(0.5, seconds / 5),
        seconds,
      }
      ceilings.push({ name, concurrency, ...(await generator.ask<Measured>(cell)) })
    }
  }
  const inserts = startChild(SERVER_CORE, ['bench/processes/inserts.ts'])
  try {
    const measured = await inserts.ask<Measured>({ file: join(folder, 'inserts.db'), seconds })
    ceilings.push({ name: 'insert', concurrency: 1, ...measured })
  } finally {
    await inserts.stop()
  }
  for (const ceiling of ceilings) printCeiling(ceiling)
  return ceilings
}

async function measureCells(
  { options, generator }: Bench,
  entrance: Entrance,
  size: SizeResult,
  save: () => void,
): Promise<void> {
  const { users, groups } = size
  const world = `entrance-${users}`
  const { port, token, pid } = entrance
  await generator.ask({ kind: 'world', name: world, port, token, users, groups })

  async function measure(name: string, concurrency: number, seconds: number, shown = name) {
    const cell: CellMessage & { world: string } = {
      kind: 'cell',
      world,
      workload: name,
      ceiling: false,
      pid,
      concurrency,
      warmUpSeconds: Math.min(options.seconds, seconds) / 5,
      seconds,
    }
    const measured = await entrance.during(generator.ask<Measured>(cell))
    const ratios = Object.fromEntries(
      (workloads[name]?.ceilings ?? []).flatMap((ceiling) => {
        const found = size.ceilings.find(
          (each) =>
            each.name === ceiling && (ceiling === 'insert' || each.concurrency === concurrency),
        )
        return found ? [[ceiling, measured.rate / found.rate]] : []
      }),
    )
    const done = { workload: shown, concurrency, ...measured, ratios }
    size.cells.push(done)
    printCell(users, done)
    save()
  }

  for (const name of options.workloads) {
    if (users < (workloads[name]?.fromUsers ?? 0)) continue
    for (const concurrency of options.concurrency) await measure(name, concurrency, options.seconds)
  }
  if (options.soak !== undefined && users === options.users.at(-1)) {
    await measure('initial-cycle', Math.max(...options.concurrency), options.soak, SOAK)
  }
}

/** Measures every cell that was asked for and writes the results after each. */
export async function runBench(options: RunOptions): Promise<number> {
  const folder = resolve(options.folder ?? mkdtempSync(join(tmpdir(), 'entrance-bench-')))
  mkdirSync(folder, { recursive: true })
  const started = new Date()
  const sizes: SizeResult[] = []
  const machine = describeMachine(folder)
  const save = () =>
    writeResults(options.out, {
      date: started.toISOString(),
      label: options.label,
      options: `--seconds ${options.seconds} --concurrency ${options.concurrency.join()} --users ${options.users.join()}`,
      machine,
      sizes,
    })
  const generator = startChild(LOAD_CORE, ['bench/processes/generator.ts'])
  const hono = startChild(SERVER_CORE, ['bench/processes/hono.ts'])
  const bench: Bench = { options, folder, generator, hono }
  const removeFolder = () => rmSync(folder, { recursive: true, force: true })
  if (options.folder === undefined) process.once('exit', removeFolder)
  try {
    printHead(machine)
    for (const users of options.users) {
      const groups = options.groups ?? Math.max(10, Math.floor(users / 100))
      const { file, loadSeconds } = await provideDatabase(bench, users, groups)
      const databaseBytes = statSync(file).size
      const entrance = await startEntrance(file, options.profile)
      try {
        const fixed = await verifyLoaded(entrance, users, groups)
        const answerBytes = Buffer.byteLength(fixed)
        printSize({ users, groups, loadSeconds, databaseBytes, answerBytes })
        const ceilings = await measureCeilings(bench, users, fixed)
        const size = { users, groups, loadSeconds, databaseBytes, answerBytes, ceilings, cells: [] }
        sizes.push(size)
        await measureCells(bench, entrance, size, save)
      } finally {
        await entrance.stop()
      }
      removeDatabase(file)
    }
    save()
    say(`\nWrote ${options.out}`)
  } finally {
    await Promise.all([generator.stop(), hono.stop()])
    if (options.folder === undefined) removeFolder()
  }
  return sizes.flatMap(({ cells }) => cells).reduce((sum, { errors }) => sum + errors, 0)
}
