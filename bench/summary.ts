import type { Measured } from './results.ts'

type Summary = Pick<Measured, 'seconds' | 'requests' | 'rate' | 'p50' | 'p99' | 'slowest'>

/** What the times of requests say, in milliseconds like `elapsed`; of very many only some are given. */
export function summarise(times: Float64Array, requests: number, elapsed: number): Summary {
  const sorted = times.toSorted()
  const percentile = (part: number) => sorted[Math.floor(sorted.length * part)] ?? 0
  return {
    seconds: elapsed / 1_000,
    requests,
    rate: (requests / elapsed) * 1_000,
    p50: percentile(0.5),
    p99: percentile(0.99),
    slowest: sorted.at(-1) ?? 0,
  }
}
