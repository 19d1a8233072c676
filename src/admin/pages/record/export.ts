import type { Event } from '../../../directory/event.ts'
import type { EventFilter } from '../../../directory/store.ts'
import { common } from '../../../texts/common.ts'
import { events as eventTexts } from '../../../texts/events.ts'
import { record as texts } from '../../../texts/record.ts'
import type { Asked } from '../../console/asked.ts'
import { namesFor, type EventNames } from '../events/names.ts'
import { actorPart, plainSentence, resourcePart, sentenceOf } from '../events/sentence.ts'
import { changesOf } from '../events/values.ts'
import { BYTE_ORDER_MARK, csvLine } from '../../console/csv.ts'

/** So many events are read at a time. */
const AT_ONCE = 500

const { columns } = texts.file

function lineOf(event: Event, names: EventNames): string {
  const changes = changesOf(event, names).map(
    (change) => `${change.label}: ${change.old ?? common.none} → ${change.new ?? common.none}`,
  )
  return csvLine([
    String(event.sequence),
    event.at,
    plainSentence(sentenceOf(event, names)),
    changes.join('; '),
    actorPart(event.actor, names).name,
    eventTexts.doors[event.door],
    event.action,
    resourcePart(event, names).name,
    event.requestId,
  ])
}

/** The events that are asked for as a table, which is sent while it is read. */
export function exportRecord(asked: Asked, filter: EventFilter): Response {
  const { directory, now } = asked
  const encoder = new TextEncoder()
  let before: number | undefined
  let first = true
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const page = { limit: AT_ONCE, ...(before === undefined ? {} : { before }) }
      const { items, next } = await directory.events.search(filter, page)
      const names = await namesFor(directory, items)
      const lines = items.map((event) => lineOf(event, names))
      const head = first ? `${BYTE_ORDER_MARK}${csvLine(Object.values(columns))}` : ''
      first = false
      controller.enqueue(encoder.encode(`${head}${lines.join('')}`))
      if (next === undefined) controller.close()
      before = next
    },
  })
  const name = texts.file.name(now().toISOString().slice(0, 10))
  return new Response(body, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
    },
  })
}
