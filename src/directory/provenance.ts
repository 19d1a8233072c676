import { fold } from '../scim/protocol/compare.ts'
import { isObject, type Json } from '../scim/schema/attribute.ts'
import type { Event } from './event.ts'
import { hasRole } from './roles.ts'

/** Of what something came that a user has. */
export type Source =
  | { readonly kind: 'rule' | 'mapping'; readonly id: string; readonly name?: string }
  /** A plan that was carried out. */
  | { readonly kind: 'import' | 'sync'; readonly id: string }
  /** Provisioning, or what the token of a sign-in said. */
  | { readonly kind: 'scim' | 'sign-in' }
  /** Somebody did it, in the console or on the command line. */
  | { readonly kind: 'hand' }

type Recorded = Pick<Event, 'door' | 'changes'>

function valueOf({ changes }: Recorded, path: string): Json | undefined {
  return changes.find((change) => change.path === path && change.to !== undefined)?.to
}

/** What a change of a user came of as a whole, whatever rules and mappings gave besides. */
export function sourceOf(event: Recorded): Source {
  const plan = valueOf(event, 'plan')
  if (typeof plan === 'string') {
    return { kind: valueOf(event, 'by') === 'sync' ? 'sync' : 'import', id: plan }
  }
  switch (event.door) {
    case 'scim':
      return { kind: 'scim' }
    case 'auth':
      return { kind: 'sign-in' }
    case 'admin':
    case 'cli':
      return { kind: 'hand' }
  }
}

/** What the record says of a rule or a mapping, where it gave this role. */
function giver(kind: 'rule' | 'mapping', told: Json | undefined, role: string): Source | undefined {
  if (!isObject(told) || typeof told['id'] !== 'string') return undefined
  if (typeof told['role'] !== 'string' || fold(told['role']) !== fold(role)) return undefined
  const { name } = told
  return { kind, id: told['id'], ...(typeof name === 'string' ? { name } : {}) }
}

/** Of what a role came that an event brought. */
export function sourceOfRole(event: Recorded, role: string): Source {
  const mapped = valueOf(event, 'mappings')
  const found = (Array.isArray(mapped) ? mapped : []).map((told) => giver('mapping', told, role))
  const mapping = found.find((source) => source !== undefined)
  return mapping ?? giver('rule', valueOf(event, 'rule'), role) ?? sourceOf(event)
}

/** The event that brought a role that a user has; `newestFirst` are the user's that changed roles. */
export function broughtRole<Known extends Recorded>(
  newestFirst: readonly Known[],
  role: string,
): Known | undefined {
  return newestFirst.find(({ changes }) =>
    changes.some(
      ({ path, from, to }) => path === 'roles' && hasRole(to, role) && !hasRole(from, role),
    ),
  )
}
