import { and, desc, eq, like, type Placeholder } from 'drizzle-orm'
import type { Event } from '../directory/event.ts'
import { broughtRole, sourceOfRole, type Source } from '../directory/provenance.ts'
import type { Context } from './context.ts'
import type { Db, Engine } from './engine.ts'
import { toEvent } from './event-rows.ts'

/** Of the events of a user so many are looked through, the newest. */
const LOOKED_THROUGH = 10_000
/** And of those that changed the roles so many are read. */
const READ = 200

/** The newest events of a user or a group, to be asked further. */
export function newestOf(
  { tables }: Engine,
  db: Db,
  of: {
    readonly organisation: string | Placeholder
    readonly resourceId: string | Placeholder
  },
) {
  const { events } = tables
  return db
    .select()
    .from(events)
    .where(and(eq(events.organisation, of.organisation), eq(events.resourceId, of.resourceId)))
    .orderBy(desc(events.sequence))
    .limit(LOOKED_THROUGH)
    .as('newest')
}

/** The events that changed the roles of a user, newest first, as far back as is looked. */
export async function roleEvents(context: Context, db: Db, userId: string): Promise<Event[]> {
  const { engine, scope } = context
  const newest = newestOf(engine, db, { ...scope, resourceId: userId })
  const rows = await db
    .select()
    .from(newest)
    .where(like(newest.changes, '%"path":"roles"%'))
    .orderBy(desc(newest.sequence))
    .limit(READ)
  return rows.map(toEvent)
}

/** Of what a role came that a user has; undefined where that is not known any more. */
export async function roleSource(
  context: Context,
  db: Db,
  userId: string,
  role: string,
): Promise<Source | undefined> {
  const event = broughtRole(await roleEvents(context, db, userId), role)
  return event && sourceOfRole(event, role)
}
