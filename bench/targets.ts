import type { Cell, CeilingName, Results, SizeResult } from './results.ts'
import { megabytes, ratio, short, whole } from './screen.ts'
import { SOAK } from './workloads.ts'

/** A figure to be reached, and whether it was; undefined when the run did not measure it. */
export interface Target {
  readonly what: string
  readonly wanted: string
  readonly measured: string
  readonly reached: boolean | undefined
}

interface Found extends Cell {
  readonly users: number
}

function cellsOf(sizes: readonly SizeResult[], workload: string, atLeast = 1, atMost = 1_000) {
  return sizes.flatMap(({ users, cells }) =>
    cells
      .filter(
        (cell) =>
          cell.workload === workload && cell.concurrency >= atLeast && cell.concurrency <= atMost,
      )
      .map((cell): Found => ({ ...cell, users })),
  )
}

function where({ users, concurrency }: Found): string {
  const connections = concurrency === 1 ? '1 connection' : `${concurrency} connections`
  return `${whole(users)} users, ${connections}`
}

/** The worst of some figures decides. */
function atLeast(
  what: string,
  wanted: number,
  figures: readonly { readonly value: number; readonly where: string }[],
): Target {
  const [worst] = [...figures].sort((one, other) => one.value - other.value)
  return {
    what,
    wanted: `≥ ${wanted.toFixed(2)}`,
    measured: worst ? `${ratio(worst.value)} (${worst.where})` : 'not measured',
    reached: worst ? worst.value >= wanted : undefined,
  }
}

function below(
  what: string,
  wanted: string,
  limit: number,
  cells: readonly Found[],
  figure: (cell: Found) => number | undefined,
  show: (value: number) => string,
): Target {
  const [worst] = cells
    .flatMap((cell) => {
      const value = figure(cell)
      return value === undefined ? [] : [{ value, cell }]
    })
    .sort((one, other) => other.value - one.value)
  return {
    what,
    wanted,
    measured: worst ? `${show(worst.value)} (${where(worst.cell)})` : 'not measured',
    reached: worst ? worst.value < limit : undefined,
  }
}

function toCeiling(cells: readonly Found[], ceiling: CeilingName) {
  return cells.flatMap((cell) => {
    const value = cell.ratios[ceiling]
    return value === undefined ? [] : [{ value, where: where(cell) }]
  })
}

/** The rate of cells as a part of the rate of others, where both have the same concurrency. */
function compared(
  cells: readonly Found[],
  others: readonly Found[],
  match: (cell: Found, other: Found) => boolean,
) {
  return cells.flatMap((cell) => {
    const other = others.find((each) => each.concurrency === cell.concurrency && match(cell, each))
    if (!other) return []
    const cpu =
      cell.cpu === undefined || other.cpu === undefined
        ? ''
        : `; CPU ${whole(other.cpu)} → ${whole(cell.cpu)} µs`
    return [{ value: cell.rate / other.rate, where: `${where(cell)}${cpu}` }]
  })
}

const sameSize = (cell: Found, other: Found): boolean => cell.users === other.users

const GROWING = ['get', 'user-name', 'external-id', 'email', 'post'] as const
const GROWING_WRITES = ['patch-active', 'patch-enterprise', 'member-0', 'member-1000'] as const

function growthTargets({ sizes }: Results): Target[] {
  const smallest = Math.min(...sizes.map(({ users }) => users))
  const largest = Math.max(...sizes.map(({ users }) => users))
  if (smallest === largest) return []
  return [...GROWING, ...GROWING_WRITES].map((workload) => {
    const cells = cellsOf(sizes, workload)
    return atLeast(
      `${workload}: rate at ${whole(largest)} users to that at ${whole(smallest)}`,
      0.85,
      compared(
        cells.filter(({ users }) => users === largest),
        cells.filter(({ users }) => users === smallest),
        () => true,
      ),
    )
  })
}

/** How much faster than raw durable inserts POST has to be: the slower the disk, the more there is to share. */
function groupCommitTargets({ sizes }: Results): Target[] {
  return (['post', 'patch-active', 'patch-enterprise'] as const).flatMap((workload) =>
    sizes.map((size) => {
      const insert = size.ceilings.find(({ name }) => name === 'insert')
      const slow = insert !== undefined && insert.p50 > 3
      return atLeast(
        `${workload} at 64 connections to raw durable inserts of ${insert ? short(insert.p50) : '?'} ms`,
        slow ? 5 : 1.5,
        toCeiling(cellsOf([size], workload, 64, 64), 'insert'),
      )
    }),
  )
}

/** What the server had at the end of a long mix, to what it had after its first tenth. */
function soakTargets({ sizes }: Results): Target[] {
  return cellsOf(sizes, SOAK).map((cell) => {
    const memory = cell.memory.split(' ').map(Number)
    const [, early = 0] = memory
    const late = memory.at(-1) ?? 0
    return {
      what: `growth of memory over ${whole(cell.seconds)} s of the initial cycle`,
      wanted: '≤ 10 %',
      measured: `${early} → ${late} MB (${where(cell)})`,
      reached: memory.length > 2 && late <= early * 1.1,
    }
  })
}

/** Rates compared with what the machine does at best. No such figures have been set for PostgreSQL. */
function ceilingTargets(results: Results): Target[] {
  const { engine, sizes } = results
  if (engine !== 'sqlite') return []
  return [
    ...(['get', 'user-name'] as const).map((workload) =>
      atLeast(
        `${workload} at 16 to 64 connections to a bare GET`,
        0.6,
        toCeiling(cellsOf(sizes, workload, 16, 64), 'get'),
      ),
    ),
    ...(['post', 'patch-active', 'patch-enterprise'] as const).map((workload) =>
      atLeast(
        `${workload} at 64 connections to a bare POST`,
        0.4,
        toCeiling(cellsOf(sizes, workload, 64, 64), 'post'),
      ),
    ),
    ...groupCommitTargets(results),
    atLeast(
      'post at 1 connection to raw durable inserts',
      0.6,
      toCeiling(cellsOf(sizes, 'post', 1, 1), 'insert'),
    ),
  ]
}

/** Every figure of the specification that a run can show. */
export function targetsOf(results: Results): Target[] {
  const { sizes } = results
  const all = sizes.flatMap(({ cells, users }) => cells.map((cell) => ({ ...cell, users })))
  const largest = Math.max(...sizes.map(({ users }) => users))
  return [
    ...ceilingTargets(results),
    ...growthTargets(results),
    atLeast(
      'a member added to a group of 100,000 to one added to an empty group',
      0.9,
      compared(cellsOf(sizes, 'member-100000'), cellsOf(sizes, 'member-0'), sameSize),
    ),
    atLeast(
      'the last page of 100 to the first',
      0.5,
      compared(cellsOf(sizes, 'list-end'), cellsOf(sizes, 'list-start'), sameSize),
    ),
    below(
      'peak memory of the server',
      '< 250 MB',
      250 * 1_048_576,
      all.filter(({ users }) => users === largest),
      ({ peak }) => peak,
      (value) => `${megabytes(value)} MB`,
    ),
    ...soakTargets(results),
    below(
      'p99 of GET by id beside a filter that no index answers',
      '< 50 ms',
      50,
      cellsOf(sizes, 'get-during-scan'),
      ({ p99 }) => p99,
      (value) => `${short(value)} ms`,
    ),
  ]
}
