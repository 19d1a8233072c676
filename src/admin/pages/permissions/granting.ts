import type { Holder } from '../../../directory/permission.ts'
import type { Asked } from '../../console/asked.ts'
import { attempt } from '../../console/attempt.ts'
import { grantPermission, revokePermission } from '../../permissions.ts'
import type { Wrong } from './panel.tsx'

/** The permission that a form names. */
export function permissionIn({ sent }: Asked): string {
  return sent.text('permission')
}

/** Grants what a form names; what is wrong with it, where something is. */
export async function grantTo(asked: Asked, holder: Holder): Promise<Wrong | undefined> {
  const permission = permissionIn(asked)
  const outcome = await attempt(() => grantPermission.call(asked, { body: { holder, permission } }))
  if ('made' in outcome) return undefined
  const { fields, text } = outcome.faults
  return { typed: permission, fault: fields['permission'] ?? text }
}

/** Takes back what a form names. */
export async function revokeFrom(asked: Asked, holder: Holder): Promise<void> {
  await revokePermission.call(asked, { body: { holder, permission: permissionIn(asked) } })
}
