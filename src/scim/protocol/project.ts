import { isObject, isUnassigned, own } from '../schema/attribute.ts'
import type { Json, JsonObject, ResourceType } from '../schema/attribute.ts'
import { knownUrn, resolveName } from '../schema/registry.ts'
import { ScimError } from './error.ts'
import { parseName } from './filter.ts'

/** Which attributes an answer holds (RFC 7644 §3.4.2.5): the default ones, only some, or all but some. */
export type Projection =
  | { readonly kind: 'default' }
  | { readonly kind: 'only' | 'without'; readonly paths: readonly (readonly string[])[] }

/** The keys that a name leads to in a resource; empty for a name that means nothing (J-07). */
function pathOf(type: ResourceType, text: string): string[] {
  const urn = knownUrn(type, text)
  if (urn !== undefined && urn.length === text.length) return urn === type.schema.id ? [] : [urn]
  const name = parseName(text)
  const target = name && resolveName(type, name)
  if (!target) return []
  return [
    ...(target.extension === undefined ? [] : [target.extension]),
    target.attribute.name,
    ...(target.sub ? [target.sub.name] : []),
  ]
}

function pathsOf(type: ResourceType, names: readonly string[]): string[][] {
  return names
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => pathOf(type, name))
    .filter((path) => path.length > 0)
}

/** Reads `attributes` and `excludedAttributes`; throws `invalidValue` when both are given (J-06). */
export function readProjection(
  type: ResourceType,
  attributes: readonly string[],
  excluded: readonly string[],
): Projection {
  const named = attributes.some((name) => name.trim() !== '')
  const unnamed = excluded.some((name) => name.trim() !== '')
  if (named && unnamed) {
    throw new ScimError('invalidValue', 'Give either attributes or excludedAttributes, not both.')
  }
  if (named) return { kind: 'only', paths: pathsOf(type, attributes) }
  return unnamed ? { kind: 'without', paths: pathsOf(type, excluded) } : { kind: 'default' }
}

/** Whether an answer needs an attribute at all, so that what is costly to read is read only then. */
export function wants(projection: Projection, attribute: string): boolean {
  if (projection.kind === 'default') return true
  if (projection.kind === 'only') return projection.paths.some(([head]) => head === attribute)
  return !projection.paths.some((path) => path.length === 1 && path[0] === attribute)
}

function pick(value: Json, path: readonly string[]): Json | undefined {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (Array.isArray(value)) {
    const picked = value.map((element) => pick(element, path)).filter((one) => one !== undefined)
    return picked.length === 0 ? undefined : picked
  }
  const inner = isObject(value) ? own(value, key) : undefined
  const picked = inner === undefined ? undefined : pick(inner, rest)
  return picked === undefined ? undefined : { [key]: picked }
}

function omit(value: Json, path: readonly string[]): Json | undefined {
  const [key, ...rest] = path
  if (key === undefined) return undefined
  if (Array.isArray(value)) {
    return value.map((element) => omit(element, path)).filter((one) => one !== undefined)
  }
  if (!isObject(value) || own(value, key) === undefined) return value
  const { [key]: inner = null, ...others } = value
  const kept = omit(inner, rest)
  return kept === undefined || isUnassigned(kept) ? others : { ...value, [key]: kept }
}

function merge(into: Json | undefined, added: Json): Json {
  if (Array.isArray(into) && Array.isArray(added)) {
    return into.map((element, index) => merge(element, added[index] ?? null))
  }
  if (!isObject(into) || !isObject(added)) return added
  const result = { ...into }
  for (const [key, value] of Object.entries(added)) result[key] = merge(own(result, key), value)
  return result
}

/** Applies a projection to a rendered resource; `schemas` and `id` are always in it (W-30). */
function project(resource: JsonObject, projection: Projection): JsonObject {
  if (projection.kind === 'default') return resource
  const always: JsonObject = {}
  for (const key of ['schemas', 'id']) {
    const value = resource[key]
    if (value !== undefined) always[key] = value
  }
  if (projection.kind === 'only') {
    let result = always
    for (const path of projection.paths) {
      const picked = pick(resource, path)
      const merged = isObject(picked) ? merge(result, picked) : result
      if (isObject(merged)) result = merged
    }
    return result
  }
  let result: Json | undefined = resource
  for (const path of projection.paths) {
    const next: Json | undefined = omit(result, path)
    if (isObject(next)) result = next
  }
  return { ...(isObject(result) ? result : {}), ...always }
}

/** The same for a resource as JSON text, which is read only when something is left out. */
export function projectText(resource: string, projection: Projection): string {
  if (projection.kind === 'default') return resource
  const read = JSON.parse(resource) as JsonObject
  return JSON.stringify(project(read, projection))
}
