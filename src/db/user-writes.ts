import { and, eq, sql } from 'drizzle-orm'
import { mayHavePassword } from '../directory/account.ts'
import { diff } from '../directory/diff.ts'
import type { Action, Change } from '../directory/event.ts'
import { believed, wants } from '../directory/held.ts'
import type { NewUser } from '../directory/store.ts'
import {
  changesHands,
  isActive,
  linkOf,
  type Hold,
  type Link,
  type User,
} from '../directory/user.ts'
import type { JsonObject } from '../scim/schema/attribute.ts'
import { endAccess, removePassword } from './access.ts'
import { takeBack } from './brake.ts'
import { record, type Write } from './context.ts'
import { leaveGroups } from './groups.ts'
import { closeLinkRequests } from './link-requests.ts'
import { tenantOf } from './organisations.ts'
import { enlist, relist } from './roster-rows.ts'
import { userColumns, userDocument } from './rows.ts'
import { statement } from './statements.ts'
import { tallyUser } from './tallies.ts'

async function linkFor(context: Write, attributes: JsonObject) {
  return linkOf(attributes, await tenantOf(context))
}

interface Next {
  readonly active: boolean
  readonly provisioned: boolean
  readonly link: Link | undefined
  /** Whether it may be another person from now on. */
  readonly anew: boolean
}

/** Ends in the same transaction what a change does not let go on: sessions, links, the password (DESIGN §5.1, §5.3). */
async function endWhatEnds(context: Write, user: User, next: Next): Promise<Change[]> {
  const taken = mayHavePassword(user) && !mayHavePassword({ origin: user.origin, ...next })
  if (taken) return removePassword(context, user.id)
  const shutOut = isActive(user.attributes) && !next.active
  const another = user.link !== undefined && user.link.objectId !== next.link?.objectId
  return shutOut || another || next.anew ? endAccess(context, user.id) : []
}

/** What an event says of what is held. */
export function holdChange(from: Hold | undefined, to: Hold | null): Change[] {
  if ((from ?? null) === to) return []
  return [{ path: 'held', ...(from ? { from } : {}), ...(to ? { to } : {}) }]
}

/** What is held of a user who is changed by somebody else: a deactivation not any more, once it is done. */
function stillHeld({ held }: User, next: JsonObject): Hold | null {
  if (held === undefined) return null
  return isActive(next) || wants(held) === 'delete' ? held : null
}

/**
 * Writes a changed state of a user, or nothing when it is the same. A `link` makes it this account of Entra, whatever its
 * externalId says; `because` goes into the event; `held` is what is held from now on; `anew` ends what let in a user of
 * whom something was held.
 */
