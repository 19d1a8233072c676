import type { ResourceType } from '../schema/attribute.ts'
import { knownUrn, type AttributeName } from '../schema/registry.ts'
import { quote, ScimError } from './error.ts'
import { parseFilter, parseName, type Filter } from './filter.ts'
import type { Tolerated } from './tolerances.ts'

/** The path of a PATCH operation (RFC 7644 §3.5.2, figure 7). */
export type Path =
  | { readonly kind: 'extension'; readonly urn: string }
  | { readonly kind: 'attribute'; readonly name: AttributeName }
  | {
      readonly kind: 'element'
      readonly name: AttributeName
      readonly filter: Filter
      readonly sub?: string
    }

const MAX_LENGTH = 2048

function invalid(text: string): never {
  throw new ScimError('invalidPath', `${quote(text)} is not a valid path.`)
}

/** The `]` that closes the bracket at `open`, not counting what stands inside quotation marks. */
function closingBracket(text: string, open: number): number {
  let quoted = false
  for (let index = open; index < text.length; index += 1) {
    const character = text[index]
    if (character === '\\' && quoted) index += 1
    else if (character === '"') quoted = !quoted
    else if (character === ']' && !quoted) return index
  }
  return -1
}

/** Parses a path; the URN prefix is matched against the known schemas first, since URNs hold dots and colons. */
export function parsePath(type: ResourceType, text: string, tolerated: Tolerated): Path {
  if (text.length > MAX_LENGTH) invalid(text)
  const urn = knownUrn(type, text)
  if (urn !== undefined && text.length === urn.length) {
    return urn === type.schema.id ? invalid(text) : { kind: 'extension', urn }
  }
  const open = text.indexOf('[')
  const name = parseName(open < 0 ? text : text.slice(0, open))
  if (!name) invalid(text)
  if (open < 0) return { kind: 'attribute', name }
  const close = closingBracket(text, open)
  if (close < 0 || name.sub !== undefined) invalid(text)
  const inside = text.slice(open + 1, close)
  if (/^\s*\d+\s*$/.test(inside)) invalid(text)
  const filter = parseFilter(inside, tolerated)
  const rest = text.slice(close + 1)
  if (rest === '') return { kind: 'element', name, filter }
  const sub = rest.startsWith('.') ? parseName(rest.slice(1)) : undefined
  if (!sub || sub.urn !== undefined || sub.sub !== undefined) invalid(text)
  return { kind: 'element', name, filter, sub: sub.name }
}
