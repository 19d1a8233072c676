import { userTexts } from '../../../texts/user.ts'
import { common } from '../../../texts/common.ts'
import { at } from '../../../ui/base.ts'
import type { Asked } from '../../console/asked.ts'

/** So many are shown at once. */
export const COUNT = 50

/** A part of a list that is here as a whole, of which a page shows so many at once. */
export interface Part<T> {
  readonly items: readonly T[]
  readonly from: number
  readonly of: number
}

/** The part of a list that a parameter of the address asks for. */
export function partOf<T>({ query }: Asked, name: string, all: readonly T[]): Part<T> {
  const given = query(name)
  const wanted = /^\d{1,6}$/.test(given) ? Number(given) : 0
  const from = wanted < all.length ? wanted : 0
  return { items: all.slice(from, from + COUNT), from, of: all.length }
}

/** Where a part stands, and the way to the parts beside it; nothing where there is one part alone. */
export function PartFooter<T>(props: {
  readonly path: `/${string}`
  readonly name: string
  readonly part: Part<T>
}) {
  const { path, name, part } = props
  const { items, from, of } = part
  const to = from + items.length
  if (of <= COUNT) return null
  return (
    <footer>
      <span>{userTexts.access.shown(from + 1, to, of)}</span>
      <span class="pager">
        {from === 0 ? null : (
          <a class="button quiet small" href={at(`${path}?${name}=${Math.max(0, from - COUNT)}`)}>
            {userTexts.access.before}
          </a>
        )}
        {to >= of ? null : (
          <a class="button quiet small" href={at(`${path}?${name}=${to}`)}>
            {common.next}
          </a>
        )}
      </span>
    </footer>
  )
}
