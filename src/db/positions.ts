import type { Tally } from './tallies.ts'

/** Places that are remembered: enough for many readers of one list after the other. */
const REMEMBERED = 1_000

interface Position {
  /** The tally with which it was true. */
  readonly changes: number
  /** The id of the first row from there on, or of the last one before. */
  readonly id: string
  readonly after: boolean
}

/**
 * Remembers which id stands where in a list that is ordered by id, so that a page deep in it is looked up instead of
 * counted to. A place holds as long as no row came or went, which the tally of the list tells.
 */
export class Positions {
  readonly #known = new Map<string, Position>()

  /** Where the row at `startIndex` (1-based) is found, if that is known. */
  find(list: string, startIndex: number, { changes }: Tally): Position | undefined {
    const found = this.#known.get(`${startIndex} ${list}`)
    return found?.changes === changes ? found : undefined
  }

  /** Notes where a page begins, and where the next one would. */
  note(list: string, startIndex: number, ids: readonly string[], { changes }: Tally): void {
    const [first] = ids
    const last = ids.at(-1)
    if (first === undefined || last === undefined) return
    this.#keep(`${startIndex} ${list}`, { changes, id: first, after: false })
    this.#keep(`${startIndex + ids.length} ${list}`, { changes, id: last, after: true })
  }

  #keep(key: string, position: Position): void {
    this.#known.delete(key)
    this.#known.set(key, position)
    const [oldest] = this.#known.keys()
    if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest)
  }
}
