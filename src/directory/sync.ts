import { diff } from './diff.ts'
import { withEntra } from './entra-attributes.ts'
import type { EntraUser } from './entra-directory.ts'
import type { SyncOptions } from './plan.ts'
import type { Proposal } from './proposal.ts'
import { isActive, type User } from './user.ts'

/** A linked user beside what Entra has of the account now. */
export interface Compared {
  readonly user: User
  /** Undefined for an account that was looked for by its object id and is not in the tenant. */
  readonly person: EntraUser | undefined
  /** Whether it was sync that made the user inactive, so that it may make the user active again. */
  readonly switchedOffBySync: boolean
}

/**
 * Works out what sync does with a linked user: what Entra owns follows Entra, everything else stays. Who left or is
 * blocked there is switched off here; who comes back is switched on only if it was sync that switched them off.
 */
export function proposeSync(
  { user, person, switchedOffBySync }: Compared,
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
  const attributes = { ...withEntra(user.attributes, person, fields), active: active || back }
  const changes = diff(user.attributes, attributes)
  if (changes.length === 0) return skip(active ? 'Nothing has changed.' : 'Was switched off here.')
  const notes = active || back ? [] : ['Was switched off here, and stays so.']
  return { ...about, action: back ? 'reactivate' : 'update', changes, notes, attributes }
}
