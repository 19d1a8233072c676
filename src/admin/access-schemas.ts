import { z } from 'zod'
import { change } from './assignment-schemas.ts'

const time = z.iso.datetime()
const string = z.string()

const membership = z.strictObject({
  id: string,
  type: z.enum(['User', 'Group']).optional(),
  userName: string.optional(),
  displayName: string.optional(),
  via: z.enum(['scim', 'hand', 'import', 'rule', 'mapping']),
  source: string.optional().meta({ description: 'The id of the import, rule or mapping.' }),
  since: time,
})

/** A part of the members of a user group. */
export const memberships = z.strictObject({
  items: z.array(membership),
  next: string.optional(),
})

/** A user group with what it gives, and its first members. */
export const userGroupDetail = z.strictObject({
  id: string,
  displayName: string,
  origin: z.enum(['local', 'import', 'scim']),
  created: time,
  lastModified: time,
  permissions: z.array(string),
  memberCount: z.int().nonnegative().optional().meta({ description: 'How many are in it.' }),
  memberCountAtLeast: z
    .int()
    .nonnegative()
    .optional()
    .meta({ description: 'The same where it is not counted further.' }),
  members: memberships,
})

/** What a user group or a role may do. */
export const grants = z.strictObject({
  holder: z.union([
    z.strictObject({ kind: z.literal('group'), id: string, displayName: string }),
    z.strictObject({ kind: z.literal('role'), value: string }).meta({
      description: 'In small letters: roles are the same in whatever letter case.',
    }),
  ]),
  permissions: z.array(string),
})

export const administrator = z.strictObject({
  id: string.meta({ description: 'The id of the user.' }),
  userName: string,
  displayName: string.optional(),
  active: z.boolean(),
  linked: z.boolean().meta({ description: 'Whether the user is an account of Entra.' }),
})

/** A provisioning token without its secret. */
export const provisioningToken = z.strictObject({
  id: string,
  name: string,
  state: z.enum(['active', 'expired', 'revoked']),
  created: time,
  expires: time.optional(),
  lastUsed: time.optional(),
  revoked: time.optional(),
})

/** An entry of the record. */
export const event = z.strictObject({
  sequence: z.int(),
  at: time,
  actor: string,
  door: z.enum(['scim', 'admin', 'auth', 'cli']),
  requestId: string,
  action: string,
  resourceId: string,
  changes: z.array(change),
})
