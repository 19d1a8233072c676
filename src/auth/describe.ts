import type { Store } from '../directory/store.ts'
import { userName, type GroupReference } from '../directory/user.ts'
import { isObject, type Json, type JsonObject } from '../scim/schema/attribute.ts'
import type { SignedIn } from './sessions.ts'

/** What the application learns of somebody who is signed in. What a user does not have is undefined. */
export interface Description {
  readonly id: string
  readonly userName: string
  readonly displayName: string | undefined
  readonly email: string | undefined
  readonly externalId: string | undefined
  readonly groups: readonly GroupReference[]
  /** The values of the SCIM roles. */
  readonly roles: readonly string[]
  /** Those of the groups and roles together, sorted. */
  readonly permissions: readonly string[]
  readonly administrator: boolean
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** The primary e-mail address, else the first. */
function emailOf({ emails }: JsonObject): string | undefined {
  const known = objects(emails).filter(({ value }) => text(value) !== undefined)
  return text((known.find(({ primary }) => primary === true) ?? known[0])?.['value'])
}

export async function describeUser(
  store: Store,
  { session, user, administrator }: SignedIn,
): Promise<Description> {
  const { attributes, groups } = user
  const directory = store.for({ organisation: session.organisation, localUsers: 'visible' })
  return {
    id: user.id,
    userName: userName(attributes),
    displayName: text(attributes['displayName']),
    email: emailOf(attributes),
    externalId: text(attributes['externalId']),
    groups: groups.map(({ id, displayName }) => ({ id, displayName })),
    roles: objects(attributes['roles']).flatMap(({ value }) => text(value) ?? []),
    permissions: await directory.permissions.effective(user),
    administrator,
  }
}
