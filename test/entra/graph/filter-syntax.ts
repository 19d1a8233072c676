import { malformed } from './failure.ts'

export type Literal =
  | { readonly type: 'text' | 'date' | 'guid' | 'number'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'null' }

export type Comparison = 'eq' | 'ne' | 'ge' | 'le' | 'gt' | 'lt'

/** A `$filter`. Inside `any`, a path that equals the variable is the element. */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly part: Expression }
  | {
      readonly kind: 'compare'
      readonly path: string
      readonly operator: Comparison
      readonly literal: Literal
    }
  | { readonly kind: 'in'; readonly path: string; readonly literals: readonly Literal[] }
  | {
      readonly kind: 'call'
      readonly function: string
      readonly path: string
      readonly literal: Literal
    }
  | {
      readonly kind: 'any'
      readonly path: string
      readonly variable: string
      readonly part: Expression
    }

interface Token {
  readonly type: Literal['type'] | 'word' | 'mark' | 'end'
  readonly text: string
  readonly at: number
}

const TOKENS: readonly (readonly [Token['type'], RegExp])[] = [
  ['text', /'(?:[^']|'')*'/uy],
  ['guid', /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?![\w-])/iuy],
  ['date', /\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?(?![\w-])/uy],
  ['number', /-?\d+(?:\.\d+)?(?![\w-])/uy],
  ['word', /[A-Za-z_$][\w$.]*/uy],
  ['mark', /[(),:/]/uy],
]
const COMPARISONS: readonly string[] = ['eq', 'ne', 'ge', 'le', 'gt', 'lt'] satisfies Comparison[]

function isComparison(text: string): text is Comparison {
  return COMPARISONS.includes(text)
}

function syntaxError(source: string, at: number): Error {
  return malformed(`Invalid filter clause: Syntax error at position ${at} in '${source}'.`)
}

function tokenise(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    const blank = /\s/u.test(source[at] ?? '')
    if (blank) {
      at += 1
      continue
    }
    const found = TOKENS.map(([type, pattern]) => {
      pattern.lastIndex = at
      return { type, text: pattern.exec(source)?.[0] }
    }).find(({ text }) => text !== undefined)
    if (found?.text === undefined) throw syntaxError(source, at)
    tokens.push({ type: found.type, text: found.text, at })
    at += found.text.length
  }
  return [...tokens, { type: 'end', text: '', at }]
}

function literalOf({ type, text }: Token): Literal | undefined {
  if (type === 'text') return { type, value: text.slice(1, -1).replaceAll("''", "'") }
  if (type === 'date' || type === 'guid' || type === 'number') return { type, value: text }
  if (type !== 'word') return undefined
  if (text === 'null') return { type: 'null' }
  return text === 'true' || text === 'false'
    ? { type: 'boolean', value: text === 'true' }
    : undefined
}

/**
 * Reads a `$filter`, or throws BadRequest. Operators may be in capitals, as in Microsoft's
 * examples.
 */
export function parseFilter(source: string): Expression {
  const tokens = tokenise(source)
  let place = 0
  const peek = (ahead = 0): Token => tokens[place + ahead] ?? { type: 'end', text: '', at: 0 }
  const fail = (): Error => syntaxError(source, peek().at)
  const isWord = (word: string): boolean =>
    peek().type === 'word' && peek().text.toLowerCase() === word
  const take = (): Token => {
    const token = peek()
    place += 1
    return token
  }
  const expect = (mark: string): void => {
    if (peek().type !== 'mark' || peek().text !== mark) throw fail()
    place += 1
  }
  const isMark = (mark: string, ahead = 0): boolean =>
    peek(ahead).type === 'mark' && peek(ahead).text === mark
  const word = (): string => {
    if (peek().type !== 'word') throw fail()
    return take().text
  }
  const literal = (): Literal => {
    const value = literalOf(peek())
    if (value === undefined) throw fail()
    place += 1
    return value
  }

  const any = (path: string): Expression => {
    expect('(')
    const variable = word()
    expect(':')
    const part = either()
    expect(')')
    return { kind: 'any', path, variable, part }
  }
  const call = (name: string): Expression => {
    expect('(')
    const path = word()
    expect(',')
    const value = literal()
    expect(')')
    return { kind: 'call', function: name.toLowerCase(), path, literal: value }
  }
  const among = (path: string): Expression => {
    const literals: Literal[] = []
    expect('(')
    do literals.push(literal())
    while (isMark(',') && take().text === ',')
    expect(')')
    return { kind: 'in', path, literals }
  }
  const single = (): Expression => {
    if (isMark('(')) {
      expect('(')
      const inner = either()
      expect(')')
      return inner
    }
    if (isWord('not')) {
      place += 1
      return { kind: 'not', part: single() }
    }
    const name = word()
    if (isMark('(')) return call(name)
    let path = name
    while (isMark('/')) {
      place += 1
      const next = word()
      if (next.toLowerCase() === 'any' && isMark('(')) return any(path)
      path = `${path}/${next}`
    }
    const operator = word().toLowerCase()
    if (operator === 'in') return among(path)
    if (!isComparison(operator)) {
      place -= 1
      throw fail()
    }
    return { kind: 'compare', path, operator, literal: literal() }
  }
  const chain = (kind: 'and' | 'or', part: () => Expression): Expression => {
    const parts = [part()]
    while (isWord(kind)) {
      place += 1
      parts.push(part())
    }
    const [only] = parts
    return parts.length === 1 && only !== undefined ? only : { kind, parts }
  }
  const both = (): Expression => chain('and', single)
  const either = (): Expression => chain('or', both)

  const whole = either()
  if (peek().type !== 'end') throw fail()
  return whole
}
