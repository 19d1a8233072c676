import { malformed } from './failure.ts'
import { fold, type Kind, type Property } from './kind.ts'

type Test<T> = (item: T) => boolean

const WORD = /[\p{L}\p{M}]+|\p{N}+/gu

/** Words end where letters and digits, or a small and a capital letter, meet. */
function wordsOf(text: string): string[] {
  return (
    text
      .replaceAll(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
      .match(WORD)
      ?.map(fold) ?? []
  )
}

/** The words of a value, and those that only symbols part put together; each after a blank. */
function indexed(value: string): string {
  const together = value.split(/\s+/u).map((chunk) => fold(chunk.match(WORD)?.join('') ?? ''))
  return ` ${[...wordsOf(value), ...together].join(' ')}`
}

const indexes = new WeakMap<object, WeakMap<object, string>>()

/** The words of an item's property, taken apart once. */
function wordsIn<T extends object>(property: Property<T>, item: T): string {
  const index = indexes.get(property) ?? new WeakMap<object, string>()
  indexes.set(property, index)
  const known = index.get(item)
  if (known !== undefined) return known
  const value = property.of(item)
  const words = typeof value === 'string' ? indexed(value) : ''
  index.set(item, words)
  return words
}

/** Every word of the text begins a word of the value, in any order. */
function wordTest<T extends object>(property: Property<T>, text: string): Test<T> {
  const wanted = wordsOf(text).map((word) => ` ${word}`)
  if (wanted.length === 0) return () => false
  return (item) => {
    const words = wordsIn(property, item)
    return wanted.every((word) => words.includes(word))
  }
}

function startTest<T>(property: Property<T>, text: string): Test<T> {
  const start = fold(text)
  return (item) => {
    const value = property.of(item)
    return typeof value === 'string' && fold(value).startsWith(start)
  }
}

function clauseTest<T extends object>(kind: Kind<T>, quoted: string): Test<T> {
  const clause = quoted.slice(1, -1).replaceAll(/\\(["\\])/gu, '$1')
  const colon = clause.indexOf(':')
  const name = clause.slice(0, Math.max(colon, 0))
  const property = kind.properties.get(name)
  if (colon < 0 || property?.type !== 'text' || property.filter === undefined) {
    throw malformed(`Invalid search clause: ${quoted} does not name a property to search in.`)
  }
  const text = clause.slice(colon + 1)
  return property.words === true ? wordTest(property, text) : startTest(property, text)
}

/**
 * Turns a `$search` into a test of an item: clauses in double quotes, joined by `AND`, `OR` and
 * parentheses. Names and descriptions are searched by their words, and other properties at their
 * start.
 */
export function compileSearch<T extends object>(kind: Kind<T>, source: string): Test<T> {
  const tokens = source.match(/"(?:[^"\\]|\\.)*"|[()]|[^\s()"]+|"/gu) ?? []
  let place = 0
  const fail = (): Error =>
    malformed(`Syntax error: '${tokens[place] ?? ''}' is not valid in the search '${source}'.`)

  const single = (): Test<T> => {
    const token = tokens[place] ?? ''
    if (token === '(') {
      place += 1
      const inner = either()
      if (tokens[place] !== ')') throw fail()
      place += 1
      return inner
    }
    if (!token.startsWith('"') || token.length < 2) throw fail()
    place += 1
    return clauseTest(kind, token)
  }
  const chain = (operator: 'AND' | 'OR', part: () => Test<T>): Test<T>[] => {
    const parts = [part()]
    while (tokens[place] === operator) {
      place += 1
      parts.push(part())
    }
    return parts
  }
  const both = (): Test<T> => {
    const tests = chain('AND', single)
    return (item) => tests.every((test) => test(item))
  }
  const either = (): Test<T> => {
    const tests = chain('OR', both)
    return (item) => tests.some((test) => test(item))
  }

  const whole = either()
  if (place < tokens.length) throw fail()
  return whole
}
