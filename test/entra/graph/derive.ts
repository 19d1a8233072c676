import { createHash } from 'node:crypto'

const DAY = 86_400_000

/** A number that is always the same for a text, to choose by. */
export function numberOf(text: string): number {
  let hash = 0
  for (let index = 0; index < text.length; index += 1) {
    hash = (Math.imul(hash, 31) + text.charCodeAt(index)) >>> 0
  }
  return hash
}

/**
 * A moment that is always the same for a text, as Graph writes it: within 1,500 days of a year's
 * start.
 */
export function momentOf(text: string, year: number): string {
  const number = numberOf(text)
  const moment = new Date(Date.UTC(year, 0, 1) + (number % 1_500) * DAY + (number % 86_400) * 1_000)
  return `${moment.toISOString().slice(0, 19)}Z`
}

/** A UUID that is always the same for a text. */
export function uuidOf(text: string): string {
  const digits = createHash('sha256').update(text).digest('hex')
  const parts = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `a${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ]
  return parts.join('-')
}

/** Makes a value when it is first asked for, and keeps it. */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
