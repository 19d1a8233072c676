import { isObject, type Json, type JsonObject } from '../schema/attribute.ts'
import { quote, ScimError } from './error.ts'
import { member } from './json.ts'
import type { Tolerated } from './tolerances.ts'

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
export const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
export const SEARCH_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'
export const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error'

/** One operation of a PATCH, its `op` in lower case (RFC 7644 §3.5.2). */
export interface Operation {
  readonly op: 'add' | 'remove' | 'replace'
  readonly path?: string
  readonly value?: Json
}

/** Throws `invalidSyntax` unless `schemas` of a message names the message. */
export function requireSchema(body: JsonObject, urn: string): void {
  const schemas = member(body, 'schemas')
  const named =
    Array.isArray(schemas) &&
    schemas.some(
      (schema) => typeof schema === 'string' && schema.toLowerCase() === urn.toLowerCase(),
    )
  if (!named) throw new ScimError('invalidSyntax', `schemas must contain ${quote(urn)}.`)
}

function readOperation(entry: Json, index: number, tolerated: Tolerated): Operation {
  const place = `Operations[${index}]`
  if (!isObject(entry)) throw new ScimError('invalidSyntax', `${place} must be an object.`)
  const named = member(entry, 'op')
  const op = typeof named === 'string' ? named.toLowerCase() : undefined
  if (op !== 'add' && op !== 'remove' && op !== 'replace') {
    throw new ScimError('invalidSyntax', `${place}.op must be add, remove or replace.`)
  }
  if (op !== named) tolerated('op-case')
  const path = member(entry, 'path')
  if (path !== undefined && path !== null && typeof path !== 'string') {
    throw new ScimError('invalidPath', `${place}.path must be a string.`)
  }
  const value = member(entry, 'value')
  if (op !== 'remove' && value === undefined) {
    throw new ScimError('invalidValue', `${place} needs a value.`)
  }
  return {
    op,
    ...(typeof path === 'string' && path !== '' ? { path } : {}),
    ...(value === undefined ? {} : { value }),
  }
}

/** Reads a PatchOp message. Throws `invalidSyntax`, `invalidPath` or `invalidValue`. */
export function readPatch(body: JsonObject, tolerated: Tolerated): Operation[] {
  requireSchema(body, PATCH_OP)
  const operations = member(body, 'Operations')
  if (!Array.isArray(operations)) {
    throw new ScimError('invalidSyntax', 'Operations must be an array.')
  }
  if (operations.length === 0) tolerated('empty-operations')
  return operations.map((entry, index) => readOperation(entry, index, tolerated))
}
