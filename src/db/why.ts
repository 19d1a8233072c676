import { and, asc, desc, eq, gt, inArray, like, or, sql, type SQL } from 'drizzle-orm'
import type { Event } from '../directory/event.ts'
import { broughtRole, sourceOf, sourceOfRole, type Source } from '../directory/provenance.ts'
import { wants } from '../directory/held.ts'
import { rolesIn } from '../directory/roles.ts'
import { isActive, userName, type User, type Via } from '../directory/user.ts'
import {
  signInOf,
  type Entry,
  type How,
  type Provenance,
  type Through,
  type Told,
  type Ways,
  type Why,
} from '../directory/why.ts'
import { fold } from '../scim/protocol/compare.ts'
import { chunks, type Context } from './context.ts'
import type { Tables } from './engine.ts'
import { toEvent } from './event-rows.ts'
import { mappingsIn } from './mapping-rows.ts'
import { membershipsOfMember } from './memberships.ts'
import { idAmongFew } from './outbox.ts'
import { newestOf, roleEvents } from './role-history.ts'
import { rulesIn } from './rules.ts'
import { columns, statement } from './statements.ts'
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
  const { engine, scope } = context
  const { read } = engine
  const newest = newestOf(engine, read, { ...scope, resourceId })
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

/** As drivers give it: a number that may be large comes from PostgreSQL as a text. */
type JoiningRow = Omit<Tables['events']['$inferSelect'], 'sequence'> & {
  readonly sequence: number | string
}

/** The event by which somebody made a user a member of a group at a time; asked for one group after the other. */
async function joiningOf(
  { engine, scope }: Context,
  groupId: string,
  userId: string,
  since: string,
): Promise<Event | undefined> {
  const { read } = engine
  const joinings = statement<JoiningRow>(engine, read, 'joinings', () => {
    const newest = newestOf(engine, read, {
      organisation: sql.placeholder('organisation'),
      resourceId: sql.placeholder('groupId'),
    })
    const { sequence, at, actor, door, requestId, action, changes } = newest
    return read
      .select(columns({ sequence, at, actor, door, requestId, action, changes }))
      .from(newest)
      .where(and(eq(at, sql.placeholder('since')), mayHave(newest, 'members')))
      .orderBy(desc(sequence))
      .limit(READ)
  })
  const rows = await joinings({ organisation: scope.organisation, groupId, since })
  return rows
    .map((row) => toEvent({ ...row, sequence: Number(row.sequence), resourceId: groupId }))
    .find(({ changes }) =>
      changes.some(({ path, to }) => {
        // Of many members an event only says how many.
        const named = Array.isArray(to) ? to.includes(userId) : typeof to === 'string'
        return path === 'members' && named
      }),
    )
}

async function groupsOf(context: Context, user: User): Promise<Why['groups']> {
  if (user.groups.length === 0) return []
  const { engine } = context
  const { members } = engine.tables
  const rows = await engine.read
    .select({ id: members.groupId, via: members.via, since: members.since })
    .from(members)
    .where(membershipsOfMember(context, engine.read, user.id))
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
    .orderBy(desc(idAmongFew(engine.tables)))
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

async function entryOf(context: Context, user: User): Promise<Entry> {
  const ways = {
    active: isActive(user.attributes),
    linked: user.link !== undefined,
    password: false,
    ...(user.link ? {} : await waysOf(context, user)),
  }
  return { active: await activeOf(context, user), signIn: signInOf(ways) }
}

export function provenanceOf(context: Context): Provenance {
  const userOf = async (id: string) => (await usersBy(context, context.engine.read, 'id', id))[0]
  return {
    async entry(userId) {
      const user = await userOf(userId)
      return user && entryOf(context, user)
    },

    async why(userId) {
      const user = await userOf(userId)
      if (!user) return undefined
      const link = await linkOf(context, user)
      const sent = await sentOf(context, userId)
      return {
        id: user.id,
        userName: userName(user.attributes),
        origin: user.origin,
        created: { at: user.created, ...howOf(await creationOf(context, userId)) },
        ...(await entryOf(context, user)),
        groups: await groupsOf(context, user),
        roles: await rolesOf(context, user),
        permissions: await permissionsOf(context, user),
        ...(link ? { link } : {}),
        ...(sent ? { sent } : {}),
      }
    },
  }
}
