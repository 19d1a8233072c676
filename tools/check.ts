/** `npm test`: every gate, one line each, and as the last line how many tests passed and failed. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

interface Gate {
  readonly name: string
  readonly about: string
  readonly command: readonly [string, ...string[]]
}

const quickGates: readonly Gate[] = [
  {
    name: 'lint',
    about: 'oxlint with types: import rules, promises, any',
    command: ['oxlint', '--type-aware', '--deny-warnings'],
  },
  { name: 'types', about: 'the TypeScript compiler', command: ['tsc', '-p', '.'] },
  {
    name: 'browser-types',
    about: 'the same, for the scripts of pages',
    command: ['tsc', '-p', 'src/ui/browser'],
  },
  { name: 'format', about: 'Biome’s formatter', command: ['biome', 'format', '.'] },
  { name: 'dead-code', about: 'knip: unused files, exports, dependencies', command: ['knip'] },
  {
    name: 'docs',
    about: 'the generated pages of docs/ are up to date',
    command: ['node', 'tools/docs.ts', '--check'],
  },
  {
    name: 'migrations',
    about: 'drizzle/ makes the tables of src/db',
    command: ['node', 'tools/migrations.ts'],
  },
]

const testGate = { name: 'tests', about: 'vitest' }

const help = `Runs the gates that every change has to pass.

Usage: npm test [-- --only lint,types]

  --only NAMES  only these gates, separated by commas
  --help        this text

Gates:
${[...quickGates, testGate].map(({ name, about }) => `  ${name.padEnd(14)}${about}`).join('\n')}

The last line is "N passed, N failed", the tests counted. Exits with 1 when a gate or a test failed.
`

// The pinned Node and the tools of the project come first, however this was started.
const env = {
  ...process.env,
  PATH: `${resolve('node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
}

/** Runs a command to its end; what it printed, unless that went to the screen. */
function run(
  [program, ...args]: Gate['command'],
  onScreen = false,
): Promise<{ passed: boolean; output: string }> {
  return new Promise((done) => {
    const child = spawn(program, args, { env, stdio: onScreen ? 'inherit' : 'pipe' })
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    child.on('error', (error) => done({ passed: false, output: `${output}${error.message}\n` }))
    child.on('close', (code) => done({ passed: code === 0, output }))
  })
}

function report(name: string, passed: boolean, started: number, output = ''): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stdout.write(`${passed ? '✓' : '✗'} ${name.padEnd(14)} ${seconds.padStart(6)} s\n`)
  if (!passed && output !== '') process.stdout.write(`\n${output.trimEnd()}\n\n`)
}

/** Runs the gates two at a time; the names of those that failed. */
async function runGates(gates: readonly Gate[]): Promise<string[]> {
  const waiting = [...gates]
  const failed: string[] = []
  async function work(): Promise<void> {
    for (let gate = waiting.shift(); gate; gate = waiting.shift()) {
      const started = performance.now()
      const { passed, output } = await run(gate.command)
      report(gate.name, passed, started, output)
      if (!passed) failed.push(gate.name)
    }
  }
  await Promise.all([work(), work()])
  return failed
}

interface TestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

interface Counts {
  readonly passed: number
  readonly failed: number
}

/** Counts a file that failed without a failing test, because it did not load, as one failure. */
function countTests(file: string): Counts {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(
    readFileSync(file, 'utf8'),
  ) as TestReport
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  return { passed: numPassedTests, failed: numFailedTests + broken.length }
}

async function runTests(): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'entrance-check-'))
  const file = join(folder, 'tests.json')
  const started = performance.now()
  try {
    const { passed } = await run(
      ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
      true,
    )
    const counts = countTests(file)
    report(testGate.name, passed, started)
    // Vitest also fails on what no test can be blamed for, such as an unhandled rejection.
    return passed ? counts : { ...counts, failed: Math.max(counts.failed, 1) }
  } catch (error) {
    report(testGate.name, false, started, String(error))
    return { passed: 0, failed: 1 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The gates asked for; a text when the command line makes no sense. */
function selectGates(args: string[]): readonly string[] | 'help' | { readonly wrong: string } {
  const all = [...quickGates.map(({ name }) => name), testGate.name]
  try {
    const { values } = parseArgs({
      args,
      options: { only: { type: 'string' }, help: { type: 'boolean' } },
    })
    if (values.help) return 'help'
    const names = values.only?.split(',') ?? all
    const unknown = names.filter((name) => !all.includes(name))
    return unknown.length === 0 ? names : { wrong: `There is no gate ${unknown.join(', ')}.` }
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) }
  }
}

async function check(names: readonly string[]): Promise<void> {
  const failed = await runGates(quickGates.filter(({ name }) => names.includes(name)))
  const tests = names.includes(testGate.name) ? await runTests() : { passed: 0, failed: 0 }
  if (tests.failed > 0) failed.push(testGate.name)
  process.stdout.write(failed.length === 0 ? '\n' : `\nFailed: ${failed.join(', ')}\n`)
  process.stdout.write(`${tests.passed} passed, ${tests.failed} failed\n`)
  process.exitCode = failed.length === 0 ? 0 : 1
}

const selected = selectGates(process.argv.slice(2))
if (selected === 'help') {
  process.stdout.write(help)
} else if ('wrong' in selected) {
  process.stderr.write(`${selected.wrong}\n\n${help}`)
  process.exitCode = 2
} else {
  await check(selected)
}
