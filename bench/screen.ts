import type { Ceiling, CeilingName, Cell, EngineName, Machine, SizeResult } from './results.ts'

/** What an engine is called. */
export const engineNames: Readonly<Record<EngineName, string>> = {
  sqlite: 'SQLite',
  postgres: 'PostgreSQL',
}

export const ceilingNames: Readonly<Record<CeilingName, string>> = {
  get: 'bare Hono, GET',
  post: 'bare Hono, POST',
  select: 'bare selects',
  insert: 'durable inserts',
}

/** How figures are written, on the screen and in the page. */
export function whole(number: number): string {
  return Math.round(number).toLocaleString('en')
}

/** Three digits that count. */
export function short(number: number): string {
  if (number >= 100) return whole(number)
  return number.toFixed(number >= 10 ? 1 : 2)
}

export function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '–' : whole(bytes / 1_048_576)
}

export function micros(cpu: number | undefined): string {
  return cpu === undefined ? '–' : whole(cpu)
}

export function ratio(number: number | undefined): string {
  return number === undefined ? '–' : number.toFixed(2)
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

const widths = [11, 18, 6, 9, 9, 9, 7, 8, 8, 9, 8, 8, 8]

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => {
      const width = widths[index] ?? 0
      return index === 1 ? ` ${cell.padEnd(width)}` : cell.padStart(width)
    })
    .join('')
}

export function printHead(machine: Machine): void {
  const { cores, cpu, memoryBytes, system, node, sqlite, postgres, pinning, fileSystem } = machine
  const database = postgres === undefined ? `SQLite ${sqlite}` : `PostgreSQL ${postgres}`
  say(
    `${cores} cores (${cpu}), ${megabytes(memoryBytes)} MB, ${system}, ${fileSystem}; Node ${node}, ${database}; ${pinning}`,
  )
}

export function printSize(
  size: Pick<SizeResult, 'users' | 'groups' | 'loadSeconds' | 'databaseBytes' | 'answerBytes'>,
): void {
  say(
    `\n${whole(size.users)} users, ${whole(size.groups)} groups: ready in ${size.loadSeconds.toFixed(1)} s, ${megabytes(size.databaseBytes)} MB; GET by id answers ${size.answerBytes} bytes`,
  )
  say(
    row([
      'users',
      'workload',
      'conns',
      'req/s',
      'p50 ms',
      'p99 ms',
      'errors',
      'CPU µs',
      'DB µs',
      'peak MB',
      'of Hono',
      'of sel.',
      'of ins.',
    ]),
  )
}

export function printCeiling(ceiling: Ceiling): void {
  say(
    row([
      'ceiling',
      ceiling.name,
      String(ceiling.concurrency),
      whole(ceiling.rate),
      short(ceiling.p50),
      short(ceiling.p99),
      String(ceiling.errors),
      micros(ceiling.cpu),
      micros(ceiling.databaseCpu),
      megabytes(ceiling.peak),
    ]),
  )
  if (ceiling.problems !== '') say(`            ${ceiling.problems}`)
}

export function printCell(users: number, cell: Cell): void {
  say(
    row([
      whole(users),
      cell.workload,
      String(cell.concurrency),
      whole(cell.rate),
      short(cell.p50),
      short(cell.p99),
      String(cell.errors),
      micros(cell.cpu),
      micros(cell.databaseCpu),
      megabytes(cell.peak),
      ratio(cell.ratios.get ?? cell.ratios.post),
      ratio(cell.ratios.select),
      ratio(cell.ratios.insert),
    ]),
  )
  if (cell.problems !== '') say(`            ${cell.problems}`)
}
