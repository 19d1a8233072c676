import { createHash, randomBytes } from 'node:crypto'
import { hintOf, type Person } from './person.ts'

/** Seconds by which Entra dates a token back, so that a clock that is a little late accepts it. */
const BACKDATED = 300
const LIFETIME = 3_900

/** The claims of an ID token of version 2.0, all in the token itself. */
export function idTokenClaims(of: {
  readonly person: Person
  readonly issuer: string
  readonly tenantId: string
  readonly clientId: string
  readonly scopes: ReadonlySet<string>
  readonly nonce: string | undefined
  readonly sid: string
  readonly now: Date
}): Record<string, unknown> {
  const { person, clientId, scopes } = of
  const { objectId, userPrincipalName, displayName, appRoles = [] } = person
  const issued = Math.floor(of.now.getTime() / 1000) - BACKDATED
  return {
    aud: clientId,
    iss: of.issuer,
    iat: issued,
    nbf: issued,
    exp: issued + LIFETIME,
    ...(scopes.has('email') ? { email: userPrincipalName } : {}),
    login_hint: hintOf(person),
    ...(scopes.has('profile') ? { name: displayName, preferred_username: userPrincipalName } : {}),
    ...(of.nonce === undefined ? {} : { nonce: of.nonce }),
    oid: objectId,
    ...(appRoles.length > 0 ? { roles: appRoles } : {}),
    sid: of.sid,
    // Another application sees another subject.
    sub: createHash('sha256').update(`${clientId}${objectId}`).digest('base64url'),
    tid: of.tenantId,
    uti: randomBytes(16).toString('base64url'),
    ver: '2.0',
  }
}
