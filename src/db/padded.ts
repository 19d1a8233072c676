import { chunks } from './context.ts'

/**
 * Parts of a list for statements of which there is one for each power of two: where items are missing the last one of the
 * part is there again, so that whoever uses this says things that may be said twice.
 */
export function paddedParts<T>(items: readonly T[]): T[][] {
  return chunks(items).map((part) => {
    const size = 2 ** Math.ceil(Math.log2(part.length))
    const last = part.slice(-1)
    return [...part, ...Array.from({ length: size - part.length }, () => last).flat()]
  })
}

/** Names of placeholders of such a statement, and its values under them. */
export function named<T>(name: string, values: readonly T[]): [string, T][] {
  return values.map((value, index) => [`${name}${index}`, value])
}
