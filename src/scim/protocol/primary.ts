import { isObject, type Attribute, type Json } from '../schema/attribute.ts'
import { ScimError } from './error.ts'

function isPrimary(element: Json): boolean {
  return isObject(element) && element['primary'] === true
}

/**
 * Keeps at most one primary element (RFC 7643 §2.4). One that became primary takes the mark from the others (RFC 7644
 * §3.5.2); two that are new at once are `invalidValue`.
 */
export function settlePrimary(
  attribute: Attribute,
  before: readonly Json[],
  after: readonly Json[],
): Json[] {
  const marked = after.filter(isPrimary)
  if (marked.length <= 1) return [...after]
  const old = new Set(before.filter(isPrimary).map((element) => JSON.stringify(element)))
  const fresh = marked.filter((element) => !old.has(JSON.stringify(element)))
  const [winner] = fresh
  if (winner === undefined || fresh.length > 1) {
    throw new ScimError('invalidValue', `${attribute.name} has more than one primary value.`)
  }
  return after.map((element) =>
    element !== winner && isObject(element) && isPrimary(element)
      ? { ...element, primary: false }
      : element,
  )
}
