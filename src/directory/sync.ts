import { fold } from '../scim/protocol/compare.ts'
import { assign, groupChanges } from './assignment.ts'
import { diff } from './diff.ts'
import { withEntra } from './entra-attributes.ts'
import type { EntraUser } from './entra-directory.ts'
import type { Mapping } from './mapping.ts'
import type { SyncOptions } from './plan.ts'
import type { Proposal } from './proposal.ts'
import { withoutRole } from './roles.ts'
import { isActive, type User } from './user.ts'

/** How a linked user stands to the mapped groups of Entra. */
export interface Mapped {
  /** Those whose group the person is in. */
  readonly within: readonly Mapping[]
  /** Those whose group the person is not in, as far as Entra says. */
  readonly without: readonly Mapping[]
  /** The groups and roles of the user that came of a mapping, by its id. */
  readonly held: readonly ({ readonly mapping: string } & (
    | { readonly group: string }
    | { readonly role: string }
  ))[]
}

/** A linked user beside what Entra has of the account now. */
export interface Compared {
  readonly user: User
  /** Undefined for an account that was looked for by its object id and is not in the tenant. */
  readonly person: EntraUser | undefined
  /** Whether it was sync that made the user inactive, so that it may make the user active again. */
  readonly switchedOffBySync: boolean
  /** Absent where nobody asked for the mapped groups: nothing is given then, and nothing taken. */
  readonly mapped?: Mapped
}

/** What mappings gave a user whose person is in their group no more, and no other mapping gives. */
function lost({ within, without, held }: Mapped) {
  const gone = held.flatMap((each) => {
    const given = within.some((mapping) =>
      'group' in each
        ? mapping.group === each.group
        : mapping.role !== undefined && fold(mapping.role) === fold(each.role),
    )
    const mapping = without.find(({ id }) => id === each.mapping)
    return given || !mapping ? [] : [{ each, mapping }]
  })
  const leaves = gone.flatMap(({ each }) =>
    'group' in each ? [{ group: each.group, via: `mapping:${each.mapping}` as const }] : [],
  )
  const roles = gone.flatMap(({ each }) => ('role' in each ? [each.role] : []))
  const from = gone.map(({ each, mapping: { id, entraName: name } }) => {
    return {
      id,
      name,
      groups: 'group' in each ? [each.group] : [],
      ...('role' in each ? { role: each.role } : {}),
    }
  })
  return { leaves, roles, because: from.length === 0 ? [] : [{ path: 'mappings', from }] }
}

/**
 * Works out what sync does with a linked user: what Entra owns follows Entra, everything else stays. Who left or is
 * blocked there is switched off here; who comes back is switched on only if it was sync that switched them off. What came
 * of a mapped group goes when the person leaves the group, and not what came by hand or otherwise.
 */
export function proposeSync(
  { user, person, switchedOffBySync, mapped }: Compared,
  { provisioned, fields }: SyncOptions,
): Proposal {
  const about = { userId: user.id }
  const skip = (note: string): Proposal => ({
    ...about,
    action: 'skip',
    changes: [],
    notes: [note],
  })
  if (user.origin === 'scim' && provisioned === 'left') {
    return skip('Provisioning looks after this user.')
  }
  const active = isActive(user.attributes)
  if (!person?.enabled) {
    const why = person
      ? 'The account is blocked at Entra.'
      : 'The account is not in the tenant any more.'
    if (!active) return skip(why)
    const attributes = { ...user.attributes, active: false }
    const changes = diff(user.attributes, attributes)
    return { ...about, action: 'deactivate', changes, notes: [why], attributes }
  }
  const back = !active && switchedOffBySync
  const gone = lost(mapped ?? { within: [], without: [], held: [] })
  const kept = gone.roles.reduce(withoutRole, withEntra(user.attributes, person, fields))
  const { attributes, joins, because } = assign(
    { ...kept, active: active || back },
    user.groups.map(({ id }) => id),
    { mappings: mapped?.within ?? [] },
  )
  const joined = joins.map(({ group }) => group)
  const changes = [
    ...diff(user.attributes, attributes),
    ...groupChanges(
      joined,
      gone.leaves.map(({ group }) => group),
    ),
    ...gone.because,
    ...because,
  ]
  if (changes.length === 0) return skip(active ? 'Nothing has changed.' : 'Was switched off here.')
  const notes = active || back ? [] : ['Was switched off here, and stays so.']
  return {
    ...about,
    action: back ? 'reactivate' : 'update',
    changes,
    notes,
    attributes,
    joins,
    leaves: gone.leaves,
    because: [...gone.because, ...because],
  }
}
