import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { page, table } from '../tools/pages/markdown.ts'
import { chartConcurrency, drawChart } from './chart.ts'
import { ROOT } from './children.ts'
import { type EngineName, engines, readResults, type Results } from './results.ts'
import { engineNames, megabytes, say, whole } from './screen.ts'
import { IMPORT_FOLDER, type ImportResult } from './import.ts'
import { SYNC_FOLDER, type SyncResult } from './sync.ts'
import { latestIn } from './timing.ts'
import { credentialNames, latestVerification, share } from './verify.ts'
import { machineTable, sizeTable, targetTable } from './tables.ts'

const charts: Readonly<Record<EngineName, string>> = {
  sqlite: 'performance.svg',
  postgres: 'performance-postgres.svg',
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
  connection it holds the cost of going to sleep and waking up for each request. The load generator never sleeps, for the
  bare server as for Entrance: waking it cost the server up to 45 µs an answer, in a virtual machine, and only a server
  that is fast enough to keep it busy was spared that.
- **PostgreSQL µs** is the same of all processes of the database.
- **Peak MB** is the most that the server had resident during the cell.
- **Of bare Hono** compares the rate with a Hono server on @hono/node-server that answers a fixed JSON text of the size of
  a GET by id, or, for what writes, that parses and echoes the POST of a user. It was measured at the same number of
  connections, right before the size it is compared with.
- **Of inserts**, on SQLite, compares it with the same row of a user put into SQLite (WAL, \`synchronous=FULL\`) by a
  program that does nothing else, each in a durable transaction of its own. Above 1 is what group commit gains.
- **Of bare select** and **Of bare inserts**, on PostgreSQL, compare it with a Node program without HTTP that does nothing
  but that through a pool of 10 connections, as Entrance's are, with as many statements wanted at the same time: the user
  by its primary key, and the row of a user, each in a durable transaction of its own, prepared.

PostgreSQL is started for the run, with \`fsync\` and \`synchronous_commit\` on, \`shared_buffers\` of 1 GB and
\`max_wal_size\` of 4 GB. It shares its core with whoever asks it, be that Entrance or the program it is compared with;
elsewhere it would have a machine to itself. Its tables have been vacuumed and counted, as those of a database are that
has been in use for a day.

Everybody who is loaded has a value for everything that Entra's default mapping sends, a role, a manager and one group.
The groups of 1,000 and 100,000 members hold ids that the directory does not know, so that they do not lengthen the
lists of groups of the users that are read.`

const repeating = `\`\`\`sh
npm run bench -- --quick              # a minute: does it run?
npm run bench -- --soak 600           # all of it, and ten minutes of an initial cycle
npm run bench -- --engine postgres    # the same on PostgreSQL
npm run bench -- verify               # what it costs to find out who calls
npm run bench -- --help               # what can be chosen
npm run bench -- report               # writes this page from the newest results of each engine
\`\`\`

Let nothing else run meanwhile: the servers have one core and the load generator has another. A run stops by itself,
stays on the loopback interface, and writes to \`bench/results/\`. To see where time goes, add
\`--profile DIR --workloads get --concurrency 16 --users 1000\` and read the profile with
\`npm run bench -- profile FILE\`.`

function chapter(file: string, results: Results): string[] {
  const { engine, sizes } = results
  const head = `Requests per second at ${chartConcurrency(results)} connections, on ${engineNames[engine]}`
  return [
    `## ${engineNames[engine]}`,
    `![${head}](images/${charts[engine]})`,
    '### What was to be reached',
    targetTable(results),
    ...notesOf(file),
    '### The machine',
    machineTable(results),
    ...sizes.flatMap((size) => [
      `### ${whole(size.users)} users`,
      `${whole(size.groups)} groups; the database has ${megabytes(size.databaseBytes)} MB, and a GET by id answers ${whole(size.answerBytes)} bytes.`,
      sizeTable(engine, size),
    ]),
  ]
}

/** What it costs to find out who calls. */
function verificationChapter(): string[] {
  const found = latestVerification()
  if (!found) return []
  const { date, users, concurrency, results } = found
  return [
    '## Finding out who calls',
    `GET by id over ${concurrency} connections with ${whole(users)} users on SQLite, on ${date.slice(0, 10)}: each kind of credential, beside the same requests to a server that does not look at what it is shown. The server changes between the two every 500 requests, so that the machine is the same for both: medians of some hundred turns, each beside its neighbours. At most 5 % was wanted. What was found out is believed for a second; sessions of people are looked up at every request ([why](decisions/0010-sessions-and-local-accounts.md)).`,
    table(
      ['Credential', 'CPU µs without', 'CPU µs with', 'More than without'],
      credentialNames.map((name) => [
        name,
        results[name].without.toFixed(1),
        results[name].cpu.toFixed(1),
        share(results[name]),
      ]),
    ),
  ]
}

const seconds = (number: number) => `${number < 10 ? number.toFixed(2) : number.toFixed(0)} s`

/** What it takes to bring many people in, and to keep them true. */
function peopleChapter(): string[] {
  const imported = latestIn(IMPORT_FOLDER) as ImportResult | undefined
  const synced = latestIn(SYNC_FOLDER) as SyncResult | undefined
  if (!imported || !synced) return []
  const { full, changes, nothing, linked } = synced
  const runs = [
    [`sync of ${whole(linked)} linked users, all compared`, full],
    ['the same, only of those who have changed', changes],
    ['the same, where nobody has', nothing],
  ] as const
  return [
    '## Import and sync',
    'Against the stand-in for Microsoft Graph in another process, on SQLite: until an administrator sees what would happen, and from the start until nobody is left. The stand-in goes through all of its people for each filter: comparing all takes 3.1 s with 10,000 and 8.0 s with 20,000 users, so that two thirds of the time with 50,000 grow with the square of their number, and are its own.',
    table(
      ['', 'Changes', 'Worked out', 'Requests to Graph', 'Carried out', 'Peak memory'],
      [
        [
          `import of ${whole(imported.people)} people with a group, a role and an invitation`,
          whole(imported.people),
          seconds(imported.planSeconds),
          whole(imported.graphRequests),
          seconds(imported.applySeconds),
          megabytes(imported.peakBytes ?? 0),
        ],
        ...runs.map(([name, run]) => [
          name,
          whole(run.changed),
          seconds(run.planSeconds),
          whole(run.graphRequests),
          seconds(run.applySeconds),
          megabytes(synced.peakBytes ?? 0),
        ]),
      ].map((row) => [...row.slice(0, 5), `${row[5]} MB`]),
    ),
  ]
}

function sourceOf(file: string, { date }: Results): string {
  return `[${basename(file)}](../bench/results/${basename(file)}) of ${date.slice(0, 10)}`
}

/** Writes docs/performance.md and its charts from files of results, one for an engine. */
export function writeReport(files: readonly string[]): void {
  const read = files.map((file) => ({ file, results: readResults(file) }))
  const found = engines.flatMap((engine) => {
    const [first, second] = read.filter(({ results }) => results.engine === engine)
    if (second) throw new Error(`There are two files of ${engineNames[engine]}.`)
    return first ? [first] : []
  })
  const sources = found.map(({ file, results }) => sourceOf(file, results)).join(' and ')
  const text = page(
    '# Performance',
    `<!-- Generated by npm run bench -- report; do not edit. -->\n\n*Generated from ${sources} by \`npm run bench -- report\`.*`,
    '## How to read the tables',
    reading,
    ...found.flatMap(({ file, results }) => chapter(file, results)),
    ...verificationChapter(),
    ...peopleChapter(),
    '## How to repeat it',
    repeating,
  )
  mkdirSync(join(ROOT, 'docs/images'), { recursive: true })
  writeFileSync(join(ROOT, 'docs/performance.md'), text)
  for (const { results } of found) {
    writeFileSync(join(ROOT, 'docs/images', charts[results.engine]), drawChart(results))
  }
  say('Wrote docs/performance.md and its charts in docs/images')
}
