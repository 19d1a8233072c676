import { and, asc, desc, eq, gt, inArray, like, or, type SQL } from 'drizzle-orm'
import type { Event } from '../directory/event.ts'
import { broughtRole, sourceOf, sourceOfRole, type Source } from '../directory/provenance.ts'
import { wants } from '../directory/held.ts'
import { rolesIn } from '../directory/roles.ts'
import { isActive, userName, type User, type Via } from '../directory/user.ts'
import {
  signInOf,
  type How,
  type Provenance,
  type Through,
  type Told,
  type Ways,
  type Why,
} from '../directory/why.ts'
import { fold } from '../scim/protocol/compare.ts'
import { chunks, type Context } from './context.ts'
import { toEvent } from './event-rows.ts'
import { mappingsIn } from './mapping-rows.ts'
import { newestOf, roleEvents } from './role-history.ts'
import { rulesIn } from './rules.ts'
import { usersBy } from './user-rows.ts'

const UNKNOWN: How = { source: { kind: 'unknown' } }

/** Of so many memberships by hand it is looked up whose they were. */
const LOOKED_UP = 50

function toldOf({ sequence, at, actor, door, action }: Event): Told {
  return { sequence, at, actor, door, action }
}

function howOf(event: Event | undefined): How {
  return event ? { source: sourceOf(event), event: toldOf(event) } : UNKNOWN
}

type Newest = ReturnType<typeof newestOf>

/** So many events that may be meant are read. */
const READ = 20

/**
 * The newest event of a user, or of a group, that is meant; undefined where none is, as far back as is looked. `fits` is
 * what the database can tell: a value may look like a path.
 */
async function newestEvent(
  context: Context,
  resourceId: string,
  fits: (newest: Newest) => SQL | undefined,
  isMeant: (event: Event) => boolean,
): Promise<Event | undefined> {
  const { read } = context.engine
  const newest = newestOf(context, read, resourceId)
  const rows = await read
    .select()
    .from(newest)
    .where(fits(newest))
    .orderBy(desc(newest.sequence))
    .limit(READ)
  return rows.map(toEvent).find(isMeant)
}

const mayHave = (newest: Newest, path: string) => like(newest.changes, `%"path":"${path}"%`)
const has = ({ changes }: Event, ...paths: readonly string[]) =>
  changes.some(({ path }) => paths.includes(path))

/** The event that made a user. */
async function creationOf({ engine, scope }: Context, userId: string): Promise<Event | undefined> {
  const { events } = engine.tables
  const [row] = await engine.read
    .select()
    .from(events)
    .where(and(eq(events.organisation, scope.organisation), eq(events.resourceId, userId)))
    .orderBy(asc(events.sequence))
    .limit(1)
  return row?.action === 'user.created' ? toEvent(row) : undefined
}

/** Since when a user is active or not, and how that came. */
async function activeOf(context: Context, { id, attributes, held }: User): Promise<Why['active']> {
  const event = await newestEvent(
    context,
    id,
    (newest) => or(eq(newest.action, 'user.created'), mayHave(newest, 'active')),
    (found) => found.action === 'user.created' || has(found, 'active'),
  )
  return {
    now: isActive(attributes),
    ...(held === undefined ? {} : { held: wants(held) }),
    ...(event ? { since: event.at } : {}),
    ...howOf(event),
  }
}

/** How the link of a user came. */
async function linkOf(context: Context, { id, link }: User): Promise<Why['link']> {
  if (!link) return undefined
  const actions = ['user.created', 'link.accepted']
  const event = await newestEvent(
    context,
    id,
    (newest) =>
      or(inArray(newest.action, actions), mayHave(newest, 'link'), mayHave(newest, 'externalId')),
    (found) => actions.includes(found.action) || has(found, 'link', 'externalId'),
  )
  return { ...link, ...howOf(event) }
}

async function rolesOf(context: Context, { id, attributes }: User): Promise<Why['roles']> {
  const values = rolesIn(attributes['roles'])
  if (values.length === 0) return []
  const events = await roleEvents(context, context.engine.read, id)
  return values.map((value) => {
    const event = broughtRole(events, value)
    if (!event) return { value, ...UNKNOWN }
    return { value, since: event.at, source: sourceOfRole(event, value), event: toldOf(event) }
  })
}

/** What a membership came of, as its row says it, with the name that a rule or mapping has by now. */
function sourceOfVia(via: Via, names: ReadonlyMap<string, string>): Source {
  if (via === 'scim' || via === 'hand') return { kind: via }
  const [kind, id] = via.split(':') as ['import' | 'rule' | 'mapping', string]
  if (kind === 'import') return { kind, id }
  const name = names.get(id)
  return { kind, id, ...(name === undefined ? {} : { name }) }
}

/** The event by which somebody made a user a member of a group at a time. */
function joiningOf(context: Context, groupId: string, userId: string, since: string) {
  return newestEvent(
    context,
    groupId,
    (newest) => and(eq(newest.at, since), mayHave(newest, 'members')),
    ({ changes }) =>
      changes.some(({ path, to }) => {
        // Of many members an event only says how many.
        const named = Array.isArray(to) ? to.includes(userId) : typeof to === 'string'
        return path === 'members' && named
      }),
  )
}

