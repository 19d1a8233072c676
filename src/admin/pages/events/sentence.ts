import type { Action, Change, Event } from '../../../directory/event.ts'
import { isObject, type Json } from '../../../scim/schema/attribute.ts'
import { events as texts } from '../../../texts/events.ts'
import { actorId, type EventNames } from './names.ts'

/** The name of somebody or something within a sentence, and where more of it is. */
export interface NamePart {
  readonly name: string
  readonly href?: `/${string}`
}

/** Words, and the names between them. */
export type Part = string | NamePart

export interface Sentence {
  readonly parts: readonly Part[]
  /** Paths of changes that the sentence tells. */
  readonly tells: readonly string[]
}

/** So many members are named. */
const NAMED = 3

const sentences: Readonly<Record<Action, string>> = texts.sentences
const actors: Readonly<Record<string, string>> = texts.actors
const settings: Readonly<Record<string, string>> = texts.settings
const mails: Readonly<Record<string, string>> = texts.mails

/** Who did something, as the record names them. */
export function actorPart(actor: string, names: EventNames): NamePart {
  const id = actorId(actor)
  if (id !== undefined) return userPart(id, names)
  const [kind = '', ...rest] = actor.split(':')
  const name = rest.join(':')
  if (kind === 'token') return { name: texts.token(name), href: '/admin/connect/tokens' }
  if (kind === 'client') return { name: texts.client(name) }
  if (kind === 'entra') return { name: texts.actors.entra }
  return { name: (Object.hasOwn(actors, actor) ? actors[actor] : undefined) ?? actor }
}

function userPart(id: string, names: EventNames): NamePart {
  const named = names.ids.get(id)
  if (!named || named.name === '') return { name: texts.unknown.user }
  return named.gone ? { name: named.name } : { name: named.name, href: `/admin/users/${id}` }
}

function groupPart(id: string, names: EventNames): NamePart {
  const named = names.ids.get(id)
  if (!named || named.name === '') return { name: texts.unknown.group }
  return named.gone ? { name: named.name } : { name: named.name, href: `/admin/groups/${id}` }
}

function changeAt({ changes }: Pick<Event, 'changes'>, path: string): Change | undefined {
  return changes.find((change) => change.path === path)
}

const textOf = (value: Json | undefined) => (typeof value === 'string' ? value : undefined)

/** A name that the event itself has. */
const told = (event: Event, path: string) => {
  const change = changeAt(event, path)
  return textOf(change?.to) ?? textOf(change?.from)
}

/** What it happened to. */
export function resourcePart(event: Event, names: EventNames): NamePart {
  const { action, resourceId } = event
  const [kind = ''] = action.split('.')
  const thing = names.things.get(resourceId)
  const unknown = { name: texts.unknown.thing }
  switch (kind) {
    case 'group':
      return groupPart(resourceId, names)
    case 'permission':
      if (!resourceId.startsWith('role:')) return groupPart(resourceId, names)
      return { name: texts.role(resourceId.slice('role:'.length)), href: '/admin/roles' }
    case 'token':
      return { name: thing ?? told(event, 'name') ?? unknown.name, href: '/admin/connect/tokens' }
    case 'client':
      return { name: thing ?? told(event, 'name') ?? unknown.name }
    case 'webhook': {
      const name = thing ?? told(event, 'name') ?? unknown.name
      return thing === undefined ? { name } : { name, href: `/admin/webhooks/${resourceId}` }
    }
    case 'rule':
      return { name: thing ?? told(event, 'name') ?? unknown.name, href: '/admin/rules' }
    case 'mapping':
      return { name: thing ?? told(event, 'entraName') ?? unknown.name, href: '/admin/mappings' }
    case 'setting': {
      const name = resourceId.slice('setting:'.length)
      const href = settingPlaces[name] ?? '/admin/settings'
      return { name: (Object.hasOwn(settings, name) ? settings[name] : undefined) ?? name, href }
    }
    case 'organisation':
      return { name: told(event, 'name') ?? resourceId }
    case 'plan':
      return planPart(resourceId, names)
    case 'link':
      if (!names.ids.has(resourceId)) {
        return { name: told(event, 'userName') ?? told(event, 'externalId') ?? texts.unknown.user }
      }
      return userPart(resourceId, names)
    default:
      return userPart(resourceId, names)
  }
}

const settingPlaces: Readonly<Record<string, `/${string}`>> = {
  connection: '/admin/connect',
  sync: '/admin/sync',
  brake: '/admin/held',
  'mail.invitation': '/admin/mails/words/invitation',
  'mail.password-invitation': '/admin/mails/words/password-invitation',
  'mail.password-reset': '/admin/mails/words/password-reset',
}

