import { z } from 'zod'
import { resolveFilter } from '../scim/protocol/resolve.ts'
import { groupType } from '../scim/schema/registry.ts'
import { text } from './input.ts'
import { route, type Route } from './route.ts'
import { userGroup } from './schemas.ts'

const MOST = 200

/** The groups whose name contains a text. */
function named(value: string) {
  const filter = { kind: 'compare', name: { name: 'displayName' }, op: 'co', value } as const
  return { filter: resolveFilter(groupType, filter, () => {}) }
}

export const searchGroups = route({
  method: 'GET',
  path: '/groups',
  operation: 'searchGroups',
  summary: `User groups by name, ${MOST} at most`,
  query: z.strictObject({ search: text(200).default('') }),
  status: 200,
  answer: z.strictObject({
    items: z.array(userGroup),
    total: z.int().meta({ description: 'How many there are.' }),
  }),
  problems: ['tooMany'],
  async handle({ directory }, { query: { search } }) {
    const filter = search === '' ? {} : named(search)
    const page = { ...filter, startIndex: 1, count: MOST }
    const { total, items } = await directory.groups.query(page, false)
    const groups = items.map(({ id, origin, attributes }) => {
      return { id, displayName: String(attributes['displayName']), origin }
    })
    const order = new Intl.Collator('en', { numeric: true })
    groups.sort((one, other) => order.compare(one.displayName, other.displayName))
    return { items: groups, total }
  },
})

/** The user groups here, to choose from. */
export const groupRoutes: readonly Route[] = [searchGroups]
