import type { AttributeName } from '../../../scim/schema/registry.ts'
import { parseFilter, type Filter } from '../../../scim/protocol/filter.ts'
import { ScimError } from '../../../scim/protocol/error.ts'
import { ENTERPRISE_USER_SCHEMA } from '../../../scim/schema/enterprise-user.ts'
import { rules as texts } from '../../../texts/rules.ts'

export type AttributeKey = keyof typeof texts.attributes
export type Op = keyof typeof texts.ops

export const attributes = Object.keys(texts.attributes) as AttributeKey[]
export const ops = Object.keys(texts.ops) as Op[]

/** One thing that has to be so. */
export interface Condition {
  readonly attribute: AttributeKey
  readonly op: Op
  /** Empty for `pr` and `np`. */
  readonly value: string
}

/** When a rule matches, as far as that can be said without knowing SCIM. */
export type When =
  | { readonly kind: 'all' | 'any'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'everybody' }

/** What every user has. */
const ALWAYS = 'userName pr'

function written({ attribute, op, value }: Condition): string {
  const text = JSON.stringify(value)
  switch (op) {
    case 'pr':
      return `${attribute} pr`
    case 'np':
      return `not (${attribute} pr)`
    case 'ne':
      return `not (${attribute} eq ${text})`
    case 'eq':
    case 'co':
    case 'sw':
    case 'ew':
      return `${attribute} ${op} ${text}`
  }
}

/** The SCIM filter that says the same. */
export function toFilter(when: When): string {
  if (when.kind === 'everybody') return ALWAYS
  return when.conditions.map(written).join(when.kind === 'all' ? ' and ' : ' or ')
}

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:user'

/** An attribute as it is written in a filter; what has several values stands for them without saying so too. */
function keyOf({ urn, name, sub }: AttributeName): AttributeKey | undefined {
  if (
    urn !== undefined &&
    ![CORE, ENTERPRISE_USER_SCHEMA.toLowerCase()].includes(urn.toLowerCase())
  ) {
    return undefined
  }
  const asked = (sub === undefined ? name : `${name}.${sub}`).toLowerCase()
  return attributes.find((each) => {
    const key = each.toLowerCase()
    return key === asked || key === `${asked}.value`
  })
}

/** A part of a filter as a condition; undefined for what conditions cannot say. */
function conditionOf(filter: Filter): Condition | undefined {
  switch (filter.kind) {
    case 'present': {
      const attribute = keyOf(filter.name)
      return attribute && { attribute, op: 'pr', value: '' }
    }
    case 'compare': {
      const { name, op, value } = filter
      const attribute = keyOf(name)
      if (!attribute || typeof value !== 'string') return undefined
      const known = (['eq', 'co', 'sw', 'ew'] as const).find((each) => each === op)
      return known && { attribute, op: known, value }
    }
    case 'not': {
      const inner = conditionOf(filter.term)
      if (inner?.op === 'pr') return { ...inner, op: 'np' }
      return inner?.op === 'eq' ? { ...inner, op: 'ne' } : undefined
    }
    case 'and':
    case 'or':
    case 'element':
      return undefined
  }
}

function whenOf(filter: Filter): When | undefined {
  const isJoined = filter.kind === 'and' || filter.kind === 'or'
  const conditions = (isJoined ? filter.terms : [filter]).map(conditionOf)
  const known = conditions.filter((each) => each !== undefined)
  if (known.length !== conditions.length) return undefined
  const [only] = known
  if (known.length === 1 && only?.attribute === 'userName' && only.op === 'pr') {
    return { kind: 'everybody' }
  }
  return { kind: filter.kind === 'or' ? 'any' : 'all', conditions: known }
}

/** What a SCIM filter says, in conditions; undefined where they cannot say it. */
export function fromFilter(text: string): When | undefined {
  try {
    return whenOf(parseFilter(text, () => {}))
  } catch (error) {
    if (error instanceof ScimError) return undefined
    throw error
  }
}
