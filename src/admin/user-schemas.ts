import { z } from 'zod'

const time = z.iso.datetime()
const string = z.string()

/** A user as it is listed. */
export const listedUser = z.strictObject({
  id: string,
  userName: string,
  displayName: string.optional(),
  email: string.optional().meta({ description: 'The primary address, else the first.' }),
  title: string.optional(),
  department: string.optional(),
  active: z.boolean(),
  origin: z.enum(['local', 'import', 'scim']),
  provisioned: z
    .boolean()
    .meta({ description: 'Whether the provisioning client may see and change the user.' }),
  linked: z.boolean(),
  held: z
    .enum(['deactivate', 'delete'])
    .optional()
    .meta({ description: 'What provisioning asked for that waits for an administrator.' }),
  groups: z.array(z.strictObject({ id: string, displayName: string })),
  roles: z.array(string),
  created: time,
  lastModified: time,
  lastSignIn: time.optional(),
})

/** A user with everything that is known of it. */
export const wholeUser = listedUser.extend({
  attributes: z.record(string, z.unknown()).meta({ description: 'As SCIM has them.' }),
  link: z
    .strictObject({ tenantId: string, objectId: string })
    .optional()
    .meta({ description: 'The account of Entra that the user is.' }),
  permissions: z.array(string).meta({ description: 'What the user may do now.' }),
  administrator: z.boolean(),
  ownedByEntra: z
    .array(string)
    .meta({ description: 'Attributes that are changed at Entra, by their paths.' }),
})
