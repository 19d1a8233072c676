import type { Attribute } from '../schema/attribute.ts'
import { findAttribute } from '../schema/attribute.ts'
import { resolveName, type AttributeName } from '../schema/registry.ts'
import type { ResourceType } from '../schema/attribute.ts'
import { canonicalInstant, comparable } from './compare.ts'
import { quote, ScimError } from './error.ts'
import type { CompareOp, CompareValue, Filter } from './filter.ts'
import type { Tolerated } from './tolerances.ts'

/** Where a compared value stands: keys from the document down; `each` when a key on the way holds an array. */
export interface Field {
  /** Keys to the attribute: `['name','givenName']`, `['urn:…:User','department']`, `['emails']`. */
  readonly at: readonly string[]
  /** When the attribute at `at` is an array: every element is looked at, at `sub` if that is given. */
  readonly each: boolean
  readonly sub?: string
  readonly leaf: Attribute
}

/** A filter whose names are found, operators checked against types, and values in comparable form. */
export type ResolvedFilter =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly ResolvedFilter[] }
  | { readonly kind: 'not'; readonly term: ResolvedFilter }
  | { readonly kind: 'present'; readonly field: Field }
  | {
      readonly kind: 'compare'
      readonly field: Field
      readonly op: CompareOp
      readonly value: CompareValue
    }
  | {
      readonly kind: 'element'
      readonly at: readonly string[]
      readonly attribute: Attribute
      readonly filter: ResolvedFilter
    }

type Find = (name: AttributeName) => Field

function spell(name: AttributeName): string {
  const sub = name.sub === undefined ? '' : `.${name.sub}`
  return quote(`${name.urn === undefined ? '' : `${name.urn}:`}${name.name}${sub}`)
}

function fieldOf(type: ResourceType, name: AttributeName): Field {
  const target = resolveName(type, name)
  if (!target) {
    throw new ScimError('invalidFilter', `${type.name} has no attribute ${spell(name)}.`)
  }
  const { attribute, extension } = target
  const at = [...(extension === undefined ? [] : [extension]), attribute.name]
  const each = attribute.multiValued || attribute.open === true
  // A complex attribute stands for its value (W-26); Entra also writes `manager eq "…"`.
  const sub =
    target.sub ??
    (attribute.type === 'complex' ? findAttribute(attribute.subAttributes, 'value') : undefined)
  if (attribute.type === 'complex' && !sub) {
    throw new ScimError('invalidFilter', `${spell(name)} needs a sub-attribute.`)
  }
  if (!sub) return { at, each, leaf: attribute }
  return each ? { at, each, sub: sub.name, leaf: sub } : { at: [...at, sub.name], each, leaf: sub }
}

function presentField(type: ResourceType, name: AttributeName): Field {
  const target = resolveName(type, name)
  if (target?.attribute.type !== 'complex' || target.sub) return fieldOf(type, name)
  const at = [...(target.extension === undefined ? [] : [target.extension]), target.attribute.name]
  return { at, each: false, leaf: target.attribute }
}

/** Inside `[ ]` a name is a sub-attribute of the element (F-14). */
function elementField(attribute: Attribute, name: AttributeName): Field {
  const leaf = attribute.open
    ? { ...attribute, name: name.name }
    : findAttribute(attribute.subAttributes, name.name)
  if (!leaf || name.urn !== undefined || name.sub !== undefined) {
    throw new ScimError('invalidFilter', `${attribute.name} has no sub-attribute ${spell(name)}.`)
  }
  return { at: [leaf.name], each: false, leaf }
}

const ordering: ReadonlySet<CompareOp> = new Set(['gt', 'ge', 'lt', 'le'])
const substring: ReadonlySet<CompareOp> = new Set(['co', 'sw', 'ew'])

function refuse(leaf: Attribute, op: CompareOp, value: CompareValue): never {
  throw new ScimError(
    'invalidFilter',
    `${leaf.name} is a ${leaf.type}; it cannot be compared with ${op} ${quote(String(value))}.`,
  )
}

