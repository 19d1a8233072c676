import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Child, LOAD_CORE, SERVER_CORE, startChild } from './children.ts'
import type { Databases } from './databases.ts'
import { type Entrance, startEntrance, verifyLoaded } from './entrance.ts'
import { describeMachine } from './machine.ts'
import type { RunOptions } from './options.ts'
import { postgresDatabases } from './postgres.ts'
import type { CellMessage } from './processes/generator.ts'
import { type Ceiling, ceilingOf, type Measured, type SizeResult, writeResults } from './results.ts'
import { printCeiling, printCell, printHead, printSize, say } from './screen.ts'
import { sqliteDatabases } from './sqlite.ts'
import { SOAK, workloads } from './workloads.ts'

interface Bench {
  readonly options: RunOptions
  readonly databases: Databases
  readonly generator: Child
  readonly hono: Child
}

function openDatabases(options: RunOptions, folder: string): Databases | Promise<Databases> {
  const { engine, concurrency, seconds } = options
  const keep = options.folder !== undefined
  return engine === 'sqlite'
    ? sqliteDatabases(folder, keep, seconds)
    : postgresDatabases({ folder, keep, concurrency, seconds })
}

/** The ceilings, measured next to the size that is compared with them. */
async function measureCeilings(bench: Bench, users: number, fixed: string): Promise<Ceiling[]> {
  const { options, generator, hono } = bench
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
  ceilings.push(...(await bench.databases.measureCeilings(users)))
  for (const ceiling of ceilings) printCeiling(ceiling)
  return ceilings
}

async function measureCells(
  { options, databases, generator }: Bench,
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
      ...(databases.pid === undefined ? {} : { databasePid: databases.pid }),
      concurrency,
      warmUpSeconds: Math.min(options.seconds, seconds) / 5,
      seconds,
    }
    const measured = await entrance.during(generator.ask<Measured>(cell))
    const ratios = Object.fromEntries(
      (workloads[name]?.ceilings ?? []).flatMap((ceiling) => {
        const found = ceilingOf(size.ceilings, ceiling, concurrency)
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

/** Loads a size and measures its cells; `begin` is given the result before the first of them. */
async function measureSize(
  bench: Bench,
  users: number,
  begin: (size: SizeResult) => void,
  save: () => void,
): Promise<void> {
  const { options, databases } = bench
  const groups = options.groups ?? Math.max(10, Math.floor(users / 100))
  const started = performance.now()
  const { url, bytes: databaseBytes } = await databases.provide(users, groups)
  const loadSeconds = (performance.now() - started) / 1_000
  const entrance = await startEntrance(url, options.profile)
  try {
    const fixed = await verifyLoaded(entrance, users, groups)
    const answerBytes = Buffer.byteLength(fixed)
    printSize({ users, groups, loadSeconds, databaseBytes, answerBytes })
    const ceilings = await measureCeilings(bench, users, fixed)
    const size = { users, groups, loadSeconds, databaseBytes, answerBytes, ceilings, cells: [] }
    begin(size)
    await measureCells(bench, entrance, size, save)
  } finally {
    await entrance.stop()
  }
  await databases.remove()
}

/** A temporary folder that another user may go through: root starts PostgreSQL as one. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'entrance-bench-'))
  chmodSync(folder, 0o711)
  return folder
}

/** Measures every cell that was asked for and writes the results after each. */
export async function runBench(options: RunOptions): Promise<number> {
  const { engine, label, seconds, concurrency, users: counts } = options
  const folder = resolve(options.folder ?? temporaryFolder())
  mkdirSync(folder, { recursive: true })
  const started = new Date()
  const sizes: SizeResult[] = []
  const removeFolder = () => rmSync(folder, { recursive: true, force: true })
  if (options.folder === undefined) process.once('exit', removeFolder)
  const databases = await openDatabases(options, folder)
  const machine = describeMachine(folder, databases.version)
  const save = () =>
    writeResults(options.out, {
      engine,
      date: started.toISOString(),
      label,
      options: `--engine ${engine} --seconds ${seconds} --concurrency ${concurrency.join()} --users ${counts.join()}`,
      machine,
      sizes,
    })
  const generator = startChild(LOAD_CORE, ['bench/processes/generator.ts'])
  const hono = startChild(SERVER_CORE, ['bench/processes/hono.ts'])
  const bench: Bench = { options, databases, generator, hono }
  try {
    printHead(machine)
    for (const users of counts) {
      await measureSize(bench, users, (size) => void sizes.push(size), save)
    }
    save()
    say(`\nWrote ${options.out}`)
  } finally {
    await Promise.all([generator.stop(), hono.stop(), databases.stop()])
    if (options.folder === undefined) removeFolder()
  }
  return sizes.flatMap(({ cells }) => cells).reduce((sum, { errors }) => sum + errors, 0)
}
