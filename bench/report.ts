import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { page, table } from '../tools/pages/markdown.ts'
import { chartConcurrency, drawChart } from './chart.ts'
import { ROOT } from './children.ts'
import { readResults, type Results, type SizeResult } from './results.ts'
import { megabytes, micros, ratio, say, short, whole } from './screen.ts'
import { type Target, targetsOf } from './targets.ts'
import { workloads } from './workloads.ts'

function machineTable({ machine, sizes }: Results): string {
  const inserts = sizes.flatMap(({ ceilings }) => ceilings.filter(({ name }) => name === 'insert'))
  const [slowest, fastest] = [
    Math.min(...inserts.map(({ rate }) => rate)),
    Math.max(...inserts.map(({ rate }) => rate)),
  ]
  return table(
    ['', ''],
    [
      ['Processor', `${machine.cpu}, ${machine.cores} cores`],
      ['Memory', `${megabytes(machine.memoryBytes)} MB`],
      ['System', machine.system],
      [
        'Disk',
        inserts.length === 0
          ? machine.fileSystem
          : `${machine.fileSystem}; ${whole(slowest)} to ${whole(fastest)} durable inserts/s, one by one`,
      ],
      ['Node', machine.node],
      ['SQLite', machine.sqlite],
      ['Processes', machine.pinning],
    ],
  )
}

function targetTable(targets: readonly Target[]): string {
  const mark = (reached: boolean | undefined) =>
    reached === undefined ? '–' : reached ? 'yes' : '**no**'
  return table(
    ['Figure', 'Wanted', 'Measured, at its worst', 'Reached'],
    targets.map(({ what, wanted, measured, reached }) => [what, wanted, measured, mark(reached)]),
  )
}

function sizeTable(size: SizeResult): string {
  const ceilings = size.ceilings.map((ceiling) => [
    `*ceiling* ${{ get: 'bare Hono, GET', post: 'bare Hono, POST', insert: 'durable inserts' }[ceiling.name]}`,
    String(ceiling.concurrency),
    whole(ceiling.rate),
    short(ceiling.p50),
    short(ceiling.p99),
    String(ceiling.errors),
    micros(ceiling.cpu),
    '',
    '',
    '',
  ])
  const cells = size.cells.map((cell) => [
    workloads[cell.workload]?.about ?? `initial cycle for ${whole(cell.seconds)} s`,
    String(cell.concurrency),
    whole(cell.rate),
    short(cell.p50),
    short(cell.p99),
    String(cell.errors),
    micros(cell.cpu),
    megabytes(cell.peak),
    ratio(cell.ratios.get ?? cell.ratios.post),
    ratio(cell.ratios.insert),
  ])
  const head = [
    'Workload',
    'Connections',
    'Requests/s',
    'p50 ms',
    'p99 ms',
    'Errors',
    'CPU µs',
    'Peak MB',
    'Of bare Hono',
    'Of inserts',
  ]
  return table(head, [...ceilings, ...cells])
}

/** What somebody wrote about a run, in a file beside its results. */
function notesOf(file: string): string[] {
  try {
    return [readFileSync(file.replace(/\.json$/, '.md'), 'utf8').trimEnd()]
  } catch {
    return []
  }
}

const reading = `Every cell is a closed loop: so many connections, each with one request on its way. Every answer is checked for its
status, and one in a hundred for its content.

- **CPU µs** is the time of the server on its core per request, user and system. It is steadier than the rate. At one
  connection it holds the cost of going to sleep and waking up for each request.
- **Peak MB** is the most that the server had resident during the cell.
- **Of bare Hono** compares the rate with a Hono server on @hono/node-server that answers a fixed JSON text of the size of
  a GET by id, or, for what writes, that parses and echoes the POST of a user. It was measured at the same number of
  connections, right before the size it is compared with.
- **Of inserts** compares it with the same row of a user put into SQLite (WAL, \`synchronous=FULL\`) by a program that does
  nothing else, each in a durable transaction of its own. Above 1 is what group commit gains.

Everybody who is loaded has a value for everything that Entra's default mapping sends, a role, a manager and one group.
The groups of 1,000 and 100,000 members hold ids that the directory does not know, so that they do not lengthen the
lists of groups of the users that are read.`

const repeating = `\`\`\`sh
npm run bench -- --quick              # a minute: does it run?
npm run bench -- --soak 600           # all of it, and ten minutes of an initial cycle
npm run bench -- --help               # what can be chosen
npm run bench -- report               # writes this page from the newest results
\`\`\`

Let nothing else run meanwhile: the servers have one core and the load generator has another. A run stops by itself,
stays on the loopback interface, and writes to \`bench/results/\`. To see where time goes, add
\`--profile DIR --workloads get --concurrency 16 --users 1000\` and read the profile with
\`npm run bench -- profile FILE\`.`

/** Writes docs/performance.md and its chart from a file of results. */
export function writeReport(file: string): void {
  const results = readResults(file)
  const concurrency = chartConcurrency(results)
  const text = page(
    '# Performance',
    `<!-- Generated by npm run bench -- report; do not edit. -->\n\n*Generated from [${basename(file)}](../bench/results/${basename(file)}) of ${results.date.slice(0, 10)} by \`npm run bench -- report\`.*`,
    `![Requests per second at ${concurrency} connections](images/performance.svg)`,
    '## What was to be reached',
    targetTable(targetsOf(results)),
    ...notesOf(file),
    '## The machine',
    machineTable(results),
    '## How to read the tables',
    reading,
    ...results.sizes.flatMap((size) => [
      `## ${whole(size.users)} users`,
      `${whole(size.groups)} groups; the database has ${megabytes(size.databaseBytes)} MB, and a GET by id answers ${whole(size.answerBytes)} bytes.`,
      sizeTable(size),
    ]),
    '## How to repeat it',
    repeating,
  )
  mkdirSync(join(ROOT, 'docs/images'), { recursive: true })
  writeFileSync(join(ROOT, 'docs/performance.md'), text)
  writeFileSync(join(ROOT, 'docs/images/performance.svg'), drawChart(results))
  say('Wrote docs/performance.md and docs/images/performance.svg')
}
