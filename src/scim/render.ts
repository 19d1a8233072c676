import type { Group } from '../directory/group.ts'
import type { User } from '../directory/user.ts'
import { etag } from './http.ts'
import { BRACES_AFTER_MANAGER } from './protocol/document.ts'
import type { ResourceType } from './schema/attribute.ts'
import { groupType, userType } from './schema/registry.ts'

export function locationOf(base: string, type: ResourceType, id: string): string {
  return `${base}${type.endpoint}/${encodeURIComponent(id)}`
}

/** What the server adds to the end of a resource: `more` is members of the object, each after a comma. */
function ending(type: ResourceType, resource: User | Group, base: string, more: string): string {
  const { id, created, lastModified, version } = resource
  // Written out: none of it has a character to escape but the tag, which is quoted twice.
  const meta = `"resourceType":"${type.name}","created":"${created}","lastModified":"${lastModified}","location":"${locationOf(base, type, id)}","version":${JSON.stringify(etag(version))}`
  return `${more},"meta":{${meta}}}`
}

/** The manager as Entra can read it back: with the URI of the manager beside the id. */
function beginning({ document: { text, manager } }: User, base: string): string {
  if (manager === null) return text.slice(0, -1)
  const $ref = JSON.stringify(locationOf(base, userType, manager))
  // All but the brace of the resource are closed again.
  return `${text.slice(0, -BRACES_AFTER_MANAGER)},"$ref":${$ref}}}`
}

/** A user as the SCIM door shows it: the stored text, which is not read for that, and what the server knows besides. */
export function renderUser(user: User, base: string): string {
  if (user.groups.length === 0) return beginning(user, base) + ending(userType, user, base, '')
  const groups = user.groups.map((group) => ({
    value: group.id,
    $ref: locationOf(base, groupType, group.id),
    display: group.displayName,
    type: 'direct',
  }))
  const more = `,"groups":${JSON.stringify(groups)}`
  return beginning(user, base) + ending(userType, user, base, more)
}

/** A group as the SCIM door shows it; an empty group has an empty list, unless members were not asked for. */
export function renderGroup(group: Group, base: string): string {
  const text = group.document.text.slice(0, -1)
  if (!group.members) return text + ending(groupType, group, base, '')
  const members = group.members.map(({ value, type, display }) => ({
    value,
    ...(type === undefined
      ? {}
      : { $ref: locationOf(base, type === 'User' ? userType : groupType, value), type }),
    ...(display === undefined ? {} : { display }),
  }))
  return text + ending(groupType, group, base, `,"members":${JSON.stringify(members)}`)
}
