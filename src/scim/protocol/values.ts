import { findAttribute, isObject, isUnassigned } from '../schema/attribute.ts'
import type { Attribute, Json, JsonObject } from '../schema/attribute.ts'
import { canonicalInstant } from './compare.ts'
import { ScimError } from './error.ts'
import type { Tolerated } from './tolerances.ts'

const MAX_TEXT = 16_384
const MAX_ELEMENTS = 1_000

function wrong(attribute: Attribute, wanted: string): never {
  throw new ScimError('invalidValue', `${attribute.name} must be ${wanted}.`)
}

function cleanText(attribute: Attribute, value: Json): string {
  if (typeof value !== 'string') wrong(attribute, 'a string')
  const limit = attribute.maxLength ?? MAX_TEXT
  if (value.length > limit) wrong(attribute, `at most ${limit} characters long`)
  return value
}

/** Base64 of RFC 4648 §4; padding may be left out (RFC 7643 §2.3.6). */
function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1
}

function cleanBoolean(attribute: Attribute, value: Json, tolerated: Tolerated): boolean {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string' || !/^(true|false)$/i.test(value)) {
    wrong(attribute, 'true or false')
  }
  tolerated('boolean-string')
  return value.toLowerCase() === 'true'
}

function cleanScalar(attribute: Attribute, value: Json, tolerated: Tolerated): Json {
  switch (attribute.type) {
    case 'boolean':
      return cleanBoolean(attribute, value, tolerated)
    case 'integer':
      return Number.isSafeInteger(value) ? value : wrong(attribute, 'a whole number')
    case 'decimal':
      return typeof value === 'number' ? value : wrong(attribute, 'a number')
    case 'dateTime': {
      const text = cleanText(attribute, value)
      return canonicalInstant(text) === undefined ? wrong(attribute, 'a date and time') : text
    }
    case 'binary': {
      const text = cleanText(attribute, value)
      return isBase64(text) ? text : wrong(attribute, 'base64')
    }
    case 'string':
    case 'reference':
      return cleanText(attribute, value)
    case 'complex':
      return cleanComplex(attribute, value, tolerated)
  }
}

/** JSON text in the value of a role, as Entra's app role functions send it. */
function roleFromText(value: Json): JsonObject | undefined {
  if (typeof value !== 'string' || !value.startsWith('{')) return undefined
  try {
    const parsed: unknown = JSON.parse(value)
    return isObject(parsed) && typeof parsed['value'] === 'string' ? parsed : undefined
  } catch {
    return undefined
  }
}

function readRole(role: JsonObject, tolerated: Tolerated): JsonObject {
  const inText = roleFromText(role['value'] ?? null)
  if (inText) tolerated('role-json-text')
  const { displayName, ...rest }: JsonObject = inText ?? role
  const named = displayName !== undefined && rest['display'] === undefined
  if (named && !inText) tolerated('role-display-name')
  return { ...(inText ? role : {}), ...rest, ...(named ? { display: displayName } : {}) }
}

/** What a complex attribute is when it arrives in one of the shapes that Entra uses for it. */
function readShape(attribute: Attribute, value: Json, tolerated: Tolerated): Json {
  if (attribute.name === 'manager' && typeof value === 'string') {
    tolerated('manager-string')
    return { value }
  }
  return attribute.name === 'roles' && isObject(value) ? readRole(value, tolerated) : value
}

function cleanComplex(attribute: Attribute, given: Json, tolerated: Tolerated): Json {
  const value = readShape(attribute, given, tolerated)
  if (!isObject(value)) return wrong(attribute, 'an object')
  const clean: JsonObject = {}
  for (const [key, inner] of Object.entries(value)) {
    const sub = findAttribute(attribute.subAttributes, key)
    if (!sub) {
      tolerated('unknown-attribute')
    } else if (inner === null) {
      tolerated('null-subattribute')
    } else if (sub.mutability !== 'readOnly') {
      const cleaned = cleanValue(sub, inner, tolerated)
      if (cleaned !== undefined) clean[sub.name] = cleaned
    }
  }
  return clean
}

/** Any JSON for an attribute that no schema describes: scalars, flat objects, and arrays of those. */
function cleanOpen(attribute: Attribute, value: Json, depth = 0): Json {
  if (typeof value === 'string') return cleanText(attribute, value)
  if (Array.isArray(value)) {
    if (depth > 0 || value.length > MAX_ELEMENTS) wrong(attribute, 'flat and short')
    return value
      .filter((element) => element !== null)
      .map((element) => cleanOpen(attribute, element, 1))
  }
  if (!isObject(value)) return value
  if (depth > 1) wrong(attribute, 'a flat object')
  const entries = Object.entries(value).filter(
    ([key, inner]) => inner !== null && /^\$?[A-Za-z][\w$-]*$/.test(key),
  )
  return Object.fromEntries(entries.map(([key, inner]) => [key, cleanOpen(attribute, inner, 2)]))
}

function cleanElements(attribute: Attribute, value: Json, tolerated: Tolerated): Json[] {
  if (!Array.isArray(value)) wrong(attribute, 'an array')
  if (value.length > MAX_ELEMENTS) wrong(attribute, `at most ${MAX_ELEMENTS} values`)
  const clean: Json[] = []
  const seen = new Set<string>()
  for (const element of value) {
    if (element === null) continue
    const cleaned = cleanScalar(attribute, element, tolerated)
    const key = JSON.stringify(cleaned)
    if (isUnassigned(cleaned) || seen.has(key)) continue
    seen.add(key)
    clean.push(cleaned)
  }
  return clean
}

/** `[x]` for a single-valued attribute, and `[{"value":x}]` for a simple one. */
function unwrap(attribute: Attribute, value: Json, tolerated: Tolerated): Json {
  if (!Array.isArray(value) || value.length !== 1) return value
  tolerated('single-value-array')
  const [only = null] = value
  return attribute.type !== 'complex' && isObject(only) ? (only['value'] ?? null) : only
}

/**
 * A value as the schema wants it, or undefined when it is unassigned (RFC 7643 §2.5). Throws `invalidValue`. Texts come
 * out exactly as they went in: formats of e-mail addresses, telephone numbers or languages are not checked (W-25).
 */
export function cleanValue(
  attribute: Attribute,
  given: Json,
  tolerated: Tolerated,
): Json | undefined {
  if (given === null) return undefined
  if (attribute.open) {
    const open = cleanOpen(attribute, given)
    return isUnassigned(open) ? undefined : open
  }
  const value = attribute.multiValued
    ? cleanElements(attribute, given, tolerated)
    : cleanScalar(attribute, unwrap(attribute, given, tolerated), tolerated)
  if (attribute.name === 'manager' && isObject(value) && value['value'] === '') {
    tolerated('manager-cleared')
    return undefined
  }
  return isUnassigned(value) ? undefined : value
}
