import { z } from 'zod'

const time = z.iso.datetime()
const count = z.int().nonnegative()
const string = z.string()

/** One changed value; absent means unassigned. */
export const change = z.strictObject({
  path: string,
  from: z.unknown().optional(),
  to: z.unknown().optional(),
})

export const rule = z.strictObject({
  id: string,
  name: string,
  filter: string,
  groups: z.array(string).meta({ description: 'Ids of user groups.' }),
  role: string.optional(),
})

const mappingFields = {
  id: string,
  entraGroup: string.meta({ description: 'The object id of a group of Entra.' }),
  entraName: string.meta({ description: 'What it was called when it was chosen.' }),
  nested: z.boolean(),
  group: string.optional().meta({ description: 'The id of a user group.' }),
  role: string.optional(),
}

export const mapping = z.strictObject(mappingFields)

export const listedMapping = z.strictObject({
  ...mappingFields,
  memberships: count.optional().meta({ description: 'How many came of it.' }),
  membershipsAtLeast: count
    .optional()
    .meta({ description: 'The same where it is not counted further.' }),
})

const group = z.strictObject({ id: string, displayName: string })

const shownUser = z.strictObject({
  id: string,
  userName: string,
  displayName: string.optional(),
  has: z.strictObject({ groups: z.array(group), roles: z.array(string) }),
})

const decision = z.strictObject({
  user: shownUser,
  rule: rule.optional().meta({ description: 'The first that matches.' }),
  before: z
    .array(z.strictObject({ id: string, name: string, why: z.array(string) }))
    .meta({ description: 'Those tried before it, and why they do not match.' }),
})

/** What came of trying a filter, or a user. */
export const tried = z.strictObject({
  matches: z
    .strictObject({
      total: count,
      gets: z.strictObject({ groups: z.array(group), role: string.optional() }),
      items: z.array(shownUser),
    })
    .optional()
    .meta({ description: 'Whom the filter matches, the first fifty of them.' }),
  decision: decision.optional(),
  decisions: z.array(decision).optional().meta({ description: 'The same for each of `users`.' }),
})

const source = z.union([
  z.strictObject({ kind: z.enum(['rule', 'mapping']), id: string, name: string.optional() }),
  z.strictObject({ kind: z.enum(['import', 'sync']), id: string }),
  z.strictObject({ kind: z.enum(['scim', 'sign-in', 'hand']) }),
  z.strictObject({ kind: z.literal('unknown') }).meta({
    description: 'The record does not say it any more.',
  }),
])

const event = {
  sequence: z.int(),
  at: time,
  actor: string,
  door: z.enum(['scim', 'admin', 'auth', 'cli']),
  action: string,
}

const how = { source, event: z.strictObject(event).optional() }

/** Where what a user is and has comes from. */
export const why = z.strictObject({
  id: string,
  userName: string,
  origin: z.enum(['local', 'import', 'scim']),
  created: z.strictObject({ at: time, ...how }),
  active: z.strictObject({
    now: z.boolean(),
    since: time.optional(),
    held: z
      .enum(['deactivate', 'delete'])
      .optional()
      .meta({ description: 'What provisioning asked for that waits for an administrator.' }),
    ...how,
  }),
  groups: z.array(z.strictObject({ id: string, displayName: string, since: time, ...how })),
  roles: z.array(z.strictObject({ value: string, since: time.optional(), ...how })),
  permissions: z
    .array(
      z.strictObject({
        permission: string,
        through: z.array(
          z.union([
            z.strictObject({ kind: z.literal('group'), id: string, displayName: string }),
            z.strictObject({ kind: z.literal('role'), value: string }),
          ]),
        ),
      }),
    )
    .meta({ description: 'What the user may do now.' }),
  link: z.strictObject({ tenantId: string, objectId: string, ...how }).optional(),
  sent: z
    .strictObject({ ...event, changes: z.array(change) })
    .optional()
    .meta({ description: 'What provisioning sent last.' }),
  signIn: z.strictObject({
    possible: z.boolean(),
    reasons: z.array(string).meta({ description: 'What stands in the way.' }),
  }),
})
