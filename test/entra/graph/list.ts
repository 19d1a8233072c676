import { render, type Kind } from './kind.ts'
import { cutPage, inOrder, readPlace, sealPlace } from './page.ts'
import { checkOptions, readQuery } from './query.ts'
import type { Answer, GraphRequest } from './request.ts'
import { urlOf, type Context, type State } from './state.ts'

export interface Listing<T> {
  readonly kind: Kind<T>
  readonly items: readonly T[]
  /** Which of the items are in the list at all. */
  readonly where?: (item: T) => boolean
  /** The query options that it takes, besides `$skiptoken`. */
  readonly allowed: string
  /** It belongs to another object. */
  readonly related?: boolean
  /** As in `$metadata#users`; the selected names are added. */
  readonly set: string
  /** How an item is shown, if not by its properties. */
  readonly show?: (item: T, names: readonly string[]) => object
}

/** The `@odata.context` of something, with the names that were selected. */
export function contextOf(state: State, { options }: GraphRequest, set: string): string {
  const select = options.get('$select')
  return urlOf(state, `/$metadata#${set}${select === undefined ? '' : `(${select})`}`)
}

/** The address of the next page: the request's own, with another token. */
function nextLink(state: State, { path, options }: GraphRequest, token: string): string {
  const kept = [...options].filter(([name]) => name !== '$skiptoken')
  const query = [...kept, ['$skiptoken', token] as const]
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  return urlOf(state, `${path}?${query}`)
}

/** A page of a list, as its query options ask. */
export function listPage<T extends object>(context: Context, listing: Listing<T>): Answer {
  const { state, request } = context
  const { kind, where, set, show = (item, names) => render(kind, item, names) } = listing
  checkOptions(request, `${listing.allowed} $skiptoken`)
  const query = readQuery(request, kind, listing.related)
  const keep =
    where === undefined ? query.keep : (item: T): boolean => where(item) && query.keep(item)
  const items = inOrder(kind, listing.items, query.order)
  const place = readPlace(request)
  const page = cutPage({ kind, items, keep, size: query.top, place, odd: state.oddPages })
  const counted = query.counted && place === undefined
  const body = {
    '@odata.context': contextOf(state, request, set),
    ...(counted ? { '@odata.count': items.filter(keep).length } : {}),
    ...(page.next === undefined
      ? {}
      : { '@odata.nextLink': nextLink(state, request, sealPlace(request, page.next)) }),
    value: page.items.map((item) => show(item, query.names)),
  }
  return { status: 200, body }
}
