import { isObject, type Attribute, type Json, type JsonObject } from '../schema/attribute.ts'
import { allSchemas } from '../schema/registry.ts'
import { member } from './json.ts'

/** What stands where something secret was. */
export const REDACTED = '[redacted]'

function secretsIn(attributes: readonly Attribute[]): string[] {
  return attributes.flatMap(({ name, returned, mutability, subAttributes = [] }) => [
    ...(returned === 'never' || mutability === 'writeOnly' ? [name.toLowerCase()] : []),
    ...secretsIn(subAttributes),
  ])
}

/** Attributes that nobody may read back; `password` is one whether or not a schema has it. */
const secretNames: ReadonlySet<string> = new Set([
  'password',
  ...allSchemas.flatMap(({ attributes }) => secretsIn(attributes)),
])

/** Anywhere in a text, as a word or a part of one. */
const SECRET = new RegExp([...secretNames].join('|'), 'i')

/** Whether the name of something secret stands anywhere in a text. Where none does, nothing has to be taken out. */
export function mentionsSecret(text: string): boolean {
  return SECRET.test(text)
}

/** Shorter texts are in every other text. */
const SHORTEST = 3

/** Whether a key of a body, or a path, leads to something secret: `password`, `urn:…:User:password`, `x[…].password`. */
function leadsToSecret(path: string): boolean {
  return path
    .toLowerCase()
    .split(/[^\p{L}\p{N}_$-]+/u)
    .some((name) => secretNames.has(name))
}

/** A value inside brackets or behind an operator may itself be secret: then the text as a whole is. */
function redactExpression(text: string): string {
  return /[\s"[]/.test(text) && mentionsSecret(text) ? REDACTED : text
}

export interface Redacted {
  readonly value: Json
  /** Texts that were taken out, to find where an answer repeats them. */
  readonly secrets: readonly string[]
}

/**
 * A SCIM message without what is secret: values of secret attributes at any depth, those of PATCH operations on their
 * paths, filters that compare with them, and JSON inside texts. The rest is as it was.
 */
export function redact(message: Json): Redacted {
  const secrets: string[] = []

  function noteSecret(text: string): void {
    if (text.length >= SHORTEST) secrets.push(text)
  }

  function take(value: Json): Json {
    if (typeof value === 'string' || typeof value === 'number') noteSecret(String(value))
    else if (Array.isArray(value)) value.forEach(take)
    else if (isObject(value)) Object.values(value).forEach(take)
    return REDACTED
  }

  function expression(text: string): string {
    const shown = redactExpression(text)
    if (shown === text) return text
    noteSecret(text)
    for (const [, quoted = ''] of text.matchAll(/"([^"]+)"/g)) noteSecret(quoted)
    return shown
  }

  function inText(text: string): string {
    if (!/^\s*[[{]/.test(text) || !mentionsSecret(text)) return text
    try {
      return JSON.stringify(look(JSON.parse(text) as Json))
    } catch {
      return String(take(text))
    }
  }

  /** Whether what an object says is about something secret that it names beside it: an operation with such a path. */
  function isSecretOperation(object: JsonObject): boolean {
    const path = member(object, 'path')
    return typeof path === 'string' && leadsToSecret(path)
  }

  function lookAt(key: string, value: Json, secretOperation: boolean): Json {
    const name = key.toLowerCase()
    if (leadsToSecret(key)) return take(value)
    if (secretOperation && name === 'value') return take(value)
    if ((name === 'path' || name === 'filter') && typeof value === 'string')
      return expression(value)
    return look(value)
  }

  function look(value: Json): Json {
    if (typeof value === 'string') return inText(value)
    if (Array.isArray(value)) return value.map(look)
    if (!isObject(value)) return value
    const secretOperation = isSecretOperation(value)
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        mentionsSecret(key) ? expression(key) : key,
        lookAt(key, inner, secretOperation),
      ]),
    )
  }

  return { value: look(message), secrets }
}

/** The same with every text in it taken out that repeats one of the secrets. */
export function withoutSecrets(value: Json, secrets: readonly string[]): Json {
  if (typeof value === 'string') {
    return secrets.some((secret) => value.includes(secret)) ? REDACTED : value
  }
  if (Array.isArray(value)) return value.map((each) => withoutSecrets(each, secrets))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner, secrets)]),
  )
}

/** Parameters of a query that never hold a secret; of others only the name is kept. */
const openParameters: ReadonlySet<string> = new Set([
  'startindex',
  'count',
  'attributes',
  'excludedattributes',
  'sortby',
  'sortorder',
  'cursor',
  'aadoptscim062020',
])

function redactParameter(parameter: string): string {
  const equals = parameter.indexOf('=')
  if (equals < 0) return parameter
  const name = parameter.slice(0, equals)
  const key = name.toLowerCase()
  if (openParameters.has(key)) return parameter
  if (key === 'filter') {
    let filter = parameter.slice(equals + 1)
    // As often as proxies may have encoded it.
    for (let round = 0; round < 3; round += 1) {
      try {
        filter = decodeURIComponent(filter)
      } catch {
        break
      }
    }
    if (!mentionsSecret(filter)) return parameter
  }
  return `${name}=${encodeURIComponent(REDACTED)}`
}

/** A path with its query, without what is secret in it. */
export function redactPath(path: string): string {
  const start = path.indexOf('?')
  if (start < 0) return path
  const parameters = path.slice(start + 1).split('&')
  return `${path.slice(0, start)}?${parameters.map(redactParameter).join('&')}`
}
