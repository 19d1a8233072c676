import { MANAGER, type TargetValue } from './mapping.ts'

/** How PATCH bodies look: without a flag on the tenant URL, or with `?aadOptscim062020`. */
export type Dialect = 'legacy' | 'aadOptscim062020'

/** A mapping target that gets a value; `had` says whether the target is believed to have one. */
export type AttributeChange = { target: string; value: TargetValue; had: boolean }

type Operation = { op: string; path?: string; value?: unknown }

export type PatchBody = { schemas: readonly string[]; Operations: readonly Operation[] }

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

function patch(Operations: readonly Operation[]): PatchBody {
  return { schemas: [PATCH_OP], Operations }
}

function verb(dialect: Dialect, had: boolean): string {
  const name = had ? 'Replace' : 'Add'
  return dialect === 'legacy' ? name : name.toLowerCase()
}

/** The flag merges single values; what has a filter in its path or is a list stays apart. */
function standsAlone({ target, value }: AttributeChange): boolean {
  return target.includes('[') || Array.isArray(value)
}

/** PATCH of a user's or group's own attributes. */
export function patchAttributes(dialect: Dialect, changes: readonly AttributeChange[]): PatchBody {
  const single = ({ target, value, had }: AttributeChange): Operation => {
    // The assertive role expression replaces the list whether or not the target has one.
    const op = verb(dialect, had || Array.isArray(value))
    if (dialect === 'legacy' && typeof value === 'boolean') {
      return { op, path: target, value: value ? 'True' : 'False' }
    }
    return { op, path: target, value }
  }
  if (dialect === 'legacy') return patch(changes.map(single))
  const merged = changes.filter((change) => !standsAlone(change))
  return patch([
    ...changes.filter(standsAlone).map(single),
    ...(merged.length > 0
      ? [
          {
            op: 'replace',
            value: Object.fromEntries(merged.map(({ target, value }) => [target, value])),
          },
        ]
      : []),
  ])
}

/** PATCH of a user's manager; `null` takes it away. */
export function patchManager(dialect: Dialect, id: string | null, had: boolean): PatchBody {
  if (id === null) return patch([{ op: dialect === 'legacy' ? 'Remove' : 'remove', path: MANAGER }])
  const value = dialect === 'legacy' ? id : { value: id }
  return patch([{ op: verb(dialect, had), path: MANAGER, value }])
}

/** PATCH that adds members; `perOperation` values share an operation. */
export function patchAddMembers(
  dialect: Dialect,
  ids: readonly string[],
  perOperation = ids.length,
): PatchBody {
  const operations: Operation[] = []
  for (let from = 0; from < ids.length; from += perOperation) {
    const value = ids.slice(from, from + perOperation).map((id) => ({ $ref: null, value: id }))
    operations.push({ op: verb(dialect, false), path: 'members', value })
  }
  return patch(operations)
}

/** PATCH that removes members: a value list, or with the flag one operation for each. */
export function patchRemoveMembers(dialect: Dialect, ids: readonly string[]): PatchBody {
  if (dialect === 'aadOptscim062020') {
    return patch(ids.map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` })))
  }
  const value = ids.map((id) => ({ $ref: null, value: id }))
  return patch([{ op: 'Remove', path: 'members', value }])
}
