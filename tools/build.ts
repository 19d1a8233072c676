/** Bundles Entrance into dist/server, where `npm start` runs it: docs/decisions/0007 says why. */
import { randomUUID } from 'node:crypto'
import {
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { build, type OutputFile, stop } from 'esbuild'

const ROOT = join(import.meta.dirname, '..')

/** As deep as src/db, which finds drizzle/ from where it is. All files lie right in it, whatever folder they come from. */
const FOLDER = join(ROOT, 'dist/server')

/** Flags of Node for the server: without them its heap takes 100 MB and more that nobody misses. */
export const FLAGS = ['--heap-growing-percent=100', '--max-semi-space-size=8']
/** What Node runs as the server. */
export const SERVER = [...FLAGS, join(FOLDER, 'main.js')]
export const CLI = join(FOLDER, 'cli.js')

/** So long a file stays that this build did not make: a program that starts just now may still ask for it. */
const STALE_MILLISECONDS = 60 * 60 * 1_000

/** A thread has a program of its own: src/db/scan.worker.ts becomes dist/server/scan.worker.js. */
function entryPoints(): { in: string; out: string }[] {
  const workers = globSync('src/**/*.worker.ts', { cwd: ROOT })
  return [
    { in: 'src/main.ts', out: 'main' },
    { in: 'src/cli/main.ts', out: 'cli' },
    ...workers.map((file) => ({ in: file, out: basename(file, '.ts') })),
  ]
}

/** Style sheets and the script of pages, which are served as they are. */
const SERVED = ['base.css', 'card.css', 'console.css', 'console.ts']

function isInPlace({ path, contents }: OutputFile): boolean {
  try {
    return readFileSync(path).equals(contents)
  } catch {
    return false
  }
}

/** Writes a file in one step: whoever reads it meanwhile gets the old one or the new one. */
function write({ path, contents }: OutputFile): void {
  const partial = `${path}.${randomUUID()}`
  writeFileSync(partial, contents)
  renameSync(partial, path)
}

/** Does what can be left undone: where this user may not write, a bundle that is up to date is as good. */
function ifAllowed(change: () => void): void {
  try {
    change()
  } catch {
    // Nothing depends on it.
  }
}

/** Says that a file is still one of the bundle, to builds of other sources beside this one. */
function touch(path: string): void {
  const now = new Date()
  ifAllowed(() => utimesSync(path, now, now))
}

function removeStale(made: ReadonlySet<string>): void {
  for (const name of readdirSync(FOLDER)) {
    const path = join(FOLDER, name)
    const file = made.has(path) ? undefined : statSync(path, { throwIfNoEntry: false })
    if (file?.isFile() && Date.now() - file.mtimeMs > STALE_MILLISECONDS)
      ifAllowed(() => rmSync(path))
  }
}

/** Brings what pages are served up to date: src/ui/assets.ts finds it beside the program. */
async function buildServed(): Promise<void> {
  const folder = join(FOLDER, 'browser')
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: SERVED.map((name) => `src/ui/browser/${name}`),
    outdir: folder,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2024',
    logLevel: 'silent',
    write: false,
  })
  mkdirSync(folder, { recursive: true })
  for (const file of outputFiles) if (!isInPlace(file)) write(file)
}

async function buildBundle(): Promise<void> {
  const entries = entryPoints()
  await buildServed()
  // The rest, such as what JSX becomes, stands in tsconfig.json.
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: entries,
    outdir: FOLDER,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // SQLite's driver is a binary; PostgreSQL's is small, and looks for a second one that need not be there. The rest ask
    // for their parts while they run, and are loaded only where they are used.
    external: [
      'better-sqlite3',
      'pg',
      '@azure/msal-node',
      '@microsoft/microsoft-graph-client',
      'nodemailer',
    ],
    sourcemap: true,
    sourcesContent: false,
    // What it throws says the same.
    logLevel: 'silent',
    write: false,
  })
  await stop()
  mkdirSync(FOLDER, { recursive: true })
  // Entries keep their names and ask for chunks, whose names say what is in them: the chunks come first.
  const entryNames = new Set(entries.map(({ out }) => `${out}.js`))
  const rank = ({ path }: OutputFile) => (entryNames.has(basename(path)) ? 1 : 0)
  for (const file of outputFiles.toSorted((one, other) => rank(one) - rank(other))) {
    if (isInPlace(file)) touch(file.path)
    else write(file)
  }
  removeStale(new Set(outputFiles.map(({ path }) => path)))
}

let built: Promise<void> | undefined

/** Brings the bundle up to date, once in a process. Several processes may do so at the same time. */
export function buildOnce(): Promise<void> {
  return (built ??= buildBundle())
}

if (import.meta.main) {
  await buildOnce().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
}
