import { and, asc, desc, eq, gt, lt } from 'drizzle-orm'
import type { Action, Change, Event } from '../directory/event.ts'
import type { Events } from '../directory/store.ts'
import type { Context } from './context.ts'
import type { Tables } from './engine.ts'

/** An event from its row. */
export function toEvent(row: Tables['events']['$inferSelect']): Event {
  return {
    sequence: row.sequence,
    at: row.at,
    actor: row.actor,
    door: row.door,
    requestId: row.requestId,
    // Written by `record` alone, from these very types.
    action: row.action as Action,
    resourceId: row.resourceId,
    changes: JSON.parse(row.changes) as Change[],
  }
}

export function eventsOf({ engine, scope }: Context): Events {
  const { events } = engine.tables
  return {
    async list(after, limit) {
      const rows = await engine.read
        .select()
        .from(events)
        .where(and(eq(events.organisation, scope.organisation), gt(events.sequence, after)))
        .orderBy(asc(events.sequence))
        .limit(limit)
      return rows.map(toEvent)
    },
    async latest({ before, limit, resourceId }) {
      const rows = await engine.read
        .select()
        .from(events)
        .where(
          and(
            eq(events.organisation, scope.organisation),
            resourceId === undefined ? undefined : eq(events.resourceId, resourceId),
            before === undefined ? undefined : lt(events.sequence, before),
          ),
        )
        .orderBy(desc(events.sequence))
        .limit(limit)
      return rows.map(toEvent)
    },
  }
}
