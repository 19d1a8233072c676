import { DirectoryError } from '../directory/errors.ts'

/** Scans of one organisation that may wait. */
const LONGEST_LINE = 8

/** Runs a scan when it is its turn. Throws `unavailable` when too many of the organisation wait already. */
export type ScanQueue = <T>(organisation: string, scan: () => Promise<T>) => Promise<T>

/** Lets so many scans run at a time; the rest wait, and organisations take turns, so that none keeps another out. */
export function scanQueue(atATime: number): ScanQueue {
  /** Those who wait, by organisation; the one whose turn it is comes first. */
  const lines = new Map<string, (() => void)[]>()
  let free = atATime

  function startNext(): void {
    const [next] = lines
    if (!next || free === 0) return
    const [organisation, line] = next
    lines.delete(organisation)
    const start = line.shift()
    if (line.length > 0) lines.set(organisation, line)
    free -= 1
    start?.()
  }

  return async (organisation, scan) => {
    const line = lines.get(organisation) ?? []
    if (line.length === LONGEST_LINE) {
      throw new DirectoryError(
        'unavailable',
        'Too many searches that no index answers are waiting; retry shortly.',
      )
    }
    const { promise: turn, resolve } = Promise.withResolvers<void>()
    line.push(resolve)
    lines.set(organisation, line)
    startNext()
    await turn
    try {
      return await scan()
    } finally {
      free += 1
      startNext()
    }
  }
}
