import type { Action, Change, Event } from '../directory/event.ts'
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
