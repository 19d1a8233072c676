import type { JsonObject } from '../scim/schema/attribute.ts'
import type { Change } from './event.ts'
import type { PlanAction } from './plan.ts'

/** What a plan would do with a person. */
export interface Proposal {
  readonly action: PlanAction
  readonly userId?: string
  readonly changes: readonly Change[]
  readonly notes: readonly string[]
  /** The attributes that the user is to have; undefined where nothing is to be done. */
  readonly attributes?: JsonObject
}
