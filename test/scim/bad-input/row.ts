import type { ScimType } from '../../../src/scim/protocol/error.ts'
import type { Json, JsonObject } from '../../../src/scim/schema/attribute.ts'
import { GROUP, PATCH_OP, USER } from '../../support/resources.ts'

/**
 * A request that must be refused. `{user}`, `{group}` and `{version}` in a path or header stand for what the directory
 * holds: the user Adele, the group Sales with Adele in it, and the version of the user.
 */
export interface BadRow {
  readonly name: string
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
  readonly path: string
  /** A string or bytes go out as they are, anything else as JSON. */
  readonly body?: Json | Uint8Array<ArrayBuffer>
  readonly headers?: Readonly<Record<string, string>>
  readonly status: number
  /** Absent: the answer must have none. */
  readonly scimType?: ScimType
  /** Headers that the answer must have, with their exact values. */
  readonly answers?: Readonly<Record<string, string>>
}

/** The state that every row meets and must leave as it is. */
export const adele: JsonObject = {
  schemas: [USER],
  userName: 'Adele@contoso.example',
  displayName: 'Adele Vance',
  name: { givenName: 'Adele', familyName: 'Vance' },
  emails: [
    { value: 'adele@contoso.example', type: 'work', primary: true },
    { value: 'adele@home.example', type: 'home' },
  ],
}

export const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values)

/** A POST of a user that would be right without `more`. */
export function user(more: JsonObject): JsonObject {
  return { schemas: [USER], userName: 'new@contoso.example', ...more }
}

/** A POST of a group that would be right without `more`. */
export function group(more: JsonObject): JsonObject {
  return { schemas: [GROUP], displayName: 'New', ...more }
}

export function patch(...operations: Json[]): JsonObject {
  return { schemas: [PATCH_OP], Operations: operations }
}

/** The start of a user as JSON text, for bodies that JSON.stringify cannot write. */
export const userText = `{"schemas":["${USER}"],"userName":"new@contoso.example"`
