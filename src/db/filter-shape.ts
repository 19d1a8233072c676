import type { Field, ResolvedFilter } from '../scim/protocol/resolve.ts'
import type { Compare } from './filter-sql.ts'

function spell({ at, each, sub, leaf }: Field): string {
  return `${JSON.stringify(at)}${each ? '*' : ''}${sub ?? ''}${leaf.open ? '?' : ''}`
}

/** A filter without the texts and numbers in it: those of one shape differ only in what is bound. */
export function shapeOf(filter: ResolvedFilter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `(${filter.terms.map(shapeOf).join(` ${filter.kind} `)})`
    case 'not':
      return `not ${shapeOf(filter.term)}`
    case 'present':
      return `${spell(filter.field)} pr`
    case 'element':
      return `${JSON.stringify(filter.at)}[${shapeOf(filter.filter)}]`
    case 'compare': {
      const { field, op, value } = filter
      const bound = typeof value === 'string' || typeof value === 'number'
      return `${spell(field)} ${op} ${bound ? typeof value : String(value)}`
    }
  }
}

/** The comparisons of a filter in the order in which they stand, the same in every filter of its shape. */
export function comparisonsOf(filter: ResolvedFilter): Compare[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.flatMap(comparisonsOf)
    case 'not':
      return comparisonsOf(filter.term)
    case 'present':
      return []
    case 'element':
      return comparisonsOf(filter.filter)
    case 'compare':
      return [filter]
  }
}
