/** What measures of one piece of work have in common. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** How often it is looked whether some work has ended. */
export const LOOK_MILLISECONDS = 250

export async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const start = performance.now()
  const value = await work()
  return { value, seconds: (performance.now() - start) / 1_000 }
}

/** The bytes of the files in a folder. */
export function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
}

/** A folder that is gone when the process has ended. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'entrance-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Keeps a result as the one of its day; the file. */
export function keepResult(folder: string, result: { readonly date: string }): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${result.date.slice(0, 10)}.json`)
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`)
  return file
}

/** The newest result in a folder, as `keepResult` kept it; undefined where there is none. */
export function latestIn(folder: string): unknown {
  const newest = existsSync(folder) ? readdirSync(folder).sort().at(-1) : undefined
  if (newest === undefined) return undefined
  return JSON.parse(readFileSync(join(folder, newest), 'utf8'))
}

/** Lines of a label and what there is to say. */
export function labelled(lines: readonly (readonly [string, string])[]): string {
  return lines.map(([label, text]) => `${label.padEnd(14)}${text}`).join('\n')
}
