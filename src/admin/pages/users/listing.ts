import { sorts } from '../../../directory/roster.ts'
import { attempt, type Faults } from '../../console/attempt.ts'
import type { Asked } from '../../console/asked.ts'
import { listUsers } from '../../user-list.ts'

export const SECTION = '/admin/users'

type Listed = Awaited<ReturnType<typeof listUsers.call>>
export type Row = Listed['items'][number]

/** What the address of a list can say of it, but for where it goes on. */
export const parameters = [
  'search',
  'origin',
  'linked',
  'status',
  'signedIn',
  'group',
  'role',
  'filter',
  'sort',
] as const

/** What the parameters that have one of a few values can be. */
export const values = {
  origin: ['local', 'import', 'scim'],
  linked: ['true', 'false'],
  status: ['active', 'inactive', 'held'],
  signedIn: ['never', 'ever'],
  sort: sorts,
} as const

/** What was asked for with a parameter, where it is one of its values. */
export function oneOf<Name extends keyof typeof values>(
  { query }: Asked,
  name: Name,
): (typeof values)[Name][number] | undefined {
  const known: readonly string[] = values[name]
  const given = query(name)
  return known.includes(given) ? (given as (typeof values)[Name][number]) : undefined
}

function member<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  const isSaid = value !== undefined && value !== ''
  return (isSaid ? { [name]: value } : {}) as { readonly [Key in Name]?: Value }
}

/** Whom a list is of, and in which order, as the address says. A SCIM filter stands alone. */
export function chosenBy(asked: Asked) {
  const filter = asked.query('filter')
  if (filter !== '') return { filter }
  return {
    ...member('search', asked.query('search')),
    ...member('origin', oneOf(asked, 'origin')),
    ...member('linked', oneOf(asked, 'linked')),
    ...member('status', oneOf(asked, 'status')),
    ...member('signedIn', oneOf(asked, 'signedIn')),
    ...member('group', asked.query('group')),
    ...member('role', asked.query('role')),
    ...member('sort', oneOf(asked, 'sort')),
  }
}

/** Whether a list is of some users only. */
export function isFiltered(asked: Asked): boolean {
  return parameters.some((name) => name !== 'sort' && asked.query(name) !== '')
}

/** What an address says of its list, to come back to it. */
export function listOf(asked: Asked): string {
  const kept = [...parameters, 'after'].flatMap((name) => {
    const value = asked.query(name)
    return value === '' ? [] : [[name, value] satisfies [string, string]]
  })
  return new URLSearchParams(kept).toString()
}

/** The list that a form was sent from. */
export function backTo({ sent }: Asked): `/${string}` {
  const query = new URLSearchParams(sent.text('back')).toString()
  return query === '' ? SECTION : `${SECTION}?${query}`
}

/** The page of users that an address asks for, or what is wrong with it. */
export async function readList(
  asked: Asked,
): Promise<{ readonly list: Listed } | { readonly list: undefined; readonly faults: Faults }> {
  const after = asked.query('after')
  const query = { ...chosenBy(asked), ...(after === '' ? {} : { after }) }
  const result = await attempt(() => listUsers.call(asked, { query }))
  return 'made' in result ? { list: result.made } : { list: undefined, faults: result.faults }
}
