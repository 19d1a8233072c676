import { existsSync, readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT } from './children.ts'

interface Frame {
  readonly functionName: string
  readonly url: string
  /** Both count from 0. */
  readonly lineNumber: number
  readonly columnNumber: number
}

/** The parts of a V8 CPU profile that tell where time went. */
interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const ROWS = 40

/** Finds the maps of the bundle, each read once. */
function sourceMaps(): (file: string) => SourceMap | undefined {
  const known = new Map<string, SourceMap | undefined>()
  return (file) => {
    if (!known.has(file)) {
      const map = `${file}.map`
      const read = () => new SourceMap(JSON.parse(readFileSync(map, 'utf8')) as SourceMapPayload)
      known.set(file, existsSync(map) ? read() : undefined)
    }
    return known.get(file)
  }
}

interface Place {
  readonly file: string
  /** Counts from 1; 0 where there is no text. */
  readonly line: number
}

/** Where a function stands in the sources; in the bundle when another build has taken the place of this one. */
function placeOf(frame: Frame, mapOf: (file: string) => SourceMap | undefined): Place {
  const { url, lineNumber, columnNumber } = frame
  if (!url.startsWith('file:')) return { file: url === '' ? '(native)' : url, line: lineNumber + 1 }
  const bundled = fileURLToPath(url)
  const found = mapOf(bundled)?.findEntry(lineNumber, columnNumber)
  const [source, line] =
    found && 'originalSource' in found
      ? [resolve(dirname(bundled), found.originalSource), found.originalLine]
      : [bundled, lineNumber]
  const path = relative(ROOT, source)
  const file = path.startsWith('node_modules/') ? path.slice('node_modules/'.length) : path
  return { file, line: line + 1 }
}

/** The module or package a file belongs to, for the totals. */
function partOf(file: string): string {
  const [first = '', second = ''] = file.split('/')
  return first === 'src' || first.startsWith('@') ? `${first}/${second}` : first
}

function table(title: string, times: ReadonlyMap<string, number>, total: number): string {
  const rows = [...times]
    .sort(([, one], [, other]) => other - one)
    .slice(0, ROWS)
    .map(([name, time]) => `${((time / total) * 100).toFixed(1).padStart(6)} %  ${name}`)
  return `${title}\n${rows.join('\n')}\n`
}

/** The start of a program, which loads its modules, ends with its first request. */
function isServing({ functionName }: Frame, { file }: Place): boolean {
  return functionName === 'dispatch' && file === 'hono/dist/compose.js'
}

/** The share of each function and each part in the time that a server was busy with requests, by what ran itself. */
export function summariseProfile(file: string): string {
  const profile = JSON.parse(readFileSync(file, 'utf8')) as Profile
  const mapOf = sourceMaps()
  const nodes = new Map(
    profile.nodes.map(({ id, callFrame }) => [
      id,
      { frame: callFrame, place: placeOf(callFrame, mapOf) },
    ]),
  )
  const functions = new Map<string, number>()
  const parts = new Map<string, number>()
  let total = 0
  let serving = false
  profile.samples.forEach((id, index) => {
    const node = nodes.get(id)
    if (!node) return
    const { frame, place } = node
    const time = profile.timeDeltas[index] ?? 0
    serving ||= isServing(frame, place)
    if (!serving || frame.functionName === '(idle)') return
    const name = `${frame.functionName || '(anonymous)'}  ${place.file}:${place.line}`
    functions.set(name, (functions.get(name) ?? 0) + time)
    const part = place.file === '(native)' ? frame.functionName : partOf(place.file)
    parts.set(part, (parts.get(part) ?? 0) + time)
    total += time
  })
  return `${(total / 1_000_000).toFixed(2)} s busy\n\n${table('By part', parts, total)}\n${table('By function', functions, total)}`
}