/** Checks operator and operand against the type (RFC 7644 §3.4.2.2, F-05, F-06, F-34, F-35) and normalises the operand. */
function operand(
  leaf: Attribute,
  op: CompareOp,
  value: CompareValue,
  tolerated: Tolerated,
): CompareValue {
  if (value === null) return op === 'eq' || op === 'ne' ? null : refuse(leaf, op, value)
  if (leaf.open) {
    if (typeof value === 'string') return String(comparable(leaf, value))
    const meaningless = substring.has(op) || (typeof value === 'boolean' && ordering.has(op))
    return meaningless ? refuse(leaf, op, value) : value
  }
  if (leaf.type === 'boolean') {
    if (ordering.has(op) || substring.has(op)) refuse(leaf, op, value)
    if (typeof value === 'boolean') return value
    const text = String(value).toLowerCase()
    if (text !== 'true' && text !== 'false') refuse(leaf, op, value)
    tolerated('boolean-string')
    return text === 'true'
  }
  if (leaf.type === 'decimal' || leaf.type === 'integer') {
    return typeof value === 'number' && !substring.has(op) ? value : refuse(leaf, op, value)
  }
  if (leaf.type === 'binary' && op !== 'eq' && op !== 'ne') refuse(leaf, op, value)
  if (typeof value !== 'string') refuse(leaf, op, value)
  if (leaf.type === 'dateTime') {
    const instant = canonicalInstant(value)
    return instant !== undefined && !substring.has(op) ? instant : refuse(leaf, op, value)
  }
  const folded = String(comparable(leaf, value))
  if (leaf.name === 'externalId' && folded !== value) tolerated('external-id-case')
  return folded
}

/** What a value reads when its percent escapes are decoded once more, if that is something else. */
function decodedAgain(value: CompareValue): string | undefined {
  if (typeof value !== 'string' || !/%[0-9a-f]{2}/i.test(value)) return undefined
  try {
    const decoded = decodeURIComponent(value)
    return decoded === value ? undefined : decoded
  } catch {
    return undefined
  }
}

function resolveWith(
  type: ResourceType,
  filter: Filter,
  find: { value: Find; presence: Find; inElement: boolean },
  tolerated: Tolerated,
): ResolvedFilter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return {
        kind: filter.kind,
        terms: filter.terms.map((term) => resolveWith(type, term, find, tolerated)),
      }
    case 'not':
      return { kind: 'not', term: resolveWith(type, filter.term, find, tolerated) }
    case 'present':
      return { kind: 'present', field: find.presence(filter.name) }
    case 'compare': {
      const field = find.value(filter.name)
      const compare = (value: CompareValue): ResolvedFilter => ({
        kind: 'compare',
        field,
        op: filter.op,
        value: operand(field.leaf, filter.op, value, tolerated),
      })
      const again = filter.op === 'eq' ? decodedAgain(filter.value) : undefined
      if (again === undefined) return compare(filter.value)
      tolerated('filter-double-encoding')
      return { kind: 'or', terms: [compare(filter.value), compare(again)] }
    }
    case 'element': {
      const target = find.inElement ? undefined : resolveName(type, filter.name)
      if (!target || target.sub) {
        throw new ScimError('invalidFilter', `${spell(filter.name)} cannot be followed by [ ].`)
      }
      const { attribute, extension } = target
      const inner: Find = (name) => elementField(attribute, name)
      if (!attribute.multiValued && attribute.type !== 'complex' && !attribute.open) {
        throw new ScimError('invalidFilter', `${spell(filter.name)} cannot be followed by [ ].`)
      }
      return {
        kind: 'element',
        at: [...(extension === undefined ? [] : [extension]), attribute.name],
        attribute,
        filter: resolveWith(
          type,
          filter.filter,
          { value: inner, presence: inner, inElement: true },
          tolerated,
        ),
      }
    }
  }
}

/** Looks up every name of a filter and checks it against the schema; throws `invalidFilter`. */
export function resolveFilter(
  type: ResourceType,
  filter: Filter,
  tolerated: Tolerated,
): ResolvedFilter {
  return resolveWith(
    type,
    filter,
    {
      value: (name) => fieldOf(type, name),
      presence: (name) => presentField(type, name),
      inElement: false,
    },
    tolerated,
  )
}

/** The same for the filter of a value path, whose names are sub-attributes of `attribute`. */
export function resolveElementFilter(
  type: ResourceType,
  attribute: Attribute,
  filter: Filter,
  tolerated: Tolerated,
): ResolvedFilter {
  const inner: Find = (name) => elementField(attribute, name)
  return resolveWith(type, filter, { value: inner, presence: inner, inElement: true }, tolerated)
}
