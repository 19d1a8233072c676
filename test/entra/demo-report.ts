import type { Progress } from './provisioner.ts'
import type { CycleReport } from './provisioner.ts'
import type { Difference } from './truth.ts'

type Row = readonly [label: string, cell: (report: CycleReport) => string | number]

const SHOWN_DIFFERENCES = 20
const SPARSE_MILLISECONDS = 5000

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`
}

/** Answers that no part of the script explains: all refusals but conflicts, and lost requests. */
export function unexpectedAnswers({ traffic }: CycleReport): number {
  let count = traffic.lost
  for (const [status, times] of Object.entries(traffic.byStatus)) {
    if (Number(status) >= 400 && status !== '409') count += times
  }
  return count
}

const rows: readonly Row[] = [
  ['Users created', ({ counts }) => counts.created],
  ['  found and linked', ({ counts }) => counts.matched],
  ['  changed', ({ counts }) => counts.updated],
  ['  deactivated', ({ counts }) => counts.deactivated],
  ['  reactivated', ({ counts }) => counts.reactivated],
  ['  deleted', ({ counts }) => counts.deleted],
  ['  off and never created', ({ counts }) => counts.neverCreated],
  ['Managers set', ({ counts }) => counts.managers],
  ['Groups created', ({ counts }) => counts.groupsCreated],
  ['  changed', ({ counts }) => counts.groupsUpdated],
  ['  deleted', ({ counts }) => counts.groupsDeleted],
  ['Memberships added', ({ counts }) => counts.membersAdded],
  ['  removed', ({ counts }) => counts.membersRemoved],
  ['Time', ({ milliseconds }) => seconds(milliseconds)],
  ['Requests', ({ traffic }) => traffic.requests],
  ['  a second', (report) => Math.round(report.traffic.requests / (report.milliseconds / 1000))],
  ['  sent again', ({ traffic }) => traffic.retries],
  ['  409, name still taken', ({ traffic }) => traffic.byStatus['409'] ?? 0],
  ['  failed', unexpectedAnswers],
  ['Objects left to retry', ({ failures }) => failures.length],
]

/** The cycles side by side. */
export function cycleTable(cycles: readonly (readonly [name: string, CycleReport])[]): string {
  const lines = [
    ['', ...cycles.map(([name]) => name)],
    ...rows.map(([label, cell]) => [label, ...cycles.map(([, report]) => String(cell(report)))]),
  ]
  const widths = Array.from({ length: cycles.length + 1 }, (_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  )
  return lines
    .map((line) =>
      line
        .map((text, column) =>
          column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart((widths[column] ?? 0) + 3),
        )
        .join(''),
    )
    .join('\n')
}

/** How long requests took: the median and the slow end. */
export function timeLine(times: readonly number[]): string {
  const sorted = [...times].sort((one, other) => one - other)
  const at = (share: number): string => {
    const time = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
    return `${time.toFixed(1)} ms`
  }
  return `half within ${at(0.5)}, 95 % within ${at(0.95)}, 99 % within ${at(0.99)}, longest ${at(1)}`
}

/** The differences, the first of them in full. */
export function differenceLines(differences: readonly Difference[]): string[] {
  const lines = differences
    .slice(0, SHOWN_DIFFERENCES)
    .map(
      ({ object, attribute, expected, actual }) =>
        `  ${object}\n    ${attribute}: expected ${JSON.stringify(expected) ?? 'nothing'}, found ${JSON.stringify(actual) ?? 'nothing'}`,
    )
  const more = differences.length - SHOWN_DIFFERENCES
  return more > 0 ? [...lines, `  and ${more} more`] : lines
}

/** One line that is rewritten on a terminal; elsewhere a line now and then. */
export function makeProgress(out: NodeJS.WriteStream, name: string) {
  let last = Date.now()
  const clear = (): void => {
    if (out.isTTY) out.write('\r\u001B[K')
  }
  return {
    show: ({ step, done, total }: Progress): void => {
      const now = Date.now()
      if (done < total && now - last < (out.isTTY ? 50 : SPARSE_MILLISECONDS)) return
      // Where lines stay, the end of each short step is not worth one.
      if (!out.isTTY && now - last < SPARSE_MILLISECONDS) return
      last = now
      const text = `${name}: ${step} ${done} of ${total}`
      out.write(out.isTTY ? `\r${text}\u001B[K` : `${text}\n`)
    },
    clear,
  }
}