function planPart(id: string, names: EventNames): NamePart {
  const kind = names.plans.get(id)
  if (kind === undefined) return { name: texts.plans.unknown.a }
  return { name: texts.plans[kind].a, href: `/admin/${kind}/${id}` }
}

/** A template with its places filled. */
function fill(template: string, places: Readonly<Record<string, Part | readonly Part[]>>): Part[] {
  return template.split(/\{(\w+)\}/).flatMap((piece, index) => {
    if (index % 2 === 0) return piece === '' ? [] : [piece]
    const value = places[piece]
    if (value === undefined || value === '') return []
    return Array.isArray(value) ? (value as readonly Part[]) : [value as Part]
  })
}

/** Some names in a row, and how many there are besides. */
function listed(parts: readonly Part[]): Part[] {
  const some = parts.length > NAMED + 1 ? parts.slice(0, NAMED) : parts
  const left = parts.length - some.length
  const all = left > 0 ? [...some, texts.others(left)] : some
  return all.flatMap((part, index) => {
    if (index === 0) return [part]
    return [index === all.length - 1 ? texts.and : texts.comma, part]
  })
}

const valuesIn = (roles: Json | undefined): string[] =>
  (Array.isArray(roles) ? roles : []).flatMap((role) => {
    const value = isObject(role) ? role['value'] : undefined
    return typeof value === 'string' ? [value] : []
  })

/** What is told of one change of roles where nothing else changed: that one came, or went. */
function rolesTold(event: Event): { template: string; role: Part } | undefined {
  const change = changeAt(event, 'roles')
  const others = event.changes.some(
    ({ path }) => !['roles', 'by', 'plan', 'rule', 'mappings'].includes(path),
  )
  if (!change || others) return undefined
  const [before, after] = [valuesIn(change.from), valuesIn(change.to)]
  const came = after.filter((value) => !before.includes(value))
  const went = before.filter((value) => !after.includes(value))
  const [first = ''] = [...came, ...went]
  if (came.length === 1 && went.length === 0) {
    return { template: texts.told.gaveRole, role: { name: first } }
  }
  if (went.length === 1 && came.length === 0) {
    return { template: texts.told.tookRole, role: { name: first } }
  }
  return { template: texts.told.changedRoles, role: '' }
}

/** What is told of members that came or went, where nothing else changed. */
function membersTold(event: Event, names: EventNames) {
  const changes = event.changes.filter(({ path }) => path !== 'via')
  const [change, ...more] = changes
  if (!change || changes.some(({ path }) => path !== 'members')) return undefined
  if (more.length > 0) return { template: texts.told.changedMembers, members: [], tells: [] }
  const value = change.to ?? change.from
  const template = change.to === undefined ? texts.told.removed : texts.told.added
  if (typeof value === 'string') return { template, members: [value], tells: ['members'] }
  const ids = (Array.isArray(value) ? value : []).filter((id) => typeof id === 'string')
  const parts = ids.map((id) =>
    names.ids.get(id)?.kind === 'group' ? groupPart(id, names) : userPart(id, names),
  )
  return {
    template,
    members: listed(parts),
    tells: ids.length <= NAMED + 1 ? ['members'] : [],
  }
}

/** A template, and the paths of changes that it tells. */
type Telling = readonly [string, ...string[]]

const { told: texted, sentences: plain } = texts
const isBySync = (event: Event) => changeAt(event, 'by')?.to === 'sync'
const isOwn = ({ actor, resourceId }: Event) => actorId(actor) === resourceId
const hold = (template: string) => (): Telling => [template, 'held']

