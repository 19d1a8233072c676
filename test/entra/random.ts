/** A seeded source of chance: the same seed gives the same sequence on every machine. */
export type Random = {
  /** At least 0, below 1. */
  next: () => number
  /** A whole number, at least 0 and below `limit`. */
  below: (limit: number) => number
  /** True with the given probability. */
  chance: (probability: number) => boolean
  pick: <T>(items: readonly T[]) => T
  /** A shuffled copy. */
  shuffle: <T>(items: Iterable<T>) => T[]
  uuid: () => string
}

/** Mulberry32. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  const pick = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)]
    if (item === undefined) throw new RangeError('Nothing to pick from.')
    return item
  }
  const shuffle = <T>(items: Iterable<T>): T[] => {
    const keyed = Array.from(items, (item) => ({ item, key: next() }))
    return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item)
  }
  const uuid = (): string => {
    const digits = Array.from({ length: 32 }, () => below(16).toString(16))
    digits[12] = '4'
    digits[16] = pick(['8', '9', 'a', 'b'])
    const text = digits.join('')
    return [8, 12, 16, 20, 32]
      .map((end, index) => text.slice([0, 8, 12, 16, 20][index], end))
      .join('-')
  }
  return { next, below, chance: (probability) => next() < probability, pick, shuffle, uuid }
}
