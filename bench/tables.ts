import { table } from '../tools/pages/markdown.ts'
import {
  ceilingOf,
  type EngineName,
  type Measured,
  type Results,
  type SizeResult,
} from './results.ts'
import { ceilingNames, engineNames, megabytes, micros, ratio, short, whole } from './screen.ts'
import { targetsOf } from './targets.ts'
import { workloads } from './workloads.ts'

export function machineTable({ engine, machine, sizes }: Results): string {
  const inserts = sizes.flatMap(({ ceilings }) => ceilingOf(ceilings, 'insert', 1) ?? [])
  const rates = inserts.map(({ rate }) => rate)
  const { postgres, sqlite } = machine
  return table(
    ['', ''],
    [
      ['Processor', `${machine.cpu}, ${machine.cores} cores`],
      ['Memory', `${megabytes(machine.memoryBytes)} MB`],
      ['System', machine.system],
      [
        'Disk',
        rates.length === 0
          ? machine.fileSystem
          : `${machine.fileSystem}; ${whole(Math.min(...rates))} to ${whole(Math.max(...rates))} durable inserts/s, one by one`,
      ],
      ['Node', machine.node],
      [engineNames[engine], postgres ?? sqlite],
      ['Processes', machine.pinning],
    ],
  )
}

export function targetTable(results: Results): string {
  const mark = (reached: boolean | undefined) =>
    reached === undefined ? '–' : reached ? 'yes' : '**no**'
  return table(
    ['Figure', 'Wanted', 'Measured, at its worst', 'Reached'],
    targetsOf(results).map(({ what, wanted, measured, reached }) => [
      what,
      wanted,
      measured,
      mark(reached),
    ]),
  )
}

/** A row of measurements with what goes before and after them. */
interface Line {
  readonly name: string
  readonly concurrency: number
  readonly measured: Measured
  readonly peak: string
  readonly hono: string
  readonly select: string
  readonly insert: string
}

interface Column {
  readonly head: string
  readonly text: (line: Line) => string
}

const measurements: readonly Column[] = [
  { head: 'Workload', text: ({ name }) => name },
  { head: 'Connections', text: ({ concurrency }) => String(concurrency) },
  { head: 'Requests/s', text: ({ measured }) => whole(measured.rate) },
  { head: 'p50 ms', text: ({ measured }) => short(measured.p50) },
  { head: 'p99 ms', text: ({ measured }) => short(measured.p99) },
  { head: 'Errors', text: ({ measured }) => String(measured.errors) },
  { head: 'CPU µs', text: ({ measured }) => micros(measured.cpu) },
]
const peak: Column = { head: 'Peak MB', text: ({ peak }) => peak }
const ofHono: Column = { head: 'Of bare Hono', text: ({ hono }) => hono }

const columns: Readonly<Record<EngineName, readonly Column[]>> = {
  sqlite: [...measurements, peak, ofHono, { head: 'Of inserts', text: ({ insert }) => insert }],
  postgres: [
    ...measurements,
    { head: 'PostgreSQL µs', text: ({ measured }) => micros(measured.databaseCpu) },
    peak,
    ofHono,
    { head: 'Of bare select', text: ({ select }) => select },
    { head: 'Of bare inserts', text: ({ insert }) => insert },
  ],
}

export function sizeTable(engine: EngineName, { ceilings, cells }: SizeResult): string {
  const lines: Line[] = [
    ...ceilings.map((ceiling) => ({
      name: `*ceiling* ${ceilingNames[ceiling.name]}`,
      concurrency: ceiling.concurrency,
      measured: ceiling,
      peak: '',
      hono: '',
      select: '',
      insert: '',
    })),
    ...cells.map((cell) => ({
      name: workloads[cell.workload]?.about ?? `initial cycle for ${whole(cell.seconds)} s`,
      concurrency: cell.concurrency,
      measured: cell,
      peak: megabytes(cell.peak),
      hono: ratio(cell.ratios.get ?? cell.ratios.post),
      select: ratio(cell.ratios.select),
      insert: ratio(cell.ratios.insert),
    })),
  ]
  const shown = columns[engine]
  return table(
    shown.map(({ head }) => head),
    lines.map((line) => shown.map(({ text }) => text(line))),
  )
}
