/**
 * Fails when the migrations do not lead to the tables that src/db describes: lets drizzle-kit write what is missing
 * into a copy, and shows it.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

const migrations = 'drizzle/sqlite'

const copy = mkdtempSync(join(tmpdir(), 'entrance-migrations-'))
try {
  cpSync(migrations, copy, { recursive: true })
  const known = readdirSync(copy)
  const generated = spawnSync(
    'drizzle-kit',
    // A relative path: drizzle-kit puts `./` in front of whatever is given.
    [
      'generate',
      '--dialect=sqlite',
      '--schema=src/db/tables.sqlite.ts',
      `--out=${relative('.', copy)}`,
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 },
  )
  const missing = readdirSync(copy).filter((file) => !known.includes(file))
  if (missing.length > 0) {
    console.error(`src/db/tables.sqlite.ts has changes that no migration in ${migrations} makes:\n`)
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