async function groupsOf(context: Context, user: User): Promise<Why['groups']> {
  if (user.groups.length === 0) return []
  const { engine, scope } = context
  const { members } = engine.tables
  const rows = await engine.read
    .select({ id: members.groupId, via: members.via, since: members.since })
    .from(members)
    .where(and(eq(members.organisation, scope.organisation), eq(members.memberId, user.id)))
  const known = new Map(rows.map((row) => [row.id, row]))
  const rules = await rulesIn(context, engine.read)
  const mappings = await mappingsIn(context, engine.read)
  const names = new Map([
    ...rules.map(({ id, name }) => [id, name] as const),
    ...mappings.map(({ id, entraName }) => [id, entraName] as const),
  ])
  const groups: Why['groups'][number][] = []
  let lookedUp = 0
  for (const group of user.groups) {
    const row = known.get(group.id)
    // Left between the two questions.
    if (!row) continue
    const { since } = row
    // Written by the store, from this very type.
    const source = sourceOfVia(row.via as Via, names)
    const asks = source.kind === 'hand' && lookedUp < LOOKED_UP
    if (asks) lookedUp += 1
    const event = asks ? await joiningOf(context, group.id, user.id, since) : undefined
    groups.push({ ...group, since, source, ...(event ? { event: toldOf(event) } : {}) })
  }
  return groups
}

/** What a user may do now, and through what. */
async function permissionsOf(
  { engine, scope }: Context,
  { attributes, groups }: User,
): Promise<Why['permissions']> {
  if (!isActive(attributes)) return []
  const { permissions } = engine.tables
  const holders = new Map<string, Through>([
    ...groups.map((group) => [`group ${group.id}`, { kind: 'group', ...group }] as const),
    ...rolesIn(attributes['roles']).map(
      (value) => [`role ${fold(value)}`, { kind: 'role', value }] as const,
    ),
  ])
  const keys = [...groups.map(({ id }) => id), ...rolesIn(attributes['roles']).map(fold)]
  const found = new Map<string, Through[]>()
  for (const chunk of chunks([...new Set(keys)])) {
    const rows = await engine.read
      .select()
      .from(permissions)
      .where(
        and(
          eq(permissions.organisation, scope.organisation),
          inArray(permissions.holder, ['group', 'role']),
          inArray(permissions.holderKey, chunk),
        ),
      )
    for (const { holder, holderKey, permission } of rows) {
      const through = holders.get(`${holder} ${holderKey}`)
      // A role may be called like a group's id.
      if (through) found.set(permission, [...(found.get(permission) ?? []), through])
    }
  }
  return [...found]
    .map(([permission, through]) => ({ permission, through }))
    .sort((one, other) => (one.permission < other.permission ? -1 : 1))
}

/** By what a user could get in who has no link. */
async function waysOf({ engine, scope, now }: Context, { id }: User): Promise<Partial<Ways>> {
  const { oneTimeLinks, outbox, passwords } = engine.tables
  const { organisation } = scope
  const [password] = await engine.read
    .select({ userId: passwords.userId })
    .from(passwords)
    .where(and(eq(passwords.organisation, organisation), eq(passwords.userId, id)))
  if (password) return { password: true }
  const [link] = await engine.read
    .select({ expires: oneTimeLinks.expires })
    .from(oneTimeLinks)
    .where(
      and(
        eq(oneTimeLinks.organisation, organisation),
        eq(oneTimeLinks.userId, id),
        gt(oneTimeLinks.expires, now().toISOString()),
      ),
    )
    .orderBy(desc(oneTimeLinks.expires))
    .limit(1)
  const [mail] = await engine.read
    .select()
    .from(outbox)
    .where(
      and(
        eq(outbox.organisation, organisation),
        eq(outbox.userId, id),
        inArray(outbox.kind, ['password-invitation', 'password-reset']),
      ),
    )
    .orderBy(desc(outbox.id))
    .limit(1)
  return {
    ...(link ? { linkUntil: link.expires } : {}),
    ...(mail
      ? {
          mail: {
            kind: mail.kind,
            state: mail.state,
            due: mail.due,
            ...(mail.sent === null ? {} : { sent: mail.sent }),
            ...(mail.problem === null ? {} : { problem: mail.problem }),
          },
        }
      : {}),
  }
}

async function sentOf(context: Context, userId: string): Promise<Why['sent']> {
  const event = await newestEvent(
    context,
    userId,
    (newest) => eq(newest.door, 'scim'),
    () => true,
  )
  return event && { ...toldOf(event), changes: event.changes }
}

export function provenanceOf(context: Context): Provenance {
  return {
    async why(userId) {
      const [user] = await usersBy(context, context.engine.read, 'id', userId)
      if (!user) return undefined
      const link = await linkOf(context, user)
      const sent = await sentOf(context, userId)
      const ways = {
        active: isActive(user.attributes),
        linked: link !== undefined,
        password: false,
        ...(link ? {} : await waysOf(context, user)),
      }
      return {
        id: user.id,
        userName: userName(user.attributes),
        origin: user.origin,
        created: { at: user.created, ...howOf(await creationOf(context, userId)) },
        active: await activeOf(context, user),
        groups: await groupsOf(context, user),
        roles: await rolesOf(context, user),
        permissions: await permissionsOf(context, user),
        ...(link ? { link } : {}),
        ...(sent ? { sent } : {}),
        signIn: signInOf(ways),
      }
    },
  }
}
