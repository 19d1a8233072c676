import type { Directory, Query } from '../directory/store.ts'
import { keepName } from '../directory/user-name.ts'
import type { User } from '../directory/user.ts'
import type { JsonObject } from './schema/attribute.ts'
import { userType } from './schema/registry.ts'
import { applyPatch } from './protocol/patch.ts'
import { readPatch } from './protocol/messages.ts'
import { checkResource, readResource } from './protocol/resource.ts'
import type { Tolerated } from './protocol/tolerances.ts'
import { causeOf, expectedVersions, readBody, tolerator, type ScimContext } from './http.ts'
import { renderUser } from './render.ts'
import type { Resources } from './routes.ts'

/** A user is active unless the client says otherwise (C-04), and the answer shows it (F-29). */
function withDefaults(attributes: JsonObject): JsonObject {
  return { ...attributes, active: attributes['active'] ?? true }
}

/** A PUT that says nothing of `active` lets nobody in and shuts nobody out (PU-04). */
function keepingActive(before: JsonObject, after: JsonObject): JsonObject {
  const { active } = before
  return after['active'] === undefined && active !== undefined ? { ...after, active } : after
}

/** Keeps the name of a person whom Entra's recycle bin renamed. */
function keepingName(before: JsonObject, after: JsonObject, tolerated: Tolerated): JsonObject {
  const kept = keepName(before, after)
  if (kept !== after) tolerated('soft-delete-rename')
  return kept
}

function noteRetired(retired: boolean, tolerated: Tolerated): void {
  if (retired) tolerated('retire-inactive')
}

/** The use cases of `/Users`, each from a request to the user it leaves. */
export const userResources: Resources<User> = {
  type: userType,
  patchAnswers: 200,
  render: renderUser,

  async create(context: ScimContext, directory: Directory) {
    const tolerated = tolerator(context)
    const attributes = withDefaults(readResource(userType, await readBody(context), tolerated))
    const created = await directory.users.create({ attributes, origin: 'scim' }, causeOf(context))
    if (created.returned) tolerated('rehire')
    noteRetired(created.retired, tolerated)
    return created.user
  },

  read: (directory, id) => directory.users.read(id),

  list: (directory: Directory, query: Query) => directory.users.query(query),

  async replace(context, directory, id) {
    const tolerated = tolerator(context)
    const attributes = readResource(userType, await readBody(context), tolerated)
    const updated = await directory.users.update(
      id,
      expectedVersions(context),
      (current) => keepingName(current, keepingActive(current, attributes), tolerated),
      causeOf(context),
    )
    noteRetired(updated.retired, tolerated)
    return updated.user
  },

  async patch(context, directory, id) {
    const tolerated = tolerator(context)
    const operations = readPatch(await readBody(context), tolerated)
    const updated = await directory.users.update(
      id,
      expectedVersions(context),
      (current) => {
        const next = checkResource(userType, applyPatch(userType, current, operations, tolerated))
        return keepingName(current, next, tolerated)
      },
      causeOf(context),
    )
    noteRetired(updated.retired, tolerated)
    return updated.user
  },

  remove: (context, directory, id) =>
    directory.users.remove(id, expectedVersions(context), causeOf(context)),

  whole: (_directory, written) => Promise.resolve(written),
}
