import { badRequest, GraphFailure, malformed, unsupported } from './failure.ts'
import { compileFilter } from './filter.ts'
import { parseFilter } from './filter-syntax.ts'
import { resourceName, type Kind } from './kind.ts'
import { isEventual, type GraphRequest } from './request.ts'
import { compileSearch } from './search.ts'

export interface Order {
  readonly name: string
  readonly descending: boolean
}

/** What a request asks of a list. */
export interface Query<T> {
  readonly names: readonly string[]
  readonly keep: (item: T) => boolean
  readonly order: Order | undefined
  readonly top: number
  /** `$count=true` with the header; without the header it is ignored. */
  readonly counted: boolean
}

const DEFAULT_PAGE = 100
const LARGEST_PAGE = 999
/** Of an advanced query, as the URL is sent. */
const LONGEST_URL = 2_048

/** Refuses options that the address does not take. */
export function checkOptions({ options }: GraphRequest, allowed: string): void {
  const names = new Set(allowed.split(' '))
  for (const name of options.keys()) {
    if (name === '$skip') throw badRequest("'$skip' is not supported by the service.")
    if (!names.has(name)) {
      throw badRequest(
        `The query specified in the URI is not valid. Query option '${name}' is not allowed.`,
      )
    }
  }
}

/** The names in a `$select`, or those that come by default. */
export function readNames<T>(kind: Kind<T>, select: string | undefined): readonly string[] {
  if (select === undefined) return kind.byDefault
  const names = select.split(',').map((name) => name.trim())
  const strange = names.find((name) => !kind.properties.has(name) && !kind.elsewhere.has(name))
  if (strange !== undefined) {
    throw malformed(
      `Parsing OData Select and Expand failed: Could not find a property named '${strange}' on type 'microsoft.graph.${kind.name}'.`,
    )
  }
  if (names.some((name) => kind.elsewhere.has(name))) {
    throw new GraphFailure(501, 'NotImplemented', 'Not Implemented')
  }
  return [...new Set(names)]
}

function readTop(top: string | undefined): number {
  if (top === undefined) return DEFAULT_PAGE
  if (!/^-?\d+$/u.test(top)) throw malformed(`Invalid value '${top}' for $top query option found.`)
  const size = Number(top)
  if (size >= 1 && size <= LARGEST_PAGE) return size
  throw unsupported(
    `Invalid page size specified: '${top}'. Must be between 1 and ${LARGEST_PAGE} inclusive.`,
  )
}

function readCount(count: string | undefined): boolean {
  if (count === undefined || count === 'true' || count === 'false') return count === 'true'
  throw malformed(`Invalid value '${count}' for $count query option found.`)
}

function readOrder<T>(
  kind: Kind<T>,
  orderby: string | undefined,
  { filtered, advanced }: { readonly filtered: boolean; readonly advanced: boolean },
): Order | undefined {
  if (orderby === undefined) return undefined
  const found = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/u.exec(orderby)
  const name = found?.[1] ?? orderby
  const level = kind.properties.get(name)?.sort
  if (found === null || level === undefined || (level === 'advanced' && !advanced)) {
    throw unsupported(`Unsupported sort property '${name}' for '${resourceName(kind)}'.`)
  }
  if (filtered && !advanced) throw unsupported('Sorting not supported for current query.')
  return { name, descending: found[2] === 'desc' }
}

/** Reads the options of a list, or throws what Graph says of options that it does not take. */
export function readQuery<T extends object>(
  request: GraphRequest,
  kind: Kind<T>,
  /** Lists below another object filter and search only as advanced queries. */
  related = false,
): Query<T> {
  const { options } = request
  const eventual = isEventual(request)
  const counted = readCount(options.get('$count')) && eventual
  const filter = options.get('$filter')
  const search = options.get('$search')
  const top = readTop(options.get('$top'))
  const names = readNames(kind, options.get('$select'))
  if (search !== undefined && !eventual) {
    throw unsupported(
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    )
  }
  if (related && filter !== undefined && !counted) throw unsupported('Unsupported Query.')
  const advanced = counted || search !== undefined
  if (advanced && request.length > LONGEST_URL) {
    throw unsupported(`The query is longer than ${LONGEST_URL} characters.`)
  }
  const tests: ((item: T) => boolean)[] = []
  if (filter !== undefined) tests.push(compileFilter(kind, parseFilter(filter), advanced))
  if (search !== undefined) tests.push(compileSearch(kind, search))
  if (options.has('$expand') && advanced) {
    throw unsupported('$expand is not supported together with advanced query parameters.')
  }
  const order = readOrder(kind, options.get('$orderby'), {
    filtered: filter !== undefined || search !== undefined,
    advanced,
  })
  return { names, keep: (item) => tests.every((test) => test(item)), order, top, counted }
}
