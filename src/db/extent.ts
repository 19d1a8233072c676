import type { Extent } from '../directory/roster.ts'

/** How many there are, of which one more than `most` were counted at most. */
export function extentOf(counted: number, most: number): Extent {
  return counted > most ? { atLeast: most } : { total: counted }
}
