import type { JsonObject } from '../../src/scim/schema/attribute.ts'
import type { ScimClient } from './scim-client.ts'

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
export const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
export const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'
export const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error'

/** Posts a user and returns it; fails the test when it is refused. */
export async function newUser(
  scim: ScimClient,
  userName: string,
  more: JsonObject = {},
): Promise<JsonObject & { id: string }> {
  const { status, body, text } = await scim.post('/Users', { schemas: [USER], userName, ...more })
  if (status !== 201 || typeof body['id'] !== 'string') throw new Error(text)
  return { ...body, id: body['id'] }
}

/** The same for a group. */
export async function newGroup(
  scim: ScimClient,
  displayName: string,
  more: JsonObject = {},
): Promise<JsonObject & { id: string }> {
  const { status, body, text } = await scim.post('/Groups', {
    schemas: [GROUP],
    displayName,
    ...more,
  })
  if (status !== 201 || typeof body['id'] !== 'string') throw new Error(text)
  return { ...body, id: body['id'] }
}
