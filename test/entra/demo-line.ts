import { isDeepStrictEqual } from 'node:util'

/** One part of the demo: what is said of it, and whether it came out as it should. */
export type Line = { isRight: boolean; text: string }

/** What was found, and what should have been. */
export type Check = readonly [what: string, found: unknown, expected: unknown]

const shown = (value: unknown): string => JSON.stringify(value) ?? 'nothing'

/** A sentence about what was done; where something is not so, it begins with FAILED, and what it is stands below. */
export function checkedLine(sentence: string, checks: readonly Check[]): Line {
  const wrong = checks.filter(([, found, expected]) => !isDeepStrictEqual(found, expected))
  if (wrong.length === 0) return { isRight: true, text: sentence }
  const lines = wrong.map(
    ([what, found, expected]) => `  ${what}: expected ${shown(expected)}, found ${shown(found)}`,
  )
  return { isRight: false, text: [`FAILED ${sentence}`, ...lines].join('\n') }
}
