import { and, asc, desc, eq, gt, lt } from 'drizzle-orm'
import type { Events } from '../directory/store.ts'
import type { Context } from './context.ts'
import { toEvent } from './event-rows.ts'
import { searchEvents } from './event-search.ts'

export function eventsOf(context: Context): Events {
  const { engine, scope } = context
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
    search: (filter, page) => searchEvents(context, filter, page),
  }
}
