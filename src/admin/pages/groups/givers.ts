import type { Mapping } from '../../../directory/mapping.ts'
import type { Rule } from '../../../directory/rule.ts'
import type { Directory } from '../../../directory/store.ts'
import type { Via } from '../../../directory/user.ts'

/** What gives user groups and roles by itself. */
export interface Givers {
  readonly rules: readonly Rule[]
  readonly mappings: readonly Mapping[]
}

export async function readGivers({ rules, mappings }: Directory): Promise<Givers> {
  const [allRules, allMappings] = await Promise.all([rules.list(), mappings.list()])
  return { rules: allRules, mappings: allMappings }
}

/** Those that give a user group. */
export function giversOf({ rules, mappings }: Givers, groupId: string): Givers {
  return {
    rules: rules.filter(({ groups }) => groups.includes(groupId)),
    mappings: mappings.filter(({ group }) => group === groupId),
  }
}

/** How a membership came about, with the rule or the mapping where there still is one. */
export type Way =
  | { readonly kind: 'scim' | 'hand' | 'import' }
  | { readonly kind: 'rule'; readonly rule: Rule | undefined }
  | { readonly kind: 'mapping'; readonly mapping: Mapping | undefined }

export function wayOf(via: Via, { rules, mappings }: Givers): Way {
  if (via === 'scim' || via === 'hand') return { kind: via }
  const [kind, id] = via.split(':')
  if (kind === 'rule') return { kind, rule: rules.find((each) => each.id === id) }
  if (kind === 'mapping') return { kind, mapping: mappings.find((each) => each.id === id) }
  return { kind: 'import' }
}
