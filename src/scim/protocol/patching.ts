import { isUnassigned, type Json, type JsonObject, type ResourceType } from '../schema/attribute.ts'
import type { Tolerated } from './tolerances.ts'

/** What an operation changes: the resource being built, its type, and who is told of tolerated deviations. */
export interface Patching {
  readonly type: ResourceType
  readonly resource: JsonObject
  readonly tolerated: Tolerated
}

/** An empty text in a PATCH means no value (entra.md §1.13). */
export function clears(value: Json | undefined, tolerated: Tolerated): boolean {
  if (value === '') tolerated('empty-string-clears')
  return value === '' || isUnassigned(value)
}

export function asArray(value: Json | undefined): Json[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}
