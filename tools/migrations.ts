/**
 * The migrations of both engines. Without options it fails when those of one do not lead to the tables that src/db
 * describes: lets drizzle-kit write what is missing into a copy, and shows it. `--write` writes it, `--name` names it.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'

interface Engine {
  readonly dialect: string
  readonly schema: string
  readonly folder: string
}

const engines: readonly Engine[] = [
  { dialect: 'sqlite', schema: 'src/db/tables.sqlite.ts', folder: 'drizzle/sqlite' },
  { dialect: 'postgresql', schema: 'src/db/tables.pg.ts', folder: 'drizzle/postgres' },
]

function generate({ dialect, schema }: Engine, folder: string, more: readonly string[] = []) {
  // A relative path: drizzle-kit puts `./` in front of whatever is given.
  const out = `--out=${relative('.', folder)}`
  return ['generate', `--dialect=${dialect}`, `--schema=${schema}`, out, ...more]
}

function write(engine: Engine, name: string | undefined): void {
  const more = name === undefined ? [] : [`--name=${name}`]
  const { status } = spawnSync('drizzle-kit', generate(engine, engine.folder, more), {
    stdio: 'inherit',
  })
  if (status !== 0) process.exitCode = 1
}

function check(engine: Engine): void {
  const { schema, folder } = engine
  const copy = mkdtempSync(join(tmpdir(), 'entrance-migrations-'))
  try {
    cpSync(folder, copy, { recursive: true })
    const known = readdirSync(copy)
    const generated = spawnSync('drizzle-kit', generate(engine, copy), {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
    })
    const missing = readdirSync(copy).filter((file) => !known.includes(file))
    if (missing.length > 0) {
      console.error(`${schema} has changes that no migration in ${folder} makes:\n`)
      for (const file of missing) console.error(readFileSync(join(copy, file), 'utf8'))
      console.error('\nWrite the migration with: npm run db:generate')
      process.exitCode = 1
    } else if (generated.status !== 0 || !generated.stdout.includes('No schema changes')) {
      // Also where drizzle-kit would ask a question, such as whether a column was renamed.
      console.error(`${generated.stdout}${generated.stderr}${generated.error?.message ?? ''}`)
      console.error('\ndrizzle-kit could not tell that nothing changed. Run: npm run db:generate')
      process.exitCode = 1
    }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

const { values } = parseArgs({
  options: { write: { type: 'boolean' }, name: { type: 'string' } },
})
for (const engine of engines) {
  if (values.write) write(engine, values.name)
  else check(engine)
}
