import { and, desc, eq, gte, like, lt, or, type SQL } from 'drizzle-orm'
import type { EventFilter, EventPage } from '../directory/store.ts'
import type { Context } from './context.ts'
import { toEvent } from './event-rows.ts'

/** Events that are looked at for what no index finds: at a time, so that others get their turn, and for one page. */
const LOOKED_AT = 1_000
const LOOKED_AT_IN_ALL = 20_000

/** So much later than others that came after it an event may have been written. */
const LATE_MILLISECONDS = 10 * 60_000

/** Looks for events, newest first; what no index finds is looked for in so many, and the page says where to go on. */
export async function searchEvents(
  { engine, scope }: Context,
  { resourceId, actions = [], actor, door, from, to }: EventFilter,
  { before, limit }: { readonly before?: number; readonly limit: number },
): Promise<EventPage> {
  const { events } = engine.tables
  const ours = and(
    eq(events.organisation, scope.organisation),
    resourceId === undefined ? undefined : eq(events.resourceId, resourceId),
  )

  /** The newest event of those before a number. */
  async function newest(below: number): Promise<{ sequence: number; at: string } | undefined> {
    const [row] = await engine.read
      .select({ sequence: events.sequence, at: events.at })
      .from(events)
      .where(and(ours, lt(events.sequence, below)))
      .orderBy(desc(events.sequence))
      .limit(1)
    return row
  }

  /** A number that all events after a time have reached: times grow with the numbers, but for a little. */
  async function beyond(time: string): Promise<number> {
    const wanted = new Date(Date.parse(time) + LATE_MILLISECONDS).toISOString()
    let low = 0
    let high = ((await newest(Number.MAX_SAFE_INTEGER))?.sequence ?? 0) + 1
    while (high - low > LOOKED_AT) {
      const middle = Math.floor((low + high) / 2)
      const found = await newest(middle)
      if (found && found.at >= wanted) high = found.sequence + 1
      else low = middle
    }
    return high
  }

  const kinds = actions.map((action) =>
    action.includes('.') ? eq(events.action, action) : like(events.action, `${action}.%`),
  )
  const wanted: (SQL | undefined)[] = [
    kinds.length === 0 ? undefined : or(...kinds),
    actor === undefined ? undefined : eq(events.actor, actor),
    door === undefined ? undefined : eq(events.door, door),
    from === undefined ? undefined : gte(events.at, from),
    to === undefined ? undefined : lt(events.at, to),
  ]
  const scans = wanted.some((each) => each !== undefined)
  const end = from && new Date(Date.parse(from) - LATE_MILLISECONDS).toISOString()

  /** Where a part of the events that are looked at ends, and whether there is nothing more to look for behind it. */
  async function bottomOf(below: number): Promise<{ sequence: number; last: boolean }> {
    const [row] = await engine.read
      .select({ sequence: events.sequence, at: events.at })
      .from(events)
      .where(and(ours, lt(events.sequence, below)))
      .orderBy(desc(events.sequence))
      .limit(1)
      .offset(LOOKED_AT - 1)
    if (!row) return { sequence: 0, last: true }
    return { sequence: row.sequence, last: end !== undefined && row.at < end }
  }

  const rowsOf = async (below: number, bottom: number, count: number) => {
    const found = await engine.read
      .select()
      .from(events)
      .where(and(ours, lt(events.sequence, below), gte(events.sequence, bottom), ...wanted))
      .orderBy(desc(events.sequence))
      .limit(count)
    return found.map(toEvent)
  }

  let below = before ?? Number.MAX_SAFE_INTEGER
  if (to !== undefined) below = Math.min(below, await beyond(to))
  // One more tells whether there are more.
  if (!scans) {
    const found = await rowsOf(below, 0, limit + 1)
    const items = found.slice(0, limit)
    const last = items.at(-1)
    return { items, ...(found.length > limit && last ? { next: last.sequence } : {}) }
  }
  const items: ReturnType<typeof toEvent>[] = []
  for (let looked = 0; looked < LOOKED_AT_IN_ALL; looked += LOOKED_AT) {
    const { sequence, last } = await bottomOf(below)
    items.push(...(await rowsOf(below, sequence, limit + 1 - items.length)))
    const full = items.length > limit && items[limit - 1]
    if (full) return { items: items.slice(0, limit), next: full.sequence }
    if (last) return { items }
    below = sequence
  }
  return { items, next: below }
}
