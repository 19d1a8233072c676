import { isObject, own, type Json, type JsonObject } from '../scim/schema/attribute.ts'
import type { Change } from './event.ts'

function same(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, index) => same(value, other[index]))
  }
  if (!isObject(one) || !isObject(other)) return false
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && same(one[key], other[key]))
  )
}

/**
 * What differs between two states of a resource: a row for each attribute or sub-attribute; an array counts as one
 * value. Empty when nothing changed, whatever the order of keys.
 */
export function diff(before: JsonObject, after: JsonObject, prefix = ''): Change[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].flatMap((key) => {
    const from = own(before, key)
    const to = own(after, key)
    if (same(from, to)) return []
    const path = `${prefix}${key}`
    if (isObject(from) && isObject(to))
      return diff(from, to, `${path}${key.includes(':') ? ':' : '.'}`)
    return [{ path, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }]
  })
}
