import type { AttributeName } from '../schema/registry.ts'
import { quote, ScimError } from './error.ts'
import type { Tolerated } from './tolerances.ts'

export type CompareOp = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le'
export type CompareValue = string | number | boolean | null

/** A filter as written (RFC 7644 §3.4.2.2); names are not looked up yet. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Filter[] }
  | { readonly kind: 'not'; readonly term: Filter }
  | { readonly kind: 'present'; readonly name: AttributeName }
  | {
      readonly kind: 'compare'
      readonly name: AttributeName
      readonly op: CompareOp
      readonly value: CompareValue
    }
  | { readonly kind: 'element'; readonly name: AttributeName; readonly filter: Filter }

const MAX_LENGTH = 8192
const MAX_DEPTH = 20
const MAX_TERMS = 200

const operators: ReadonlySet<string> = new Set([
  'eq',
  'ne',
  'co',
  'sw',
  'ew',
  'gt',
  'ge',
  'lt',
  'le',
])

const NAME = /^\$?[A-Za-z][A-Za-z0-9_$-]*$/

function isOperator(word: string): word is CompareOp {
  return operators.has(word)
}

/** Splits `urn:…:User:name.givenName` at the last colon, `name.givenName` at its dot; undefined when malformed. */
export function parseName(text: string): AttributeName | undefined {
  const colon = text.lastIndexOf(':')
  const urn = colon < 0 ? undefined : text.slice(0, colon)
  const [name, sub, ...rest] = text.slice(colon + 1).split('.')
  if (name === undefined || !NAME.test(name) || rest.length > 0) return undefined
  if (sub !== undefined && !NAME.test(sub)) return undefined
  if (urn !== undefined && !/^[a-z][a-z0-9+.-]*:./i.test(urn)) return undefined
  return { ...(urn === undefined ? {} : { urn }), name, ...(sub === undefined ? {} : { sub }) }
}

/** A cursor over a filter text. `wordEnd` decides what a bare word may contain. */
class Scanner {
  readonly text: string
  position = 0

  constructor(text: string) {
    this.text = text
  }

  skipBlanks(): boolean {
    const start = this.position
    while (this.text[this.position] === ' ') this.position += 1
    return this.position > start
  }

  peek(): string {
    return this.text[this.position] ?? ''
  }

  take(character: string): boolean {
    if (this.peek() !== character) return false
    this.position += 1
    return true
  }

  word(): string {
    const start = this.position
    while (this.position < this.text.length && !/[\s"()[\]]/.test(this.peek())) this.position += 1
    return this.text.slice(start, this.position)
  }

  /** A JSON string literal (F-17). */
  string(): string {
    const start = this.position
    this.position += 1
    while (this.position < this.text.length && this.peek() !== '"') {
      this.position += this.peek() === '\\' ? 2 : 1
    }
    this.position += 1
    try {
      return String(JSON.parse(this.text.slice(start, this.position)))
    } catch {
      throw new ScimError('invalidFilter', `The text at position ${start + 1} is not closed.`)
    }
  }
}

class Parser {
  readonly scanner: Scanner
  readonly tolerated: Tolerated
  terms = 0

  constructor(text: string, tolerated: Tolerated) {
    this.scanner = new Scanner(text)
    this.tolerated = tolerated
  }

  fail(what: string): never {
    throw new ScimError(
      'invalidFilter',
      `${what} at position ${this.scanner.position + 1} of the filter.`,
    )
  }

  or(depth: number): Filter {
    return this.chain('or', depth, () => this.chain('and', depth, () => this.term(depth)))
  }

  chain(kind: 'and' | 'or', depth: number, next: () => Filter): Filter {
    if (depth > MAX_DEPTH) this.fail('Too many nested groups')
    const terms = [next()]
    for (;;) {
      const before = this.scanner.position
      this.scanner.skipBlanks()
      const start = this.scanner.position
      if (this.scanner.word().toLowerCase() !== kind) {
        this.scanner.position = before
        break
      }
      if (start === before && !/[)\]"]/.test(this.scanner.text[before - 1] ?? '')) {
        this.fail('A blank is missing')
      }
      this.scanner.skipBlanks()
      terms.push(next())
    }
    const [only] = terms
    return terms.length === 1 && only ? only : { kind, terms }
  }

  group(depth: number, close: string): Filter {
    this.scanner.skipBlanks()
    const inner = this.or(depth + 1)
    this.scanner.skipBlanks()
    if (!this.scanner.take(close)) this.fail(`"${close}" is expected`)
    return inner
  }

  term(depth: number): Filter {
    this.terms += 1
    if (this.terms > MAX_TERMS) this.fail(`More than ${MAX_TERMS} terms`)
    if (this.scanner.take('(')) return this.group(depth, ')')
    const start = this.scanner.position
    const word = this.scanner.word()
    if (word.toLowerCase() === 'not') {
      this.scanner.skipBlanks()
      if (this.scanner.take('(')) return { kind: 'not', term: this.group(depth, ')') }
      this.fail('"(" is expected after not')
    }
    const name = parseName(word)
    if (!name) {
      this.scanner.position = start
      this.fail(word === '' ? 'An attribute is expected' : `${quote(word)} is not an attribute`)
    }
    if (this.scanner.take('[')) return this.element(name, depth)
    return this.comparison(name)
  }

  element(name: AttributeName, depth: number): Filter {
    const filter = this.group(depth, ']')
    if (!this.scanner.take('.')) return { kind: 'element', name, filter }
    const sub = parseName(this.scanner.word())
    if (!sub || sub.urn !== undefined || sub.sub !== undefined) {
      this.fail('A sub-attribute is expected')
    }
    this.tolerated('filter-value-path-sub')
    return { kind: 'element', name, filter: { kind: 'and', terms: [filter, this.comparison(sub)] } }
  }

  comparison(name: AttributeName): Filter {
    this.scanner.skipBlanks()
    const word = this.scanner.word()
    const op = word.toLowerCase()
    if (op === 'pr') return { kind: 'present', name }
    if (!isOperator(op)) {
      this.fail(word === '' ? 'An operator is expected' : `Unknown operator ${quote(word)}`)
    }
    this.scanner.skipBlanks()
    return { kind: 'compare', name, op, value: this.value() }
  }

  value(): CompareValue {
    if (this.scanner.peek() === '"') return this.scanner.string()
    const word = this.scanner.word()
    const lower = word.toLowerCase()
    if (lower === 'true') return true
    if (lower === 'false') return false
    if (lower === 'null') return null
    if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(word)) return Number(word)
    if (word === '' || word.startsWith("'"))
      this.fail('A value in double quotation marks is expected')
    this.tolerated('filter-unquoted')
    return word
  }
}

/** Parses a filter; throws `invalidFilter` with the position of the first mistake. */
export function parseFilter(text: string, tolerated: Tolerated): Filter {
  if (text.length > MAX_LENGTH) {
    throw new ScimError('invalidFilter', `The filter is longer than ${MAX_LENGTH} characters.`)
  }
  if (text.trim() === '') throw new ScimError('invalidFilter', 'The filter is empty.')
  const parser = new Parser(text.trim(), tolerated)
  const filter = parser.or(0)
  if (parser.scanner.position < parser.scanner.text.length) {
    parser.fail('and, or, or the end is expected')
  }
  return filter
}
