import { findAttribute, isObject, own } from '../schema/attribute.ts'
import type { Attribute, Json, JsonObject } from '../schema/attribute.ts'
import type { Target } from '../schema/registry.ts'
import { ScimError } from './error.ts'
import type { Filter } from './filter.ts'
import { matches } from './match.ts'
import type { Operation } from './messages.ts'
import { asArray, clears, type Patching } from './patching.ts'
import type { Path } from './path.ts'
import { settlePrimary } from './primary.ts'
import { resolveElementFilter } from './resolve.ts'
import { cleanValue } from './values.ts'

type ElementPath = Extract<Path, { kind: 'element' }>

/** What the equality terms of a filter say about an element, or undefined when it says more than that. */
function equalities(filter: Filter): JsonObject | undefined {
  if (filter.kind === 'compare' && filter.op === 'eq') return { [filter.name.name]: filter.value }
  if (filter.kind !== 'and') return undefined
  const parts = filter.terms.map(equalities)
  return parts.every((part) => part !== undefined) ? Object.assign({}, ...parts) : undefined
}

function clean(patching: Patching, attribute: Attribute, element: Json): JsonObject | undefined {
  const single = { ...attribute, multiValued: false }
  const value = cleanValue(single, element, patching.tolerated)
  return isObject(value) ? value : undefined
}

function created(patching: Patching, attribute: Attribute, path: ElementPath, given: JsonObject) {
  const start = equalities(path.filter)
  if (!start) {
    throw new ScimError('noTarget', `No element of ${attribute.name} matches the filter.`)
  }
  patching.tolerated('create-missing-element')
  return clean(patching, attribute, { ...start, ...given })
}

/** An element that keeps only its type and mark says nothing any more. */
function isHollow(element: JsonObject): boolean {
  return Object.keys(element).every((key) => key === 'type' || key === 'primary')
}

function subAttribute(attribute: Attribute, name: string): Attribute {
  const sub = attribute.open ? { ...attribute, name } : findAttribute(attribute.subAttributes, name)
  if (!sub) throw new ScimError('invalidPath', `${attribute.name} has no ${name}.`)
  return sub
}

/** Changes what a value path selects: `emails[type eq "work"]`, `emails[type eq "work"].value` (RFC 7644 §3.5.2). */
export function patchElements(
  patching: Patching,
  operation: Operation,
  target: Target,
  path: ElementPath,
  container: JsonObject,
): void {
  const { attribute } = target
  if ((!attribute.multiValued && !attribute.open) || target.sub) {
    throw new ScimError('invalidPath', `${attribute.name} has one value; [ ] cannot follow it.`)
  }
  const { type, tolerated } = patching
  const filter = resolveElementFilter(type, attribute, path.filter, tolerated)
  const before = asArray(own(container, attribute.name))
  const sub = path.sub === undefined ? undefined : subAttribute(attribute, path.sub)
  const removing = operation.op === 'remove' || clears(operation.value, tolerated)
  const hits = before.filter((element) => matches(element, filter))
  const hit = new Set<Json>(hits)

  const change = (element: Json): Json | undefined => {
    if (!hit.has(element) || !isObject(element)) return element
    if (sub) {
      const { [sub.name]: _, ...rest } = element
      if (removing) return isHollow(rest) ? undefined : rest
      // Cleaned as a whole, since the JSON text of a role says more than its value.
      return clean(patching, attribute, { ...element, [sub.name]: operation.value ?? null })
    }
    if (removing) return undefined
    const kept = operation.op === 'add' ? element : (equalities(path.filter) ?? {})
    return clean(patching, attribute, { ...kept, ...asObject(attribute, operation.value) })
  }

  const after = before.map(change).filter((element) => element !== undefined)
  if (hits.length === 0 && !removing) {
    const given = sub
      ? { [sub.name]: operation.value ?? null }
      : asObject(attribute, operation.value)
    const element = created(patching, attribute, path, given)
    if (element) after.push(element)
  }
  const distinct = [...new Map(after.map((element) => [JSON.stringify(element), element])).values()]
  if (distinct.length === 0) delete container[attribute.name]
  else container[attribute.name] = settlePrimary(attribute, before, distinct)
}

function asObject(attribute: Attribute, value: Json | undefined): JsonObject {
  const [only] = Array.isArray(value) && value.length === 1 ? value : [value]
  if (isObject(only)) return only
  throw new ScimError('invalidValue', `A value of ${attribute.name} must be an object.`)
}
