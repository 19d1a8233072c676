const SECOND = 1_000
const FIRST = 5 * SECOND
const LONGEST = 6 * 60 * 60 * SECOND
const TIMES = 3

/** A part of each wait is left to chance, so that many that failed together do not come back together. */
const CHANCE = 0.2

/** After so long without one success a webhook is given up. */
export const PATIENCE_MILLISECONDS = 3 * 24 * 60 * 60 * SECOND

/** How many milliseconds after a try that failed, the nth in a row, comes the next. `chance` is from 0 to 1. */
export function waitAfter(attempt: number, chance = Math.random()): number {
  const wait = Math.min(FIRST * TIMES ** (attempt - 1), LONGEST)
  return Math.round(wait * (1 - CHANCE + 2 * CHANCE * chance))
}