/** How events are told that say more than what kind they are of. */
const tellings: Partial<Record<Action, (event: Event) => Telling>> = {
  'user.created': (event) => [changeAt(event, 'plan') ? texted.imported : plain['user.created']],
  'user.updated': (event) => [isBySync(event) ? texted.synced : plain['user.updated']],
  'user.deactivated': (event) => [
    isBySync(event) ? texted.syncedOff : plain['user.deactivated'],
    'active',
  ],
  'user.reactivated': (event) => {
    const imported = changeAt(event, 'plan') ? texted.restored : plain['user.reactivated']
    return [isBySync(event) ? texted.syncedOn : imported, 'active']
  },
  'user.held': (event) => {
    const deletes = changeAt(event, 'held')?.to === 'delete'
    return [deletes ? texted.wantedDeleted : plain['user.held'], 'held']
  },
  'user.hold-discarded': hold(plain['user.hold-discarded']),
  'user.hold-dropped': hold(plain['user.hold-dropped']),
  'user.hold-released': hold(plain['user.hold-released']),
  'group.created': () => [plain['group.created'], 'displayName'],
  'group.deleted': () => [plain['group.deleted'], 'displayName'],
  'group.updated': (event) => {
    const renamed = event.changes.length === 1 && told(event, 'displayName') !== undefined
    return renamed ? [texted.renamed, 'displayName'] : [plain['group.updated']]
  },
  'session.opened': (event) => [
    isOwn(event) ? texted.signedIn : plain['session.opened'],
    'kind',
    'method',
    'address',
  ],
  'session.ended': (event) => [
    isOwn(event) ? texted.signedOut : plain['session.ended'],
    'sessions',
  ],
  'code.issued': (event) => [isOwn(event) ? texted.codeForSelf : plain['code.issued']],
  'password.chosen': (event) => [
    isOwn(event) ? texted.chosePassword : plain['password.chosen'],
    'password',
  ],
  'link.issued': (event) => {
    const purpose = changeAt(event, 'purpose')?.to
    if (purpose === 'setup') return [texted.setUpLink, 'purpose']
    if (purpose === 'recovery') return [texted.recoveryLink, 'purpose']
    return [purpose === 'reset' ? texted.resetLink : plain['link.issued'], 'purpose']
  },
  'administrator.appointed': ({ actor }) => [
    actor === 'setup link' ? texted.setUp : plain['administrator.appointed'],
  ],
  'mail.dispatched': (event) => [
    changeAt(event, 'mails') ? texted.mailsDispatched : plain['mail.dispatched'],
  ],
  'token.created': () => [plain['token.created'], 'name'],
  'rule.created': () => [plain['rule.created'], 'name'],
  'webhook.created': () => [plain['webhook.created'], 'name'],
  'webhook.deleted': () => [plain['webhook.deleted'], 'name'],
  'client.created': () => [plain['client.created'], 'name', 'kind'],
  'client.token': () => [plain['client.token'], 'expires'],
  'mapping.created': () => [plain['mapping.created'], 'entraName'],
  'plan.changed': () => [plain['plan.changed'], 'people', 'kind'],
  'plan.created': () => [plain['plan.created'], 'people', 'kind', 'mode'],
  'permission.granted': () => [plain['permission.granted'], 'permission'],
  'permission.revoked': () => [plain['permission.revoked'], 'permission'],
}

/** How an event is told; one that a later version wrote is told as it is named. */
function tellingOf(event: Event): Telling {
  const { action } = event
  return tellings[action]?.(event) ?? [sentences[action] ?? `{who}: ${action}`]
}

/** What happened, as a sentence with names in it. */
export function sentenceOf(event: Event, names: EventNames): Sentence {
  const { action, resourceId } = event
  const what = resourcePart(event, names)
  const who = actorPart(event.actor, names)
  if (action === 'user.updated') {
    const roles = rolesTold(event)
    if (roles) {
      const tells = roles.role === '' ? [] : ['roles']
      return { parts: fill(roles.template, { who, what, role: roles.role }), tells }
    }
  }
  if (action === 'group.updated') {
    const members = membersTold(event, names)
    if (members)
      return { parts: fill(members.template, { who, what, ...members }), tells: members.tells }
  }
  const [template, ...tells] = tellingOf(event)
  const kind = names.plans.get(resourceId) ?? planKind(event)
  const people = changeAt(event, 'people')?.to
  const mails = changeAt(event, 'mails')?.to
  const places = {
    who,
    what,
    was: { name: textOf(changeAt(event, 'displayName')?.from) ?? '' },
    permission: { name: told(event, 'permission') ?? '' },
    method: methodName(textOf(changeAt(event, 'method')?.to)),
    address: addressOf(textOf(changeAt(event, 'address')?.to)),
    mail: mailName(told(event, 'mail')),
    count: texts.mailCount(typeof mails === 'number' ? mails : 0),
    plan: action === 'plan.finished' ? { ...what, name: texts.plans[kind].the } : what,
    people: typeof people === 'number' ? texts.plans[kind].of(people) : '',
  }
  return { parts: fill(template, places), tells }
}

function planKind(event: Event): 'import' | 'sync' | 'unknown' {
  const kind = changeAt(event, 'kind')?.to
  return kind === 'import' || kind === 'sync' ? kind : 'unknown'
}

const methods: Readonly<Record<string, string>> = texts.methods

const methodName = (method = '') => (Object.hasOwn(methods, method) ? methods[method] : '') ?? ''

const addressOf = (address: string | undefined) =>
  address === undefined ? '' : texts.from(address)

const mailName = (kind: string | undefined) =>
  (kind !== undefined && Object.hasOwn(mails, kind) ? mails[kind] : undefined) ?? ''

/** The same in plain text; the first letter is a capital one. */
export function plainSentence({ parts }: Sentence): string {
  const text = parts.map((part) => (typeof part === 'string' ? part : part.name)).join('')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
