import { z } from 'zod'
import {
  alwaysFollowed,
  followedByChoice,
  type FollowedField,
} from '../directory/entra-attributes.ts'
import type { EntraUser } from '../directory/entra-directory.ts'
import { DEFAULT_SYNC, type SyncSettings } from '../directory/settings.ts'
import type { Directory, LinkedUser } from '../directory/store.ts'
import { syncFields } from '../directory/sync-field.ts'
import { displayName, isActive, userName, type User } from '../directory/user.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { entraProblems, requireConnection } from './connection.ts'
import { id } from './input.ts'
import { Problem } from './problems.ts'
import { route, type Caller, type Route } from './route.ts'
import { entraUser, planAction, syncSettings } from './schemas.ts'

const value = z.union([z.string(), z.boolean()]).optional()

const sample = z.strictObject({
  user: z.strictObject({
    id: z.string(),
    userName: z.string(),
    displayName: z.string(),
    active: z.boolean(),
  }),
  person: entraUser
    .optional()
    .meta({ description: 'Absent for an account that is not in the tenant any more.' }),
  action: planAction.meta({ description: 'What a sync would do with this user now.' }),
  notes: z.array(z.string()),
  fields: z.array(
    z.strictObject({
      field: z.string().meta({ description: 'What Entra has.' }),
      attribute: z.string().meta({ description: 'Where it goes.' }),
      always: z.boolean().meta({ description: 'Whether it follows without being chosen.' }),
      follows: z.boolean().meta({ description: 'Whether it follows as things are set.' }),
      entra: value,
      user: value,
      changes: z.boolean().meta({ description: 'Whether following would change the user.' }),
    }),
  ),
})

/** How linked users follow Entra, as it is set. */
export async function syncSettingsOf({ settings: all }: Directory): Promise<SyncSettings> {
  return (await all.read('sync')) ?? DEFAULT_SYNC
}

/** The user who is to be the sample. Throws `notFound`. */
async function sampled(
  { directory }: Caller,
  tenantId: string,
  userId: string | undefined,
): Promise<{ readonly user: User; readonly objectId: string }> {
  const [first] =
    userId === undefined
      ? await directory.users.links(tenantId, '', 1)
      : ([{ userId, objectId: '' }] satisfies LinkedUser[])
  const user = first && (await directory.users.read(first.userId))
  if (user?.link?.tenantId === tenantId) return { user, objectId: user.link.objectId }
  throw new Problem(
    'notFound',
    userId === undefined ? 'Nobody is linked yet.' : 'There is no such linked user.',
  )
}

/** What becomes of one field of somebody when it follows. */
function fieldRow(
  { field, attribute, read }: FollowedField,
  how: { readonly always: boolean; readonly follows: boolean },
  {
    person,
    before,
    after,
  }: { person?: EntraUser | undefined; before: JsonObject; after: JsonObject },
) {
  const entra = person?.[field]
  const user = read(before)
  return {
    field,
    attribute,
    ...how,
    ...(entra === undefined ? {} : { entra }),
    ...(typeof user === 'string' || typeof user === 'boolean' ? { user } : {}),
    changes: read(after) !== user,
  }
}

export const readSyncSettings = route({
  method: 'GET',
  path: '/sync-settings',
  operation: 'readSyncSettings',
  summary: 'How linked users follow Entra',
  status: 200,
  answer: syncSettings,
  handle: ({ directory }) => syncSettingsOf(directory),
})

export const changeSyncSettings = route({
  method: 'POST',
  path: '/sync-settings',
  operation: 'changeSyncSettings',
  summary: 'Says how linked users follow Entra, and how often by themselves',
  body: syncSettings,
  status: 200,
  answer: syncSettings,
  async handle({ directory, cause }, { body }) {
    const fields = syncFields.filter((field) => body.fields.includes(field))
    const value = { ...body, fields }
    await directory.settings.change('sync', value, cause)
    return value
  },
})

export const sampleSync = route({
  method: 'GET',
  path: '/sync-settings/sample',
  operation: 'sampleSync',
  summary: 'One linked user: what Entra has now, where it goes, and what would change',
  query: z.strictObject({
    user: id.exactOptional().meta({ description: 'A linked user; without it the first.' }),
  }),
  status: 200,
  answer: sample,
  problems: ['notFound', ...entraProblems],
  async handle(caller, { query }) {
    const { directory } = caller
    const entra = await requireConnection(caller)
    const { user, objectId } = await sampled(caller, entra.tenantId, query.user)
    const { fields: chosen, provisioned } = await syncSettingsOf(directory)
    const person = await entra.userById(objectId)
    const subject = { userId: user.id, person }
    const { action, notes } = await directory.syncs.propose(subject, {
      fields: chosen,
      provisioned,
    })
    const whole = await directory.syncs.propose(subject, { fields: syncFields, provisioned })
    const states = { person, before: user.attributes, after: whole.attributes ?? user.attributes }
    return {
      user: {
        id: user.id,
        userName: userName(user.attributes),
        displayName: displayName(user.attributes),
        active: isActive(user.attributes),
      },
      ...(person ? { person } : {}),
      action,
      notes,
      fields: [
        ...alwaysFollowed.map((each) => fieldRow(each, { always: true, follows: true }, states)),
        ...syncFields.map((name) => {
          const how = { always: false, follows: chosen.includes(name) }
          return fieldRow(followedByChoice[name], how, states)
        }),
      ],
    }
  },
})

/** How linked users follow Entra, and what that does with one of them. */
export const syncSettingsRoutes: readonly Route[] = [
  readSyncSettings,
  changeSyncSettings,
  sampleSync,
]
