import { fold } from '../scim/protocol/compare.ts'
import { isObject, type JsonObject } from '../scim/schema/attribute.ts'
import { diff } from './diff.ts'
import { attributesOf, userNameOf, withEntra } from './entra-attributes.ts'
import type { EntraUser } from './entra-directory.ts'
import type { Change } from './event.ts'
import type { Proposal } from './proposal.ts'
import type { Chosen, ImportOptions, Invite, Judgement } from './plan.ts'
import { isActive, objectId, userName, type Link, type User } from './user.ts'

/** How many people an import holds at most. */
export const MOST_PEOPLE = 20_000

/** The users here who may be a person of Entra. */
export interface Found {
  /** Linked to exactly this account. */
  readonly linked: User | undefined
  /** With the object id as externalId. */
  readonly sameId: readonly User[]
  readonly sameName: User | undefined
  /** With one of the person's e-mail addresses. */
  readonly sameAddress: readonly User[]
}

const shown = (user: User) => ({
  id: user.id,
  userName: userName(user.attributes),
  active: isActive(user.attributes),
})

/** How a person stands to the users here. Nobody is the same by a name or an address alone: those make a question. */
export function judge(person: EntraUser, found: Found): Judgement {
  const { linked, sameId, sameName, sameAddress } = found
  if (linked) return { person, standing: 'linked', user: shown(linked) }
  const free = (user: User) => user.link === undefined
  const match = (user: User, why: string): Judgement => {
    return { person, standing: 'match', user: shown(user), why }
  }
  const [byId] = sameId.filter(free)
  if (byId) return match(byId, 'The object id is the externalId of this user.')
  if (sameName && free(sameName)) return match(sameName, 'The user name is the same.')
  if (sameName) {
    const why = 'Somebody who is linked to another account has this user name.'
    return { person, standing: 'conflict', user: shown(sameName), why }
  }
  const [byAddress, ...more] = sameAddress.filter(free)
  if (byAddress && more.length === 0) return match(byAddress, 'An e-mail address is the same.')
  if (byAddress) {
    const why = `${more.length + 1} users have an e-mail address of this person.`
    return { person, standing: 'new', why }
  }
  return { person, standing: 'new' }
}

function withRole(attributes: JsonObject, role: string | undefined): JsonObject {
  if (role === undefined) return attributes
  const known = Array.isArray(attributes['roles']) ? attributes['roles'] : []
  const has = known.some((each) => isObject(each) && fold(String(each['value'])) === fold(role))
  return has ? attributes : { ...attributes, roles: [...known, { value: role }] }
}

/** What one person of an import gets, with what was chosen for this person alone. */
export interface Wanted {
  readonly link: string | undefined
  readonly groups: readonly string[]
  readonly role: string | undefined
  readonly invite: Invite
}

export function wantedOf(options: ImportOptions, chosen: Chosen): Wanted {
  const never: Invite = { when: 'never' }
  const { link, groups = options.groups, role = options.role ?? null, invite } = chosen
  return {
    link,
    groups,
    role: role ?? undefined,
    invite: invite === false ? never : options.invite,
  }
}

function notesOn(person: EntraUser, { invite }: Wanted): string[] {
  const invited = invite.when !== 'never'
  return [
    ...(person.enabled ? [] : ['The account is blocked at Entra: the user will not be active.']),
    ...(person.guest ? ['A guest of the tenant.'] : []),
    ...(invited && person.mail === undefined ? ['No e-mail address: there is no invitation.'] : []),
  ]
}

/** Works out what an import does with a person: the one place, for the preview and for the import itself. */
export function propose(
  judgement: Judgement,
  user: User | undefined,
  link: Link,
  wanted: Wanted,
): Proposal {
  const { person, standing, why } = judgement
  const notes = [...(why === undefined ? [] : [why]), ...notesOn(person, wanted)]
  if (standing === 'new') {
    const attributes = withRole(attributesOf(person), wanted.role)
    return { action: 'create', changes: diff({}, attributes), notes, attributes }
  }
  if (!user) return { action: 'conflict', changes: [], notes }
  const about = { userId: user.id }
  if (standing === 'linked') {
    if (isActive(user.attributes) || !person.enabled) {
      return { ...about, action: 'skip', changes: [], notes: ['Is linked already.'] }
    }
    const attributes = { ...user.attributes, active: true }
    return {
      ...about,
      action: 'reactivate',
      changes: diff(user.attributes, attributes),
      notes,
      attributes,
    }
  }
  if (standing === 'conflict' || wanted.link !== user.id) {
    return { ...about, action: 'conflict', changes: [], notes }
  }
  const known = objectId(user.attributes)
  const other = known !== undefined && known !== person.id
  // An object id that is not the person's would be taken for the link when the user is provisioned next.
  const kept = {
    externalId: person.id,
    ...user.attributes,
    ...(other && { externalId: person.id }),
  }
  const attributes = withRole(withEntra(kept, person), wanted.role)
  const linked: Change = { path: 'link', to: link.objectId }
  return {
    ...about,
    action: 'link',
    changes: [linked, ...diff(user.attributes, attributes)],
    notes,
    attributes,
  }
}

/** The addresses by which somebody here may be found to be a person. */
export function addressesOf(person: EntraUser): string[] {
  const all = [person.mail, ...person.proxyAddresses].filter((each) => each !== undefined)
  return [...new Set(all.map(fold))]
}

/** The user name by which somebody here may be found to be a person. */
export function nameKeyOf(person: EntraUser): string {
  return fold(userNameOf(person))
}
