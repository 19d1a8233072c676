import type { Child } from 'hono/jsx'
import type { Event } from '../../../directory/event.ts'
import type { Directory } from '../../../directory/store.ts'
import { events as texts } from '../../../texts/events.ts'
import { at } from '../../../ui/base.ts'
import type { Change, Moment } from '../../../ui/timeline.tsx'
import { namesFor, type EventNames } from './names.ts'
import { sentenceOf, type Part } from './sentence.ts'
import { changesOf } from './values.ts'

/** Names keep their own direction, and lead to what they name. */
function Name({ part }: { readonly part: Exclude<Part, string> }) {
  return part.href === undefined ? (
    <strong>{part.name}</strong>
  ) : (
    <a class="name" href={at(part.href)}>
      <bdi>{part.name}</bdi>
    </a>
  )
}

/** A sentence with its names. */
export function Sentence({ parts }: { readonly parts: readonly Part[] }) {
  return <>{parts.map((part) => (typeof part === 'string' ? part : <Name part={part} />))}</>
}

interface Described {
  /** Who did what, with links to both. */
  readonly title: Child
  /** Through which door. */
  readonly meta: Child
  /** What the title does not tell, old and new. */
  readonly changes: readonly Change[]
}

/** An event in words; `names` come of `namesFor` all events that are shown. */
function describeEvent(event: Event, names: EventNames): Described {
  const { parts, tells } = sentenceOf(event, names)
  return {
    title: <Sentence parts={parts} />,
    meta: texts.doors[event.door],
    changes: changesOf(event, names, tells),
  }
}

/** Events in words as a timeline shows them. */
export async function describeEvents(
  directory: Directory,
  events: readonly Event[],
): Promise<Moment[]> {
  const names = await namesFor(directory, events)
  return events.map((event) => ({ at: event.at, ...describeEvent(event, names) }))
}
