import { isObject, type Json, type JsonObject } from '../schema/attribute.ts'
import { quote, ScimError } from './error.ts'

const MAX_DEPTH = 12

function checkText(text: string): void {
  if (text.includes('\u0000')) {
    throw new ScimError('invalidValue', 'A text contains the character U+0000.')
  }
  if (!text.isWellFormed()) {
    throw new ScimError('invalidValue', 'A text contains half of a surrogate pair.')
  }
}

function checkObject(value: JsonObject, depth: number): void {
  const seen = new Set<string>()
  for (const [key, inner] of Object.entries(value)) {
    checkText(key)
    const lower = key.toLowerCase()
    if (seen.has(lower)) {
      throw new ScimError('invalidSyntax', `The attribute ${quote(key)} is given twice.`)
    }
    seen.add(lower)
    checkJson(inner, depth + 1)
  }
}

function checkJson(value: Json, depth: number): void {
  if (depth > MAX_DEPTH) {
    throw new ScimError('invalidSyntax', `The body is nested deeper than ${MAX_DEPTH} levels.`)
  }
  if (typeof value === 'string') checkText(value)
  else if (Array.isArray(value)) for (const inner of value) checkJson(inner, depth + 1)
  else if (isObject(value)) checkObject(value, depth)
}

/**
 * Reads the text of a request body as one JSON object. Refused: what is no JSON, other top-level values, attribute
 * names that differ only in case (G-03), U+0000, lone surrogates, deep nesting (H-07).
 */
export function parseBody(text: string): JsonObject {
  if (text.trim() === '') throw new ScimError('invalidSyntax', 'The request body is empty.')
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new ScimError('invalidSyntax', 'The request body is not valid JSON.')
  }
  if (!isObject(body)) {
    throw new ScimError('invalidSyntax', 'The request body is not a JSON object.')
  }
  checkObject(body, 0)
  return body
}

/** The member of an object whose name equals `name` in any letter case (G-03). */
export function member(object: JsonObject, name: string): Json | undefined {
  const wanted = name.toLowerCase()
  const key = Object.keys(object).find((candidate) => candidate.toLowerCase() === wanted)
  return key === undefined ? undefined : object[key]
}
