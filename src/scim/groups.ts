import type { Group } from '../directory/group.ts'
import type { JsonObject } from './schema/attribute.ts'
import { groupType } from './schema/registry.ts'
import { partMembers, splitMembers, type Member } from './protocol/members.ts'
import { applyPatch } from './protocol/patch.ts'
import { readPatch } from './protocol/messages.ts'
import { checkResource, readResource } from './protocol/resource.ts'
import type { Tolerated } from './protocol/tolerances.ts'
import { wants } from './protocol/project.ts'
import { causeOf, expectedVersions, readBody, tolerator, type ScimContext } from './http.ts'
import { renderGroup } from './render.ts'
import type { Resources } from './routes.ts'

interface GroupBody {
  readonly attributes: JsonObject
  readonly members: readonly Member[]
}

/** Parts a group's members, which become rows, from its attributes. */
function readGroup(body: JsonObject, tolerated: Tolerated): GroupBody {
  const { members, rest } = partMembers(body, tolerated)
  return { attributes: readResource(groupType, rest, tolerated), members }
}

async function readGroupBody(context: ScimContext): Promise<GroupBody> {
  return readGroup(await readBody(context), tolerator(context))
}

/** The use cases of `/Groups`, each from a request to the group it leaves. */
export const groupResources: Resources<Group> = {
  type: groupType,
  // Entra wants no list of thousands of members back.
  patchAnswers: 204,
  render: renderGroup,

  async create(context, directory) {
    const { attributes, members } = await readGroupBody(context)
    return directory.groups.create(
      { attributes, members: { kind: 'set', members }, origin: 'scim' },
      causeOf(context),
    )
  },

  read: (directory, id, projection) => directory.groups.read(id, wants(projection, 'members')),

  list: (directory, query, projection) =>
    directory.groups.query(query, wants(projection, 'members')),

  async replace(context, directory, id) {
    const { attributes, members } = await readGroupBody(context)
    return directory.groups.update(
      id,
      expectedVersions(context),
      () => ({ attributes, members: [{ kind: 'set', members }] }),
      causeOf(context),
    )
  },

  async patch(context, directory, id) {
    const tolerated = tolerator(context)
    const { members, others } = splitMembers(
      readPatch(await readBody(context), tolerated),
      tolerated,
    )
    return directory.groups.update(
      id,
      expectedVersions(context),
      (current) => {
        const next = applyPatch(groupType, current, others, tolerated)
        return { attributes: checkResource(groupType, next), members }
      },
      causeOf(context),
    )
  },

  remove: (context, directory, id) =>
    directory.groups.remove(id, expectedVersions(context), causeOf(context)),

  // A write gives no members back, so that changing one of thousands does not read them all.
  whole: async (directory, written, projection) =>
    wants(projection, 'members')
      ? ((await directory.groups.read(written.id, true)) ?? written)
      : written,
}