export async function save(
  context: Write,
  user: User,
  next: JsonObject,
  {
    action,
    link: given,
    because,
    held = stillHeld(user, next),
    anew = false,
  }: {
    readonly action?: Action
    readonly link?: Link
    readonly because?: readonly Change[]
    readonly held?: Hold | null
    readonly anew?: boolean
  } = {},
): Promise<User> {
  const relinked = given !== undefined && user.link?.objectId !== given.objectId
  const changes = [...holdChange(user.held, held), ...diff(user.attributes, next)]
  if (relinked) changes.unshift({ path: 'link', to: given.objectId })
  if (changes.length === 0) return user
  if (because) changes.push(...because)
  const handed = context.cause.door === 'scim' && changesHands(believed(user).attributes, next)
  if (handed && user.groups.length > 0) {
    await leaveGroups(context, user.id)
    changes.push({ path: 'groups', from: user.groups.map(({ id }) => id) })
  }
  const { users } = context.engine.tables
  const touched = context.cause.door === 'scim' && held === null
  const provisioned = user.provisioned || relinked || touched
  const link = given ?? (provisioned ? ((await linkFor(context, next)) ?? user.link) : user.link)
  const version = user.version + 1
  const update = statement(context.engine, context.db, 'update user', () =>
    context.db
      .update(users)
      .set({
        version: sql`${sql.placeholder('version')}`,
        provisioned: sql`${sql.param(sql.placeholder('provisioned'), users.provisioned)}`,
        lastModified: sql`${sql.placeholder('lastModified')}`,
        linkTenant: sql`${sql.placeholder('linkTenant')}`,
        linkObject: sql`${sql.placeholder('linkObject')}`,
        held: sql`${sql.placeholder('held')}`,
        userNameKey: sql`${sql.placeholder('userNameKey')}`,
        externalId: sql`${sql.placeholder('externalId')}`,
        manager: sql`${sql.placeholder('manager')}`,
        resource: sql`${sql.placeholder('resource')}`,
        search: sql`${sql.placeholder('search')}`,
      })
      .where(
        and(
          eq(users.organisation, sql.placeholder('organisation')),
          eq(users.id, sql.placeholder('id')),
        ),
      ),
  )
  const document = userDocument(user.id, next)
  await update({
    organisation: context.scope.organisation,
    id: user.id,
    version,
    provisioned,
    lastModified: context.at,
    held,
    ...userColumns(next, document, link),
  })
  const was = isActive(user.attributes)
  const is = isActive(next)
  const ends = anew && user.held !== undefined
  changes.push(...(await endWhatEnds(context, user, { provisioned, link, active: is, anew: ends })))
  const turned = is ? 'user.reactivated' : 'user.deactivated'
  await record(context, action ?? (was === is ? 'user.updated' : turned), user.id, changes)
  if (!was && is) await takeBack(context, user.id)
  if (provisioned && !user.provisioned) await closeLinkRequests(context, user.id, 'accepted')
  const { held: _, ...rest } = user
  const saved: User = {
    ...rest,
    version,
    provisioned,
    lastModified: context.at,
    attributes: next,
    document,
    groups: handed ? [] : user.groups,
    ...(link ? { link } : {}),
    ...(held ? { held } : {}),
  }
  await relist(context, user, saved)
  await tallyUser(context, user, saved)
  return saved
}

/** Writes a new user, whose name must be free; `because` goes into the event. */
export async function insertUser(
  context: Write,
  { attributes, origin }: NewUser,
  because: readonly Change[] = [],
): Promise<User> {
  const { users } = context.engine.tables
  const link = origin === 'local' ? undefined : await linkFor(context, attributes)
  const id = context.newId()
  const document = userDocument(id, attributes)
  const user: User = {
    id,
    version: 1,
    created: context.at,
    lastModified: context.at,
    origin,
    provisioned: origin !== 'local',
    ...(link ? { link } : {}),
    attributes,
    document,
    groups: [],
  }
  const { db } = context
  const row = statement(context.engine, db, 'insert user', () =>
    db.insert(users).values({
      organisation: sql.placeholder('organisation'),
      id: sql.placeholder('id'),
      version: sql.placeholder('version'),
      created: sql.placeholder('created'),
      lastModified: sql.placeholder('lastModified'),
      origin: sql.placeholder('origin'),
      provisioned: sql.placeholder('provisioned'),
      linkTenant: sql.placeholder('linkTenant'),
      linkObject: sql.placeholder('linkObject'),
      userNameKey: sql.placeholder('userNameKey'),
      externalId: sql.placeholder('externalId'),
      manager: sql.placeholder('manager'),
      resource: sql.placeholder('resource'),
      search: sql.placeholder('search'),
    }),
  )
  await row({
    organisation: context.scope.organisation,
    id: user.id,
    version: user.version,
    created: user.created,
    lastModified: user.lastModified,
    origin,
    provisioned: user.provisioned,
    ...userColumns(attributes, document, link),
  })
  await enlist(context, user)
  await tallyUser(context, undefined, user)
  await record(context, 'user.created', user.id, [...diff({}, attributes), ...because])
  return user
}
