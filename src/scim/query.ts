import type { Query } from '../directory/store.ts'
import { ScimError } from './protocol/error.ts'
import { parseFilter } from './protocol/filter.ts'
import { member } from './protocol/json.ts'
import { LIST_RESPONSE, requireSchema, SEARCH_REQUEST } from './protocol/messages.ts'
import { readProjection, type Projection } from './protocol/project.ts'
import { resolveFilter } from './protocol/resolve.ts'
import type { Tolerated } from './protocol/tolerances.ts'
import type { JsonObject, ResourceType } from './schema/attribute.ts'

/** The most resources one page holds; `filter.maxResults` of ServiceProviderConfig. */
export const MAX_RESULTS = 200
const DEFAULT_RESULTS = 100

/** The parameters of a query, from a URL or from a SearchRequest (RFC 7644 §3.4.2, §3.4.3). */
interface Parameters {
  readonly filter: string | undefined
  readonly startIndex: number | undefined
  readonly count: number | undefined
  readonly attributes: readonly string[]
  readonly excludedAttributes: readonly string[]
}

export interface ScimQuery {
  readonly query: Query
  readonly projection: Projection
}

function toQuery(type: ResourceType, given: Parameters, tolerated: Tolerated): ScimQuery {
  const filter =
    given.filter === undefined
      ? {}
      : { filter: resolveFilter(type, parseFilter(given.filter, tolerated), tolerated) }
  return {
    query: {
      ...filter,
      startIndex: Math.max(1, given.startIndex ?? 1),
      count: Math.min(MAX_RESULTS, Math.max(0, given.count ?? DEFAULT_RESULTS)),
    },
    projection: readProjection(type, given.attributes, given.excludedAttributes),
  }
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const number = Number(text)
  if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(number)) {
    throw new ScimError('invalidValue', `${name} must be a whole number.`)
  }
  return number
}

function names(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(',')
}

/** What the URL of a read says about the attributes of the answer. */
export function projectionOf(type: ResourceType, url: URLSearchParams): Projection {
  if (url.size === 0) return { kind: 'default' }
  const parameter = (name: string) => url.get(name) ?? undefined
  return readProjection(
    type,
    names(parameter('attributes')),
    names(parameter('excludedAttributes')),
  )
}

/** Reads a query from a URL: `+` and `%20` are blanks (W-33), unknown parameters are ignored (H-12). */
export function queryOfUrl(
  type: ResourceType,
  url: URLSearchParams,
  tolerated: Tolerated,
): ScimQuery {
  const parameter = (name: string) => {
    const values = url.getAll(name)
    if (values.length > 1) throw new ScimError('invalidValue', `${name} is given more than once.`)
    return values[0]
  }
  return toQuery(
    type,
    {
      filter: parameter('filter'),
      startIndex: wholeNumber('startIndex', parameter('startIndex')),
      count: wholeNumber('count', parameter('count')),
      attributes: names(parameter('attributes')),
      excludedAttributes: names(parameter('excludedAttributes')),
    },
    tolerated,
  )
}

function numberIn(body: JsonObject, name: string): number | undefined {
  const value = member(body, name) ?? undefined
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new ScimError('invalidValue', `${name} must be a whole number.`)
  }
  return value
}

function listIn(body: JsonObject, name: string): string[] {
  const value = member(body, name) ?? []
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string')) {
    throw new ScimError('invalidValue', `${name} must be an array of strings.`)
  }
  return value
}

/** Reads a query from a SearchRequest message. */
export function queryOfBody(type: ResourceType, body: JsonObject, tolerated: Tolerated): ScimQuery {
  requireSchema(body, SEARCH_REQUEST)
  const filter = member(body, 'filter') ?? undefined
  if (filter !== undefined && typeof filter !== 'string') {
    throw new ScimError('invalidValue', 'filter must be a string.')
  }
  return toQuery(
    type,
    {
      filter,
      startIndex: numberIn(body, 'startIndex'),
      count: numberIn(body, 'count'),
      attributes: listIn(body, 'attributes'),
      excludedAttributes: listIn(body, 'excludedAttributes'),
    },
    tolerated,
  )
}

/** The text of a ListResponse of resources as text; `itemsPerPage` is what this page holds (I-04). */
export function listResponse(
  total: number,
  startIndex: number,
  resources: readonly string[],
): string {
  const head = {
    schemas: [LIST_RESPONSE],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
  }
  return `${JSON.stringify(head).slice(0, -1)},"Resources":[${resources.join(',')}]}`
}
