import type { Event } from '../directory/event.ts'

/** What a receiver gets, in one try or several. */
export interface Message {
  /** The same each time, so that whoever got it already can tell. */
  readonly id: string
  readonly action: string
  /** The number of the event; absent for a test. */
  readonly sequence?: number
  /** JSON text. */
  readonly body: string
}

/** What the test of a webhook is called. */
const TEST = 'webhook.test'

/** The message about an event. Events have nothing secret in them, so they leave as they are. */
export function messageOf(event: Event): Message {
  const { at, action, sequence, actor, door, requestId, resourceId, changes } = event
  const data = { sequence, actor, door, requestId, resourceId, changes }
  return {
    id: `evt_${sequence}`,
    action,
    sequence,
    body: JSON.stringify({ type: action, timestamp: at, data }),
  }
}

/** A message about nothing, to see whether a webhook gets there. */
export function testMessage(id: string, webhookId: string, at: Date): Message {
  const data = { resourceId: webhookId, changes: [] }
  return {
    id: `test_${id}`,
    action: TEST,
    body: JSON.stringify({ type: TEST, timestamp: at.toISOString(), data }),
  }
}
