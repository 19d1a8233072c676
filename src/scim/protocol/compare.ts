import type { Attribute, Json } from '../schema/attribute.ts'

const ASCII = /^[\x20-\x7e]*$/

/**
 * The form in which texts of a `caseExact:false` attribute are compared: compatibility-width mapped, NFC, lower case
 * (after RFC 8265 §3.3, RFC 7644 §5). Computed here so that every database compares alike.
 */
export function fold(text: string): string {
  // Most texts, and then there is nothing else to do.
  if (ASCII.test(text)) return text.toLowerCase()
  return text
    .replace(/[\uff01-\uffef\u3000]/g, (wide) => wide.normalize('NFKC'))
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .normalize('NFC')
}

const OBJECT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether an id has the form of an Entra object id. */
export function isObjectId(id: string): boolean {
  return OBJECT_ID.test(id)
}

/** An identifier as it is compared: object ids are the same in any letter case, all others are case-exact. */
export function foldId(id: string): string {
  return isObjectId(id) ? id.toLowerCase() : id
}

const DATE_TIME = /^-?\d{4,}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-](0\d|1[0-4]):[0-5]\d)?$/

/** The same instant as UTC with milliseconds, so that text order is time order; undefined for what is no xsd:dateTime. */
export function canonicalInstant(text: string): string | undefined {
  if (!DATE_TIME.test(text)) return undefined
  const zoned = /(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`
  const milliseconds = Date.parse(zoned)
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString()
}

/** A single value in the form in which the store and value paths compare it. */
export function comparable(definition: Attribute, value: Json): Json {
  if (typeof value !== 'string') return value
  if (definition.type === 'dateTime') return canonicalInstant(value) ?? value
  if (definition.name === 'externalId') return foldId(value)
  return definition.caseExact ? value : fold(value)
}
