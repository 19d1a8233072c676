import { parseFilter } from '../scim/protocol/filter.ts'
import { matches } from '../scim/protocol/match.ts'
import { schemasOf } from '../scim/protocol/resource.ts'
import { resolveFilter, type ResolvedFilter } from '../scim/protocol/resolve.ts'
import { ScimError } from '../scim/protocol/error.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { userType } from '../scim/schema/registry.ts'
import type { Cause } from './event.ts'

/** What new users get whom a filter matches. */
export interface Rule {
  readonly id: string
  readonly name: string
  /** A SCIM filter over users (RFC 7644 §3.4.2.2). */
  readonly filter: string
  /** Ids of user groups. */
  readonly groups: readonly string[]
  /** The value of a role. */
  readonly role?: string
}

export type NewRule = Omit<Rule, 'id'>

/** A new user is held against each until one matches. */
export const MOST_RULES = 200

/** The rules of an organisation, in the order in which they are tried: the first that matches a new user decides. */
export interface Rules {
  list(): Promise<Rule[]>
  /**
   * Makes one, which is tried after all others. Throws a ScimError `invalidFilter`, `notFound` for a user group that is
   * not there, `conflict` for one whose members come from provisioning, and `tooMany`.
   */
  create(rule: NewRule, cause: Cause): Promise<Rule>
  /** Throws as `create` does, and `notFound`. */
  update(id: string, rule: NewRule, cause: Cause): Promise<Rule>
  /** What came of it stays. Throws `notFound`. */
  remove(id: string, cause: Cause): Promise<void>
  /** Says the order anew. Throws `conflict` unless each rule is named once. */
  order(ids: readonly string[], cause: Cause): Promise<Rule[]>
}

/** What a new user has none of yet, so that a rule has nothing to look at. */
const unknown: ReadonlySet<string> = new Set(['id', 'meta', 'groups'])

function refuseUnknown(filter: ResolvedFilter): void {
  switch (filter.kind) {
    case 'and':
    case 'or':
      filter.terms.forEach(refuseUnknown)
      return
    case 'not':
      refuseUnknown(filter.term)
      return
    case 'present':
    case 'compare':
    case 'element': {
      const [name = ''] = filter.kind === 'element' ? filter.at : filter.field.at
      if (!unknown.has(name)) return
      throw new ScimError('invalidFilter', `A new user has no ${name} to look at yet.`)
    }
  }
}

/** Filters that have been read, by their text; the oldest goes when there are so many. */
const REMEMBERED = 1_000
const known = new Map<string, ResolvedFilter>()

/** The filter of a rule. Throws a ScimError `invalidFilter` that says where it is wrong. */
export function readRuleFilter(text: string): ResolvedFilter {
  const found = known.get(text)
  if (found) return found
  const ignore = () => {}
  const filter = resolveFilter(userType, parseFilter(text, ignore), ignore)
  refuseUnknown(filter)
  const [oldest] = known.keys()
  if (known.size >= REMEMBERED && oldest !== undefined) known.delete(oldest)
  known.set(text, filter)
  return filter
}

/** What rules look at of a user. */
export function ruleDocument(attributes: JsonObject): JsonObject {
  return { schemas: schemasOf(userType, attributes), ...attributes }
}

/** The first of these rules that matches a user. */
export function firstMatch(rules: readonly Rule[], attributes: JsonObject): Rule | undefined {
  if (rules.length === 0) return undefined
  const document = ruleDocument(attributes)
  return rules.find(({ filter }) => matches(document, readRuleFilter(filter)))
}
