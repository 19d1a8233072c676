import { ceilingOf, type Results, type SizeResult } from './results.ts'
import { ceilingNames, engineNames, whole } from './screen.ts'
import { workloads } from './workloads.ts'

const WIDTH = 860
const LEFT = 250
const RIGHT = 90
const BAR = 10
const GAP = 12
const TOP = 76

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

interface Bar {
  readonly label: string
  readonly rates: readonly { readonly size: number; readonly rate: number }[]
}

function barsOf(sizes: readonly SizeResult[], concurrency: number): Bar[] {
  const ceilings = (['get', 'post', 'select', 'insert'] as const).map((name): Bar => {
    const label = `ceiling: ${ceilingNames[name]}`
    const found = sizes.map(({ ceilings }) => ceilingOf(ceilings, name, concurrency))
    const oneByOne = found.some((each) => each !== undefined && each.concurrency !== concurrency)
    return {
      label: oneByOne ? `${label}, one by one` : label,
      rates: found.flatMap((each, size) => (each ? [{ size, rate: each.rate }] : [])),
    }
  })
  const cells = Object.entries(workloads).map(([name, { about }]) => ({
    label: about.replaceAll('`', ''),
    rates: sizes.flatMap((size, index) =>
      size.cells
        .filter((cell) => cell.workload === name && cell.concurrency === concurrency)
        .map(({ rate }) => ({ size: index, rate })),
    ),
  }))
  return [...ceilings, ...cells].filter(({ rates }) => rates.length > 0)
}

/** The concurrency that the chart shows: the highest that was measured. */
export function chartConcurrency({ sizes }: Results): number {
  return Math.max(1, ...sizes.flatMap(({ cells }) => cells.map(({ concurrency }) => concurrency)))
}

/** Requests per second of every workload and ceiling as bars, one for each size; readable on light and on dark. */
export function drawChart(results: Results): string {
  const { engine, sizes } = results
  const concurrency = chartConcurrency(results)
  const head = `Requests per second at ${concurrency} connections, on ${engineNames[engine]}`
  const bars = barsOf(sizes, concurrency)
  const most = Math.max(1, ...bars.flatMap(({ rates }) => rates.map(({ rate }) => rate)))
  const height = sizes.length * BAR + GAP
  const scale = (WIDTH - LEFT - RIGHT) / most
  const legend = sizes.map(({ users }, index) => {
    const x = LEFT + index * 160
    return `<rect class="s${index}" x="${x}" y="42" width="12" height="12"/><text x="${x + 18}" y="52">${whole(users)} users</text>`
  })
  const rows = bars.map(({ label, rates }, row) => {
    const top = TOP + row * height
    const ceiling = label.startsWith('ceiling') ? ' class="ceiling"' : ''
    const rects = rates.map(({ size, rate }) => {
      const y = top + size * BAR
      const width = Math.max(1, rate * scale).toFixed(1)
      return `<rect class="s${size}" x="${LEFT}" y="${y}" width="${width}" height="${BAR - 1}"/><text class="figure" x="${(LEFT + rate * scale + 5).toFixed(1)}" y="${y + BAR - 2}">${whole(rate)}</text>`
    })
    const middle = top + (sizes.length * BAR) / 2 + 4
    return `<g${ceiling}><text x="${LEFT - 10}" y="${middle}" text-anchor="end">${escape(label)}</text>${rects.join('')}</g>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${TOP + bars.length * height}" role="img" aria-labelledby="title">
<title id="title">${head}</title>
<style>
svg { color: #1f2328; --one: #0969da; --two: #1a7f37; --three: #9a6700; --four: #8250df }
@media (prefers-color-scheme: dark) {
  svg { color: #e6edf3; --one: #58a6ff; --two: #3fb950; --three: #d29922; --four: #bc8cff }
}
text { font: 12px system-ui, sans-serif; fill: currentColor }
.head { font-size: 15px; font-weight: 600 }
.figure { font-size: 9px }
.ceiling rect { opacity: 0.45 }
.s0 { fill: var(--one) } .s1 { fill: var(--two) } .s2 { fill: var(--three) } .s3 { fill: var(--four) }
</style>
<text class="head" x="${LEFT}" y="24">${head}</text>
${legend.join('\n')}
${rows.join('\n')}
</svg>
`
}
