import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT } from './children.ts'

interface Frame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}

/** The parts of a V8 CPU profile that tell where time went. */
interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const ROWS = 40

function fileOf(url: string): string {
  if (!url.startsWith('file:')) return url === '' ? '(native)' : url
  const path = relative(ROOT, fileURLToPath(url))
  return path.startsWith('node_modules/') ? path.slice('node_modules/'.length) : path
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
function isServing({ functionName, url }: Frame): boolean {
  return functionName === 'dispatch' && url.endsWith('/hono/dist/compose.js')
}

/** The share of each function and each part in the time that a server was busy with requests, by what ran itself. */
export function summariseProfile(file: string): string {
  const profile = JSON.parse(readFileSync(file, 'utf8')) as Profile
  const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame] as const))
  const functions = new Map<string, number>()
  const parts = new Map<string, number>()
  let total = 0
  let serving = false
  profile.samples.forEach((id, index) => {
    const frame = nodes.get(id)
    const time = profile.timeDeltas[index] ?? 0
    serving ||= frame !== undefined && isServing(frame)
    if (!serving || !frame || frame.functionName === '(idle)') return
    const place = fileOf(frame.url)
    const name = `${frame.functionName || '(anonymous)'}  ${place}:${frame.lineNumber + 1}`
    functions.set(name, (functions.get(name) ?? 0) + time)
    const part = place === '(native)' ? frame.functionName : partOf(place)
    parts.set(part, (parts.get(part) ?? 0) + time)
    total += time
  })
  return `${(total / 1_000_000).toFixed(2)} s busy\n\n${table('By part', parts, total)}\n${table('By function', functions, total)}`
}
