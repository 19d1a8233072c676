import { malformed, unsupported } from './failure.ts'
import type { Comparison, Expression, Literal } from './filter-syntax.ts'
import { fold, resourceName, type Filtering, type Kind, type Level, type Property } from './kind.ts'

type Test = (value: unknown) => boolean
/** A part that is about one property. */
type Leaf = Extract<Expression, { readonly kind: 'compare' | 'in' | 'call' }>
type Filterable<T> = Property<T> & { readonly filter: Filtering }

const MOST_ALTERNATIVES = 15
const EDM: Readonly<Record<Property<unknown>['type'] | Literal['type'], string>> = {
  text: 'Edm.String',
  texts: 'Edm.String',
  boolean: 'Edm.Boolean',
  date: 'Edm.DateTimeOffset',
  guid: 'Edm.Guid',
  number: 'Edm.Int32',
  null: 'null',
  other: 'Edm.ComplexType',
}
const OPERATOR_KINDS: Readonly<Record<Comparison, string>> = {
  eq: 'Equal',
  ne: 'NotEqual',
  ge: 'GreaterThanOrEqual',
  le: 'LessThanOrEqual',
  gt: 'GreaterThan',
  lt: 'LessThan',
}

function tooMany(count: number): Error {
  return unsupported(
    `Too many child clauses specified in search filter expression containing 'OR' operators: ${count}. Max allowed: ${MOST_ALTERNATIVES}.`,
  )
}

/** What Graph says of an operator that needs the header and `$count=true`. */
function needsAdvanced(operator: string): Error {
  return unsupported(
    `Operator '${operator}' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information`,
  )
}

/** A value in a form that compares: texts without case, moments as numbers. */
function comparable(value: unknown): unknown {
  return typeof value === 'string' ? fold(value) : value
}

function moment(value: unknown): number {
  return typeof value === 'string' ? Date.parse(value) : Number.NaN
}

function compareTest(type: Property<unknown>['type'], operator: Comparison, wanted: Literal): Test {
  if (wanted.type === 'null') {
    return operator === 'ne' ? (value) => value !== null : (value) => value === null
  }
  if (type === 'date') {
    const limit = moment(wanted.value)
    if (operator === 'eq') return (value) => moment(value) === limit
    if (operator === 'ne') return (value) => moment(value) !== limit
    return operator === 'ge' ? (value) => moment(value) >= limit : (value) => moment(value) <= limit
  }
  const limit = comparable(wanted.value)
  if (operator === 'eq') return (value) => comparable(value) === limit
  if (operator === 'ne') return (value) => comparable(value) !== limit
  const text = String(limit)
  return (value) => {
    if (typeof value !== 'string') return false
    return operator === 'ge' ? fold(value) >= text : fold(value) <= text
  }
}

/**
 * Turns a filter into a test of an item. What the directory cannot answer, or only with the
 * advanced query parameters, is refused with Request_UnsupportedQuery, and what makes no sense with
 * BadRequest.
 */
