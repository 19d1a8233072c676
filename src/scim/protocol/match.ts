import { isObject, isUnassigned, own } from '../schema/attribute.ts'
import type { Json } from '../schema/attribute.ts'
import { comparable } from './compare.ts'
import type { CompareOp, CompareValue } from './filter.ts'
import type { Field, ResolvedFilter } from './resolve.ts'

function valuesOf(document: Json, field: Field): Json[] {
  let value: Json | undefined = document
  for (const key of field.at) value = isObject(value) ? own(value, key) : undefined
  if (value === undefined || value === null) return []
  if (!field.each) return [value]
  const elements = Array.isArray(value) ? value : [value]
  const { sub } = field
  if (sub === undefined) return elements
  return elements.flatMap((element) => {
    const inner = isObject(element) ? own(element, sub) : undefined
    return inner === undefined || inner === null ? [] : [inner]
  })
}

function isPresent(document: Json, field: Field): boolean {
  return valuesOf(document, field).some((value) => !isUnassigned(value) && value !== '')
}

function holds(actual: Json, op: CompareOp, wanted: CompareValue): boolean {
  if (op === 'eq') return actual === wanted
  if (op === 'ne') return actual !== wanted
  if (typeof actual === 'string' && typeof wanted === 'string') {
    if (op === 'co') return actual.includes(wanted)
    if (op === 'sw') return actual.startsWith(wanted)
    if (op === 'ew') return actual.endsWith(wanted)
  }
  if (typeof actual !== typeof wanted || actual === null || wanted === null) return false
  if (op === 'gt') return actual > wanted
  if (op === 'ge') return actual >= wanted
  if (op === 'lt') return actual < wanted
  return op === 'le' && actual <= wanted
}

/** Whether a document, or an element of a multi-valued attribute, satisfies a filter (RFC 7644 §3.4.2.2). */
export function matches(document: Json, filter: ResolvedFilter): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.terms.every((term) => matches(document, term))
    case 'or':
      return filter.terms.some((term) => matches(document, term))
    case 'not':
      return !matches(document, filter.term)
    case 'present':
      return isPresent(document, filter.field)
    case 'compare': {
      if (filter.value === null) return isPresent(document, filter.field) === (filter.op === 'ne')
      const values = valuesOf(document, filter.field)
      if (values.length === 0) return filter.op === 'ne'
      const { field, op, value: wanted } = filter
      return values.some((value) => holds(comparable(field.leaf, value), op, wanted))
    }
    case 'element':
      return valuesOf(document, { at: filter.at, each: true, leaf: filter.attribute }).some(
        (element) => matches(element, filter.filter),
      )
  }
}
