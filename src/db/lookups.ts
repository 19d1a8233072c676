import type { ResolvedFilter } from '../scim/protocol/resolve.ts'
import { wantedValue } from './filter-sql.ts'

/** The columns by which users are looked up, each with an index. */
export type Key = 'id' | 'userNameKey' | 'externalId'

const keys = new Map<string, Key>([
  ['id', 'id'],
  ['userName', 'userNameKey'],
  ['externalId', 'externalId'],
])

/** The look-up that a filter of one equality is, as Entra's matching filters are. */
export function keyLookup(filter: ResolvedFilter): { key: Key; value: string } | undefined {
  if (filter.kind !== 'compare' || filter.op !== 'eq' || typeof filter.value !== 'string') {
    return undefined
  }
  const [name = '', ...rest] = filter.field.at
  const key = rest.length === 0 ? keys.get(name) : undefined
  return key && { key, value: filter.value }
}

/**
 * The value, in comparable form, that users must have in an attribute whose values have rows of their own, for a filter
 * that asks for nothing outside this attribute: `emails.value eq "…"`, `emails[type eq "work"].value eq "…"`.
 */
export function valueLookup(
  filter: ResolvedFilter,
): { attribute: 'emails' | 'roles'; value: string } | undefined {
  if (filter.kind !== 'compare' && filter.kind !== 'element') return undefined
  const [attribute, ...rest] = filter.kind === 'element' ? filter.at : filter.field.at
  if ((attribute !== 'emails' && attribute !== 'roles') || rest.length > 0) return undefined
  if (filter.kind === 'element') {
    const wanted = wantedValue(filter.filter)?.value
    return typeof wanted === 'string' ? { attribute, value: wanted } : undefined
  }
  const { field, op, value } = filter
  const asks = op === 'eq' && field.sub === 'value' && typeof value === 'string'
  return asks ? { attribute, value } : undefined
}