export function compileFilter<T>(
  kind: Kind<T>,
  expression: Expression,
  advanced: boolean,
): (item: T) => boolean {
  const clause = (name: string): Error =>
    unsupported(
      `Unsupported or invalid query filter clause specified for property '${name}' of resource '${resourceName(kind)}'.`,
    )
  const lookUp = (path: string): Filterable<T> => {
    const [name = ''] = path.split('/')
    const property = kind.properties.get(name)
    if (property === undefined) {
      throw malformed(
        `Invalid filter clause: Could not find a property named '${name}' on type 'microsoft.graph.${kind.name}'.`,
      )
    }
    if (property.filter === undefined || path !== name) throw clause(name)
    return { ...property, filter: property.filter }
  }
  const check = (name: string, level: Level | undefined): void => {
    if (level === undefined || (level === 'advanced' && !advanced)) throw clause(name)
  }
  const checkType = (property: Property<T>, operator: Comparison, literal: Literal): void => {
    const wanted = property.type === 'texts' ? 'text' : property.type
    if (literal.type === wanted || literal.type === 'null') return
    throw malformed(
      `Invalid filter clause: A binary operator with incompatible types was detected. Found operand types '${EDM[property.type]}' and '${EDM[literal.type]}' for operator kind '${OPERATOR_KINDS[operator]}'.`,
    )
  }

  /** The test that a comparison makes of a value, or of one element of a list. */
  const valueTest = (part: Leaf, name: string, property: Filterable<T>): Test => {
    const { filter } = property
    if (part.kind === 'in') {
      check(name, filter.eq)
      if (part.literals.length > MOST_ALTERNATIVES) throw tooMany(part.literals.length)
      for (const literal of part.literals) checkType(property, 'eq', literal)
      const wanted = new Set<unknown>(
        part.literals.map((literal) =>
          literal.type === 'null' ? null : comparable(literal.value),
        ),
      )
      return (value) => wanted.has(comparable(value))
    }
    if (part.kind === 'call') {
      const { literal } = part
      if (literal.type !== 'text' || (property.type !== 'text' && property.type !== 'texts')) {
        throw clause(name)
      }
      const text = fold(literal.value)
      if (part.function === 'startswith') {
        check(name, filter.startsWith)
        return (value) => typeof value === 'string' && fold(value).startsWith(text)
      }
      if (part.function !== 'endswith' || filter.endsWith !== true) throw clause(name)
      if (!advanced) throw needsAdvanced('endsWith')
      return (value) => typeof value === 'string' && fold(value).endsWith(text)
    }
    const { operator, literal } = part
    checkType(property, operator, literal)
    if (operator === 'ne' && !advanced) throw needsAdvanced('ne')
    if (operator === 'gt' || operator === 'lt') throw clause(name)
    const ordered = operator === 'ge' || operator === 'le'
    if (literal.type === 'null') check(name, filter.nulls && !ordered ? 'advanced' : undefined)
    else check(name, ordered ? filter.compare : filter.eq)
    return compareTest(property.type, operator, literal)
  }

  /** Inside `any`: the parts are about the variable, joined by `or` or `and`. */
  const elementTest = (
    part: Expression,
    variable: string,
    name: string,
    property: Filterable<T>,
  ): Test => {
    if ('parts' in part) {
      const tests = part.parts.map((inner) => elementTest(inner, variable, name, property))
      return part.kind === 'and'
        ? (value) => tests.every((test) => test(value))
        : (value) => tests.some((test) => test(value))
    }
    if (part.kind === 'not' || part.kind === 'any' || part.path !== variable) throw clause(name)
    if (part.kind === 'compare' && part.operator === 'ne') throw clause(name)
    return valueTest(part, name, property)
  }

  const compile = (part: Expression): ((item: T) => boolean) => {
    switch (part.kind) {
      case 'and': {
        const tests = part.parts.map(compile)
        return (item) => tests.every((test) => test(item))
      }
      case 'or': {
        if (part.parts.length > MOST_ALTERNATIVES) throw tooMany(part.parts.length)
        const tests = part.parts.map(compile)
        return (item) => tests.some((test) => test(item))
      }
      case 'not': {
        if (!advanced) throw needsAdvanced('not')
        const test = compile(part.part)
        return (item) => !test(item)
      }
      case 'any': {
        const property = lookUp(part.path)
        if (property.type !== 'texts') throw clause(part.path)
        const test = elementTest(part.part, part.variable, part.path, property)
        return (item) => (property.of(item) as readonly string[]).some(test)
      }
      case 'compare':
      case 'in':
      case 'call': {
        const property = lookUp(part.path)
        if (property.type === 'texts') throw clause(part.path)
        const test = valueTest(part, part.path, property)
        return (item) => test(property.of(item))
      }
    }
  }
  return compile(expression)
}
