import { createHash } from 'node:crypto'
import { GraphFailure } from './failure.ts'
import type { Kind } from './kind.ts'
import type { Order } from './query.ts'
import type { GraphRequest } from './request.ts'

/** Where a page begins: after which item, and how many pages there were before. */
export interface Place {
  readonly after: string
  readonly number: number
}

export interface Page<T> {
  readonly items: readonly T[]
  /** Where the next page begins; undefined on the last. */
  readonly next: Place | undefined
}

interface Cut<T> {
  readonly kind: Pick<Kind<T>, 'idOf'>
  readonly items: readonly T[]
  readonly keep: (item: T) => boolean
  readonly size: number
  readonly place: Place | undefined
  /** Empty and short pages come now and then. */
  readonly odd: boolean
}

function expiredPage(): GraphFailure {
  const sentence =
    'The specified page token value has expired and can no longer be included in your request.'
  return new GraphFailure(400, 'Directory_ExpiredPageToken', sentence)
}

/** Text that tells a client nothing. */
export function seal(value: unknown): string {
  return `RFNwdAIAAQAA${Buffer.from(JSON.stringify(value)).toString('base64url')}`
}

/** What was sealed, or undefined for a text that nobody sealed. */
export function unseal(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text.slice(12), 'base64url').toString())
  } catch {
    return undefined
  }
}

/** The same for the same address and options, in whatever order these come. */
function fingerprint({ segments, options }: GraphRequest): string {
  const named = [...options]
    .filter(([name]) => name !== '$skiptoken')
    .map(([name, value]) => `${name}=${value}`)
    .sort()
  const text = JSON.stringify([segments, named])
  return createHash('sha256').update(text).digest('base64url').slice(0, 10)
}

export function sealPlace(request: GraphRequest, place: Place): string {
  return seal([place.after, place.number, fingerprint(request)])
}

/** Where the request's page begins. A token of another query, or of nobody, is refused. */
export function readPlace(request: GraphRequest): Place | undefined {
  const token = request.options.get('$skiptoken')
  if (token === undefined) return undefined
  const sealed = unseal(token)
  if (!Array.isArray(sealed)) throw expiredPage()
  const [after, number, query]: unknown[] = sealed
  if (typeof after !== 'string' || typeof number !== 'number' || query !== fingerprint(request)) {
    throw expiredPage()
  }
  return { after, number }
}

/** Cuts one page out of a list, looking at no more of it than it takes. */
export function cutPage<T>({ kind, items, keep, size, place, odd }: Cut<T>): Page<T> {
  const number = place?.number ?? 0
  const start =
    place === undefined ? 0 : items.findIndex((item) => kind.idOf(item) === place.after) + 1
  if (place !== undefined && start === 0) throw expiredPage()
  const turn = odd ? number % 3 : 0
  const wanted = turn === 1 ? 0 : turn === 2 ? Math.ceil(size / 2) : size
  const found: T[] = []
  for (let index = start; index < items.length; index += 1) {
    const item = items[index]
    if (item === undefined || !keep(item)) continue
    const last = found.at(-1)
    if (found.length === wanted) {
      const after = last === undefined ? place?.after : kind.idOf(last)
      if (after !== undefined) return { items: found, next: { after, number: number + 1 } }
    }
    found.push(item)
  }
  return { items: found, next: undefined }
}

const sorted = new WeakMap<readonly unknown[], Map<string, readonly unknown[]>>()

function sortKey(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : ''
}

/** A list in an order; it is sorted once, and what has no value comes first. */
export function inOrder<T>(
  kind: Kind<T>,
  items: readonly T[],
  order: Order | undefined,
): readonly T[] {
  const property = order === undefined ? undefined : kind.properties.get(order.name)
  if (order === undefined || property === undefined) return items
  const orders = sorted.get(items) ?? new Map<string, readonly unknown[]>()
  sorted.set(items, orders)
  const name = `${order.name} ${order.descending}`
  const known = orders.get(name) as readonly T[] | undefined
  if (known !== undefined) return known
  const keyed = items.map((item) => ({ item, key: sortKey(property.of(item)) }))
  keyed.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
  const list = keyed.map(({ item }) => item)
  if (order.descending) list.reverse()
  orders.set(name, list)
  return list
}
