import type { JsonObject } from '../scim/schema/attribute.ts'
import type { Join } from './assignment.ts'
import type { Change } from './event.ts'
import type { Invite, PlanAction } from './plan.ts'
import type { Via } from './user.ts'

/** What a plan would do with a person. */
export interface Proposal {
  readonly action: PlanAction
  readonly userId?: string
  /** All that is to happen, for whoever decides. */
  readonly changes: readonly Change[]
  readonly notes: readonly string[]
  /** The attributes that the user is to have; undefined where they stay as they are. */
  readonly attributes?: JsonObject
  readonly joins?: readonly Join[]
  /** User groups to leave, where the membership came about so. */
  readonly leaves?: readonly { readonly group: string; readonly via: Via }[]
  /** What the event of the user says besides what changes: the rule and the mappings it comes of. */
  readonly because?: readonly Change[]
  /** Who is mailed, and when. */
  readonly invitation?: { readonly to: string; readonly invite: Invite }
}
