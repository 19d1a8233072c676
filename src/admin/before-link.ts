import type { Change } from '../directory/event.ts'
import type { Directory } from '../directory/store.ts'
import type { User } from '../directory/user.ts'
import { isObject, type JsonObject } from '../scim/schema/attribute.ts'

/** Among so many events of a user the one that linked it is looked for. */
const LOOKED_AT = 200

/** What a link takes from Entra: that comes back when the link is undone. */
const taken = /^(?:userName|displayName|name(?:\.\w+)?|emails|phoneNumbers|active)$/

/** What changed in a user when it was linked to the account that it has now; nothing where the record does not say. */
export async function changesOfLink(
  { events }: Directory,
  { id, link }: User,
): Promise<readonly Change[]> {
  if (!link) return []
  const latest = await events.latest({ limit: LOOKED_AT, resourceId: id })
  const found = latest.find(({ changes }) =>
    changes.some(({ path, to }) => path === 'link' && to === link.objectId),
  )
  return found?.changes.filter(({ path }) => taken.test(path)) ?? []
}

function takenBackOne(attributes: JsonObject, { path, from }: Change): JsonObject {
  const [name = '', part] = path.split('.')
  const { [name]: value, ...others } = attributes
  if (part === undefined) return from === undefined ? others : { ...others, [name]: from }
  const { [part]: _, ...parts } = isObject(value) ? value : {}
  return { ...others, [name]: from === undefined ? parts : { ...parts, [part]: from } }
}

/** What a user is without these changes. */
export const takenBack = (attributes: JsonObject, changes: readonly Change[]): JsonObject =>
  changes.reduce(takenBackOne, attributes)
