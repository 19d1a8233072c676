import { matches } from '../scim/protocol/match.ts'
import type { Field, ResolvedFilter } from '../scim/protocol/resolve.ts'
import { isObject, own, type Json, type JsonObject } from '../scim/schema/attribute.ts'

/** Of the values of an attribute so many are named. */
const NAMED = 5

function nameOf(at: readonly string[], sub?: string): string {
  const [first = '', ...rest] = at
  const separator = first.includes(':') ? ':' : '.'
  const name = rest.length === 0 ? first : `${first}${separator}${rest.join('.')}`
  return sub === undefined ? name : `${name}.${sub}`
}

function valueAt(document: Json, at: readonly string[]): Json | undefined {
  return at.reduce<Json | undefined>(
    (value, key) => (isObject(value) ? own(value, key) : undefined),
    document,
  )
}

/** What an attribute is, in words. */
function state(document: JsonObject, { at, sub }: Field): string {
  const found = valueAt(document, at)
  const all = (Array.isArray(found) ? found : [found]).flatMap((element) => {
    const value = sub !== undefined && isObject(element) ? own(element, sub) : element
    return value === undefined || value === null || value === '' ? [] : [JSON.stringify(value)]
  })
  if (all.length === 0) return `${nameOf(at, sub)} has no value`
  const more = all.length > NAMED ? ` and ${all.length - NAMED} more` : ''
  return `${nameOf(at, sub)} is ${all.slice(0, NAMED).join(', ')}${more}`
}

function wanted(filter: Extract<ResolvedFilter, { kind: 'compare' }>): string {
  return `${filter.op} ${JSON.stringify(filter.value)} is asked for`
}

/**
 * Why a filter does not match a user, in words: what stands in the way, a sentence for each. Empty where it matches.
 */
export function whyNot(document: JsonObject, filter: ResolvedFilter): string[] {
  if (matches(document, filter)) return []
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.flatMap((term) => whyNot(document, term))
    case 'not':
      return [`It matches what it must not: ${inWords(filter.term)}.`]
    case 'present':
      return [`${state(document, filter.field)}.`]
    case 'compare':
      return [`${state(document, filter.field)}; ${wanted(filter)}.`]
    case 'element':
      return [`No element of ${nameOf(filter.at)} is as it is asked for.`]
  }
}

/** A filter as it may be written. */
function inWords(filter: ResolvedFilter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.map((term) => `(${inWords(term)})`).join(` ${filter.kind} `)
    case 'not':
      return `not (${inWords(filter.term)})`
    case 'present':
      return `${nameOf(filter.field.at, filter.field.sub)} pr`
    case 'compare': {
      const { at, sub } = filter.field
      return `${nameOf(at, sub)} ${filter.op} ${JSON.stringify(filter.value)}`
    }
    case 'element':
      return `${nameOf(filter.at)}[${inWords(filter.filter)}]`
  }
}
