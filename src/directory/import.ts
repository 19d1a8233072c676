import { fold } from '../scim/protocol/compare.ts'
import { assign, groupChanges } from './assignment.ts'
import { diff } from './diff.ts'
import { attributesOf, userNameOf, withEntra } from './entra-attributes.ts'
import type { EntraUser } from './entra-directory.ts'
import type { Change } from './event.ts'
import type { Mapping } from './mapping.ts'
import type { Proposal } from './proposal.ts'
import type { Chosen, ImportOptions, Invite, Judgement } from './plan.ts'
import { firstMatch, type Rule } from './rule.ts'
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
function judgeFound(person: EntraUser, found: Found): Judgement {
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

/**
 * The same, where an administrator may have said which user the person is. That goes before an address and before nobody
 * being found, and not before who has the object id or the user name.
 */
export function judge(
  person: EntraUser,
  found: Found,
  chosen?: { readonly id: string; readonly user: User | undefined },
): Judgement {
  const judgement = judgeFound(person, found)
  const { standing } = judgement
  if (!chosen || standing === 'linked' || judgement.user?.id === chosen.id) return judgement
  const { user } = chosen
  if (!user) return { person, standing: 'conflict', why: 'There is no such user to link.' }
  const about = { person, user: shown(user) }
  if (user.link) {
    return { ...about, standing: 'conflict', why: 'The user is linked to another account.' }
  }
  const others = [found.sameName, ...found.sameId].filter((each) => each && each.id !== user.id)
  if (others.length > 0) return judgement
  return { ...about, standing: 'match', why: 'An administrator says who this is.' }
}

/** What gives new users something besides what is chosen for an import. */
export interface Givers {
  readonly rules: readonly Rule[]
  readonly mappings: readonly Mapping[]
}

/** What one person of an import gets, with what was chosen for this person alone. */
export interface Wanted {
  readonly link: string | undefined
  readonly groups: readonly string[]
  readonly role: string | undefined
  readonly invite: Invite
  /** The mappings whose group the person is in. */
  readonly mappings: readonly Mapping[]
  readonly rules: readonly Rule[]
}

/** When somebody is mailed for whom it was chosen alone whether. */
function inviteOf(all: Invite, chosen: boolean | undefined): Invite {
  if (chosen === undefined) return all
  if (!chosen) return { when: 'never' }
  return all.when === 'never' ? { when: 'now' } : all
}

/** What somebody gets. The groups or the role that were chosen for one person are all of them that this person gets. */
export function wantedOf(options: ImportOptions, chosen: Chosen, givers: Givers): Wanted {
  const { link, groups = options.groups, role = options.role ?? null, mappings = [] } = chosen
  const only = <Given extends { readonly role?: string }>({ role: given, ...rest }: Given) => ({
    ...rest,
    ...(given === undefined || chosen.role !== undefined ? {} : { role: given }),
  })
  const free = chosen.groups === undefined
  return {
    link,
    groups,
    role: role ?? undefined,
    invite: inviteOf(options.invite, chosen.invite),
    mappings: givers.mappings
      .filter(({ id }) => mappings.includes(id))
      .map(({ group, ...rest }) => only(free && group !== undefined ? { ...rest, group } : rest)),
    rules: givers.rules.map((rule) => only({ ...rule, groups: free ? rule.groups : [] })),
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

/** Who is mailed, and when; what a preview says of it. */
function invitationOf({ mail, enabled }: EntraUser, { invite }: Wanted) {
  if (invite.when === 'never' || mail === undefined || !enabled) return { changes: [] }
  const told = { now: mail, later: 'later', at: invite.when === 'at' ? invite.at : mail }
  return {
    changes: [{ path: 'invitation', to: told[invite.when] }],
    invitation: { to: mail, invite },
  }
}

/** A new user for a person. */
function creation(person: EntraUser, wanted: Wanted, notes: readonly string[]): Proposal {
  const { groups, role, mappings, rules } = wanted
  const { attributes, joins, because } = assign(attributesOf(person), [], {
    chosen: { groups, role },
    mappings,
    rule: (known) => firstMatch(rules, known),
  })
  const { changes: mailed, ...invited } = invitationOf(person, wanted)
  const joined = groupChanges(
    joins.map(({ group }) => group),
    [],
  )
  const unruled = rules.length > 0 && !because.some(({ path }) => path === 'rule')
  return {
    action: 'create',
    changes: [...diff({}, attributes), ...joined, ...because, ...mailed],
    notes: unruled ? [...notes, 'No rule matches.'] : notes,
    attributes,
    joins,
    because,
    ...invited,
  }
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
  if (standing === 'new') return creation(person, wanted, notes)
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
  const { groups, role } = wanted
  const within = user.groups.map(({ id }) => id)
  const { attributes, joins } = assign(withEntra(kept, person), within, {
    chosen: { groups, role },
  })
  const linked: Change = { path: 'link', to: link.objectId }
  const joined = groupChanges(
    joins.map(({ group }) => group),
    [],
  )
  const { changes: mailed, ...invited } = invitationOf(person, wanted)
  return {
    ...about,
    action: 'link',
    changes: [linked, ...diff(user.attributes, attributes), ...joined, ...mailed],
    notes,
    attributes,
    joins,
    ...invited,
  }
}

/** So many people have to be in an import before anything is said of them together. */
const SEVERAL = 5

/** What there is to say of the people of an import together: that they are of many kinds, where all get the same. */
export function adviceOn(people: readonly EntraUser[], { groups, role }: ImportOptions): string[] {
  if (people.length < SEVERAL || (groups.length === 0 && role === undefined)) return []
  return (['department', 'jobTitle'] as const).flatMap((name) => {
    const values = people.flatMap((person) => person[name]?.trim() || [])
    const kinds = new Map<string, number>()
    for (const value of values) kinds.set(fold(value), (kinds.get(fold(value)) ?? 0) + 1)
    const most = Math.max(0, ...kinds.values())
    if (kinds.size < 3 || most * 2 >= values.length) return []
    const what = name === 'department' ? 'departments' : 'job titles'
    return [
      `These people have ${kinds.size} different ${what}, and all get the same groups and role: import one kind of people at a time, or let rules decide.`,
    ]
  })
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
